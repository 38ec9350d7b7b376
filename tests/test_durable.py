"""Bringing files and folders to the disk."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from comptoir.durable import replace_file, rewrite_file, sync, sync_folder


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)


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
    assert path.parent.stat().st_ino in synced


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
