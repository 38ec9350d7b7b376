"""What of a document's title stays the same from night to night. Pure.

“Manager Flash 2026-11-20” and “… 2026-11-21” are one report; “Occupancy 30 days” and “Occupancy 60 days” are two. What
a number means cannot be seen in one title: so a title has several forms, from the exact one to one without any number,
and `core.habits` takes the most exact of them that comes again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from comptoir.core import folding

#: stands for what changes; no title has it
GAP: Final = "\0"
#: what joins a date to the words before and after it
JOINTS: Final = " -_.,:;/|·–—"

_WEEKDAYS: Final = (
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_MONTHS: Final = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|"
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "janv|fevr|avr|juil|sept|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec"
)
_TIME: Final = r"\d{1,2}(?::\d{2}(?::\d{2})?|h\d{2})(?: ?[ap]\.?m\b\.?)?"
_DATE: Final = (
    r"\d{4}[-/._]\d{1,2}[-/._]\d{1,2}"
    r"|\d{1,2}[-/._]\d{1,2}[-/._]\d{2,4}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[t_-]?\d{4}(?:\d{2})?z?)?"
    rf"|\d{{1,2}}(?:er|st|nd|rd|th)?[ -](?:{_MONTHS})\b\.?(?:[ -]\d{{2,4}})?"
    rf"|\b(?:{_MONTHS})\b\.?[ -]\d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?(?!\d)"
    rf"|\b(?:{_MONTHS})\b\.?[ -](?:19|20)\d{{2}}"
    r"|(?<!\d)\d{1,2}/\d{1,2}(?!\d)"
)
_DATES: Final = re.compile(
    rf"(?<!\d)(?:{_DATE})(?:t(?={_TIME}))?(?!\d)|(?<!\d){_TIME}(?!\d)|\b(?:{_WEEKDAYS})\b", re.IGNORECASE
)
_NUMBERS: Final = re.compile(r"\d+(?:[.,:/_-]\d+)*")
_CHANGING: Final = re.compile(f"{_DATES.pattern}|{_NUMBERS.pattern}", re.IGNORECASE)
#: words that lead to a date, where it has gone
_LEADING: Final = re.compile(r"(?:^|\s+)(?:du|de|des|au|le|les|of|for|on|as of|to)$", re.IGNORECASE)
_GAPS: Final = re.compile(rf"(?:[\s,]*{GAP})+")


def folded(text: str) -> str:
    """Case, accents, and how much space there is, make no difference."""
    return " ".join(folding.folded(text.replace(GAP, "")).split())


@lru_cache(4096)
def forms(title: str) -> tuple[str, str, str]:
    """The title as it is; with a gap for each date, time and day of the week; with one for each number, too. Folded."""
    exact = folded(title)
    dated = _GAPS.sub(GAP, _DATES.sub(GAP, exact))
    return exact, dated, _GAPS.sub(GAP, _NUMBERS.sub(GAP, dated))


def label(title: str, *, numbers: bool = False) -> str:
    """The title as people know the report: without dates and times, and without numbers where these change, too.

    The whole title where nothing else is left.
    """
    plain = " ".join(normalize("NFC", title.replace(GAP, "")).split())
    bare, parts, at = _unaccented(plain), list[str](), 0
    for found in (_CHANGING if numbers else _DATES).finditer(bare):
        parts.append(plain[at : found.start()])
        at = found.end()
    parts = [_LEADING.sub("", part.rstrip(JOINTS + "([").lstrip(JOINTS + ")]")) for part in (*parts, plain[at:])]
    return " … ".join(part for part in parts if part) or plain


def _unaccented(text: str) -> str:
    # Of the same length, so that what is found here is found there: months are written with accents.
    return "".join(normalize("NFD", one)[0] for one in text)


def pattern_of(form: str) -> str:
    """A shell pattern for the titles of a form: as it can be written down."""
    escaped = re.sub(r"([*?[])", r"[\1]", form)
    return re.sub(r"\*+", "*", escaped.replace(GAP, "*")) if GAP in form else escaped
