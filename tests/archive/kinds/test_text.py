"""Texts, labels, tickets."""

from __future__ import annotations

from itertools import count

import pytest

from comptoir.archive.kinds.stream import Stream
from comptoir.archive.kinds.text import MOST_PAGES, Text, opened


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("été à l'hôtel".encode(), "été à l'hôtel"),
        ("été".encode("cp1252"), "été"),
        ("été".encode("utf-16"), "été"),
        (b"^XA^FO50,50^FDColis 123^FS^FO1,1^FH^FDa_C3_A9^FS^XZ", "Colis 123\naé"),
        (b"^XA^FH\\^FD\\41\\^FS^XZ", "A\\"),
    ],
)
def test_text(content: bytes, wanted: str) -> None:
    document = opened(content)
    assert document is not None
    assert document.text() == wanted


@pytest.mark.parametrize("content", ["", "one line", "a\n" * 100, "a\fb\f", "word " * 3000, "\f" * 5, "x" * 500])
def test_pages_are_those_that_are_drawn(content: str) -> None:
    document = Text(content)
    drawn = next(page for page in count(1) if document.picture(page, 100) is None) - 1
    assert document.pages == drawn


def test_a_page_is_drawn_large_or_small() -> None:
    document = Text("Rapport de nuit")
    small, large = document.picture(1, 240), document.picture(1, 1600)
    assert small is not None
    assert large is not None
    assert large.width == pytest.approx(2 * small.width, abs=2)
    assert small.getextrema() == (0, 255)


def test_an_endless_text_has_no_number_of_pages() -> None:
    assert Text("\f" * (MOST_PAGES + 2)).pages is None


def test_an_epos_ticket_is_the_paper_that_it_becomes() -> None:
    document = opened(
        b'<?xml version="1.0"?><epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print">'
        b"<text>Bonjour&#10;</text><cut/></epos-print>"
    )
    assert isinstance(document, Stream)
    assert document.text() == "Bonjour"
