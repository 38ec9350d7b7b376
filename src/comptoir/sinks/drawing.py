"""A document on its way to a page printer: passed as it is, or drawn side by side, in threads, while it is sent.

One side is in memory, however many there are. What the printer is, and what its answers mean, is the sinks' business.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Container, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import IO, Final, TypeVar

from comptoir.core.document import PDF, PJL, POSTSCRIPT, Document
from comptoir.core.errors import FormatError, JournalError, Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, Job
from comptoir.core.ports import Journal, SheetWriter
from comptoir.core.sheet import Setup, Side, Wishes, wishes_of
from comptoir.core.units import local_minute
from comptoir.formats import sheets
from comptoir.languages.lettering import draw_line
from comptoir.sinks.ghostscript import as_pdf, remove
from comptoir.sinks.unwrapping import unwrapped

T = TypeVar("T")

PIECE: Final = 1 << 18  # bytes
#: more than anybody prints
MOST_COPIES: Final = 999
_RASTERS: Final = ("image/pwg-raster", "image/urf")
#: the form of PostScript: nothing here draws it
_PROGRAM: Final = "postscript"
#: of their own: in those that all share, a till's receipt would wait for the sides of ten invoices. More threads would
#: not draw faster, and each has a side in memory
_DRAWING: Final = ThreadPoolExecutor(2, "drawing")


def wishes_for(job: Job) -> Wishes:
    """What the job wants of its sheets. Raises Refused."""
    try:
        return wishes_of(job.attributes, job.copies, job.title or job.document.name, job.reprint_of is not None)
    except FormatError as error:
        raise _refused(error) from error


@dataclass(frozen=True, slots=True)
class Paged:
    """A document and how it is read. `source`: its bytes, or the file they stand in. `form`: its format; of raster
    and PostScript their bytes decide. `media_type`: of the source. `made`: it is no more the document as it came, but
    what stood inside, or a PDF that was made of it. `scraps`: files to be removed in the end.
    """

    job: Job
    document: Document
    source: Path | bytes
    journal: Journal
    form: str
    media_type: str
    made: bool = False
    scraps: tuple[Path, ...] = ()

    @property
    def is_pdf(self) -> bool:
        return self.form == "pdf"

    @property
    def is_raw(self) -> bool:
        """Ready-made bytes, in a language that the printer knows and nobody here reads."""
        return self.form == "raw"

    @property
    def copies(self) -> int:
        """How often it is printed. The copies that a document says itself are not in what was made of it."""
        own = self.job.attributes.get("copies-in-document", "") if self.made else ""
        return self.job.copies * (min(int(own), MOST_COPIES) if own.isascii() and own.isdigit() and int(own) else 1)

    def taken_by(self, passes: Container[str], wishes: Wishes) -> bool:
        """Whether raster or PostScript goes as it is to a printer of these types; then it is not marked or scaled."""
        plain = wishes.scaling == "auto" and not wishes.duplicata
        return plain and self.form in (sheets.RASTER, _PROGRAM) and self.media_type in passes

    async def readable(self, passes: Container[str], wishes: Wishes) -> Paged:
        """The same in a form that a printer of these types takes, or that can be drawn for it: without the PJL that it
        does not know, as a PDF where it is PostScript that does not go as it is. `close` it. Raises Refused."""
        if self.is_raw and self.media_type == PJL and PJL not in passes:
            found = await _in_thread(lambda: _inside(self.source))
            return self if found is None else await self._inner(*found).readable(passes, wishes)
        if self.form != _PROGRAM or self.taken_by(passes, wishes):
            return self
        try:
            made = await as_pdf(self.source)
        except BaseException:
            self.close()
            raise
        return replace(self, source=made, form="pdf", media_type=PDF, made=True, scraps=(*self.scraps, made))

    def _inner(self, media_type: str, source: Path | bytes) -> Paged:
        scraps = (source,) if isinstance(source, Path) else ()
        form = "image" if media_type.startswith("image/") else {PDF: "pdf"}.get(media_type, media_type)
        return replace(
            self, source=source, form=_form_of(form, media_type), media_type=media_type, made=True, scraps=scraps
        )

    async def checked(self) -> None:
        """A PDF can be opened, and has pages; anything else is found out while it is drawn. Raises Refused."""
        if self.is_pdf:
            await _in_thread(lambda: _pages(self.source))

    async def passed(self) -> AsyncIterator[bytes]:
        """The document as it is. Raises Refused where it is damaged on the disk."""
        if self.made:
            made = self.source
            async for piece in _pieces(made.open("rb") if isinstance(made, Path) else io.BytesIO(made)):
                yield piece
            return
        try:
            async for piece in self.journal.chunks(self.document):
                yield piece
        except JournalError as error:
            raise Refused(error.message, error.hint, OTHER_ERROR) from error

    async def stamped(self) -> AsyncIterator[bytes]:
        """The PDF with DUPLICATA on each page, its letters still letters. Raises Refused."""
        async for piece in _pieces(await _in_thread(lambda: _stamped(self.source))):
            yield piece

    def close(self) -> None:
        """Nothing of it stays but the document."""
        for scrap in self.scraps:
            remove(scrap)


async def paged(job: Job, document: Document, journal: Journal) -> Paged:
    """Raises Refused where the document cannot be read from the store."""
    try:
        path = journal.path(document)
        source = await journal.content(document) if path is None else Path(path)
    except JournalError as error:
        raise Refused(error.message, error.hint, OTHER_ERROR) from error
    return Paged(job, document, source, journal, _form_of(job.format, document.media_type), document.media_type)


def _form_of(form: str, media_type: str) -> str:
    """Raster is drawn by what it is, whatever was said of it; PostScript, unless it is said to be ready-made."""
    if media_type in _RASTERS:
        return sheets.RASTER
    return _PROGRAM if media_type == POSTSCRIPT and form != "raw" else form


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
    finally:
        file.close()


@dataclass(slots=True)
class Drawing:
    """A document as a page language writes it. `missing`: characters that no font has, once it is drawn."""

    paged: Paged
    setup: Setup
    wishes: Wishes
    #: a fresh one for each copy
    write: Callable[[], SheetWriter]
    missing: str = ""
    _lock: Lock = field(default_factory=Lock)

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Its bytes. The first side is drawn before the first byte. Raises Refused."""
        job, writer = self.paged.job, await _in_thread(self.write)
        attributes = {"title": job.title, "date": local_minute(job.created_at)}
        sides = sheets.sides(self.paged.source, self.paged.form, self.setup, self.wishes, draw_line, attributes)
        try:
            begin = writer.begin()  # first, though it leaves second: writers count what they have written
            pieces = await _in_thread(lambda: self._next(sides, writer))
            yield begin
            while pieces is not None:
                for piece in pieces:
                    yield piece
                pieces = await _in_thread(lambda: self._next(sides, writer))
        finally:
            await _in_thread(lambda: self._close(sides))
        yield writer.end()

    def _next(self, sides: Generator[Side, None, None], writer: SheetWriter) -> list[bytes] | None:
        """The bytes of the next side; None behind the last."""
        with self._lock:
            side = next(sides, None)
            if side is None:
                return None
            self.missing += "".join(one for one in side.missing if one not in self.missing)
            return list(writer.side(side))

    def _close(self, sides: Generator[Side, None, None]) -> None:
        """After the side that is being drawn: whoever was cancelled has not waited for it."""
        with self._lock:
            sides.close()


async def _in_thread(work: Callable[[], T]) -> T:
    """Raises Refused for what cannot be drawn."""
    try:
        return await asyncio.get_running_loop().run_in_executor(_DRAWING, work)
    except FormatError as error:
        raise _refused(error) from error


def _refused(error: FormatError) -> Refused:
    return Refused(error.message, error.hint, DOCUMENT_FORMAT_ERROR)


def _inside(source: Path | bytes) -> tuple[str, Path | bytes] | None:
    """Raises FormatError."""
    try:
        return unwrapped(source)
    except OSError as error:
        raise FormatError(f"The document cannot be read: {error.strerror or error}.") from error


def _pages(source: Path | bytes) -> int:
    from comptoir.formats.sheets.pdfs import pages_of  # noqa: PLC0415 - loads PDFium

    return pages_of(source)


def _stamped(source: Path | bytes) -> IO[bytes]:
    from comptoir.formats.sheets.stamp import stamp  # noqa: PLC0415 - loads PDFium

    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    try:
        stamp(source, file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file
