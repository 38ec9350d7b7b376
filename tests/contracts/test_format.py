"""What every format must do, whichever it is."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.peers.pdfs import pdf, text

from comptoir.core.errors import FormatError, UnknownName
from comptoir.core.page import Line, Media
from comptoir.formats import FORMATS, reader


def sample(name: str) -> bytes:
    if name == "image":
        out = io.BytesIO()
        Image.new("L", (40, 20), 128).save(out, "PNG")
        return out.getvalue()
    if name == "pdf":
        return pdf(text("Hello", 100, 700))
    if name == "epos":
        return "<epos-print><text>Héllo&#10;</text></epos-print>".encode()
    return "Héllo".encode()


@pytest.mark.parametrize("name", FORMATS)
def test_gives_pages(name: str) -> None:
    pages = reader(name)(sample(name), Media(), {})
    assert pages
    assert pages[0].elements


@pytest.mark.parametrize("name", FORMATS)
def test_a_duplicata_says_so_above_everything(name: str) -> None:
    plain = reader(name)(sample(name), Media(), {})
    marked = reader(name)(sample(name), Media(), {"duplicata": "yes"})
    first = marked[0].elements[0]
    assert isinstance(first, Line)
    assert (first.text, first.style.bold, first.style.align) == ("DUPLICATA", True, "center")
    assert marked[0].elements[1:] == plain[0].elements


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_give_pages_or_a_format_error(name: str, content: bytes) -> None:
    refusal: FormatError | None = None
    try:
        reader(name)(content, Media(), {"date": "2026-11-21 14:05"})
    except FormatError as error:
        refusal = error
    assert refusal is None or (refusal.message and refusal.hint)


def test_an_unknown_format_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownName) as caught:
        reader("docx")
    assert "message" in caught.value.hint
