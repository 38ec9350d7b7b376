"""Files beneath a folder are reached; nothing that lies elsewhere is, whatever links say."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from comptoir.beneath import Beneath, stamp_of
from comptoir.core.intake import Stamp
from comptoir.windows.files import in_use


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a").write_text("a")
    (tmp_path / "in" / "sub" / "deep" / "b").write_text("b")
    (tmp_path / "outside").write_text("secret")
    return tmp_path / "in"


@pytest.fixture
def beneath(folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Beneath:
    monkeypatch.setattr("comptoir.beneath.BY_HANDLE", getattr(request, "param", os.name != "nt"))
    return Beneath(folder)


by_handle = pytest.param(True, id="by handle", marks=pytest.mark.skipif(os.name == "nt", reason="there are none"))
both = pytest.mark.parametrize("beneath", [by_handle, pytest.param(False, id="by path")], indirect=True)
not_windows = pytest.mark.skipif(os.name == "nt", reason="it has no pipes, no modes, and links for administrators only")


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
@not_windows
def test_links_lead_nowhere(beneath: Beneath, folder: Path) -> None:
    (folder / "link").symlink_to("../outside")
    (folder / "dir").symlink_to("..")
    (folder / "sub" / "dir").symlink_to(folder)
    with beneath:
        for path in ("link", "dir/outside", "sub/dir/a"):
            with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
                beneath.open(path)


@both
@not_windows
def test_a_link_that_comes_between_two_files_leads_nowhere(beneath: Beneath, folder: Path) -> None:
    with beneath:
        assert read(beneath, "sub/deep/b") == b"b"
        (folder / "sub").rename(folder / "other")
        (folder / "sub").symlink_to("../..")
        with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
            beneath.open("sub/outside")


@both
@not_windows
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
    if os.name != "nt":
        assert (folder / "sub/new/newer/file").stat().st_mode & 0o777 == 0o600


@both
@not_windows
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
@not_windows
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
    os.utime(folder / "a", ns=(1, 1_700_000_000_123_456_700))
    found = (folder / "a").stat()
    assert stamp_of(found) == Stamp(1, 1_700_000_000_123_456_700, found.st_ino)


@pytest.mark.skipif(os.name != "nt", reason="Windows alone")
class TestOnWindows:
    def test_what_a_program_writes_is_not_read_and_what_is_read_is_not_written(self, folder: Path) -> None:
        with Beneath(folder) as beneath:
            with (folder / "a").open("ab"), pytest.raises(PermissionError) as told:
                beneath.open("a")
            assert in_use(told.value)
            descriptor = beneath.open("a")
            with pytest.raises(PermissionError):
                (folder / "a").open("ab")
            os.close(descriptor)

    @pytest.mark.parametrize("path", ["a:stream", "C:a", "sub\\deep\\b", "sub/C:x/b"])
    def test_streams_and_drives_are_no_paths_beneath(self, folder: Path, path: str) -> None:
        with Beneath(folder) as beneath, pytest.raises(OSError, match="no path beneath"):
            beneath.open(path)

    def test_names_of_devices_and_points_at_the_end_are_names(self, folder: Path) -> None:
        with Beneath(folder) as beneath:
            for name in ("CON", "nul.txt", "end."):
                os.close(beneath.create(name))
                os.close(beneath.open(name))
            assert {"CON", "nul.txt", "end."} <= set(beneath.names())
            for name in ("CON", "nul.txt", "end."):
                beneath.unlink(name)

    def test_a_disk_itself_is_a_folder(self, folder: Path) -> None:
        """What lies on a stick often lies in no directory there."""
        with Beneath(Path(folder.anchor)) as beneath:
            os.close(beneath.open((folder / "a").relative_to(folder.anchor).as_posix()))

    def test_what_is_for_reading_only_can_be_removed(self, folder: Path) -> None:
        (folder / "a").chmod(0o444)
        with Beneath(folder) as beneath:
            beneath.replace("a", ".comptoir-a")
            beneath.unlink(".comptoir-a")
        assert not (folder / ".comptoir-a").exists()

    def test_a_path_longer_than_260(self, folder: Path) -> None:
        long = "/".join(["d" * 60] * 6)
        with Beneath(folder) as beneath:
            beneath.make_directories(f"{long}/a.txt")
            os.close(beneath.create(f"{long}/a.txt"))
            beneath.rename(f"{long}/a.txt", f"{long}/b.txt")
            os.close(beneath.open(f"{long}/b.txt"))
            with Beneath(folder / long) as there:
                there.rename_out("b.txt", beneath, "short")
        assert (folder / "short").exists()
