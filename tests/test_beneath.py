"""Files beneath a folder are reached; nothing that lies elsewhere is, whatever links say."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from comptoir.beneath import Beneath, stamp_of
from comptoir.core.intake import Stamp


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a").write_text("a")
    (tmp_path / "in" / "sub" / "deep" / "b").write_text("b")
    (tmp_path / "outside").write_text("secret")
    return tmp_path / "in"


@pytest.fixture
def beneath(folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Beneath:
    monkeypatch.setattr("comptoir.beneath.BY_HANDLE", getattr(request, "param", True))
    return Beneath(folder)


both = pytest.mark.parametrize("beneath", [True, False], indirect=True, ids=["by handle", "by path"])


def read(beneath: Beneath, path: str) -> bytes:
    descriptor = beneath.open(path)
    try:
        return os.read(descriptor, 100)
    finally:
        os.close(descriptor)


@both
def test_files_are_read_wherever_they_are_beneath(beneath: Beneath) -> None:
    with beneath:
        assert [read(beneath, path) for path in ("a", "sub/deep/b", "a", "sub/deep/b")] == [b"a", b"b", b"a", b"b"]
        assert stamp_of(beneath.lstat("a")).size == 1


@both
@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "", ".", "sub/../../outside", "sub//b", "a/", "sub/./x"])
def test_what_is_no_path_beneath_is_refused(beneath: Beneath, path: str) -> None:
    with beneath, pytest.raises(OSError, match="no path beneath"):
        beneath.open(path)


@both
def test_links_lead_nowhere(beneath: Beneath, folder: Path) -> None:
    (folder / "link").symlink_to("../outside")
    (folder / "dir").symlink_to("..")
    (folder / "sub" / "dir").symlink_to(folder)
    with beneath:
        for path in ("link", "dir/outside", "sub/dir/a"):
            with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
                beneath.open(path)


@both
def test_a_link_that_comes_between_two_files_leads_nowhere(beneath: Beneath, folder: Path) -> None:
    with beneath:
        assert read(beneath, "sub/deep/b") == b"b"
        (folder / "sub").rename(folder / "other")
        (folder / "sub").symlink_to("../..")
        with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
            beneath.open("sub/outside")


@both
def test_pipes_directories_and_what_is_not_there_are_refused(beneath: Beneath, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with beneath:
        for path in ("pipe", "sub"):
            with pytest.raises(OSError, match="no regular file"):
                beneath.open(path)
        with pytest.raises(FileNotFoundError):
            beneath.open("none")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for by_handle in (True, False):
        monkeypatch.setattr("comptoir.beneath.BY_HANDLE", by_handle)
        with pytest.raises(FileNotFoundError), Beneath(tmp_path / "none"):
            pass


@both
def test_names_change_and_go(beneath: Beneath, folder: Path) -> None:
    with beneath:
        beneath.replace("a", "c")
        beneath.rename("c", "d")
        (folder / "e").write_text("e")
        with pytest.raises(FileExistsError):
            beneath.rename("d", "e")
        with Beneath(folder.parent) as there:
            beneath.rename_out("d", there, "moved")
            with pytest.raises(FileExistsError):
                beneath.rename_out("e", there, "moved")
        beneath.unlink("sub/deep/b")
        beneath.sync("sub/deep/b")
        with pytest.raises(OSError, match="not empty"):
            beneath.rmdir("sub")
        beneath.rmdir("sub/deep")
        assert sorted(beneath.names()) == ["e", "sub"]
    assert (folder.parent / "moved").read_text() == "a"


@both
def test_files_and_directories_are_made(beneath: Beneath, folder: Path) -> None:
    with beneath:
        beneath.make_directories("sub/new/newer/file")
        beneath.make_directories("sub/new/newer/file")
        os.close(beneath.create("sub/new/newer/file"))
        with pytest.raises(FileExistsError):
            beneath.create("sub/new/newer/file")
    assert (folder / "sub/new/newer/file").stat().st_mode & 0o777 == 0o600


@both
def test_nothing_is_made_behind_a_link(beneath: Beneath, folder: Path) -> None:
    (folder / "link").symlink_to("..")
    with beneath:
        with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
            beneath.make_directories("link/new/file")
        with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
            beneath.create("link/file")
    assert sorted(os.listdir(folder.parent)) == ["in", "outside"]


@both
def test_without_second_names_nothing_is_overwritten_either(
    beneath: Beneath, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr("os.link", refused)
    (folder / "taken").write_text("taken")
    with beneath:
        with pytest.raises(FileExistsError):
            beneath.rename("a", "taken")
        beneath.rename("a", "free")
    assert ((folder / "taken").read_text(), (folder / "free").read_text()) == ("taken", "a")


@both
def test_a_directory_is_known_again(beneath: Beneath, folder: Path) -> None:
    with beneath:
        before = [beneath.place("a"), beneath.place("sub/x")]
        assert len(set(before)) == 2
        assert [beneath.place("b"), beneath.place("sub/y")] == before
    (folder / "sub").rename(folder / "old")
    (folder / "sub").mkdir()
    with beneath:
        assert beneath.place("sub/x") != before[1]


@both
def test_nothing_stays_open(beneath: Beneath) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with beneath:
        for path in ("a", "sub/deep/b", "sub/none/b", "none"):
            try:
                os.close(beneath.open(path))
            except OSError:
                continue
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_stamp_is_what_the_file_system_says(folder: Path) -> None:
    os.utime(folder / "a", ns=(1, 1_700_000_000_123_456_789))
    found = (folder / "a").stat()
    assert stamp_of(found) == Stamp(1, 1_700_000_000_123_456_789, found.st_ino)
