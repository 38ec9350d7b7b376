"""Bringing files and folders to the disk."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from comptoir import durable
from comptoir.durable import replace_file, rewrite_file, sync, sync_folder
from comptoir.windows import access

BY_FOLDERS = pytest.mark.skipif(os.name == "nt", reason="Windows syncs no folder, and needs none")


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)


@BY_FOLDERS
def test_a_file_and_its_folder_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    path = tmp_path / "x"
    with path.open("wb") as file:
        sync(file.fileno())
    sync_folder(tmp_path)
    assert synced == [path.stat().st_ino, tmp_path.stat().st_ino]


def test_what_has_nothing_to_sync_is_no_error() -> None:
    """A pipe, as a printer may be one."""
    reading, writing = os.pipe()
    sync(writing)
    os.close(reading)
    os.close(writing)


@BY_FOLDERS
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_disk_that_refuses_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    refuse(monkeypatch, number)
    with pytest.raises(OSError, match=os.strerror(number)):
        sync_folder(tmp_path)


def test_a_file_is_replaced_whole_and_brought_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "facts.json"
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    replace_file(path, b"one")
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["facts.json"]
    assert path.stat().st_ino in synced
    assert os.name == "nt" or path.parent.stat().st_ino in synced


def test_what_was_there_stays_where_the_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "facts.json"
    replace_file(path, b"one")
    refuse(monkeypatch, errno.ENOSPC)
    with pytest.raises(OSError, match="space"):
        replace_file(path, b"two")
    assert path.read_bytes() == b"one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["facts.json"]


@pytest.mark.skipif(os.name == "nt", reason="there are no such rights")
def test_a_rewritten_file_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"one")
    real.chmod(0o604)
    link.symlink_to("real")
    rewrite_file(link, b"two")
    assert (link.is_symlink(), real.read_bytes(), stat.S_IMODE(real.stat().st_mode)) == (True, b"two", 0o604)
    rewrite_file(tmp_path / "new" / "file", b"three")
    assert (tmp_path / "new" / "file").read_bytes() == b"three"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root may give files away")
def test_a_rewritten_file_keeps_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    os.chown(path, 12345, 12346)
    rewrite_file(path, b"two")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)

    def refuse_owner(*arguments: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chown", refuse_owner)
    rewrite_file(path, b"three")
    assert (path.read_bytes(), path.stat().st_uid) == (b"three", 0)


def test_nobody_reads_what_is_rewritten_before_its_rights_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "file", list[tuple[Path, bytes]]()
    path.write_bytes(b"one")
    monkeypatch.setattr(access, "copy_rights", lambda source, target: seen.append((source, target.read_bytes())))
    rewrite_file(path, b"two")
    assert (seen, path.read_bytes()) == ([(path, b"")], b"two")


@pytest.mark.skipif(os.name != "nt", reason="elsewhere the folder decides")
def test_a_file_that_is_read_only_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    path.chmod(stat.S_IREAD)
    with suppress(PermissionError):  # Wine replaces it
        rewrite_file(path, b"two")
    path.chmod(stat.S_IREAD | stat.S_IWRITE)
    rewrite_file(path, b"three")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"three"]


def test_a_file_that_another_program_holds_for_a_moment_is_replaced_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows, virus scanners and backups do; elsewhere nobody can hold one so."""
    path = tmp_path / "facts.json"
    replace_file(path, b"one")
    held = path.open("rb")
    monkeypatch.setattr(time, "sleep", lambda seconds: held.close())
    replace_file(path, b"two")
    held.close()
    assert path.read_bytes() == b"two"


def held_by_another(times: int, winerror: int = 32) -> Iterator[OSError | None]:
    for _ in range(times):
        error = PermissionError(errno.EACCES, "The process cannot access the file")
        setattr(error, "winerror", winerror)  # noqa: B010 - systems but Windows have none
        yield error
    while True:
        yield None


def refusing(answers: Iterator[OSError | None]) -> str:
    if error := next(answers):
        raise error
    return "done"


@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_what_is_held_is_tried_again(monkeypatch: pytest.MonkeyPatch, winerror: int) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    answers = held_by_another(3, winerror)
    assert durable.unheld(lambda: refusing(answers)) == "done"


@pytest.mark.skipif(os.name != "nt", reason="elsewhere what may not be opened may not be opened a moment later either")
def test_opening_does_not_say_what_windows_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    answers = iter([PermissionError(errno.EACCES, "Permission denied"), None])
    assert durable.unheld(lambda: refusing(answers)) == "done"


def test_it_is_not_tried_for_ever_nor_for_what_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []
    monkeypatch.setattr(time, "sleep", paused.append)
    answers = held_by_another(100)
    with pytest.raises(PermissionError):
        durable.unheld(lambda: refusing(answers))
    assert 0.5 < sum(paused) < 1
    answers = held_by_another(1, winerror=87)
    with pytest.raises(PermissionError):
        durable.unheld(lambda: refusing(answers))
    assert durable.unheld(lambda: refusing(answers)) == "done"
