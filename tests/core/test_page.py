"""What is drawn on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.page import Media, Picture


@given(st.integers(0, 200), st.integers(0, 20), st.integers(0, 600))
def test_a_picture_has_exactly_its_bytes(width: int, height: int, size: int) -> None:
    expected = -(-width // 8) * height
    if size == expected:
        assert Picture(width, height, bytes(size)).bits == bytes(size)
    else:
        with pytest.raises(ValueError, match=f"has {expected} bytes, not {size}"):
            Picture(width, height, bytes(size))


def test_the_usual_paper_is_eighty_millimetres() -> None:
    assert (Media().dots, Media().columns) == (576, 48)
