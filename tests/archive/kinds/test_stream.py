"""Bytes for receipt printers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.archive.kinds.stream import opened

TWO = b"\x1b@Bonjour \x82t\x82\nTotal 12,50\n\x1dVA\x00Second\n\x1dV\x00"


def test_each_paper_is_a_page() -> None:
    document = opened(TWO)
    assert document is not None
    assert (document.pages, document.text()) == (2, "Bonjour été\nTotal 12,50\fSecond")
    first, third = document.picture(1, 240), document.picture(3, 240)
    assert third is None
    assert first is not None
    assert first.width > 512


@pytest.mark.parametrize(
    ("content", "wanted"),
    [("Rapport d'été\r\n".encode("cp1252"), "été"), ("Rapport d'été\r\n".encode("cp850"), "été")],
)
def test_raw_bytes_that_are_a_text(content: bytes, wanted: str) -> None:
    document = opened(content)
    assert document is not None
    assert wanted in document.text()


@pytest.mark.parametrize("content", [b"", bytes(range(32)) * 10, b"\0" * 100])
def test_what_is_neither(content: bytes) -> None:
    assert opened(content) is None


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    document = opened(b"\x1b@" + content)
    assert document is not None
    document.text()
    document.picture(1, 100)
