"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.search_dates import days_of

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-20", "2026-11-20", ""),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("20/11/2026", "2026-11-20", ""),
        ("20.11.26", "2026-11-20", ""),
        ("20/11", "2026-11-20", ""),
        ("24/12", "2025-12-24", ""),
        ("29/02", "2024-02-29", ""),
        ("11/2026", "2026-11-01", "2026-11-30"),
        ("20 novembre 2026", "2026-11-20", ""),
        ("1er mars", "2026-03-01", ""),
        ("novembre 2026", "2026-11-01", "2026-11-30"),
        ("Déc.", "2025-12-01", "2025-12-31"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("aujourd'hui", "2026-11-21", ""),
        ("Aujourd’hui", "2026-11-21", ""),
        ("today", "2026-11-21", ""),
        ("hier", "2026-11-20", ""),
        ("yesterday", "2026-11-20", ""),
        ("avant-hier", "2026-11-19", ""),
        ("lundi", "2026-11-16", ""),
        ("Saturday", "2026-11-21", ""),
        ("cette semaine", "2026-11-16", "2026-11-22"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("ce mois-ci", "2026-11-01", "2026-11-30"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("le mois dernier", "2026-10-01", "2026-10-31"),
        ("l'année dernière", "2025-01-01", "2025-12-31"),
        ("01/11..hier", "2026-11-01", "2026-11-20"),
        ("octobre..novembre", "2026-10-01", "2026-11-30"),
    ],
)
def test_days(text: str, first: str, last: str) -> None:
    assert days_of(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last or first))


@pytest.mark.parametrize(
    "text", ["", "facture", "31/02/2026", "2026-13", "32/01", "0000", "99 novembre", "hier..x", ".."]
)
def test_what_is_no_day(text: str) -> None:
    assert days_of(text, TODAY) is None


@given(st.text(max_size=30), st.dates())
def test_nothing_that_is_typed_is_an_error(text: str, today: date) -> None:
    days_of(text, today)


@given(
    st.sampled_from(
        [
            "today",
            "hier",
            "avant-hier",
            "last week",
            "last month",
            "last year",
            "29/02",
            "lundi",
            "décembre",
            "this week",
        ]
    ),
    st.dates(),
)
def test_relative_days_exist_on_every_day_or_are_none(text: str, today: date) -> None:
    days = days_of(text, today)
    assert days is None or days[0] <= days[1]
