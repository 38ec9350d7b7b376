"""From a document to the bytes of a printer: a format reads it into pages, a language encodes them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from comptoir.core.errors import FormatError
from comptoir.core.job import Job
from comptoir.core.page import Encoded, Media
from comptoir.core.ports import Format, Language
from comptoir.core.units import local_minute


def typeset(job: Job, content: bytes, formats: Mapping[str, Format], language: Language, media: Media) -> Encoded:
    """The bytes of one copy of the job. `content`: the document's bytes. Raises FormatError."""
    if job.format == "raw":
        return Encoded(content)
    if job.format not in formats:
        raise FormatError(f"the format “{job.format}” is not known", f"Known formats: {', '.join(formats)}, raw.")
    attributes = {"title": job.title, "date": local_minute(job.created_at)}
    if job.reprint_of is not None:
        attributes["duplicata"] = "yes"
    pages = formats[job.format](content, media, attributes)
    encoded = language.encode(pages, media)
    left_out = " ".join(page.left_out for page in pages if page.left_out)
    return replace(encoded, unprintable=f"{encoded.unprintable} {left_out}".strip()) if left_out else encoded
