from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.formats.dots import Bits, Dither, Greys, dither_of, dotted, pictured, trim_of, trimmed

ALL: list[Dither] = list(get_args(Dither))


def flat(level: int, height: int = 200, width: int = 200) -> Greys:
    return np.full((height, width), level, dtype=np.uint8)


def photo(height: int, width: int) -> Greys:
    """A slope from black at the left to white at the right, with the noise of a camera."""
    noise = np.random.default_rng(7).normal(0, 3, (height, width))
    return np.clip(np.linspace(0, 255, width) + noise, 0, 255).astype(np.uint8)


def black(bits: Bits, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """A dot an element, 1 is black."""
    return np.unpackbits(bits, axis=1)[:, :width]


@pytest.mark.parametrize("dither", ["auto", "floyd", "ordered"])
@pytest.mark.parametrize("level", [0, 64, 128, 192, 255])
def test_a_fill_has_as_many_dots_as_its_grey(dither: Dither, level: int) -> None:
    assert black(dotted(flat(level), dither), 200).mean() == pytest.approx(1 - level / 255, abs=0.03)


@pytest.mark.parametrize("dither", ALL)
def test_the_noise_of_a_jpeg_leaves_no_dot_on_white_and_no_hole_in_black(dither: Dither) -> None:
    nearly = flat(250)
    nearly[:, :96] = 5
    dots = black(dotted(nearly, "auto" if dither == "ordered" else dither), 200)
    assert dots[:, :96].all()
    assert not dots[:, 96:].any()


def test_letters_are_crisp_with_soft_edges_and_on_scanned_paper() -> None:
    letters = flat(235)  # paper as a scanner sees it
    letters[40:160:10, 20:180] = 60
    letters[41:161:10, 20:180] = 150  # the soft edge of each stroke
    expected = letters < 200
    assert (black(dotted(letters, "auto"), 200) == expected).all()
    assert (black(dotted(letters, "auto"), 200) == black(dotted(letters, "threshold"), 200)).all()


def test_a_photo_among_letters_is_dithered_where_it_stands() -> None:
    page = flat(255, 640, 576)
    page[20:600:8, 20:300] = 100  # rules of one dot: thin strokes must stay
    page[160:320, 330:530] = photo(160, 200)
    dots = black(dotted(page, "auto"), 576)
    assert (dots[:, :300] == (page[:, :300] < 200)).all(), "crisp"
    columns = dots[160:320, 330:530].mean(axis=0)
    slope = [columns[start : start + 40].mean() for start in range(0, 200, 40)]
    assert slope == pytest.approx([0.9, 0.7, 0.5, 0.3, 0.1], abs=0.05), "to its very edges"


def test_a_photo_has_its_greys() -> None:
    columns = black(dotted(photo(300, 512), "auto"), 512).mean(axis=0)
    assert [columns[start : start + 128].mean() for start in range(0, 512, 128)] == pytest.approx(
        [0.875, 0.625, 0.375, 0.125], abs=0.03
    )


def test_ordered_is_bayers_pattern() -> None:
    tile = black(dotted(flat(128, 8, 8), "ordered"), 8)
    assert tile.sum() == 32
    assert (tile.sum(axis=0) == 4).all(), "even"
    assert (black(dotted(flat(252, 8, 8), "ordered"), 8).sum(), black(dotted(flat(3, 8, 8), "ordered"), 8).sum()) == (
        1,
        63,
    )


def test_white_is_cut_off_above_and_below_only() -> None:
    bits = np.zeros((10, 2), dtype=np.uint8)
    bits[3, 1] = bits[6, 1] = 1
    assert trimmed(bits).tolist() == [[0, 1], [0, 0], [0, 0], [0, 1]]
    assert trimmed(np.zeros((4, 2), dtype=np.uint8)).shape == (4, 2), "white all over was meant"


def test_what_can_be_asked_for() -> None:
    assert [dither_of({}), dither_of({"dither": ""}), *(dither_of({"dither": name}) for name in ALL)] == [
        "auto"
    ] * 2 + ALL
    assert (trim_of({}), trim_of({"trim": "yes"}), trim_of({"trim": "no"})) == (True, True, False)
    with pytest.raises(FormatError, match="“atkinson”") as caught:
        dither_of({"dither": "atkinson"})
    assert "ordered" in caught.value.hint
    with pytest.raises(FormatError, match="“perhaps”"):
        trim_of({"trim": "perhaps"})


@settings(deadline=None, max_examples=150)
@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from(ALL), st.integers(0, 2**32), st.integers(0, 255))
def test_any_size_has_its_rows_and_white_padding(height: int, width: int, dither: Dither, seed: int, low: int) -> None:
    greys = np.random.default_rng(seed).integers(low, 256, (height, width), dtype=np.uint8)
    bits = dotted(greys, dither)
    picture = pictured(bits, width)
    assert (picture.width, picture.height) == (width, height)
    assert not np.unpackbits(bits, axis=1)[:, width:].any()
