"""The few words of a text that a list shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.archive.excerpt import AFTER, BEFORE, Excerpts
from comptoir.core.search_query import marked, terms_of


def shown(text: str, words: str) -> tuple[str, list[str]]:
    found, marks = Excerpts(terms_of(words)).of(text)
    return found, [found[begin:end] for begin, end in marks]


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [
        ("Le Grand\n\n  Hôtel du Nord", "hotel", ("Le Grand Hôtel du Nord", ["Hôtel"])),
        ("Total 12,50 EUR", "12,50", ("Total 12,50 EUR", ["12,50"])),
        ("photel hotel", "hotel", ("photel hotel", ["hotel"])),
        ("un cœur", "coeur", ("un cœur", ["cœur"])),
        ("ΑΘΗΝΑ αθηνα", "αθηνα", ("ΑΘΗΝΑ αθηνα", ["ΑΘΗΝΑ", "αθηνα"])),
        ("nothing of it", "hotel", ("", [])),
        ("hotels hotel", '"hotel"', ("hotels hotel", ["hotel"])),
        ("x Hotels hotel", "hotel", ("x Hotels hotel", ["Hotel", "hotel"])),
        ("a b", "b a", ("a b", ["a", "b"])),
    ],
)
def test_around_the_words(text: str, words: str, wanted: tuple[str, list[str]]) -> None:
    assert shown(text, words) == wanted


def test_a_word_that_ends_so_is_none() -> None:
    text, marks = shown("photel " + "between " * 100 + "hotel", "hotel")
    assert not text.startswith("photel")
    assert marks == ["hotel"]


def test_in_the_middle_of_a_long_text() -> None:
    text, marks = shown("before " * 500 + "Hôtel" + " after" * 500, "hotel")
    assert text.startswith("…before")
    assert text.endswith("after…")
    assert marks == ["Hôtel"]
    assert len(text) < BEFORE + AFTER + 3


@given(st.text(max_size=400), st.text("abcé 1œ", max_size=10))
def test_any_text(text: str, words: str) -> None:
    found, marks = Excerpts(terms_of(words)).of(text)
    assert all(0 <= begin < end <= len(found) for begin, end in marks)


@given(st.text("abcé 1-/", max_size=60), st.text('abcé 1"-', max_size=12), st.booleans())
def test_the_fast_way_marks_what_the_other_marks(text: str, words: str, within: bool) -> None:
    terms = terms_of(words)
    assert Excerpts(terms).marks(text, within=within) == marked(text, terms, within=within)
