from __future__ import annotations

import pytest

from comptoir.core.page import Picture, Style
from comptoir.languages.escpos.elements import Inset, Look, Run, TextLine, columns_of


def test_a_run_is_as_wide_as_its_cells() -> None:
    assert Run("abc").width == 36
    assert Run("abc", small=True).width == 27
    assert Run("日", look=Look(wide=True)).width == 24
    assert Run("ab", Style(width=3), look=Look(gap=2)).width == 84
    assert Run("e\u0301", cells=1).width == 12
    assert Run("ab", look=Look(turned=True)).cell == (24, 12)


def test_a_line_is_as_large_as_what_stands_in_it() -> None:
    line = TextLine((Run("a"), Run("b", Style(height=2), at=40)), insets=(Inset(Picture(8, 8, bytes(8)), 100),))
    assert (line.width, line.height) == (108, 48)
    assert (TextLine(()).width, TextLine(()).height) == (0, 0)


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ((Run("name"), Run("12,50", at=120)), "name      12,50"),
        ((Run("12,50", at=120), Run("name")), "name      12,50"),
        ((Run("bo", at=0), Run("ld", Style(bold=True), at=24)), "bold"),
        ((Run("twice"), Run("twice")), "twice"),
        ((Run("under"), Run("_____")), "under _____"),
        ((Run("small", small=True), Run("x", small=True, at=90)), "small     x"),
    ],
)
def test_positions_are_spaces_in_the_text(runs: tuple[Run, ...], text: str) -> None:
    assert TextLine(runs).text == text


def test_columns_of_a_terminal() -> None:
    assert columns_of("abc") == 3
    assert columns_of("日本e\u0301") == 5
