"""What people type into the search."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.search import Search
from comptoir.core.search_query import MOST_TERMS, Asked, Term, marked, terms_of, understood

TODAY = date(2026, 11, 21)


def asked(text: str, **more: object) -> Asked:
    return understood(Search(text=text, **more), TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Facture hôtel", [Term(("facture",)), Term(("hotel",))]),
        ("A-1312/B", [Term(("a", "1312", "b"))]),
        ('"grand Hôtel" x', [Term(("grand", "hotel"), True), Term(("x",))]),
        ("« grand Hôtel »", [Term(("grand", "hotel"), True)]),
        ('"not closed', [Term(("not", "closed"), True)]),
        ("total: 12", [Term(("total",)), Term(("12",))]),
        ("-- * \" '", []),
        ("a OR b NEAR(c)", [Term(("a",)), Term(("or",)), Term(("b",)), Term(("near", "c"))]),
    ],
)
def test_words_and_phrases(text: str, terms: list[Term]) -> None:
    assert list(asked(text).terms) == terms


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("source:bureau", "sources", ("bureau",)),
        ("from:a from:b", "sources", ("a", "b")),
        ('imprimante:"HP 4000"', "printers", ("HP 4000",)),
        ("printer:Réception", "printers", ("Réception",)),
        ("Utilisateur : zoé", "users", ("zoé",)),
        ("type:pdf", "types", ("application/pdf",)),
        ("type:image/png", "types", ("image/png",)),
        ("titre:balance title:nuit", "title", "balance nuit"),
        ("date:2026-11-20", "since", "2026-11-20"),
        ("date:2026-11-20", "until", "2026-11-20"),
        ("date: novembre 2026", "until", "2026-11-30"),
        ("depuis:hier", "since", "2026-11-20"),
        ("jusqu'à:20/11", "until", "2026-11-20"),
        ("jusqu’à:20/11", "until", "2026-11-20"),
        ("since:last month", "since", "2026-10-01"),
        ('until:"last month"', "until", "2026-10-31"),
    ],
)
def test_operators(text: str, field: str, wanted: object) -> None:
    found = asked(text)
    assert getattr(found.search, field) == wanted
    assert (found.terms, found.search.text) == ((), "")


def test_words_around_operators_stay() -> None:
    found = asked('rapport date:hier "de nuit" user:zoé x')
    assert found.search.text == 'rapport "de nuit" x'
    assert [term.words for term in found.terms] == [("rapport",), ("de", "nuit"), ("x",)]


@pytest.mark.parametrize("text", ["date:demain peut-être", "date:", "since:2026-02-31", 'source:""', "from:"])
def test_what_makes_no_sense_is_words(text: str) -> None:
    found = asked(text)
    assert found.terms
    assert (found.search.since, found.search.until, found.search.sources) == ("", "", ())


def test_what_is_typed_narrows_what_was_chosen() -> None:
    found = asked("since:2026-11-10 until:2026-11-30 source:b", since="2026-11-05", until="2026-11-20", sources=("a",))
    assert (found.search.since, found.search.until, found.search.sources) == ("2026-11-10", "2026-11-20", ("a", "b"))


def test_what_was_chosen_narrows_what_is_typed() -> None:
    found = asked("since:2026-11-01 until:2026-11-30", since="2026-11-05", until="2026-11-20")
    assert (found.search.since, found.search.until) == ("2026-11-05", "2026-11-20")


def test_the_title_has_terms_of_its_own() -> None:
    assert asked("x", title='"de nuit" rap').title == (Term(("de", "nuit"), True), Term(("rap",)))


def test_a_very_long_text_is_cut() -> None:
    assert len(asked("a " * 10_000).terms) == MOST_TERMS


@given(st.text(max_size=80), st.text(max_size=20))
def test_nothing_that_is_typed_is_an_error(text: str, title: str) -> None:
    found = understood(Search(text=text, title=title), TODAY)
    assert all(term.words and all(term.words) for term in (*found.terms, *found.title))


@given(st.text('abé":2/-«» ', max_size=40))
def test_what_keeps_its_words_says_the_same_again(text: str) -> None:
    first = understood(Search(text=text), TODAY)
    again = understood(Search(text=first.search.text), TODAY)
    assert [word for term in again.terms for word in term.words] == [
        word for term in first.terms for word in term.words
    ]


def test_marks_are_apart_and_in_order() -> None:
    assert marked("hôtel hotelier", terms_of("hot hotel lier"), within=True) == ((0, 5), (6, 14))
    assert marked("hôtel hotelier", terms_of("lier")) == ()
    assert marked("aaa", terms_of("a"), within=True) == ((0, 1),)
