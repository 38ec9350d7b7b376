"""What survives a power cut: files and folders brought to the disk. It opens no document and decides nothing.

It stands beside the layers, as the clock does: the journal, the devices and the station all put files on disk.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

#: fsync says so for device nodes, pipes and some folders, which have nothing to sync
_NO_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EROFS})


def sync(descriptor: int) -> None:
    """Bring an open file to the disk, where it is one that can be. Raises OSError where the disk refuses."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable. Windows has no such call, and needs none. Raises OSError."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, data: bytes, mode: int = 0o666) -> None:
    """The whole file or the old one, never half, and on disk when this returns; its folder is made. Raises OSError.

    `mode`: who may read and write it from its first byte on, as far as the umask lets them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, data, mode=mode)


def rewrite_file(path: Path, data: bytes) -> None:
    """The same for a file that is somebody's: a link stays one, and who may read and write it stays. Raises OSError."""
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, data, like=path.stat() if path.exists() else None)


def write_new(path: Path, data: bytes, mode: int = 0o666, like: os.stat_result | None = None) -> None:
    """A file of its own with these rights, on disk when this returns; one of this name goes first. Raises OSError."""
    path.unlink(missing_ok=True)  # one that a crash left: its rights may be other ones
    # Windows would otherwise write its own line ends.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        if like is not None:
            _give(path, like)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, data: bytes, mode: int = 0o666, like: os.stat_result | None = None) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        write_new(part, data, mode, like)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _give(path: Path, like: os.stat_result) -> None:
    """To the owner of another file, with its rights; where the system does not allow that, with its rights at least."""
    if os.name != "nt":
        with suppress(PermissionError):
            os.chown(path, like.st_uid, like.st_gid)
    path.chmod(stat.S_IMODE(like.st_mode))
