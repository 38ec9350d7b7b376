"""What is made of a document."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from tests.peers.numbered import numbered
from tests.peers.pdfs import pdf, text
from tests.peers.programs import installed

from comptoir.archive.errand import Answer, Errand
from comptoir.archive.reading import TALLEST_THUMBNAIL, Reader
from comptoir.core.document import SIGNATURES


def do(task: str, content: bytes, media_type: str, **more: object) -> tuple[Answer, bytes]:
    reader = Reader()
    found = reader.do(Errand(task=task, key="k", media_type=media_type, **more), content)  # type: ignore[arg-type]
    reader.close()
    return found


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_a_text_is_composed() -> None:
    answer, _ = do("read", "e\u0301te\u0301\0".encode(), "text/plain")
    assert answer == Answer(text="été", pages=1)


def test_a_picture_without_text_is_for_eyes() -> None:
    assert do("read", png(Image.new("L", (9, 9))), "image/png")[0].eyes
    assert do("read", pdf("0 0 9 9 re f"), "application/pdf")[0].eyes
    assert do("read", numbered("Bonjour", b"no font"), "application/pdf")[0].eyes, "its letters are nobody's"
    assert not do("read", pdf(text("Facture", 9, 9)), "application/pdf")[0].eyes


def test_eyes_read_the_words_of_a_picture() -> None:
    installed("tesseract")
    picture = Image.new("L", (900, 160), 255)
    ImageDraw.Draw(picture).text((40, 40), "Invoice 4711", fill=0, font_size=64)
    assert "4711" in do("eyes", png(picture), "image/png", languages="eng")[0].text


def test_a_small_picture_of_a_long_receipt_is_its_beginning() -> None:
    _, picture = do("draw", png(Image.new("1", (300, 3000))), "image/png", width=100, image="webp")
    with Image.open(io.BytesIO(picture)) as seen:
        assert (seen.format, seen.size) == ("WEBP", (100, round(100 * TALLEST_THUMBNAIL)))


def test_a_page_is_not_enlarged() -> None:
    _, picture = do("draw", png(Image.new("RGBA", (30, 20))), "image/png", width=100)
    with Image.open(io.BytesIO(picture)) as seen:
        assert (seen.format, seen.size) == ("PNG", (30, 20))


def test_a_page_that_there_is_not() -> None:
    assert do("draw", pdf(""), "application/pdf", width=100, page=2) == (Answer(pages=1), b"")


def test_what_took_long_to_open_stays_open(tmp_path: Path) -> None:
    pjl, plain = "application/vnd.hp-PJL", "text/plain"
    (tmp_path / "job").write_bytes(b"\x1b%-12345X@PJL\r\none")
    reader = Reader()
    assert reader.do(Errand(task="read", key="k", media_type=pjl), tmp_path / "job")[0].text == "one"
    (tmp_path / "job").unlink()
    assert reader.do(Errand(task="read", key="k", media_type=pjl), tmp_path / "job")[0].text == "one"
    assert reader.do(Errand(task="read", key="o", media_type=plain), b"two")[0].text == "two"
    assert reader.do(Errand(task="read", key="o", media_type=plain), b"three")[0].text == "three"


@pytest.mark.skipif(sys.platform != "linux", reason="which files are open is told by /proc")
def test_no_file_stays_open(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(text("Facture", 9, 9)))
    reader = Reader()
    for task in ("read", "draw"):
        reader.do(Errand(task=task, key="k", media_type="application/pdf", width=50), tmp_path / "a.pdf")  # type: ignore[arg-type]
        assert str(tmp_path / "a.pdf") not in [
            os.readlink(one) for one in Path("/proc/self/fd").iterdir() if one.exists()
        ]


@pytest.mark.filterwarnings("ignore::UserWarning")  # what Pillow has to say of it
@given(st.sampled_from([head for head, _ in SIGNATURES]), st.binary(max_size=200), st.sampled_from(["read", "draw"]))
def test_nothing_that_a_document_says_is_an_error(head: bytes, rest: bytes, task: str) -> None:
    kinds = [kind for signature, kind in SIGNATURES if signature == head and kind != "application/postscript"]
    for kind in (*kinds, "text/plain", "application/octet-stream"):
        do(task, head + rest, kind, width=50)


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "image/urf", "image/tiff"])
def test_what_is_damaged_says_so(media_type: str) -> None:
    assert do("read", b"nonsense", media_type)[0].trouble
