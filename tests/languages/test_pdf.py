"""PDF that we write: opened and drawn by PDFium, and by CUPS in the journeys."""

from __future__ import annotations

import numpy as np
import pypdfium2

from comptoir.core.sheet import Ink, Paper, Setup, Side, Wishes
from comptoir.languages.pdf import Pdf, PdfWriter

PAPER = Paper("x_y_50x100mm", 5_000, 10_000)


def side_of(setup: Setup, ink: Ink, level: int) -> Side:
    depth = 3 if ink == "colours" else 1
    dots = np.full((setup.height, setup.width, depth), level, np.uint8)
    dots[: setup.height // 2] = 255
    return Side(setup.width, setup.height, ink, dots.data.cast("B"))


def test_pages_are_pictures_of_the_whole_sheet() -> None:
    setup = Setup(PAPER, 72, "colours")
    writer = PdfWriter(setup)
    out = writer.begin()
    for side in (side_of(setup, "colours", 0), side_of(setup, "greys", 128)):
        out += b"".join(writer.side(side))
    document = pypdfium2.PdfDocument(out + writer.end())
    assert len(document) == 2
    for page, level in zip(document, (0, 128), strict=True):
        width, height = page.get_size()
        assert (round(width, 1), round(height, 1)) == (141.7, 283.5)
        bitmap = page.render(grayscale=True)
        greys = bitmap.to_numpy()
        assert greys[10, 10] == 255
        assert abs(int(greys[-10, 10].item()) - level) <= 1
        bitmap.close()
        page.close()
    document.close()


def test_places_are_counted_from_the_files_own_beginning() -> None:
    writer = PdfWriter(Setup(PAPER, 72), b"before", b"after")
    data = writer.begin() + writer.end()
    place = int(data.split(b"startxref\n")[1].split()[0])
    assert data[len(b"before") + place :].startswith(b"xref")


def test_a_printer_that_speaks_pdf_takes_it_as_it_is() -> None:
    assert Pdf.passes == ("application/pdf",)
    assert b"ENTER LANGUAGE=PDF" in Pdf().around(Wishes())[0]
