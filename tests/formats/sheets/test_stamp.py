"""DUPLICATA on a PDF that is passed as it is: on each page, upright, in the middle above; the rest stays text."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from tests.peers.pdfs import locked, pdf, text

from comptoir.core.errors import FormatError
from comptoir.formats.sheets.stamp import stamp


def stamped(content: bytes) -> pypdfium2.PdfDocument:
    out = io.BytesIO()
    stamp(content, out)
    return pypdfium2.PdfDocument(out.getvalue())


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_it_stands_upright_in_the_middle_above_however_the_page_is_turned(turned: int) -> None:
    document = stamped(pdf("", "", page=f"/Rotate {turned}/CropBox[50 50 500 800]"))
    assert len(document) == 2
    for page in document:
        bitmap = page.render(grayscale=True)
        greys = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
        rows, columns = (greys < 128).nonzero()
        assert 10 < rows.min() < rows.max() < 32
        assert abs(columns.min() + columns.max() - bitmap.width) < 6
        assert columns.max() - columns.min() > 4 * (rows.max() - rows.min())
        bitmap.close()
        page.close()
    document.close()


def test_all_else_is_as_it_was() -> None:
    document = stamped(pdf(text("Facture 2026-001", 72, 600)))
    page = document[0]
    words = page.get_textpage()
    assert set(words.get_text_range().split()) == {"DUPLICATA", "Facture", "2026-001"}
    words.close()
    page.close()
    document.close()


@pytest.mark.parametrize("content", [locked(), b"%PDF-1.4"])
def test_what_cannot_be_read_cannot_be_marked(content: bytes) -> None:
    with pytest.raises(FormatError):
        stamp(content, io.BytesIO())
