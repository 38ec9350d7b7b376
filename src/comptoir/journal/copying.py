"""From a folder to the store: the bytes of many files at once, with few flushes. It blocks, and knows no rows.

What is taken stood there before and after the copy alike; a file that changed meanwhile is none yet. What was copied is
held in the store, so that nobody takes it away before its row is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from comptoir.beneath import Beneath, stamp_of
from comptoir.core.document import Document, digest_of, media_type_of
from comptoir.core.errors import JournalError
from comptoir.core.intake import Copied, Stamp
from comptoir.journal.store import Incoming, Store
from comptoir.windows.files import in_use

PIECE: Final = 1024 * 1024  # bytes: read, hashed and written at a time
FILES_AT_ONCE: Final = 128  # between two rounds of flushes; each has a descriptor until then
BYTES_AT_ONCE: Final = 64 * 1024 * 1024

NOTHING: Final = Stamp(0, 0, 0)

#: a file's bytes: in the store under this digest and held; on their way there; None: in memory
Arrived = str | Incoming | None


class Copying:
    """One call of `Ledger.copy`. `unclaimed`: digests that a failure may have left in the store, for nobody."""

    def __init__(self, store: Store, inline: int) -> None:
        self._store = store
        self._inline = inline
        self._found: list[Copied] = []
        self._incoming: list[Incoming] = []
        self._here: list[str] = []
        self._bytes = 0
        self.unclaimed: list[str] = []

    def run(self, folder: Path, paths: Sequence[str]) -> list[Copied]:
        """Copy them, in their order. Raises JournalError where the store cannot be written, and holds nothing then."""
        try:
            with Beneath(folder) as beneath:
                for path in paths:
                    self._found.append(self._file(beneath, path))
                    if len(self._incoming) >= FILES_AT_ONCE or self._bytes >= BYTES_AT_ONCE:
                        self._flush()
            self._flush()
        except _Unkept as error:
            self._give_up()
            raise JournalError(
                f"files cannot be copied to the store: {words(error.cause)}",
                "Make room on the disk or check its rights; the originals are untouched.",
            ) from error.cause
        except OSError as error:  # the folder itself
            self._give_up()
            return [Copied(path, NOTHING, None, words(error)) for path in paths]
        except BaseException:
            self._give_up()
            raise
        return self._found

    def _file(self, beneath: Beneath, path: str) -> Copied:
        arrived: Arrived = None
        try:
            descriptor = beneath.open(path)
            try:
                before = stamp_of(os.fstat(descriptor))
                document, arrived = self._document(descriptor, before.size, path.rpartition("/")[2])
                after = stamp_of(os.fstat(descriptor))
            finally:
                os.close(descriptor)
            whole = document.size == before.size and before == after == stamp_of(beneath.lstat(path))
        except OSError as error:
            self._drop(arrived)
            return Copied(path, NOTHING, None, words(error), changed=in_use(error))
        if whole:
            self._keep(arrived)
            return Copied(path, before, document)
        self._drop(arrived)
        return Copied(path, before, None, "it changed while it was copied", changed=True)

    # -- one file -----------------------------------------------------------------------------------------------------

    def _document(self, descriptor: int, size: int, name: str) -> tuple[Document, Arrived]:
        """The file's bytes: in memory where they are few, otherwise in the store, or on their way to it.

        One byte more than there should be tells that it grows; what has no end would fill the disk.
        """
        if size > PIECE:
            incoming = self._written(_pieces(descriptor, size + 1))
            return Document(incoming.digest, incoming.size, media_type_of(incoming.head), name), incoming
        content = _at_most(descriptor, size + 1)
        digest, media_type = digest_of(content), media_type_of(content)
        if len(content) <= self._inline:
            return Document(digest, len(content), media_type, name, content), None
        arrived: Arrived = digest if self._hold(digest) else self._whole(content, digest)
        return Document(digest, len(content), media_type, name), arrived

    def _whole(self, content: bytes, digest: str) -> Incoming:
        """Raises _Unkept where the store refuses."""
        with _storing():
            incoming = self._store.incoming()
            try:
                incoming.write_all(content, digest)
            except BaseException:
                incoming.discard()
                raise
        return incoming

    def _written(self, pieces: Iterator[bytes]) -> Incoming:
        """Raises _Unkept where the store refuses, OSError where the pieces end early."""
        with _storing():
            incoming = self._store.incoming()
        try:
            for piece in pieces:
                with _storing():
                    incoming.write(piece)
        except BaseException:
            incoming.discard()
            raise
        return incoming

    def _hold(self, digest: str) -> bool:
        """Hold what the store has already, byte for byte: reading it is less work than writing it again."""
        if not self._store.hold_if_there(digest):
            return False
        try:
            if digest_of(self._store.read(digest)) == digest:
                return True
        except JournalError:
            pass  # it is damaged: what comes now heals it
        self._store.release(digest)
        return False

    # -- all of them --------------------------------------------------------------------------------------------------

    def _keep(self, arrived: Arrived) -> None:
        if isinstance(arrived, Incoming):
            self._incoming.append(arrived)
            self._bytes += arrived.size
        elif arrived is not None:
            self._here.append(arrived)

    def _drop(self, arrived: Arrived) -> None:
        if isinstance(arrived, Incoming):
            arrived.discard()
        elif arrived is not None:
            self._store.release(arrived)

    def _flush(self) -> None:
        with _storing():
            self._store.commit_all(self._incoming, self._here)
        self._here += [one.digest for one in self._incoming]
        self._incoming, self._bytes = [], 0

    def _give_up(self) -> None:
        self.unclaimed = [*self._here, *(one.digest for one in self._incoming)]
        for digest in self._here:
            self._store.release(digest)
        for incoming in self._incoming:
            incoming.discard()


class _Unkept(Exception):
    """The store refuses, which is another matter than a file that cannot be read."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


@contextmanager
def _storing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _Unkept(error) from error


def words(error: OSError) -> str:
    """What the system says, without a path, which stands beside it anyway."""
    return error.strerror or str(error)


def _pieces(descriptor: int, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := os.read(descriptor, min(PIECE, length))):
        length -= len(piece)
        yield piece


def _at_most(descriptor: int, length: int) -> bytes:
    """The first bytes of a file; a call may bring less than it was asked for."""
    content = os.read(descriptor, length)
    while len(content) < length and (piece := os.read(descriptor, length - len(content))):
        content += piece
    return content
