"""Documents of the archive to take along: a zip of them, a table of them. Both are streamed; neither is held in memory.

The zip is written as its reader takes it, uncompressed (most documents are compressed already), with the table as its
first file. One document that cannot be read breaks the transfer off: half a zip must not look like a whole one.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import Final

from aiohttp import hdrs, web

from comptoir.core.document import Document
from comptoir.core.errors import ComptoirError, RequestError, UnknownName
from comptoir.core.kept import Kept
from comptoir.core.names import safe_name
from comptoir.core.search import Search
from comptoir.core.units import local
from comptoir.web.archive_desk import ArchiveDesk
from comptoir.web.attachment import disposition, file_name
from comptoir.web.locale import msgid
from comptoir.web.spreadsheet import BOM, rows
from comptoir.web.words import Words

log = logging.getLogger("comptoir.web")

#: documents of one zip; of one table
MOST: Final = 5_000
MOST_LINES: Final = 200_000
#: documents that are looked for at once
STEP: Final = 500
#: what the table is called in a zip
LIST: Final = msgid("documents")
#: no date of a zip is before that (APPNOTE 4.4.6)
_FIRST_YEAR: Final = 1980

#: column of the table → its heading
COLUMNS: Final[dict[str, str]] = {
    "number": msgid("Number"),
    "business_date": msgid("Business date"),
    "time": msgid("Printed"),
    "title": msgid("Title"),
    "source": msgid("Source"),
    "printer": msgid("Printer"),
    "user": msgid("User"),
    "host": msgid("Computer"),
    "pages": msgid("Pages"),
    "copies": msgid("Copies"),
    "type": msgid("Media type"),
    "size": msgid("Bytes"),
    "hash": msgid("SHA-256"),
    "partial": msgid("Not whole"),
    "held": msgid("On hold"),
}


class Pieces(io.RawIOBase):
    """Where a zip is written to: what was written is taken away again. It has no way back, as a socket has none."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # bytes, or a view of them
        self._written.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        written, self._written = self._written, []
        return b"".join(written)


async def chosen(archive: ArchiveDesk, numbers: Sequence[int], search: Search, most: int) -> list[int]:
    """The documents that were ticked, else all that the search finds. Raises RequestError for more than `most`."""
    if not numbers:
        numbers = [number async for number in found(archive, search, most + 1)]
    if len(numbers) > most:
        raise RequestError(
            f"these are more than {most} documents", "Narrow the search, to a month for instance, and take it in parts."
        )
    return list(numbers)


async def found(archive: ArchiveDesk, search: Search, most: int) -> AsyncIterator[int]:
    """The numbers of what a search finds, newest first, at most so many."""
    count = 0
    search = replace(search, below=None, limit=STEP)
    while count < most:
        page = await archive.search(search)
        for hit in page.hits[: most - count]:
            count += 1
            yield hit.number
        if page.more is None:
            return
        search = replace(search, below=page.more)


async def send(request: web.Request, pieces: AsyncGenerator[bytes], name: str, media_type: str) -> web.StreamResponse:
    """Give it out as a file. What goes wrong before the first piece is an error, later the transfer breaks off."""
    headers = {
        "Content-Type": media_type,
        "Content-Disposition": disposition(name),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == hdrs.METH_HEAD:
        return web.Response(headers=headers)
    async with aclosing(pieces):
        first = await anext(pieces, b"")
        answer = web.StreamResponse(headers=headers)
        await answer.prepare(request)
        try:
            await answer.write(first)
            async for piece in pieces:
                await answer.write(piece)
            await answer.write_eof()
        except ComptoirError as error:
            log.error("%s was broken off: %s", request.path, error.sentences)
            if request.transport is not None:
                request.transport.abort()
    return answer


# -- the table ------------------------------------------------------------------------------------------------------


async def table(archive: ArchiveDesk, numbers: Sequence[int], words: Words, language: str) -> AsyncGenerator[bytes]:
    """The lines of a spreadsheet, in pieces: UTF-8 with its mark. What has gone meanwhile is left out."""
    yield BOM + rows([[words.text(heading) for heading in COLUMNS.values()]], language)
    for start in range(0, len(numbers), STEP):
        kept = [one async for one in _documents(archive, numbers[start : start + STEP])]
        yield rows([line_of(one, words) for one in kept], language)


def line_of(kept: Kept, words: Words) -> list[str]:
    """A document as a line of the table, times in this machine's zone."""
    yes = words.text(msgid("yes"))
    return [
        str(kept.id), kept.business_date, f"{local(kept.printed_at):%Y-%m-%d %H:%M:%S}", kept.title,
        kept.origin.source, kept.printer, kept.origin.user, kept.origin.host,
        "" if kept.pages is None else str(kept.pages), str(kept.copies), kept.document.media_type,
        str(kept.document.size), kept.document.digest, yes if kept.partial else "", kept.held,
    ]  # fmt: skip


async def _documents(archive: ArchiveDesk, numbers: Sequence[int]) -> AsyncIterator[Kept]:
    for number in numbers:
        try:
            yield await archive.document(number)
        except UnknownName:  # eliminated meanwhile
            continue


# -- the zip --------------------------------------------------------------------------------------------------------


async def zipped(
    archive: ArchiveDesk, numbers: Sequence[int], words: Words, language: str, now: int
) -> AsyncGenerator[bytes]:
    """A zip, in pieces; `now`: ms. Raises JournalError for a document whose bytes cannot be read."""
    out = Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archived:
        lines = b"".join([piece async for piece in table(archive, numbers, words, language)])
        archived.writestr(_entry(f"{words.text(LIST)}.csv", len(lines), local(now)), lines)
        async for kept in _documents(archive, numbers):
            for name, document in names_of(kept):
                entry = _entry(name, document.size, local(kept.printed_at))
                with archived.open(entry, "w") as file:
                    async for piece in archive.chunks(document):
                        file.write(piece)
                        yield out.taken()
                yield out.taken()
    yield out.taken()


def names_of(kept: Kept) -> Iterator[tuple[str, Document]]:
    """The documents of a print under names that no other has: a folder a business date, the number in the name."""
    folder = safe_name(kept.business_date)
    time = f"{local(kept.printed_at):%H-%M}"
    title = kept.title or kept.document.name
    yield f"{folder}/{safe_name(f'{kept.id} {time} {file_name(title, kept.document.media_type)}', 180)}", kept.document
    for place, part in enumerate(kept.others, 2):
        name = file_name(f"{kept.id} {time} ({place}) {part.role}", part.document.media_type)
        yield f"{folder}/{name}", part.document


def _entry(name: str, size: int, at: datetime) -> zipfile.ZipInfo:
    """A file of the zip. Its size is said before it is written, so that one over 2 GB has the room for it (Zip64)."""
    entry = zipfile.ZipInfo(name, (max(at.year, _FIRST_YEAR), at.month, at.day, at.hour, at.minute, at.second))
    entry.file_size = size
    entry.external_attr = 0o600 << 16
    return entry
