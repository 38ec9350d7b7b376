from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from comptoir.core.errors import RequestError
from comptoir.core.page import Line, Media, Page
from comptoir.languages.escpos.encode import encode
from comptoir.languages.escpos.render import KINDS, MOST, read_papers, render

MEDIA = Media()
STREAM = encode([Page((Line("Café"),)), Page((Line("deux"),))], MEDIA).data


def test_text() -> None:
    assert render(STREAM, "text", MEDIA).decode() == "Café\n" + ("- " * 24).rstrip() + "\ndeux\n"


def test_json() -> None:
    described = json.loads(render(STREAM + b"\x1bp\x00\x19\xfa\x1b\x01\x1dv0\x00\x01\x00\x01\x00\xff", "json", MEDIA))
    assert [paper["text"] for paper in described["papers"]] == ["Café", "deux", ""]
    assert [element["kind"] for element in described["papers"][2]["elements"]] == [
        "drawer",
        "unknown",
        "picture",
    ]


def test_png() -> None:
    assert Image.open(io.BytesIO(render(STREAM, "png", MEDIA))).size == (576, 2 * (30 + 56))


def test_pdf_has_a_page_a_paper() -> None:
    pdf = render(STREAM, "pdf", MEDIA)
    assert pdf.startswith(b"%PDF")
    assert b"/Count 2" in pdf


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_something(kind: str) -> None:
    render(b"", kind, MEDIA)


def test_another_kind() -> None:
    with pytest.raises(RequestError, match="docx"):
        render(b"", "docx", MEDIA)


def test_papers_without_number_have_an_end() -> None:
    assert len(read_papers(b"x\x1bi" * (MOST + 100), MEDIA)) == MOST


def test_the_model_is_a_parameter() -> None:
    data = b"\x1c&" + "謝".encode("big5") + b"\x1c.\x1bt\x06\x80\n"
    assert render(data, "text", MEDIA, kanji="big5", slots={6: "cp1251"}).decode() == "謝Ђ\n"
