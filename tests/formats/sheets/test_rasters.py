"""Raster pages on the sheets of another printer: dot for dot where they fit, smaller where they do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.peers.rasters import pwg, sheet, urf

from comptoir.core.errors import FormatError
from comptoir.core.sheet import A4, Scaling, Setup, Wishes, paper_of
from comptoir.formats.sheets import rasters
from comptoir.formats.sheets.canvas import Canvas
from comptoir.formats.sheets.rasters import drawn
from comptoir.languages.lettering import draw_line

SETUP = Setup(A4, 72)
PAGE = sheet(SETUP, (100, 200, 160, 220))


def canvases(content: bytes | Path, setup: Setup = SETUP, scaling: Scaling = "auto", media: str = "") -> list[Canvas]:
    return [one for one, _ in drawn(content, setup, Wishes(scaling=scaling, media=media), draw_line, {})]


def inked(canvas: Canvas) -> tuple[int, int, int, int]:
    """Left, upper, right, lower edge of what is not white."""
    dots = canvas.dots if canvas.dots.ndim == 2 else canvas.dots.min(axis=2)
    rows, columns = np.nonzero(dots < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_dot_for_dot(tmp_path: Path) -> None:
    content = pwg(PAGE, PAGE[::-1], setup=SETUP)
    first, second = canvases(content)
    assert np.array_equal(first.dots, PAGE)
    assert np.array_equal(second.dots, PAGE[::-1])
    (tmp_path / "document").write_bytes(content)
    assert len(canvases(tmp_path / "document")) == 2


def test_apple_raster_is_the_same() -> None:
    assert np.array_equal(canvases(urf(PAGE, 72))[0].dots, PAGE)


def test_at_its_own_size_with_other_dots() -> None:
    fine = Setup(A4, 144)
    (canvas,) = canvases(pwg(sheet(fine, (200, 400, 320, 440)), setup=fine))
    assert canvas.dots.shape == PAGE.shape
    assert inked(canvas) == (100, 200, 160, 220)


def test_colours_and_greys() -> None:
    red = np.dstack([np.full_like(PAGE, 255), PAGE, PAGE])
    colours = Setup(A4, 72, "colours")
    assert canvases(pwg(red, setup=colours), colours)[0].dots[210, 130].tolist() == [255, 0, 0]
    assert inked(canvases(pwg(PAGE, setup=SETUP), colours)[0]) == (100, 200, 160, 220)
    assert canvases(pwg(red, setup=colours))[0].dots[210, 130] < 100


def test_on_smaller_paper_it_is_made_smaller_and_cut_where_that_is_wished() -> None:
    content = pwg(sheet(SETUP, (0, 0, 595, 842)), setup=SETUP)
    small = Setup(paper_of("a5"), 72)
    left, top, right, bottom = inked(canvases(content, small)[0])
    assert (left > 5, top > 5, right < small.width - 5, bottom < small.height - 5) == (True,) * 4
    assert inked(canvases(content, small, "none")[0]) == (0, 0, small.width, small.height)


def test_bits() -> None:
    """Black dots of one bit, as many monochrome drivers send them: colour space 3, 1 bit."""
    content = bytearray(pwg(np.zeros((16, 16), np.uint8), setup=Setup(paper_of("custom_x_25x25mm"), 16)))
    head = content[:1800]
    for at, value in ((372, 16), (376, 2), (384, 1), (388, 1), (392, 2), (400, 3), (420, 1)):
        head[4 + at : 8 + at] = value.to_bytes(4, "big")
    (canvas,) = canvases(bytes(head) + b"\1\xff\xf0\x0f", scaling="none")
    assert canvas.dots.min() == 0


@pytest.mark.parametrize("content", [b"", b"RaS2", pwg(PAGE, setup=SETUP)[:-10], b"%PDF-1.4"])
def test_what_is_no_raster_or_cut_short_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError):
        canvases(content)


def test_a_page_must_say_how_large_it_is() -> None:
    content = bytearray(pwg(PAGE, setup=SETUP))
    content[4 + 276 : 4 + 284] = bytes(8)
    with pytest.raises(FormatError, match="how large"):
        canvases(bytes(content))


def test_what_memory_should_not_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "document").write_bytes(pwg(PAGE, setup=SETUP))
    monkeypatch.setattr(rasters, "LARGEST", 1000)
    with pytest.raises(FormatError, match="too large"):
        canvases(tmp_path / "document")
