"""Files of Windows: nobody writes what we read, and what is in a cloud stays there."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from comptoir.windows import files
from comptoir.windows.files import InCloud, in_cloud, in_use, leads_elsewhere, no_name, not_there

windows = pytest.mark.skipif(sys.platform != "win32", reason="Windows alone")


def refused(winerror: int | None, number: int = errno.EACCES) -> OSError:
    """As Python says it there: the number of the system beside the number of C."""
    error = OSError(number, "refused")
    if winerror is not None:
        error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


def found(attributes: int = 0, tag: int = 0, mode: int = stat.S_IFREG) -> os.stat_result:
    told = SimpleNamespace(st_file_attributes=attributes, st_reparse_tag=tag, st_mode=mode)
    return cast(os.stat_result, told)


@pytest.mark.skipif(sys.platform == "win32", reason="there the attribute is the system's")
def test_what_refusals_mean() -> None:
    assert [in_use(refused(number)) for number in (32, 33, 5, None)] == [True, True, False, False]
    assert [no_name(refused(number)) for number in (123, 161, 206, 5, None)] == [True, True, True, False, False]
    # ERROR_BAD_NETPATH: the server is away, which C calls the same as a file that is not there
    gone = [not_there(refused(number, errno.ENOENT)) for number in (2, 3, None, 53, 64, 206)]
    assert gone == [True, True, True, False, False, False]
    assert not not_there(refused(2, errno.EACCES))


def test_only_what_is_elsewhere_is_in_a_cloud() -> None:
    """FILE_ATTRIBUTE_ARCHIVE, …_REPARSE_POINT and …_PINNED are of files that are here."""
    assert [in_cloud(found(one)) for one in (0x20, 0x400, 0x80000)] == [False, False, False]
    assert [in_cloud(found(one)) for one in (0x1020, 0x40020, 0x400420, 0x501620)] == [True, True, True, True]
    assert not in_cloud(os.lstat(__file__))


def test_links_and_junctions_lead_elsewhere_and_what_a_cloud_or_a_disk_manages_does_not() -> None:
    assert leads_elsewhere(found(tag=0xA000000C))
    assert leads_elsewhere(found(tag=0xA0000003, mode=stat.S_IFDIR))
    assert leads_elsewhere(found(mode=stat.S_IFLNK))
    # IO_REPARSE_TAG_CLOUD_1, …_DEDUP, …_WOF
    assert [leads_elsewhere(found(tag=tag)) for tag in (0x9000101A, 0x80000013, 0x80000017)] == [False, False, False]


@windows
def test_a_file_that_somebody_writes_cannot_be_opened(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    with file.open("wb"), pytest.raises(PermissionError) as told:
        files.open_for_reading(str(file))
    assert in_use(told.value)
    descriptor = files.open_for_reading(str(file))
    try:
        with pytest.raises(PermissionError):
            file.open("ab")
        with file.open("rb"):  # others may read it meanwhile
            pass
    finally:
        os.close(descriptor)
    with file.open("ab"):
        pass


@windows
def test_what_is_read_may_be_removed(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    descriptor = files.open_for_reading(str(file))
    file.rename(tmp_path / "b.pdf")
    (tmp_path / "b.pdf").unlink()
    assert os.read(descriptor, 10) == b"x"
    os.close(descriptor)


@windows
def test_a_file_knows_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "Été").mkdir()
    (tmp_path / "Été" / "a.pdf").touch()
    descriptor = files.open_for_reading(str(tmp_path / "ÉTÉ" / "A.PDF"))
    there = files.file_at(descriptor)
    os.close(descriptor)
    assert there == files.directory_at(str(tmp_path)) + "\\Été\\a.pdf"


@windows
def test_a_disk_is_a_directory_like_any_other() -> None:
    assert files.directory_at("C:\\") == "\\\\?\\C:"


@windows
def test_what_is_refused_after_all_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> os.stat_result:
        """As Python 3.12.0 does on FAT."""
        raise OSError(errno.EINVAL, "refused")

    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    monkeypatch.setattr(os, "fstat", refuse)
    with pytest.raises(OSError, match="refused"):
        files.open_for_reading(str(file))
    monkeypatch.undo()
    with file.open("ab"):  # nobody has it open to read
        pass


@windows
def test_what_is_in_a_cloud_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FILE_ATTRIBUTE_OFFLINE is the one of the three that a program may set."""
    import ctypes  # noqa: PLC0415

    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    assert ctypes.windll.kernel32.SetFileAttributesW(str(file), 0x1000)  # type: ignore[attr-defined,unused-ignore]
    if not in_cloud(os.lstat(file)):
        there = os.lstat
        monkeypatch.setattr(os, "lstat", lambda path: found(0x400020) if str(path) == str(file) else there(path))
    with pytest.raises(InCloud):
        files.open_for_reading(str(file))


@windows
def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no regular file"):
        files.open_for_reading(str(tmp_path))
    with pytest.raises(FileNotFoundError):
        files.open_for_reading(str(tmp_path / "none"))
