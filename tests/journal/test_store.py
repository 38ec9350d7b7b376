"""The bytes of large documents as files."""

from __future__ import annotations

import errno
import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import JournalError
from comptoir.journal.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    one = Store(tmp_path / "documents")
    one.prepare()
    return one


def files(store: Store) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def test_bytes_come_back_by_their_digest(store: Store) -> None:
    digest = store.put(b"Hello world")
    assert digest == hashlib.sha256(b"Hello world").hexdigest()
    assert store.read(digest) == b"Hello world"
    assert store.read(digest, 6) == b"world"
    assert store.read(digest, 6, 2) == b"wo"
    assert store.read(digest, 99) == b""
    assert list(store.digests()) == [digest]


def test_on_windows_a_file_cannot_be_opened_in_every_moment(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    digest, opened, paused = store.put(b"Hello"), Path.open, list[float]()

    def held(path: Path, mode: str) -> object:
        if not paused:
            error = PermissionError(errno.EACCES, "Permission denied")
            setattr(error, "winerror", 5)  # noqa: B010 - systems but Windows have none
            raise error
        return opened(path, mode)

    monkeypatch.setattr(time, "sleep", paused.append)
    monkeypatch.setattr(Path, "open", held)
    assert store.read(digest) == b"Hello"
    assert len(paused) == 1


def test_the_same_bytes_are_one_file(store: Store) -> None:
    assert store.put(b"x") == store.put(b"x")
    assert len(files(store)) == 1


@given(chunks=st.lists(st.binary(max_size=50), max_size=10))
def test_it_does_not_matter_how_the_bytes_came(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    store = Store(tmp_path_factory.getbasetemp() / "chunks")
    store.prepare()
    incoming = store.incoming()
    for chunk in chunks:
        incoming.write(chunk)
    assert incoming.size == len(b"".join(chunks))
    assert store.read(incoming.commit()) == b"".join(chunks)


def test_nothing_has_its_name_before_it_is_whole(store: Store) -> None:
    incoming = store.incoming()
    incoming.write(b"half")
    assert list(store.digests()) == []
    incoming.discard()
    assert files(store) == []


def test_what_a_crash_left_half_written_goes_at_the_next_start(store: Store) -> None:
    kept = store.put(b"whole")
    incoming = store.incoming()
    incoming.write(b"half")
    incoming.finish()  # as the system does for who crashed
    store.prepare()
    assert files(store) == [kept]
    incoming.discard()


def test_a_missing_file_is_named(store: Store) -> None:
    with pytest.raises(JournalError, match="missing") as caught:
        store.read("ab" * 32)
    assert str(store.path("ab" * 32)) in caught.value.hint


def test_removing_twice_is_no_error(store: Store) -> None:
    digest = store.put(b"x")
    store.remove(digest)
    store.remove(digest)
    assert files(store) == []


def test_a_disk_that_refuses_leaves_nothing_behind(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        store.put(b"x")
    assert files(store) == []


def never(digest: str) -> bool:
    return False


def test_what_nobody_needs_is_forgotten(store: Store) -> None:
    digest = store.put(b"x")
    store.release(digest)
    assert store.forget(digest, lambda asked: asked == digest)
    assert files(store) == [digest], "a row needs it"
    assert store.forget(digest, never)
    assert files(store) == []
    assert store.forget(digest, never), "one that is gone is no error"


def test_what_somebody_holds_stays(store: Store) -> None:
    digest = store.put(b"x")
    assert not store.forget(digest, never)
    assert store.hold_if_there(digest)
    store.release(digest)
    assert not store.forget(digest, never), "two have held it"
    store.release(digest)
    assert store.forget(digest, never)
    assert not store.hold_if_there(digest)
    store.put(b"x")
    store.release(digest)
    assert store.forget(digest, never), "asking for one that was not there has held nothing"


def test_what_cannot_be_removed_is_asked_for_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = store.put(b"x")
    store.release(digest)

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert not store.forget(digest, never)


def test_taking_in_and_forgetting_the_same_bytes_at_once(store: Store) -> None:
    """Whoever holds a file has it, however often it is forgotten meanwhile."""
    stop = threading.Event()

    def forget() -> int:
        count = 0
        while not stop.is_set():
            for digest in store.digests():
                count += store.forget(digest, never)
        return count

    with ThreadPoolExecutor(1) as other:
        forgotten = other.submit(forget)
        for _ in range(300):
            digest = store.put(b"the same bytes")
            assert store.read(digest) == b"the same bytes"
            store.release(digest)
        stop.set()
        assert forgotten.result() > 0, "nothing was tried"


def test_a_commit_that_fails_holds_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    incoming = store.incoming()
    incoming.write(b"x")
    incoming.finish()

    def refuse(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(OSError, match="No space"):
            incoming.commit()
    incoming.discard()
    assert files(store) == []
    store.release(store.put(b"x"))
    assert store.forget(incoming.digest, never)


def test_what_cannot_even_be_flushed_is_discarded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last bytes stand in memory when the disk is full."""
    incoming = store.incoming()

    class Full:
        def close(self) -> None:
            raise OSError(28, "No space left on device")

    incoming._file.close()
    monkeypatch.setattr(incoming, "_file", Full())
    incoming.discard()
    assert files(store) == []


def test_a_file_that_cannot_be_read_is_named(store: Store) -> None:
    store.path("ab" * 32).mkdir(parents=True)
    with pytest.raises(JournalError, match="cannot be read") as caught:
        store.read("ab" * 32)
    assert str(store.path("ab" * 32)) in caught.value.hint


def test_what_is_going_just_then_does_not_stop_a_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda folder, pattern: [folder / "incoming-gone"])
    Store(tmp_path).prepare()
