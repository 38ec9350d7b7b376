"""What a destination is handed: a file, or the files of a lot together. Sinks that are no printers read it from here.

It reads the store and knows no destination. Bytes come checked: the last of them are held back until the journal has
found the digest of the whole right, so that nobody ever takes a damaged document for a whole one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from unicodedata import category

from comptoir.core.document import RAW, Document
from comptoir.core.errors import FormatError, JournalError, Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, Job
from comptoir.core.lot import LOT, members
from comptoir.core.names import safe_name, safe_path
from comptoir.core.ports import Journal
from comptoir.core.template import fields_of


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is delivered in one piece. `name`: of the file, or of the lot; each of `parts` has its own."""

    name: str
    parts: tuple[Document, ...]
    is_lot: bool
    journal: Journal = field(repr=False, compare=False)

    @property
    def size(self) -> int:
        """Bytes of all parts together."""
        return sum(part.size for part in self.parts)

    def file_name(self, document: Document) -> str:
        """What one of `parts` is called, as a name that every system can have; in a lot / leads to folders in it."""
        if self.is_lot:
            return safe_path(document.name)
        return safe_name(document.name.rpartition("/")[2] or self.name)

    async def chunks(self, document: Document) -> AsyncIterator[bytes]:
        """The bytes of one of `parts`, piece by piece. Raises Refused when they are damaged, before the last piece."""
        held = b""
        try:
            async for piece in self.journal.chunks(document):
                if held:
                    yield held
                held = piece
        except JournalError as error:
            raise Refused(error.message, error.hint, OTHER_ERROR) from error
        if held:
            yield held


def media_type(document: Document) -> str:
    """What a document is, without parameters; bytes where that is no media type (RFC 6838 §4.2)."""
    named = document.media_type.partition(";")[0].strip()
    return named if re.fullmatch(r"[\w.+-]+/[\w.+-]+", named, re.ASCII) else RAW


def labels(job: Job, document: Document) -> dict[str, str]:
    """The fields of templates (`core.template.FIELDS`), each on one line that can be written in UTF-8."""
    return {name: _line(value) for name, value in fields_of(job, document).items()}


def _line(text: str) -> str:
    """Names of files may hold line ends, and bytes that are no characters."""
    if text.isprintable():
        return text
    return "".join({"Cc": " ", "Cs": "_", "Zl": " ", "Zp": " "}.get(category(letter), letter) for letter in text)


async def open_parcel(journal: Journal, document: Document) -> Parcel:
    """The document as what it is: one file, or, of a manifest, the members of the lot. Raises Refused."""
    if document.media_type != LOT:
        return Parcel(document.name, (document,), False, journal)
    try:
        parts = members(await journal.content(document))
    except FormatError as error:
        raise Refused(error.message, error.hint, DOCUMENT_FORMAT_ERROR) from error
    except JournalError as error:
        raise Refused(error.message, error.hint, OTHER_ERROR) from error
    return Parcel(document.name, parts, True, journal)
