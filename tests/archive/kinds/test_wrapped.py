"""Documents between commands of PJL."""

from __future__ import annotations

import pytest
from tests.peers.pdfs import pdf, text

from comptoir.archive.kinds.wrapped import opened

UEL = b"\x1b%-12345X"


def test_the_document_inside() -> None:
    content = pdf(text("Facture", 50, 700))
    document = opened(UEL + b'@PJL JOB NAME="a"\r\n@PJL ENTER LANGUAGE=PDF\r\n' + content + UEL + b"@PJL EOJ\r\n" + UEL)
    assert document is not None
    assert document.text() == "Facture"
    document.close()


def test_a_document_without_an_end() -> None:
    document = opened(UEL + b"@PJL\r\nHello world\r\n")
    assert document is not None
    assert document.text().strip() == "Hello world"


@pytest.mark.parametrize("content", [UEL, UEL + UEL, UEL + b"@PJL INFO STATUS\r\n" + UEL, UEL + b"\x1bE\x1b&l0O" + UEL])
def test_where_there_is_nothing_to_read(content: bytes) -> None:
    document = opened(content)
    assert document is None or document.text() == ""
