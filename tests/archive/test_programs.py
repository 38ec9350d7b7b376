"""Ghostscript and tesseract, where they are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from tests.peers.programs import installed

from comptoir.archive import programs
from comptoir.archive.kinds.pdf import Pdf
from comptoir.core.errors import FormatError

PAGE = b"%!PS\n/Helvetica findfont 20 scalefont setfont 100 700 moveto (Bonjour) show showpage\n"


def test_postscript_becomes_a_pdf() -> None:
    installed("gs")
    assert (programs.as_pdf(PAGE) or b"").startswith(b"%PDF-")


@pytest.mark.parametrize(
    "work",
    [
        "({folder}/secret) (r) file 100 string readstring pop show",
        "({folder}/new) (w) file closefile",
        "({folder}/secret) deletefile",
        "(%pipe%touch {folder}/new) (r) file closefile",
    ],
)
def test_it_touches_no_file(tmp_path: Path, work: str) -> None:
    installed("gs")
    (tmp_path / "secret").write_text("quicksilver")
    head = b"%!PS\n/Helvetica findfont 20 scalefont setfont 100 700 moveto (seen) show "
    pdf = programs.as_pdf(head + f"{work.format(folder=tmp_path)} showpage\n".encode())
    assert pdf is not None
    opened = Pdf(pdf)
    assert "quicksilver" not in opened.text()
    opened.close()
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_an_endless_program_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    installed("gs")
    monkeypatch.setattr(programs, "GHOSTSCRIPT_PATIENCE", 0.5)
    with pytest.raises(FormatError, match="longer"):
        programs.as_pdf(b"%!PS\n{} loop\n")


def test_words_in_a_picture_are_read() -> None:
    installed("tesseract")
    out = io.BytesIO()
    picture = Image.new("L", (900, 160), 255)
    ImageDraw.Draw(picture).text((40, 40), "Invoice 4711", fill=0, font_size=64)
    picture.save(out, "PNG")
    assert "4711" in programs.ocr(out.getvalue(), "zzz+eng")


def test_without_them_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "ghostscript", lambda: None)
    monkeypatch.setattr(programs, "tesseract", lambda: None)
    assert programs.as_pdf(PAGE) is None
    assert programs.ocr(b"", "eng") == ""


def test_a_program_that_cannot_be_started_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(programs, "ghostscript", lambda: str(tmp_path / "gone"))
    with pytest.raises(FormatError, match="started"):
        programs.as_pdf(PAGE)
