"""Texts on sheets: lines and sheets where they should be."""

from __future__ import annotations

import numpy as np
import pytest

from comptoir.core.errors import FormatError
from comptoir.core.sheet import A4, Paper, Setup, Wishes
from comptoir.formats.sheets.canvas import Canvas
from comptoir.formats.sheets.texts import drawn, drawn_message
from comptoir.languages.lettering import draw_line

SETUP = Setup(A4, 150)


def canvases(content: bytes, setup: Setup = SETUP) -> list[Canvas]:
    return [canvas for canvas, _ in drawn(content, setup, Wishes(), draw_line, {})]


def lines_of(canvas: Canvas) -> int:
    """How many lines have ink."""
    rows = (canvas.dots < 128).any(axis=1)
    return int(np.count_nonzero(rows[1:] & ~rows[:-1]))


def test_a_full_sheet_is_followed_by_another() -> None:
    first, second = canvases(b"\n".join([b"xx"] * 70))
    assert (lines_of(first), lines_of(second)) == (62, 8)


def test_a_form_feed_begins_a_sheet_and_an_empty_one_is_a_sheet() -> None:
    assert [lines_of(canvas) for canvas in canvases(b"a\f\fb")] == [1, 0, 1]


def test_eighty_letters_stand_in_a_line_of_a4() -> None:
    assert lines_of(canvases(b"x" * 80)[0]) == 1
    assert lines_of(canvases(b"x" * 90)[0]) == 2


def test_margins_stay_white() -> None:
    (canvas,) = canvases(b"x" * 5000)
    margin = round(11 / 25.4 * 150)
    assert (canvas.dots[:margin] == 255).all()
    assert (canvas.dots[:, :margin] == 255).all()
    assert (canvas.dots[:, -margin:] == 255).all()


def test_a_message_has_its_frame_and_date() -> None:
    said = {"title": "", "date": "2026-11-21 14:05"}
    ((canvas, _),) = drawn_message(b"Bonjour", SETUP, Wishes(), draw_line, said)
    assert lines_of(canvas) >= 5


def test_a_label_is_too_narrow() -> None:
    with pytest.raises(FormatError, match="narrow"):
        canvases(b"x", Setup(Paper("x_y_30x50mm", 3_000, 5_000), 150))
