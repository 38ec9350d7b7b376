"""A document that a program hands over to be filed: `POST /api/documents`, its bytes streamed to the disk.

It makes a `Capture` and has it taken; what the routes make of it, who takes it knows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

import msgspec
from aiohttp import hdrs, web

from comptoir.core.document import RAW, Document, Origin
from comptoir.core.errors import KeyConflict, RequestError
from comptoir.core.kept import Capture, Filed, Part
from comptoir.core.ports import Journal
from comptoir.web.archive_desk import ArchiveDesk
from comptoir.web.archive_shapes import Captured
from comptoir.web.guard import USER
from comptoir.web.intake import LARGEST_DOCUMENT, key_of, too_large

_EXAMPLE: Final = "POST /api/documents?title=Rapport, with the document as the body and its media type."
#: content types that say nothing of what the body is
_SAYING_NOTHING: Final = frozenset({RAW, "application/x-www-form-urlencoded"})


class ArchiveIntake:
    """Requests to captures."""

    def __init__(self, journal: Journal, archive: ArchiveDesk) -> None:
        self._journal = journal
        self._archive = archive

    async def take(self, request: web.Request) -> Filed:
        """Returns when it is on disk. Raises RequestError, TooLarge, KeyConflict, JournalError."""
        if (request.content_length or 0) > LARGEST_DOCUMENT:
            raise too_large()
        said, key = _captured(request), key_of(request)
        document = await self._journal.keep(_pieces(request), _media_type(request), said.name)
        if document.size == 0:
            self._journal.give_up(document)
            raise RequestError("there is nothing to keep: the body is empty", _EXAMPLE)
        filed = await self._archive.take(_capture(request, said, said.uid or key or uuid4().hex, document))
        if not filed.fresh:
            await self._check(filed, document)
        return filed

    async def _check(self, filed: Filed, document: Document) -> None:
        """What came under this key the first time has the same bytes. Raises KeyConflict."""
        known = None if filed.number is None else (await self._archive.document(filed.number)).document
        known = known or next((job.document for job in filed.jobs), None)
        if known is not None and known.digest != document.digest:
            raise KeyConflict(
                "this key was used before for another content", "Use a new Idempotency-Key for each document."
            )


def _captured(request: web.Request) -> Captured:
    try:
        return msgspec.convert(dict(request.query), Captured)
    except msgspec.ValidationError as error:
        raise RequestError(f"the address is not right: {error}", _EXAMPLE) from None


def _capture(request: web.Request, said: Captured, uid: str, document: Document) -> Capture:
    attributes = {"address": said.address} if said.address else {}
    return Capture(
        origin=Origin(said.source, said.user or request.get(USER, ""), request.remote or ""),
        uid=uid,
        parts=(Part(document),),
        title=said.title or said.name or said.address,
        printer=said.printer,
        attributes=attributes,
    )


def _media_type(request: web.Request) -> str:
    """As the sender says it; "" where the bytes are to say it."""
    said = request.content_type if hdrs.CONTENT_TYPE in request.headers else RAW
    return said if "/" in said and said not in _SAYING_NOTHING else ""


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    async for piece in request.content.iter_any():
        yield piece
