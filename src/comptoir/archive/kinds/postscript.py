"""PostScript, where Ghostscript is installed: made a PDF once, which has the text and the pages."""

from __future__ import annotations

from pathlib import Path

from comptoir.archive.kinds import Paged, bytes_of
from comptoir.archive.kinds.pdf import Pdf
from comptoir.archive.programs import as_pdf


def opened(content: Path | bytes) -> Paged | None:
    """None where there is no Ghostscript. Raises FormatError."""
    pdf = as_pdf(bytes_of(content))
    return None if pdf is None else Pdf(pdf)
