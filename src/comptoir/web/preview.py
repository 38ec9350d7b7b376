"""What a job looks like on paper, as a picture: the bytes that the printer gets, interpreted as the printer would.

It shows what is sent, not what came out; the papers of a virtual printer are in `papers.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from comptoir.core.errors import ComptoirError
from comptoir.core.job import Job
from comptoir.core.ports import Journal
from comptoir.core.profile import DEFAULT, Profile
from comptoir.core.typeset import typeset
from comptoir.formats import readers
from comptoir.languages import language
from comptoir.languages.escpos.excerpt import excerpt
from comptoir.languages.escpos.render import render_on

LARGEST_TEXT = 256 * 1024  # bytes: longer texts are not drawn for a look
LARGEST = 2 * 1024 * 1024  # bytes: nor are larger documents of any kind


class Preview:
    """Draws jobs. `profile_of`: the model of the job's printer."""

    def __init__(self, journal: Journal, profile_of: Callable[[Job], Profile] = lambda job: DEFAULT) -> None:
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
                return await asyncio.to_thread(self._draw, job, content, self._profile_of(job))
        except ComptoirError:
            return None

    @staticmethod
    def _draw(job: Job, content: bytes, profile: Profile) -> bytes:
        encoded = typeset(job, content, readers(excerpt), language("escpos", profile), profile.media)
        return render_on(profile, encoded.data, "png")
