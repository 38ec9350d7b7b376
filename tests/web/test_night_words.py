"""What is said of nights, in both languages."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import get_args

import pytest

from comptoir.core.kept import Night
from comptoir.core.night import Check, Checked, Printed, Report
from comptoir.web.night_desk import NightLine, NightState
from comptoir.web.night_words import CHECKS, NIGHTS, NightWords

FRIDAY = date(2026, 11, 20)
DUE = datetime.fromisoformat("2026-11-21 04:00")
FRENCH, ENGLISH = NightWords("fr"), NightWords("en")


def printed(at: str, copies: int = 1) -> Printed:
    return Printed(1, "Flash", datetime.fromisoformat(f"2026-11-21 {at}"), copies)


def test_every_state_has_a_word_and_a_shape() -> None:
    assert set(CHECKS) == set(get_args(Check))
    assert set(NIGHTS) == set(get_args(NightState))


@pytest.mark.parametrize(
    ("state", "prints", "copies", "french", "english"),
    [
        ("missing", (), 1, "attendu avant 04:00", "expected by 04:00"),
        ("awaited", (), 1, "attendu avant 04:00", "expected by 04:00"),
        ("late", (printed("05:00"),), 1, "arrivé à 05:00, attendu avant 04:00", "came at 05:00, expected by 04:00"),
        ("twice", (printed("01:00", 2),), 1, "imprimé 2 fois, attendu une fois", "printed 2 times, expected once"),
        ("few", (printed("01:00"),), 3, "imprimé une fois, attendu 3 fois", "printed once, expected 3 times"),
        ("present", (printed("01:00"),), 1, "01:00", "01:00"),
        ("present", (printed("01:00", 2),), None, "01:00, 2 fois", "01:00, 2 times"),
    ],
)
def test_a_report_in_a_sentence(
    state: Check, prints: tuple[Printed, ...], copies: int | None, french: str, english: str
) -> None:
    checked = Checked(Report("flash*", "Flash", time(4), copies), state, DUE, prints)
    assert (FRENCH.said(checked), ENGLISH.said(checked)) == (french, english)


def test_why_it_is_expected() -> None:
    learned = Report("x", "x", pattern=False, came=27, of=28)
    assert FRENCH.why(learned) == "venu 27 fois sur les 28 dernières nuits"
    assert ENGLISH.why(Report("x", "x")) == "written down in the settings"


def test_dates_as_people_read_them() -> None:
    assert FRENCH.title(FRIDAY) == "Nuit du vendredi 20 novembre 2026"
    assert ENGLISH.title(FRIDAY) == "Night of Friday, 20 November 2026"
    assert FRENCH.moment(DUE) == "samedi 21 novembre à 04:00"
    assert (FRENCH.month(FRIDAY), ENGLISH.month(FRIDAY)) == ("Novembre 2026", "November 2026")
    assert (FRENCH.weekday(0), ENGLISH.weekday(6, "wide")) == ("lun.", "Sunday")


def test_a_night_with_missing_reports_says_how_many_whatever_its_state() -> None:
    line = NightLine(FRIDAY, "running", 3, 2, 0, 0, 1, Night(""))
    assert FRENCH.night(line).word == "2 manquants"
    assert FRENCH.night(line).tone == "bad"
