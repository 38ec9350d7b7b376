"""From a folder to the store, when files change, disks are full and bytes are there already."""

from __future__ import annotations

import errno
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from comptoir.core.document import digest_of
from comptoir.core.errors import JournalError
from comptoir.journal import copying
from comptoir.journal.copying import Copying
from comptoir.journal.store import Incoming, Store

LARGE = 3 * copying.PIECE + 17


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "documents")
    store.prepare()
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def stored(store: Store) -> list[str]:
    """Digests and what is on its way."""
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def names(folder: Path, count: int, size: int = 20_000) -> list[str]:
    for number in range(count):
        (folder / f"{number}").write_bytes(f"{number}".encode() * size)
    return [f"{number}" for number in range(count)]


@pytest.mark.parametrize("size", [0, 1, 100, 101, copying.PIECE, copying.PIECE + 1, LARGE])
def test_sizes_around_the_limits(store: Store, folder: Path, size: int) -> None:
    content = os.urandom(size)
    (folder / "a").write_bytes(content)
    (copied,) = Copying(store, inline=100).run(folder, ["a"])
    assert copied.document is not None
    assert (copied.document.digest, copied.document.size) == (digest_of(content), size)
    assert copied.document.content == (content if size <= 100 else None)
    assert stored(store) == ([copied.document.digest] if size > 100 else [])
    if size > 100:
        assert store.read(copied.document.digest) == content


@pytest.mark.parametrize("size", [100, 50_000, LARGE])
@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write_bytes(file.read_bytes() + b"more"),
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: os.utime(file, ns=(1, 1)),
        lambda file: file.replace(file.with_name("other")) and file.write_bytes(b"x"),
        Path.unlink,
    ],
    ids=["grows", "shrinks", "touched", "replaced", "removed"],
)
def test_a_file_that_changes_meanwhile_is_not_taken(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, size: int, change: Callable[[Path], object]
) -> None:
    (folder / "a").write_bytes(os.urandom(size))
    read, changed = os.read, False

    def reading(descriptor: int, length: int) -> bytes:
        nonlocal changed
        found = read(descriptor, length)
        if not changed:
            changed = True
            change(folder / "a")
        return found

    monkeypatch.setattr("os.read", reading)
    (copied,) = Copying(store, inline=1_000).run(folder, ["a"])
    assert copied.document is None
    assert copied.error
    assert stored(store) == []
    assert not store._held


def test_what_is_there_already_is_not_written_again(store: Store, folder: Path) -> None:
    (path,) = names(folder, 1)
    digest = store.put((folder / path).read_bytes())
    before = store.path(digest).stat()
    Copying(store, inline=0).run(folder, [path, path])
    after = store.path(digest).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert store._held[digest] == 3
    assert stored(store) == [digest]


def test_what_is_there_and_damaged_is_written_again(store: Store, folder: Path) -> None:
    (path,) = names(folder, 1)
    digest = store.put((folder / path).read_bytes())
    store.path(digest).write_bytes(b"damaged")
    Copying(store, inline=0).run(folder, [path])
    assert digest_of(store.read(digest)) == digest


def test_many_files_take_few_flushes(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = names(folder, 10)
    flushes: list[int] = []
    commit = Store.commit_all

    def commits(self: Store, incoming: list[Incoming], here: list[str]) -> None:
        flushes.append(len(incoming))
        commit(self, incoming, here)

    monkeypatch.setattr(Store, "commit_all", commits)
    monkeypatch.setattr(copying, "FILES_AT_ONCE", 4)
    found = Copying(store, inline=0).run(folder, paths)
    assert flushes == [4, 4, 2]
    assert stored(store) == sorted(one.document.digest for one in found if one.document)
    monkeypatch.setattr(copying, "BYTES_AT_ONCE", 30_000)
    (folder / "more").write_bytes(b"x" * 30_000)
    Copying(store, inline=0).run(folder, ["more"])
    assert flushes[3:] == [1, 0]


def test_a_large_file_is_not_in_memory(store: Store, folder: Path) -> None:
    with (folder / "a").open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    tracemalloc.start()
    try:
        Copying(store, inline=0).run(folder, ["a"])
        assert tracemalloc.get_traced_memory()[1] < 4 * copying.PIECE
    finally:
        tracemalloc.stop()


# -- a disk that refuses ----------------------------------------------------------------------------------------------


def full(after: int) -> Callable[..., Any]:
    """A call that works so many times; then the disk is full."""
    left = iter(range(after))

    def call(*_: object, **__: object) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")

    return call


@pytest.fixture(params=[("os.fsync", 0), ("os.fsync", 3), ("os.fsync", 7), ("write", 0), ("write", 6), ("rename", 4),
                        ("folder", 2)], ids=str)  # fmt: skip
def refusing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The store's disk refuses at some point."""
    what, after = request.param
    refuse = full(after)
    targets = {
        "os.fsync": (os, "fsync"),
        "write": (Incoming, "write_all"),
        "rename": (Incoming, "rename"),
        "folder": (Store, "incoming"),
    }
    target, name = targets[what]
    real = getattr(target, name)

    def call(*arguments: Any) -> Any:
        refuse()
        return real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(target, name, call)
        yield


@pytest.mark.usefixtures("refusing")
def test_a_disk_that_refuses_holds_nothing_and_loses_no_file(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "FILES_AT_ONCE", 4)
    paths = names(folder, 8)
    copying_now = Copying(store, inline=0)
    with pytest.raises(JournalError, match="No space left") as caught:
        copying_now.run(folder, paths)
    assert "originals are untouched" in caught.value.hint
    assert not store._held
    assert not [name for name in stored(store) if name.startswith("incoming-")]
    assert set(stored(store)) <= set(copying_now.unclaimed), "what may be left is named"
    assert len(list(folder.iterdir())) == 8


@pytest.mark.skipif(sys.platform == "win32", reason="nobody writes to a file that is read there")
def test_a_file_that_grows_without_end_is_left_soon(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes as fast as we read would fill the disk of the store."""
    (folder / "a").write_bytes(b"x" * LARGE)
    read, most = os.read, 0

    def growing(descriptor: int, length: int) -> bytes:
        nonlocal most
        most += length
        assert most < 2 * LARGE
        with (folder / "a").open("ab") as file:
            file.write(b"x" * copying.PIECE)
        return read(descriptor, length)

    monkeypatch.setattr("os.read", growing)
    (copied,) = Copying(store, inline=100).run(folder, ["a"])
    assert (copied.changed, copied.document) == (True, None)
    assert stored(store) == []
