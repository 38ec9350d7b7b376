"""The index on its two threads, one that writes and one that reads, for the event loop; a damaged one is made anew."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from comptoir.archive.index import Index, connect, remove
from comptoir.core.errors import ComptoirError

log = logging.getLogger("comptoir.archive")

T = TypeVar("T")

#: SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN: https://www.sqlite.org/rescode.html
_DAMAGED: Final = (11, 26)
_NOT_OPENED: Final = 14


class ArchiveError(ComptoirError):
    """The index cannot be used at the moment. What is kept is in the journal, and safe."""

    code = "archive"
    http_status = 503


class Shelf:
    """Calls of the index, each in the thread that it needs. They raise ArchiveError."""

    def __init__(self, path: Path, identity: str) -> None:
        self._path = path
        self._identity = identity
        self._index: Index | None = None
        self._reader: sqlite3.Connection | None = None
        self._writing = ThreadPoolExecutor(1, "archive-writer")
        self._reading = ThreadPoolExecutor(1, "archive-reader")
        #: called, on the event loop, when everything is to be put in anew
        self.on_renewed: list[Callable[[], None]] = []

    async def open(self) -> None:
        """Raises ArchiveError where the folder cannot be used."""
        await self._in(self._writing, self._open)

    async def write(self, call: Callable[[Index], T]) -> T:
        return await self._sound(lambda: self._in(self._writing, lambda: call(self._opened())))

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        return await self._sound(lambda: self._in(self._reading, lambda: query(self._opened_for_reading())))

    async def renew(self) -> None:
        """Begin again with nothing in it."""
        await self._in(self._reading, self._close_reader)
        await self._in(self._writing, self._replace)
        for listener in self.on_renewed:
            listener()

    async def close(self) -> None:
        """May be called twice."""
        with suppress(ArchiveError):
            await self._in(self._reading, self._close_reader)
            await self._in(self._writing, self._close)
        self._reading.shutdown(wait=False)
        self._writing.shutdown(wait=False)

    async def _sound(self, call: Callable[[], asyncio.Future[T]]) -> T:
        """Its answer; where the file turns out to be damaged, of a new one."""
        try:
            return await call()
        except sqlite3.DatabaseError as error:
            if not self._made_anew(getattr(error, "sqlite_errorcode", 0) & 0xFF):
                raise _unusable(self._path, error) from error
            log.error("the archive's index %s is damaged or gone and is made anew: %s", self._path, error)
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from error
        await self.renew()
        try:
            return await call()
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from error

    def _made_anew(self, code: int) -> bool:
        """Whether this error says that there is nothing to go on with: people may remove the folder at any time."""
        return code in _DAMAGED or (code == _NOT_OPENED and not self._path.exists())

    def _in(self, thread: ThreadPoolExecutor, call: Callable[[], T]) -> asyncio.Future[T]:
        try:
            return asyncio.get_running_loop().run_in_executor(thread, call)
        except RuntimeError:
            raise ArchiveError("the archive's index is closed") from None

    def _open(self) -> None:
        try:
            self._index = Index(self._path, self._identity)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self._path, error) from error

    def _opened(self) -> Index:
        if self._index is None:
            self._open()
        assert self._index is not None
        return self._index

    def _opened_for_reading(self) -> sqlite3.Connection:
        if self._reader is None:
            self._reader = connect(self._path, read_only=True)
        return self._reader

    def _replace(self) -> None:
        self._close()
        try:
            remove(self._path)
        except OSError as error:
            raise _unusable(self._path, error) from error
        self._open()

    def _close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def _unusable(path: Path, error: Exception) -> ArchiveError:
    return ArchiveError(
        f"the archive's index {path} cannot be used: {error}",
        "Make room on the disk or check its rights; the documents themselves are in the journal.",
    )
