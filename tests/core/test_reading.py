"""Dates and numbers as documents have them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.reading import date_of, number_of


def day(text: str) -> date | None:
    found = date_of(text)
    return found and found.date()


@pytest.mark.parametrize(
    "text",
    [
        "23/12/2000", "23-12-2000", "23.12.2000", "23 12 2000", "23/12/00", "2000-12-23", "2000/12/23", "20001223",
        "23 décembre 2000", "23 DÉCEMBRE 2000", "23 de\u0301c. 2000", "23 déc 2000", "23-dec-2000",
        "December 23, 2000", "Dec 23rd 2000", " 2000-12-23T10:11:12.5Z ", "2000-12-23 10:11",
        "23\u00a0décembre\u00a02000,",
    ],
)  # fmt: skip
def test_a_day(text: str) -> None:
    assert day(text) == date(2000, 12, 23)


@pytest.mark.parametrize(
    "text",
    ["", "x", "31/02/2000", "00/00/0000", "23/12-2000", "12", "23 jui 2000", "1 brumaire 2000", "FAC-20001223",
     "0000-01-01", "²3/12/2000", "9" * 9000, "1er"],
)  # fmt: skip
def test_no_day(text: str) -> None:
    assert date_of(text) is None


def test_the_day_comes_before_the_month_and_a_year_may_be_short() -> None:
    assert day("03/04/2026") == date(2026, 4, 3)
    assert day("1er août 2026") == date(2026, 8, 1)
    assert day("1/1/69") == date(2069, 1, 1)
    assert day("1/1/70") == date(1970, 1, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234,56", "1234.56"), ("1\u202f234,56 €", "1234.56"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"),
        ("EUR 12", "12"), ("1.234.567", "1234567"), ("-5,00", "-5.00"), ("−5", "-5"), ("+7", "7"),
        ("1'234.5", "1234.5"),
        ("0,50", "0.50"), (",5", "0.5"), ("007", "7"), ("12,", "12"), ("N° 12", "12"),
        ("", ""), ("x", ""), ("1e5", ""), ("1-2", ""), ("--1", ""), ("٣", ""), ("9" * 100, ""),
    ],
)  # fmt: skip
def test_a_number(text: str, number: str) -> None:
    assert number_of(text) == number


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    date_of(text)
    number = number_of(text)
    assert number == "" or float(number) == float(number_of(number))


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_day_is_found_again(at: date) -> None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%y"):
        assert day(at.strftime(form)) == at
