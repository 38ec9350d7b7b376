"""What survives a power cut: files and folders brought to the disk. It opens no document and decides nothing.

It stands beside the layers, as the clock does: the journal, the devices and the station all put files on disk.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from comptoir.windows import access

T = TypeVar("T")

#: fsync says so for device nodes, pipes and some folders, which have nothing to sync
_NO_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EROFS})
#: of Windows: access denied, sharing violation, lock violation: another program has the file open
_HELD: Final = frozenset({5, 32, 33})
#: seconds: virus scanners, indexers and backups hold what has just been written for moments
_PAUSES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)


def sync(descriptor: int) -> None:
    """Bring an open file to the disk, where it is one that can be. Raises OSError where the disk refuses."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable. Windows has no such call: its disks keep renames whole, and their order.
    Raises OSError."""
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
    _replace(path, data, like=path if path.exists() else None)


def write_new(path: Path, data: bytes, mode: int = 0o666, like: Path | None = None) -> None:
    """A file of its own with these rights, or those of another file, on disk when this returns; one of this name goes
    first. Raises OSError."""
    unheld(lambda: path.unlink(missing_ok=True))  # one that a crash left: its rights may be other ones
    # Windows would otherwise write its own line ends.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        if like is not None:
            _give(path, like)
        if not mode & 0o077:
            with suppress(OSError):  # a disk without rights, such as a stick
                access.protect_secret(path)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def unheld(call: Callable[[], T]) -> T:
    """What renames, removes or opens a file; where somebody on Windows has it open for a moment, a moment later.

    It blocks for most of a second at most. Raises what the call raises.
    """
    for pause in _PAUSES:
        try:
            return call()
        except PermissionError as error:
            if not _held(error):
                raise
        time.sleep(pause)
    return call()


def _held(error: PermissionError) -> bool:
    told = getattr(error, "winerror", None)
    # open() does not pass on what Windows said: it may be that.
    return told in _HELD or (told is None and os.name == "nt")


def _replace(path: Path, data: bytes, mode: int = 0o666, like: Path | None = None) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        write_new(part, data, mode, like)
        unheld(lambda: part.replace(path))
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _give(path: Path, like: Path) -> None:
    """To the owner of another file, with its rights; where the system does not allow that, with its rights at least."""
    with suppress(OSError):
        access.copy_rights(like, path)
    if sys.platform != "win32":  # there it would be “read-only” alone, and could be neither replaced nor removed
        found = like.stat()
        with suppress(PermissionError):
            os.chown(path, found.st_uid, found.st_gid)
        path.chmod(stat.S_IMODE(found.st_mode))
