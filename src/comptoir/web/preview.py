"""What a job looks like on paper, as a picture: the bytes that the printer gets, interpreted as the printer would.

It shows what is sent, not what came out; the papers of a virtual printer are in `papers.py`.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace

from comptoir.core.document import SPOKEN
from comptoir.core.errors import ComptoirError, FormatError
from comptoir.core.job import Job
from comptoir.core.ports import Journal
from comptoir.core.profile import DEFAULT, Profile
from comptoir.core.sheet import A4, Setup, paper_of, wishes_of
from comptoir.core.typeset import typeset
from comptoir.core.units import local_minute
from comptoir.formats import readers
from comptoir.formats.sheets import sides
from comptoir.languages import language
from comptoir.languages.escpos.excerpt import excerpt
from comptoir.languages.escpos.render import render_on
from comptoir.languages.lettering import draw_line

LARGEST_TEXT = 256 * 1024  # bytes: longer texts are not drawn for a look
LARGEST = 2 * 1024 * 1024  # bytes: nor are larger documents of any kind
SHEET = 100  # dots an inch of a sheet


class Preview:
    """Draws jobs. `profile_of`: the model of the job's printer; `on_sheets`: whether that prints whole sheets."""

    def __init__(
        self,
        journal: Journal,
        profile_of: Callable[[Job], Profile] = lambda job: DEFAULT,
        on_sheets: Callable[[Job], bool] = lambda job: False,
    ) -> None:
        self._on_sheets = on_sheets
        self._journal = journal
        self._profile_of = profile_of
        # Drawing takes a whole core for a moment: one at a time leaves the other to the printers.
        self._one = asyncio.Semaphore(1)

    async def paper(self, job: Job) -> bytes | None:
        """PNG; None where the document cannot be drawn."""
        if job.document.size > (LARGEST_TEXT if job.document.media_type.startswith("text/") else LARGEST):
            return None
        try:
            async with self._one:
                content = await self._journal.content(job.document)
                if self._on_sheets(job):
                    return await asyncio.to_thread(_first_sheet, job, content)
                return await asyncio.to_thread(self._draw, job, content, self._profile_of(job))
        except ComptoirError:
            return None

    @staticmethod
    def _draw(job: Job, content: bytes, profile: Profile) -> bytes:
        if job.reprint_of is not None and job.format == "raw" and job.document.media_type not in SPOKEN:
            # As it comes out: a receipt that is to say DUPLICATA is printed as a picture.
            job, content = replace(job, format="image"), render_on(profile, content, "png")
        encoded = typeset(job, content, readers(excerpt), language("escpos", profile), profile.media)
        return render_on(profile, encoded.data, "png")


def _first_sheet(job: Job, content: bytes) -> bytes:
    """The first side of a document, as PNG. Raises FormatError."""
    from PIL import Image  # noqa: PLC0415 - most stations have no office printer

    wishes = wishes_of(job.attributes, duplicata=job.reprint_of is not None)
    attributes = {"title": job.title, "date": local_minute(job.created_at)}
    paper = paper_of(wishes.media) if wishes.media else A4
    drawn = sides(content, job.format, Setup(paper, SHEET, "colours"), wishes, draw_line, attributes)
    try:
        side = next(drawn, None)
    finally:
        drawn.close()
    if side is None:
        raise FormatError("the document has no page")
    out = io.BytesIO()
    mode = "RGB" if side.ink == "colours" else "L"
    Image.frombytes(mode, (side.width, side.height), bytes(side.dots)).save(out, "PNG")
    return out.getvalue()
