"""Dates and numbers as people write them on documents, French first: "1er août 2026", "1 234,56 €". Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Final

_MONTHS: Final = (
    ("janvier", "january"), ("fevrier", "february"), ("mars", "march"), ("avril", "april"), ("mai", "may"),
    ("juin", "june"), ("juillet", "july"), ("aout", "august"), ("septembre", "september"), ("octobre", "october"),
    ("novembre", "november"), ("decembre", "december"),
)  # fmt: skip
_SHORTEST: Final = 3  # letters of a month that is abbreviated

#: small letters; a time behind it is left out
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/. ])([0-9]{1,2})\2([0-9]{1,2})(?:[t ][0-9:.,]+(?:z|[+-][0-9:]+)?)?")
_SOLID: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_DAY_MONTH: Final = re.compile(r"([0-9]{1,2})(?:er|st|nd|rd|th)?[ .-]*([a-z]+)[ .,-]*([0-9]{4})")
_MONTH_DAY: Final = re.compile(r"([a-z]+)[ .]*([0-9]{1,2})(?:st|nd|rd|th)?[ ,]+([0-9]{4})")

#: thousands apart: spaces of every kind, apostrophes
_APART: Final = re.compile(r"[\s'’_]")
_NUMBER: Final = re.compile(r"([+-]?)([0-9][0-9.,]*|[.,][0-9]+)")
_AROUND: Final = " \u00a0\u202f\t\r\n€$£¥:;=()*°" + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LONGEST: Final = 64  # letters of a date or a number; more is neither


def date_of(text: str) -> datetime | None:
    """The day that a text is; None where it is none. 03/04/2026 is the third of April.

    Two digits of a year: 1970 to 2069.
    """
    plain = " ".join(_plain(text[: _LONGEST + 1]).split()).strip(" .,;:")
    if len(plain) > _LONGEST:
        return None
    if found := _YEAR_FIRST.fullmatch(plain):
        return _day(found[1], found[3], found[4])
    if found := _SOLID.fullmatch(plain):
        return _day(found[1], found[2], found[3])
    if found := _DAY_FIRST.fullmatch(plain):
        return _day(found[4], found[3], found[1])
    if found := _DAY_MONTH.fullmatch(plain):
        return _day(found[3], _month(found[2]), found[1])
    if found := _MONTH_DAY.fullmatch(plain):
        return _day(found[3], _month(found[1]), found[2])
    return None


def number_of(text: str) -> str:
    """The number that a text is, with a point and without thousands: "1 234,56 €" is 1234.56. Empty where it is none.

    A separator that stands once is the decimal one, as is the last of two kinds; one that stands twice is not.
    """
    if len(text) > _LONGEST:
        return ""
    plain = _APART.sub("", text.replace("−", "-").strip(_AROUND))
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return ""
    digits = found[2]
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0 or digits.count(digits[last]) > 1:
        whole, cents = re.sub("[.,]", "", digits), ""
    else:
        whole, cents = re.sub("[.,]", "", digits[:last]), digits[last + 1 :]
    sign = "-" if found[1] == "-" else ""
    return f"{sign}{whole.lstrip('0') or '0'}" + (f".{cents}" if cents else "")


def _plain(text: str) -> str:
    """Small letters without accents."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _month(word: str) -> str:
    numbers = {
        number
        for number, names in enumerate(_MONTHS, 1)
        for name in names
        if name == word or (len(word) >= _SHORTEST and name.startswith(word))
    }
    return str(numbers.pop()) if len(numbers) == 1 else "0"


def _day(year: str, month: str, day: str) -> datetime | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= 70 else 2000
    try:
        return datetime(number, int(month), int(day))  # noqa: DTZ001 - a day has no time zone
    except ValueError:
        return None
