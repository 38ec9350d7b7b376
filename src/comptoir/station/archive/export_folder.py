"""The folder of an export as files: built beside its place and renamed to it when it is whole and on disk.

Killed anywhere before, there is no such folder, and what was begun goes with the next export to the same place. What
goes into it, `exporting.py` decides. All calls block.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from comptoir.core.errors import ComptoirError, RequestError
from comptoir.durable import sync, sync_folder

MANIFEST: Final = "manifest.json"
#: bytes that must stay free on the disk beside what is exported
SPARE: Final = 64 * 1024 * 1024
FLUSHES_AT_ONCE: Final = 8
#: how the name of an export ends that is not whole yet
_PART: Final = ".comptoir-part"


class NoRoom(ComptoirError):
    """The disk cannot take it; nothing was written."""

    code = "no-room"
    http_status = 507


class Entry:
    """A file that is being written; `size` in bytes and `digest` of what was written so far."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("xb")
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def closed(self) -> bool:
        return self._file.closed

    def close(self) -> None:
        self._file.close()

    def discard(self) -> None:
        """It is not part of the export after all."""
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)


class ExportFolder:
    """One export on its way. `finish` puts it in its place, `discard` takes back what was begun.

    `path` must not be there yet, or be an empty folder. Raises RequestError; then nothing was written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._part = self.path.with_name(f".{self.path.name}{_PART}")
        self._names: list[str] = []
        self._open: list[Entry] = []
        with _refusing(self.path):
            if self.path.is_symlink() or (self.path.exists() and not _is_empty(self.path)):
                raise RequestError(f"{self.path} is there already", "Name a folder that there is not yet.")
            self.path.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(self._part, ignore_errors=True)
            self._part.mkdir(mode=0o700)

    def make_room(self, size: int) -> None:
        """Raises NoRoom where the disk has less than that, and some more, free."""
        free = shutil.disk_usage(self._part).free
        if free < size + SPARE:
            raise NoRoom(
                f"the export takes {size // 10**6 + 1} MB, and {free // 10**6} MB are free at {self.path.parent}",
                "Make room, or export to another disk. Nothing was written.",
            )

    def entry(self, name: str) -> Entry:
        """A new file; `name`: relative, with /. Raises OSError."""
        found = Entry(self._part / name)
        self._names.append(name)
        self._open = [*(one for one in self._open if not one.closed), found]
        return found

    def leave_out(self, name: str, entry: Entry) -> None:
        entry.discard()
        self._names.remove(name)

    def finish(self) -> None:
        """All of it on the disk, then in its place. Raises RequestError where the disk refuses."""
        with _refusing(self.path):
            with ThreadPoolExecutor(FLUSHES_AT_ONCE, "export-flush") as flushing:
                for _ in flushing.map(_flush, (self._part / name for name in self._names)):
                    pass
            for folder in {self._part, *((self._part / name).parent for name in self._names)}:
                sync_folder(folder)
            if self.path.exists():
                self.path.rmdir()  # an empty one; Windows renames to none that is there
            self._part.rename(self.path)
            sync_folder(self.path.parent)

    def discard(self) -> None:
        """What is not in its place goes."""
        for one in self._open:
            with suppress(OSError):  # it writes what is still in memory, and the disk may be full
                one.close()
        shutil.rmtree(self._part, ignore_errors=True)


class Manifest:
    """manifest.json, written as the files come: what there is of them is not all in memory."""

    def __init__(self, entry: Entry, head: Mapping[str, object]) -> None:
        """`head`: what is said of the export as a whole."""
        self._entry = entry
        self._first = True
        entry.write(_json(head)[:-1] + b",\n" + b'"files": [')

    def add(self, name: str, entry: Entry, more: Mapping[str, object] | None = None) -> None:
        """A file of the export, closed by now."""
        told = {"path": name, "size": entry.size, "sha256": entry.digest, **(more or {})}
        self._entry.write((b"\n" if self._first else b",\n") + _json(told))
        self._first = False

    def close(self, more: Mapping[str, object]) -> str:
        """`more`: what is known at the end only. Its own SHA-256."""
        self._entry.write(b"\n],\n" + _json(more)[1:] + b"\n")
        self._entry.close()
        return self._entry.digest


def clear(folder: Path) -> None:
    """Remove what crashes have left of exports below this folder. None may be under way there."""
    for left in folder.glob(f".*{_PART}"):
        shutil.rmtree(left, ignore_errors=True)


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _flush(path: Path) -> None:
    # Windows flushes only what may be written.
    with path.open("rb+") as file:
        sync(file.fileno())


def _is_empty(path: Path) -> bool:
    with os.scandir(path) as entries:
        return next(entries, None) is None


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror or error}", "Choose another place.") from None
