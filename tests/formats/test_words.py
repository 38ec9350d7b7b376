"""The text of documents, to find numbers in it; whatever lies in a folder has one or has none."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.pdfs import locked, pdf, text

from comptoir.formats.words import MOST, MOST_PAGES, has_words, words


def pdf_of_words(*pages: str) -> bytes:
    return pdf(*(text(page, 50, 700) for page in pages))


def test_the_text_of_a_pdf() -> None:
    found = words(pdf_of_words("Facture FAC-42", "Total TTC 1 234,56"), "application/pdf")
    assert found.splitlines() == ["Facture FAC-42", "Total TTC 1 234,56"]


def test_the_first_pages_and_the_last_one() -> None:
    found = words(pdf_of_words(*(f"page {number}" for number in range(1, 31))), "application/pdf")
    assert found.splitlines() == [*(f"page {number}" for number in range(1, MOST_PAGES)), "page 30"]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("été\r\nà\rx".encode(), "été\nà\nx"),
        ("été".encode("cp1252"), "été"),
        (codecs.BOM_UTF8 + "é".encode(), "é"),
        ("é".encode("utf-16"), "é"),
        (b"a" * (MOST * 5), "a" * MOST),
        (b"a" * (MOST * 4 - 1) + "é".encode(), "a" * MOST),
        (b"", ""),
    ],
)
def test_text(content: bytes, wanted: str) -> None:
    assert words(content, "text/plain") == wanted


def test_what_has_none() -> None:
    assert words(b"\x89PNG", "image/png") == ""
    assert words(locked(), "application/pdf") == ""
    assert words(b"%PDF-1.7 broken", "application/pdf") == ""
    assert [has_words(one) for one in ("application/pdf", "text/csv", "application/xml", "image/png")] == [
        True, True, True, False,
    ]  # fmt: skip


@given(st.binary())
def test_any_bytes_have_words_or_none(content: bytes) -> None:
    for head in (b"", b"%PDF-1.7\n"):
        words(head + content, "application/pdf")
    words(content, "text/plain")


@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_damaged_pdf_has_words_or_none(at: int, byte: int) -> None:
    whole = bytearray(pdf_of_words("Facture", "Total"))
    whole[at % len(whole)] = byte
    words(bytes(whole), "application/pdf")
    words(bytes(whole[:at]), "application/pdf")
