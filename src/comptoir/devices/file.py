"""Printers that are a file: a device node, a file that grows, or a folder that gets a file for each job.

    file:///dev/usb/lp0   file:///var/spool/receipts/   file:///C:/Receipts   file:NAME (in our folder)

Nothing answers at a file. Each call has a thread of its own: a printer without paper stops a write for as long as it
likes, and ten of them must not take the threads of everybody else.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import time
from functools import partial
from pathlib import Path
from typing import Final
from urllib.request import url2pathname

from comptoir.core.errors import ConfigError
from comptoir.core.ports import Connection, Waits
from comptoir.devices.blocking import alone
from comptoir.devices.uri import split
from comptoir.durable import sync, sync_folder, unheld

_BINARY: Final = getattr(os, "O_BINARY", 0)
_counter = itertools.count(1)


class FileDevice:
    """A path. Whether it is a folder is looked at on each `open`; a path that ends with / is a folder and is
    made."""

    replies = False

    def __init__(self, uri: str, folder: Path) -> None:
        """A relative path is inside the printer's own folder. Raises ConfigError for an empty path."""
        parts = split(uri)
        if parts.netloc not in ("", "localhost") or parts.path in ("", "/"):
            raise ConfigError(f"The device URI {uri!r} names no file.", "For example file:///dev/usb/lp0")
        self._makes_folder = parts.path.endswith("/")
        self._ours = folder
        self.path = folder / url2pathname(parts.path)

    async def open(self) -> Connection:
        """Raises OSError where the file cannot be opened; nothing was written."""
        return await alone(self._open)

    def _open(self) -> FileConnection:
        if self._makes_folder:
            self.path.mkdir(parents=True, exist_ok=True)
        elif self._ours in self.path.parents:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.is_dir():
            return FileConnection(_opened(self.path), None)
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime())
        final = self.path / f"{stamp}-{os.getpid()}-{next(_counter):06}.bin"
        return FileConnection(_opened(final.with_suffix(".part")), final)


def _opened(path: Path) -> int:
    """A file descriptor that appends; the file is made where there is none. A pipe without a reader is an
    error."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY
    return os.open(path, flags, 0o640)


class FileConnection:
    """An open file. In a folder the job has its name only when it is whole: until then it ends in .part."""

    def __init__(self, descriptor: int, final: Path | None) -> None:
        self._descriptor = descriptor
        self._final = final

    async def write(self, data: bytes, waits: Waits | None = None) -> None:
        """However long it takes: whoever waits for a file cannot be told why."""
        await alone(partial(_write_all, self._descriptor, data))

    async def read(self, timeout: float) -> bytes:
        """Nothing ever comes; the time is waited for, as the port says."""
        await asyncio.sleep(timeout)
        return b""

    async def finish(self) -> str:
        """On disk (fsync), and in a folder under its name. "written" for a file, with its name in a
        folder."""
        return await alone(self._finish)

    def _finish(self) -> str:
        sync(self._descriptor)
        if self._final is None:
            return "written"
        # Windows renames nothing that is open.
        descriptor, self._descriptor = self._descriptor, -1
        os.close(descriptor)
        unheld(partial(self._final.with_suffix(".part").rename, self._final))
        sync_folder(self._final.parent)
        final, self._final = self._final, None
        return f"written to {final.name}"

    async def close(self, *, drop: bool = False) -> None:
        """Never raises. What was written is in the file. A job that was not finished keeps its name .part."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                await alone(partial(os.close, descriptor))


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
