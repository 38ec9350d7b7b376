"""Addresses and searches: one stands for the other, and what is none is refused."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from tests.peers.clock import FakeClock

from comptoir.core.errors import RequestError
from comptoir.core.search import Search
from comptoir.web.archive_query import MOST, numbers_of, query_of, search_in, search_of, today_of


def test_an_address_is_read() -> None:
    query = parse_qsl(
        "q=taxe+séjour&source=audit&source=caisse&user=nuit&type=image/&since=2026-11-01&partial=0&limit=9"
    )
    search = search_of(MultiDict(query))
    assert search == Search(
        "taxe séjour",
        ("audit", "caisse"),
        users=("nuit",),
        types=("image/",),
        since="2026-11-01",
        partial=False,
        limit=9,
    )
    assert search_of(MultiDict(limit="999999", below="7")) == Search(limit=MOST, below=7)


names = st.lists(st.text(min_size=1, max_size=20).filter(lambda t: t.strip() == t), max_size=3, unique=True).map(tuple)


@given(
    st.builds(
        Search,
        text=st.text(max_size=50).map(str.strip),
        sources=names,
        printers=names,
        users=names,
        types=names,
        title=st.text(max_size=20).map(str.strip),
        since=st.dates().map(str) | st.just(""),
        until=st.dates().map(str) | st.just(""),
        partial=st.sampled_from([None, True, False]),
    )
)
def test_a_search_comes_back_from_its_address(search: Search) -> None:
    assert search_in(query_of(search)) == search


@pytest.mark.parametrize(
    "text", ["since=soon", "until=2026-02-30", "partial=2", "below=-1", "limit=x", "below=" + "9" * 30]
)
def test_what_is_no_search_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        search_of(MultiDict(parse_qsl(text)))


def test_a_saved_search_says_nothing_else() -> None:
    assert query_of(search_in("?q=x&below=7&limit=3&see=4&csrf=secret&more=1")) == "q=x"


def test_numbers_are_each_taken_once() -> None:
    assert numbers_of(["3", "1,2", "3", ""]) == [3, 1, 2]
    with pytest.raises(RequestError):
        numbers_of(["1,x"])


def test_today_is_a_day() -> None:
    assert isinstance(today_of(FakeClock()), date)
