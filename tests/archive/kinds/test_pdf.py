"""PDF: text, pages, pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.numbered import LETTERS, numbered
from tests.peers.pdfs import locked, pdf, text

from comptoir.archive.kinds.pdf import LONGEST, Pdf
from comptoir.core.errors import FormatError


def test_text_and_pages(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(text("Facture FAC-42", 50, 700), "", text("suite", 50, 700)))
    document = Pdf(tmp_path / "a.pdf")
    assert (document.pages, document.text()) == (3, "Facture FAC-42\f\fsuite")
    document.close()


def test_text_of_glyphs_that_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(numbered("l'été à l'hôtel", LETTERS))
    document = Pdf(tmp_path / "a.pdf")
    assert document.text() == "l'été à l'hôtel"
    document.close()


def test_pictures_are_as_wide_as_asked_for() -> None:
    document = Pdf(pdf(text("Facture", 50, 700)))
    picture = document.picture(1, 240)
    assert picture is not None
    assert (picture.mode, picture.width) == ("RGB", 240)
    assert 338 <= picture.height <= 341
    assert picture.getextrema() != ((255, 255),) * 3
    assert document.picture(2, 240) is None
    assert document.picture(0, 240) is None
    document.close()


def test_a_banner_is_drawn_smaller() -> None:
    document = Pdf(pdf(text("x", 5, 5), width=10, height=9000))
    picture = document.picture(1, 1000)
    assert picture is not None
    assert picture.height <= LONGEST + 1
    document.close()


@pytest.mark.parametrize("content", [b"%PDF-1.4\nno more", locked()])
def test_what_cannot_be_read(content: bytes) -> None:
    with pytest.raises(FormatError):
        Pdf(content)
