"""Documents as sides: the ways in, and that one side is in memory at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.peers.pdfs import box, pdf, text

from comptoir.core.errors import FormatError
from comptoir.core.sheet import A4, Setup, Side, Wishes
from comptoir.formats.sheets import DRAWERS, sides
from comptoir.languages.lettering import draw_line

SETUP = Setup(A4, 72)


def drawn(content: Path | bytes, form: str, setup: Setup = SETUP, wishes: Wishes | None = None) -> list[Side]:
    return list(sides(content, form, setup, wishes or Wishes(), draw_line, {"title": "", "date": ""}))


def greys_of(side: Side) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.frombuffer(side.dots, np.uint8).reshape(side.height, side.width)


@pytest.mark.parametrize("form", DRAWERS)
def test_what_is_no_document_is_refused(form: str) -> None:
    with pytest.raises(FormatError):
        drawn(b"\xff\xfe nothing", form)


@pytest.mark.parametrize("form", ["ticket", "epos", "klingon"])
def test_receipts_are_no_sheets(form: str) -> None:
    with pytest.raises(FormatError, match="whole sheets"):
        drawn(b"", form)


def test_a_pdf_from_a_file_is_read_a_page_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(*[box(100 * number, 700, 50, 50) for number in range(1, 4)]))
    found = sides(file, "pdf", SETUP, Wishes(), draw_line, {})
    first = next(found)
    assert np.argwhere(greys_of(first) == 0)[:, 1].min() == 100
    found.close()


def test_a_reprint_is_marked_on_every_side() -> None:
    plain, marked = (drawn(pdf("", ""), "pdf", wishes=Wishes(duplicata=again)) for again in (False, True))
    assert all((greys_of(side) == 255).all() for side in plain)
    assert all((greys_of(side)[:50] < 128).any() for side in marked)
    assert len(marked) == 2


def test_what_no_font_has_is_named() -> None:
    assert [side.missing for side in drawn("a\ue000\fb".encode(), "text")] == ["\ue000", ""]


def test_black_and_white_is_one_bit_a_dot() -> None:
    (side,) = drawn(pdf(text("x", 72, 700)), "pdf", Setup(A4, 72, "black"))
    assert side.ink == "black"
