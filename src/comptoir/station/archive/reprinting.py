"""A document of the archive on paper once more, marked DUPLICATA, whether it was ever printed from here or not.

Bytes that only a receipt printer reads are drawn as it would print them, and printed as a picture: so they bear the
mark, suit any printer, and open no drawer. Other printers' own bytes cannot be marked, and are not printed again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from comptoir.core.document import RAW, Document, Submission
from comptoir.core.errors import RequestError
from comptoir.core.job import Job
from comptoir.core.kept import Kept
from comptoir.core.ports import Journal
from comptoir.core.profile import DEFAULT
from comptoir.formats.sheets import RASTER
from comptoir.languages.escpos.render import render_on
from comptoir.station.capture.filing import PAPER
from comptoir.web.desk import Desk

#: bytes of a receipt that is drawn
LARGEST: Final = 2 * 1024 * 1024
#: how a document is read, by its media type or the beginning of it; the first that fits. All of them can be marked
_FORMATS: Final = {
    "text/": "text", "application/pdf": "pdf", "application/postscript": "postscript",
    "image/pwg-raster": RASTER, "image/urf": RASTER, "image/": "image",
}  # fmt: skip
_TAKE_IT: Final = "Download it, and print it with the program that it is from."


async def reprint(desk: Desk, kept: Kept, jobs: Sequence[Job], destination: str, by: str, key: str = "") -> Job:
    """Returns when it is on disk. `jobs`: those that it had. Raises RequestError, UnknownName."""
    if destination and not desk.parts.prints(destination):
        raise RequestError(f"“{destination}” puts no paper out", "Choose a printer.")
    there = [job for job in jobs if job.destination == destination]
    before = next(iter([*there, *jobs]), None)
    document, form = await _printable(desk.journal, kept, before)
    submission = Submission(
        document=document,
        origin=replace(kept.origin, source="reprint", user=by),
        destination=destination,
        key=key,
        title=kept.title,
        format=form,
        created_at=kept.printed_at,
        # 0 is the mark alone: what was never printed from here is a second copy too.
        reprint_of=before.id if before is not None and desk.parts.prints(before.destination) else 0,
        attributes=_wishes(kept.attributes, there),
        kept=kept.id,
    )
    return (await desk.submit(submission)).job


async def _printable(journal: Journal, kept: Kept, before: Job | None) -> tuple[Document, str]:
    """What is printed, and how it is read. Raises RequestError."""
    document = kept.document
    if document.media_type == RAW:
        return await _as_picture(journal, document), "image"
    if before is not None and before.document.digest == document.digest and before.format != "raw":
        return document, before.format
    known = (form for beginning, form in _FORMATS.items() if document.media_type.startswith(beginning))
    form = next(known, "")
    if not form:
        raise RequestError(f"DUPLICATA cannot be written on a document of the type {document.media_type}", _TAKE_IT)
    return document, form


async def _as_picture(journal: Journal, document: Document) -> Document:
    """A receipt as its printer would print it, in black on white. Raises RequestError, JournalError."""
    if document.size > LARGEST:
        raise RequestError("this print is too long to be drawn", _TAKE_IT)
    content = await journal.content(document)
    try:
        picture = await asyncio.to_thread(render_on, DEFAULT, content, "png")
    except RequestError as error:
        raise RequestError("these bytes are for a printer alone, and cannot be drawn", _TAKE_IT) from error
    return Document.of(picture, "image/png", document.name)


def _wishes(known: Mapping[str, str], there: Sequence[Job]) -> dict[str, str]:
    """Sides, paper and tray as the first time: of its job at the same printer, else as its sender wished them."""
    told = there[0].attributes if there else known
    return {word: wish for word in PAPER if (wish := told.get(word))}
