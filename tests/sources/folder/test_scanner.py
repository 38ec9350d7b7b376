"""What lies in real directories, with everything that can lie there."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.core.selection import Selection
from comptoir.sources.folder.scanner import LINK, NAME, SPECIAL, Place, Seen, Walk, identity, look, reason_of

not_windows = pytest.mark.skipif(sys.platform == "win32", reason="no such names there, nor pipes; longer paths")


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.sources.folder.scanner.SLICE_SECONDS", 600)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "watched"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def place(root: Path, *, deep: bool = True, inodes: bool = True) -> Place:
    return Place(str(root), deep, inodes, Selection().skipped)


def unsettled(path: str, stamp: object) -> bool:
    return False


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(os.fsencode(path))


def found(seen: Seen) -> dict[str, str]:
    return {path: rule for path, _, rule in seen.files}


def test_all_files_with_their_stamps(root: Path) -> None:
    put(root, "a.txt", "x/y/b.txt")
    walk = Walk(place(root), unsettled, naming=True)
    seen = walk.slice()
    assert found(seen) == {"a.txt": "", "x/y/b.txt": ""}
    stat = (root / "a.txt").stat()
    assert next(s for p, s, _ in seen.files if p == "a.txt") == place(root).stamp(stat)
    assert (walk.done, walk.count, walk.listing.paths) == (True, 2, {"a.txt", "x/y/b.txt"})
    assert (walk.listing.root, walk.listing.devices) == (identity(place(root)), {stat.st_dev})
    assert sorted(seen.directories) == ["x", "x/y"]


def test_without_inodes_there_are_none_in_stamps(root: Path) -> None:
    put(root, "a.txt")
    assert [stamp.inode for _, stamp, _ in Walk(place(root, inodes=False), unsettled).whole().files] == [0]


def test_a_folder_that_is_not_deep_has_no_directories(root: Path) -> None:
    put(root, "a.txt", "x/b.txt")
    assert found(Walk(place(root, deep=False), unsettled).whole()) == {"a.txt": ""}
    assert found(look(place(root, deep=False), ["a.txt", "x", "x/b.txt"])) == {"a.txt": ""}


@not_windows
def test_links_and_other_things_are_named_and_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    put(outside, "secret.txt")
    put(root, "a.txt")
    (root / "link.txt").symlink_to(outside / "secret.txt")
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "away").symlink_to(outside, target_is_directory=True)
    os.mkfifo(root / "pipe")
    os.link(root / "a.txt", root / "hard.txt")
    wanted = {"a.txt": "", "hard.txt": "", "link.txt": LINK, "loop": LINK, "away": LINK, "pipe": SPECIAL}
    assert found(Walk(place(root), unsettled).whole()) == wanted
    assert found(look(place(root), [*wanted, "away/secret.txt", "loop/a.txt"])) == wanted


def test_a_hidden_directory_is_one_thing_that_is_ignored(root: Path) -> None:
    put(root, ".git/config", "x/.cache/a", "x/b")
    assert found(Walk(place(root), unsettled).whole()) == {".git/": ".*", "x/.cache/": ".*", "x/b": ""}
    assert found(look(place(root), [".git/config", ".git", "x/.cache/a", "x/b"])) == {"x/b": ""}


@not_windows
def test_names_that_are_no_text_or_several_lines(root: Path) -> None:
    names = ["line\nend.txt", "🧾 reçu.txt", "back\\slash.txt", "\udcff\udcfe.txt", " ", "a" * 255]
    put(root, *names)
    assert found(Walk(place(root), unsettled).whole()) == dict.fromkeys(names, "")
    assert found(look(place(root), names)) == dict.fromkeys(names, "")


@not_windows
def test_a_path_that_is_too_long_to_open_is_said_to_be(root: Path) -> None:
    before = os.getcwd()
    os.chdir(root)
    try:
        for _ in range(25):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
    finally:
        os.chdir(before)
    walk = Walk(place(root), unsettled, naming=True)
    seen = walk.whole()
    ((path, reason),) = seen.failed
    assert (reason, path.endswith("/"), walk.listing.closed, path in (walk.listing.paths or ())) == (
        NAME, True, [path], True,
    )  # fmt: skip
    shutil.rmtree(root / ("d" * 200))


def test_slices_tell_everything_once(root: Path) -> None:
    put(root, *(f"{number % 3}/{number}.txt" for number in range(50)))
    walk, told = Walk(place(root), unsettled), list[str]()
    slices = 0
    while not walk.done:
        told += [path for path, _, _ in walk.slice(7).files]
        slices += 1
    assert (len(told), len(set(told)), slices) == (50, 50, 8)


def test_settled_files_are_only_counted(root: Path) -> None:
    put(root, "a", "b")
    walk = Walk(place(root), lambda path, stamp: path == "a", naming=True)
    assert found(walk.slice()) == {"b": ""}
    assert (walk.listing.settled, walk.listing.paths, walk.count) == (1, {"a", "b"}, 2)


def test_a_folder_that_is_not_there_or_is_none(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Walk(place(root / "x"), unsettled)
    put(root, "a")
    with pytest.raises(NotADirectoryError):
        Walk(place(root / "a"), unsettled)


@pytest.mark.skipif(sys.platform == "win32", reason="it keeps a folder in its place while somebody looks through it")
def test_a_folder_that_is_exchanged_meanwhile_is_no_listing(root: Path) -> None:
    put(root, "a", "b", "c")
    walk = Walk(place(root), unsettled)
    walk.slice(1)
    root.rename(root.with_name("aside"))
    root.mkdir()
    with pytest.raises(OSError, match=r"[Ss]tale"):
        walk.slice()


def test_one_directory_alone(root: Path) -> None:
    put(root, "L/a", "L/deep/b", "c")
    seen = Walk(place(root), unsettled, below="L").whole()
    assert (found(seen), seen.directories) == ({"L/a": "", "L/deep/b": ""}, ["L/deep"])
    assert found(Walk(place(root), unsettled, below="gone").whole()) == {}


def test_hints_tell_files_directories_and_what_is_gone(root: Path) -> None:
    put(root, "a", "new/deep/b")
    seen = look(place(root), ["a", "new", "gone", "no/such/file"])
    assert (found(seen), seen.gone) == ({"a": "", "new/deep/b": ""}, ["gone", "no/such/file"])


def test_reasons() -> None:
    errors = (PermissionError(13, ""), OSError(errno.ENAMETOOLONG, ""), OSError(5, ""))
    assert [reason_of(error) for error in errors] == ["rights", "name", "unreadable"]
