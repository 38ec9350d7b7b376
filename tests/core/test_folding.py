"""Folding: case and accents do not matter, and what is marked is what was found."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.folding import folded, places_of, spelled, words_of


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Réglé", "regle"),
        (unicodedata.normalize("NFD", "Réglé"), "regle"),
        ("ÇA, Œuvre & Straße", "ca, oeuvre & strasse"),
        ("ΆΘΉΝΑ", "αθηνα"),
        ("plain ASCII", "plain ascii"),
    ],
)
def test_folding(text: str, wanted: str) -> None:
    assert folded(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A-1312/B", ("a", "1312", "b")),
        ("l’hôtel du Nord", ("l", "hotel", "du", "nord")),
        ("12,50 €", ("12", "50")),
        ("東京 2026", ("東京", "2026")),
        ("-- * ' \"", ()),
    ],
)
def test_words(text: str, wanted: tuple[str, ...]) -> None:
    assert words_of(text) == wanted


def test_ligatures_are_looked_for_in_both_spellings() -> None:
    assert spelled("coeur") == ("coeur", "cœur")
    assert spelled("hotel") == ("hotel",)
    assert set(spelled("coessae")) == {"coessae", "cœssae", "coeßae", "cœßae", "coessæ", "cœssæ", "coeßæ", "cœßæ"}


@pytest.mark.parametrize(
    ("words", "text", "wanted"),
    [
        (("hotel",), "L'Hôtel, les hôtels", ["Hôtel", "hôtel"]),
        (("coeur",), "Cœur", ["Cœur"]),
        (("1312", "b"), "A-1312/B", ["1312/B"]),
        (("tel",), "hotel tel", ["tel"]),
        (("regle",), unicodedata.normalize("NFD", "réglée"), [unicodedata.normalize("NFD", "régle")]),
        (("a", "b"), "ab a.b", ["a.b"]),
    ],
)
def test_places(words: tuple[str, ...], text: str, wanted: list[str]) -> None:
    assert [text[begin:end] for begin, end in places_of(words, text)] == wanted


def test_places_within_words_and_of_whole_ones() -> None:
    assert places_of(("tel",), "hotel tel", within=True) == [(2, 5), (6, 9)]
    assert places_of(("hotel",), "hotels hotel", whole=True) == [(7, 12)]


@given(st.text(max_size=60))
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    for word in words_of(text):
        places = places_of((word,), text, within=True)
        assert places
        assert all(word in folded(text[begin:end]) for begin, end in places)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert words_of(" ".join(words_of(text))) == words_of(text)
