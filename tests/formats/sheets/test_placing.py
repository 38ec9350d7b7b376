"""Where a page stands on the sheet, for each word of print-scaling."""

from __future__ import annotations

import pytest

from comptoir.core.sheet import A4, PAPERS, Scaling, Setup
from comptoir.formats.sheets.placing import placed

INCH = Setup(A4, 72)  # a dot a point: 595 × 842
A4_POINTS = (595.28, 841.89)


def test_a_page_of_the_papers_size_is_printed_as_it_is() -> None:
    place = placed(*A4_POINTS, INCH, "auto")
    assert (place.scale, place.turned, place.left, place.top) == (1, False, 0, 0)


def test_a_small_page_stands_in_the_middle_at_its_own_size() -> None:
    place = placed(195, 242, INCH, "auto")
    assert (place.scale, place.left, place.top) == (1, 200, 300)


def test_a_page_on_its_side_is_turned() -> None:
    place = placed(841.89, 595.28, INCH, "auto")
    assert (place.turned, round(place.scale, 3), place.left, place.top) == (True, 1, 0, 0)
    assert (round(place.part.width), round(place.part.height)) == (842, 595)


@pytest.mark.parametrize("scaling", ["auto", "auto-fit", "fit"])
def test_a_larger_page_fits_between_the_margins(scaling: Scaling) -> None:
    place = placed(1190, 1684, INCH, scaling)
    assert 1684 * place.scale < 842 - 20
    assert place.left >= 12
    assert (place.part.width, place.part.height) == (1190, 1684)


def test_a4_is_made_smaller_for_letter() -> None:
    assert placed(*A4_POINTS, Setup(PAPERS["letter"], 72), "auto").scale < 0.95


def test_fit_enlarges_and_auto_does_where_it_is_asked() -> None:
    assert placed(100, 100, INCH, "fit").scale > 5
    assert placed(100, 100, INCH, "auto", enlarge=True).scale > 5


def test_fill_leaves_no_white_and_cuts_the_rest() -> None:
    place = placed(600, 600, INCH, "fill")
    assert 600 * place.scale == pytest.approx(842, abs=1)
    assert place.part.width == pytest.approx(595 / place.scale, abs=1)
    assert (place.left, place.top) == (0, 0)


def test_none_cuts_whatever_is_larger_than_the_sheet() -> None:
    place = placed(28_346, 28_346, INCH, "none")
    assert (place.scale, round(place.part.width), round(place.part.height)) == (1, 595, 842)
    assert round(place.part.left) == round((28_346 - 595) / 2)
