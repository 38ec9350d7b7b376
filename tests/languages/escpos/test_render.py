from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from comptoir.core.errors import RequestError
from comptoir.core.page import Line, Media, Page
from comptoir.languages.escpos import Escpos
from comptoir.languages.escpos.encode import encode
from comptoir.languages.escpos.render import KINDS, MOST, read_papers, render, render_on
from comptoir.languages.profiles import profile

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


def test_a_printer_made_for_china_begins_with_two_byte_characters_on() -> None:
    """python-escpos sends them as they are, without FS &."""
    stream = b"\x1b@Total \xba\xcf\xbc\xc6\n\x1dVB\x00"
    assert "合计" in render_on(profile("XP-80"), stream, "text").decode()
    assert "合计" not in render_on(profile("TM-T88V"), stream, "text").decode()


def test_what_we_send_to_one_reads_the_same() -> None:
    known = profile("XP-80")
    data = Escpos(known).encode([Page((Line("Café 合计 à 2,50 €"), Line("façade")))], known.media).data
    assert render_on(known, data, "text").decode().split("\n")[:2] == ["Café 合计 à 2,50 €", "façade"]
