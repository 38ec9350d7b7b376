"""What survives a power cut: files and folders brought to the disk. It opens no document and decides nothing.

It stands beside the layers, as the clock does: the journal, the devices and the station all put files on disk.
"""

from __future__ import annotations

import errno
import os
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


def replace_file(path: Path, data: bytes) -> None:
    """The whole file or the old one, never half, and on disk when this returns; its folder is made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)
