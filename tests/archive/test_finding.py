"""What is found, in which order, and how it is shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.peers.indexed import index_at, kept, read

from comptoir.archive.finding import facets, found, picture, statement, text
from comptoir.archive.index import Index
from comptoir.core.search import Hit, Search
from comptoir.core.search_query import understood

TODAY = date(2026, 11, 21)

ROWS = [
    kept(1, "Rapport de caisse", user="Zoé", printer="Réception", source="bureau", business_date="2026-11-18"),
    kept(2, "Facture A-1312/B", user="Éric", printer="HP LaserJet", source="bureau", business_date="2026-11-19"),
    kept(3, "INV20231312X", user="zoé", printer="Bar", source="hall", media_type="image/png", partial="gone"),
    kept(4, "Cœur d'hôtel", printer="Réception", source="hall", media_type="image/jpeg", held="trial", name="x.pdf"),
    kept(5, "", source="bureau", media_type="text/plain", business_date="2026-11-19"),
]
TEXTS = {1: "Total de la nuit : 1 312,00", 2: "Séjour à l'hôtel Bœuf, chambre 214", 5: "hôtelier\n\ndu 20/11/2026"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    one = index_at(tmp_path_factory.mktemp("finding"), *ROWS)
    for number, words in TEXTS.items():
        read(one, number, words)
    yield one
    one.close()


def hits(index: Index, words: str = "", **more: Any) -> tuple[Hit, ...]:
    return found(index.db, understood(Search(text=words, **more), TODAY)).hits


def numbers(index: Index, words: str = "", **more: Any) -> list[int]:
    return [hit.number for hit in hits(index, words, **more)]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("hotel", [5, 4, 2]),
        ("HÔTEL boeuf", [2]),
        ("coeur", [4]),
        ("fact", [2]),
        ("1312", [3, 2]),
        ("231312", [3]),
        ("312", [3, 2, 1]),
        ("1312/B", [2]),
        ('"hotel"', [4, 2]),
        ('"à l\'hôtel"', [2]),
        ("20/11/2026", [5]),
        ("laser eric", [2]),
        ("caisse nuit", [1]),
        ("recep total", [1]),
        ("x.pdf", [4]),
        ("nothing", []),
        ("--", [5, 4, 3, 2, 1]),
        ("source:hall", [4, 3]),
        ("source:ha hotel", [4]),
        ("user:zoe", [3, 1]),
        ("user:Zoé", [1]),
        ("user:nobody", []),
        ("type:image", [4, 3]),
        ("type:image/p", [3]),
        ("printer:reception date:18/11", [1]),
        ("title:312", [3, 2]),
        ("title:nuit", []),
        ("date:2026-11-19", [5, 2]),
        ("hotel until:2026-11-19", [5, 2]),
        ("since:2027", []),
    ],
)
def test_search(index: Index, words: str, wanted: list[int]) -> None:
    assert numbers(index, words) == wanted


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"sources": ("bureau", "hall"), "types": ("application/pdf",)}, [2, 1]),
        ({"users": ("Zoé", "Éric")}, [2, 1]),
        ({"types": ("image/",)}, [4, 3]),
        ({"partial": True}, [3]),
        ({"partial": False, "since": "2026-11-20"}, [4]),
        ({"below": 4, "limit": 2}, [3, 2]),
        ({"below": 5, "since": "2026-11-19"}, [4, 3, 2]),
        ({"title": "hotel"}, [4]),
        ({"sources": ("no such",)}, []),
    ],
)
def test_what_was_chosen(index: Index, more: dict[str, Any], wanted: list[int]) -> None:
    assert numbers(index, **more) == wanted


@pytest.mark.parametrize("words", ["", "hotel", "type:image"])
def test_page_after_page_is_the_whole(index: Index, words: str) -> None:
    seen: list[int] = []
    below = None
    while True:
        page = found(index.db, understood(Search(text=words, below=below, limit=1), TODAY))
        seen += [hit.number for hit in page.hits]
        below = page.more
        if below is None:
            break
    assert seen == numbers(index, words)


def test_how_many_there_are_is_said_where_it_is_known(index: Index) -> None:
    assert found(index.db, understood(Search(text="hotel"), TODAY)).total == 3
    assert found(index.db, understood(Search(text="hotel", limit=2), TODAY)).total is None


def test_what_lists_show(index: Index) -> None:
    five, four, two = hits(index, "hotel")
    assert (five.snippet, five.marks) == ("hôtelier du 20/11/2026", ((0, 5),))
    assert (four.title_marks, four.snippet, four.held, four.partial) == (((7, 12),), "", True, False)
    assert (two.snippet, two.marks, two.pages, two.thumbnail) == (TEXTS[2], ((11, 16),), 1, False)
    assert (two.user, two.printer, two.source, two.business_date) == ("Éric", "HP LaserJet", "bureau", "2026-11-19")
    assert hits(index, "1312")[0].title_marks == ((7, 11),)
    assert hits(index, "source:bureau")[0].snippet == "hôtelier du 20/11/2026"


def test_facets(index: Index) -> None:
    one = facets(index.db)
    assert list(one.sources.items()) == [("bureau", 3), ("hall", 2)]
    assert one.types == {"application/pdf": 2, "image/png": 1, "image/jpeg": 1, "text/plain": 1}
    assert (one.since, one.until, one.documents, one.behind) == ("2026-11-18", "2026-11-20", 5, 5)


def test_text_and_picture(index: Index) -> None:
    assert [text(index.db, number) for number in (1, 3, 9)] == [TEXTS[1], None, None]
    assert picture(index.db, 1, ROWS[0].document.digest) == (0, None)


def test_no_search_sorts(index: Index) -> None:
    """However many there are: SQLite stops when the page is full."""
    asked = understood(Search(text="hotel source:bureau since:2026-11-01", below=9), TODAY)
    for one in (asked, understood(Search(since="2026-11-01"), TODAY)):
        sql, values = statement(index.db, one, 50)
        plan = index.db.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        assert not any("TEMP B-TREE" in row[3] for row in plan), plan


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.text('abcé"*():-^{}+,.œNEAR OR 12\ue000\0', max_size=40), st.text(max_size=8))
def test_nothing_that_is_typed_is_an_error(index: Index, words: str, value: str) -> None:
    try:
        numbers(index, words)
        numbers(index, title=words, sources=(value,))
    except sqlite3.Error as error:
        pytest.fail(f"{words!r}: {error}")
