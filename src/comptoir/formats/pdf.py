"""PDF: pages as strips of dots, as large as the paper allows and never larger than they are.

An A4 page is 210 mm wide and a receipt printer prints 72 mm. What is printed of the page is its content: white margins
are left out, and the rest is scaled to the width of the paper. A page that is narrow already, a receipt or a label,
comes out at its real size: not enlarged, and in the place on the paper that it has on the page.

The pages of one document follow each other in one strip, 4 mm apart, without a cut: a three-page invoice in three
pieces is two that can be lost. The attribute cut = "page" asks for a cut after each.

How it is drawn: pdfium.py. How greys become dots: dots.py. Both are loaded with the first PDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Media, Page, Picture
from comptoir.formats.marks import marked

if TYPE_CHECKING:
    from comptoir.formats.pdfium import Document

MAX_PAGES: Final = 200
MAX_STRIP: Final = 25  # m of paper
GAP: Final = 4  # mm between two pages that are not cut apart
INCH: Final = 25.4  # mm


def read(content: bytes, media: Media, attributes: Mapping[str, str]) -> Sequence[Page]:
    """One page with a picture for each page of the PDF that is not blank; with cut = "page" a page for each.

    `attributes`: cut ("no" or "page"), dither (see dots.dotted), trim: "no" prints each page whole, with its margins.

    Raises FormatError for what is no PDF, is damaged, wants a password, or would take too much paper.
    """
    from comptoir.formats.pdfium import Document  # noqa: PLC0415

    apart = _cut_of(attributes)
    document = Document(content)
    try:
        pictures = list(_pictures(document, media, attributes))
    finally:
        document.close()
    if apart:
        return marked([Page((picture,)) for picture in pictures], attributes)
    gap = round(GAP / INCH * media.dpi)
    return marked([Page((*(_spaced(picture, gap) for picture in pictures[:-1]), pictures[-1]))], attributes)


def _cut_of(attributes: Mapping[str, str]) -> bool:
    """Whether the pages are cut apart. Raises FormatError."""
    wanted = attributes.get("cut") or "no"
    if wanted not in ("no", "page"):
        raise FormatError(f"“cut” can be no or page, not “{wanted}”.", "page: a cut after each page of the PDF.")
    return wanted == "page"


def _pictures(document: Document, media: Media, attributes: Mapping[str, str]) -> Iterator[Picture]:
    """The pages that are not blank, one after another; one white row where all are."""
    from comptoir.formats import dots  # noqa: PLC0415
    from comptoir.formats.frame import Content, Whole, check_paper  # noqa: PLC0415

    if document.pages > MAX_PAGES:
        raise FormatError(f"The PDF has {document.pages} pages, more than {MAX_PAGES}.", "Print a part of it.")
    dither, trim = dots.dither_of(attributes), dots.trim_of(attributes)
    view = Content(media) if trim else Whole(media)
    rows = 0
    for number in range(document.pages):
        with document.page(number) as sheet:
            greys = view.of(sheet)
        if greys is None:
            continue
        bits = dots.dotted(greys, dither)
        if trim and not bits.any():
            continue
        picture = dots.pictured(dots.trimmed(bits) if trim else bits, greys.shape[1])
        rows += picture.height
        check_paper(rows, MAX_STRIP, media)
        yield picture
    if not rows:
        yield Picture(media.dots, 1, bytes((media.dots + 7) // 8))


def _spaced(picture: Picture, gap: int) -> Picture:
    """The picture with white rows below it."""
    white = bytes((picture.width + 7) // 8 * gap)
    return replace(picture, height=picture.height + gap, bits=picture.bits + white)
