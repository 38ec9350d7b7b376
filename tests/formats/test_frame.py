from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from comptoir.core.errors import FormatError
from comptoir.core.page import Media
from comptoir.formats.dots import Greys
from comptoir.formats.frame import MAX_PAGE, Box, Content, Whole, check_paper
from comptoir.formats.pdfium import Sheet

MEDIA = Media()
A4 = Box(0, 0, 595, 842)


class Paper:
    """A page of which one part is black; what its objects say of that can be wrong."""

    def __init__(self, ink: Box, said: Box | None = None, whole: Box = A4) -> None:
        self.whole = whole
        self._ink = ink
        self._said = said or ink
        self.parts: list[tuple[Box, float]] = []

    def content(self) -> Box | None:
        return self._said

    def drawn(self, part: Box, scale: float) -> Greys:
        self.parts.append((part, scale))
        greys = np.full((round(part.height * scale), round(part.width * scale)), 255, dtype=np.uint8)
        across = [max(0, round((x - part.left) * scale)) for x in (self._ink.left, self._ink.right)]
        down = [max(0, round((y - part.top) * scale)) for y in (self._ink.top, self._ink.bottom)]
        greys[slice(*down), slice(*across)] = 0
        return greys


def seen(paper: Paper, through: Whole | None = None) -> Greys | None:
    return (through or Content(MEDIA)).of(cast(Sheet, paper))


def columns(greys: Greys | None) -> int:
    assert greys is not None
    return int((greys < 128).any(axis=0).sum())


def test_a_page_is_drawn_once_where_its_objects_are_right() -> None:
    paper = Paper(Box(57, 100, 538, 200))
    assert columns(seen(paper)) == pytest.approx(572, abs=1)
    assert len(paper.parts) == 1


def test_a_white_background_is_seen_by_the_ink_and_drawn_again() -> None:
    paper = Paper(Box(57, 100, 538, 200), said=A4)
    assert columns(seen(paper)) == pytest.approx(572, abs=2)
    assert len(paper.parts) == 2


def test_little_is_gained_by_drawing_again_for_narrow_margins() -> None:
    paper = Paper(Box(10, 100, 585, 200), said=A4)
    seen(paper)
    assert len(paper.parts) == 1


@pytest.mark.parametrize("said", [Box(157, 100, 538, 200), Box(57, 100, 438, 200), Box(57, 150, 538, 170)])
def test_content_that_says_too_little_is_not_cut_off(said: Box) -> None:
    paper = Paper(Box(57, 100, 538, 200), said)
    greys = seen(paper)
    assert columns(greys) == pytest.approx(572 * 481 / 595, abs=2)
    assert paper.parts[-1][0].top == 0


def test_nothing_is_enlarged() -> None:
    paper = Paper(Box(100, 100, 150, 200))
    assert columns(seen(paper)) == pytest.approx(50 * 203 / 72, abs=1)
    ((part, scale),) = paper.parts
    assert scale == 203 / 72
    assert part.width * scale == pytest.approx(576)


def test_the_frame_of_a_document_becomes_wider_only() -> None:
    view = Content(MEDIA)
    sizes = [columns(seen(Paper(ink), view)) for ink in (Box(100, 0, 400, 9), Box(100, 0, 150, 9), Box(50, 0, 550, 9))]
    assert sizes == pytest.approx([572, 572 / 6, 572], abs=2)
    assert columns(seen(Paper(Box(100, 0, 150, 9)), view)) == pytest.approx(572 / 10, abs=2)
    other = Paper(Box(10, 0, 60, 9), whole=Box(0, 0, 200, 400))
    assert columns(seen(other, view)) == pytest.approx(50 * 203 / 72, abs=1), "a page of another width has its own"


def test_whole_pages() -> None:
    paper = Paper(Box(57, 100, 538, 200))
    greys = seen(paper, Whole(MEDIA))
    assert greys is not None
    assert greys.shape == (815, 576)


def test_paper_has_an_end() -> None:
    check_paper(MAX_PAGE / 0.0254 * 203 - 1, MAX_PAGE, MEDIA)
    with pytest.raises(FormatError, match=r"5\.1 m"):
        check_paper(5.1 / 0.0254 * 203, MAX_PAGE, MEDIA)
    with pytest.raises(FormatError, match="m of paper"):
        seen(Paper(Box(10, 0, 100, 20_000), whole=Box(0, 0, 200, 20_000)))
