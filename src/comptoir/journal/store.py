"""The bytes of large documents: one file a content, addressed by its SHA-256. Not a database: it knows no names.

A file appears under its final name only when it is whole and on disk: temporary file, fsync, rename, fsync of the
folder. All calls block; the journal makes them in threads.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from comptoir.core.errors import JournalError


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable. Windows has no such call, and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Incoming:
    """A document on its way to the store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hash = hashlib.sha256()
        self.size = 0
        handle, name = tempfile.mkstemp(dir=folder, prefix="incoming-")
        self._file = os.fdopen(handle, "wb")
        self._path = Path(name)

    def write(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self.size += len(chunk)
        self._file.write(chunk)

    def commit(self) -> str:
        """Put it under its name, durably; the digest."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        digest = self._hash.hexdigest()
        target = self._folder / digest[:2] / digest
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True)
            sync_folder(self._folder)
        self._path.replace(target)
        sync_folder(target.parent)
        return digest

    def discard(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class Store:
    """Files by digest under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder; what a crash left half-written was never acknowledged. For the one who writes here."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob("incoming-*"):
            left.unlink()

    def incoming(self) -> Incoming:
        return Incoming(self.folder)

    def put(self, content: bytes) -> str:
        """Keep these bytes; the digest."""
        incoming = self.incoming()
        try:
            incoming.write(content)
            return incoming.commit()
        except BaseException:
            incoming.discard()
            raise

    def path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest

    def read(self, digest: str, offset: int = 0, length: int = -1) -> bytes:
        """Raises JournalError when the file is gone."""
        try:
            with self.path(digest).open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError:
            raise JournalError(
                f"the document {digest[:12]}… is missing from the store", f"Expected at {self.path(digest)}."
            ) from None

    def digests(self) -> Iterator[str]:
        for entry in self.folder.glob("??/*"):
            yield entry.name

    def remove(self, digest: str) -> None:
        self.path(digest).unlink(missing_ok=True)
