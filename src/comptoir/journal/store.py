"""The bytes of large documents: one file a content, addressed by its SHA-256. Not a database: it knows no names.

A file appears under its digest only when it is whole and on disk: temporary file, fsync, rename, fsync of the folder.
It goes only when nobody holds it and nobody needs it. All calls block; the journal makes them in threads.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from comptoir.core.errors import JournalError
from comptoir.durable import sync_folder, unheld

PIECE: Final = 1024 * 1024  # bytes: how a file is read that is only looked at
HEAD: Final = 1024  # bytes: enough to tell the media type by
FLUSHES_AT_ONCE: Final = 8  # a disk does several together for little more than one


class Incoming:
    """A document on its way to the store. `size` in bytes, `head`: its first ones; so far."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hash = hashlib.sha256()
        self.size = 0
        self.head = b""
        self._known = ""
        handle, name = tempfile.mkstemp(dir=store.folder, prefix="incoming-")
        self._file = os.fdopen(handle, "wb")
        self._path = Path(name)

    @property
    def digest(self) -> str:
        """Of what was written so far."""
        return self._known or self._hash.hexdigest()

    def write_all(self, content: bytes, digest: str) -> None:
        """The whole document, of which the caller knows the digest. Raises OSError."""
        self.head, self.size, self._known = content[:HEAD], len(content), digest
        self._file.write(content)

    def write(self, chunk: bytes) -> None:
        """Raises OSError where the disk refuses."""
        self.head = self.head or chunk[:HEAD]
        self._hash.update(chunk)
        self.size += len(chunk)
        self._file.write(chunk)

    def finish(self) -> None:
        """Bring it to the disk. It has no name yet by which it could be found: the next start would remove it."""
        if self._file.closed:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def commit(self) -> str:
        """Put it under its digest, durably; it is held there until `Store.release`. The digest."""
        self.finish()
        # Held before it is there: the file of an earlier document with these bytes may be on its way out.
        self._store.hold(self.digest)
        try:
            self.rename()
            sync_folder(self._store.path(self.digest).parent)
        except BaseException:
            self._store.release(self.digest)
            raise
        return self.digest

    def rename(self) -> None:
        """Give it its name. It is found there after a power cut once that folder is synced."""
        target = self._store.path(self.digest)
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True)
            sync_folder(self._store.folder)
        with self._store.naming:
            try:
                self._path.replace(target)
            except PermissionError:  # Windows replaces no file that somebody reads: then these bytes are there already
                if self._store.is_whole(self.digest):
                    unheld(partial(self._path.unlink, missing_ok=True))
                else:
                    unheld(partial(self._path.replace, target))

    def taken(self) -> bytes:
        """What was written, of a small document that needs no file. Raises OSError."""
        try:
            return self._path.read_bytes()
        finally:
            self.discard()

    def discard(self) -> None:
        """Give it up; what was committed stays. Raises OSError where not even that is possible."""
        with suppress(OSError):
            self._file.close()  # it writes what is still in memory, and the disk may be full
        unheld(partial(self._path.unlink, missing_ok=True))


class Store:
    """Files by digest under one folder.

    A file whose row is not written yet is held, which keeps `forget` from taking it away. Holds are counted, and may be
    taken and given back from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        #: one at a time gives a file its name: on Windows, two that give the same name are in each other's way
        self.naming = threading.Lock()

    def prepare(self) -> None:
        """Make the folder; what a crash left half-written was never acknowledged. For the one who writes here."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob("incoming-*"):
            # A thread of a service that has just started anew may be at it still; it removes it itself.
            with suppress(PermissionError):
                left.unlink(missing_ok=True)

    def incoming(self) -> Incoming:
        """Room for a new document. Raises OSError."""
        return Incoming(self)

    def put(self, content: bytes) -> str:
        """Keep these bytes, and hold them; the digest. Raises OSError, and leaves nothing behind then."""
        incoming = self.incoming()
        try:
            incoming.write(content)
            return incoming.commit()
        except BaseException:
            incoming.discard()
            raise

    def commit_all(self, incoming: Sequence[Incoming], here: Sequence[str] = ()) -> None:
        """Put many documents under their digests at once, with few flushes; each is held there until `release`.

        `here`: digests of files that are here and held already, but whose names may not be on the disk yet.
        Raises OSError, and holds none of the new ones then. What has its name by then is `forget`'s to take away.
        """
        held: list[str] = []
        try:
            with ThreadPoolExecutor(FLUSHES_AT_ONCE, "store-flush") as flushing:
                for _ in flushing.map(Incoming.finish, incoming):
                    pass
                for one in incoming:
                    self.hold(one.digest)
                    held.append(one.digest)
                    one.rename()
                for _ in flushing.map(sync_folder, {self.path(digest).parent for digest in (*held, *here)}):
                    pass
        except BaseException:
            for digest in held:
                self.release(digest)
            raise

    def hold(self, digest: str) -> None:
        """Nobody takes this file away until `release`."""
        with self._lock:
            self._held[digest] += 1

    def hold_if_there(self, digest: str) -> bool:
        """Hold a file that is here already; False: there is none."""
        with self._lock:
            if not self.path(digest).exists():
                return False
            self._held[digest] += 1
            return True

    def release(self, digest: str) -> None:
        """The end of one hold."""
        with self._lock:
            self._held[digest] -= 1
            if self._held[digest] <= 0:
                del self._held[digest]

    def path(self, digest: str) -> Path:
        """Where the file of this digest stands, or would."""
        return self.folder / digest[:2] / digest

    def read(self, digest: str, offset: int = 0, length: int = -1) -> bytes:
        """`length` bytes from `offset`, all for -1. Raises JournalError when the file is gone or cannot be read."""
        path = self.path(digest)
        try:
            # Windows opens no file in the moment in which it is removed, or replaced by the same bytes.
            with unheld(lambda: path.open("rb")) as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError:
            raise JournalError(
                f"the document {digest[:12]}… is missing from the store", f"Expected at {path}."
            ) from None
        except OSError as error:
            raise JournalError(
                f"the document {digest[:12]}… cannot be read: {error.strerror or error}", f"It stands at {path}."
            ) from error

    def measure(self, digest: str) -> tuple[str, int]:
        """The digest that the file of this one has, and its size, whatever that is. Raises JournalError."""
        found, size = hashlib.sha256(), 0
        while piece := self.read(digest, size, PIECE):
            found.update(piece)
            size += len(piece)
        return found.hexdigest(), size

    def is_whole(self, digest: str) -> bool:
        """Whether its file is there, can be read, and has this digest."""
        try:
            return self.measure(digest)[0] == digest
        except JournalError:
            return False

    def digests(self) -> Iterator[str]:
        """The digests of all files that are here."""
        for entry in self.folder.glob("??/*"):
            yield entry.name

    def remove(self, digest: str) -> None:
        """Remove it, whoever holds it; one that is not there is no error. Raises OSError."""
        self.path(digest).unlink(missing_ok=True)

    def forget(self, digest: str, needed: Callable[[str], bool]) -> bool:
        """Remove the file where nobody holds it and `needed` does not say that a row needs it.

        False: it is held, or it cannot be removed; ask again later. Whoever writes a row holds the file until the row
        can be seen: so under the lock a file is either held, or `needed` knows.
        """
        with self._lock, suppress(OSError):
            if digest in self._held:
                return False
            if not needed(digest):
                self.remove(digest)
            return True
        return False
