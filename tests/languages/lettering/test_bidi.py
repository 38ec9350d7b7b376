from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.cells import clusters
from comptoir.languages.lettering.bidi import reads_right_to_left, visual

TEXTS = st.text(
    st.sampled_from("ab 1.,()[]<>q\u0303שָלום\u0651المجمو١٢\u200c\u200d\u200f\u200e\u2067\u2069日हि👍🏽❤\ufe0f🇫🇷"),
    max_size=14,
)


def seen(text: str) -> str:
    """What stands on paper from left to right, brackets turned as they are drawn."""
    turn = {"(": ")", ")": "(", "[": "]", "]": "["}
    return "".join(turn.get(cluster, cluster) if leftwards else cluster for cluster, leftwards in visual(text))


@pytest.mark.parametrize(
    ("text", "leftwards"),
    [("", False), ("12.50", False), ("abc שלום", False), ("12 שלום", True), ("المجموع: 12", True), ("(א)", True)],
)
def test_the_first_strong_character_decides(text: str, leftwards: bool) -> None:
    assert reads_right_to_left(text) is leftwards


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("Total 12,50", "Total 12,50"),
        ("אבג", "גבא"),
        ("סך: 12.50", "12.50 :ךס"),
        ("abc אבג def", "abc גבא def"),
        ("אב (abc) 12", "12 (abc) בא"),
        ("א (ב) [ג]", "[ג] (ב) א"),
        ("a (b) א", "a (b) א"),
        ("جمع ١٢", "١٢ عمج"),
        ("אב ❤\ufe0f🇫🇷👍🏽", "👍🏽🇫🇷❤\ufe0f בא"),
    ],
)
def test_visual_order(text: str, paper: str) -> None:
    assert seen(text) == paper


def test_marks_and_joiners_stay_behind_their_letter() -> None:
    assert visual("ש\u05c1\u05b8ל") == [("ל", True), ("ש\u05c1\u05b8", True)]
    assert visual("ی\u200cخ") == [("خ", True), ("ی\u200c", True)]


@given(TEXTS)
def test_nothing_is_lost_or_added(text: str) -> None:
    assert sorted("".join(cluster for cluster, _ in visual(text))) == sorted(text)


@given(st.text("ab 日é\u0303(1)", max_size=10))
def test_lines_of_one_direction_stay_as_they_are(text: str) -> None:
    assert [cluster for cluster, _ in visual(text)] == clusters(text)
