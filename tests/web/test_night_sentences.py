"""What the station says of nights in English, a page says in French."""

from __future__ import annotations

import pytest

from comptoir.core.errors import FormatError, RequestError, UnknownName, WrongState
from comptoir.web.locale import catalogue
from comptoir.web.night_sentences import NIGHTS_SAY
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))


def test_no_two_patterns_are_the_same() -> None:
    assert len({pattern for pattern, _ in NIGHTS_SAY}) == len(NIGHTS_SAY)


@pytest.mark.parametrize(
    ("error", "french"),
    [
        (UnknownName("the night of 2027-01-01 has not begun", "Choose today, or a day before."), "n’a pas commencé"),
        (RequestError("a note has 4000 characters at most"), "4000 caractères"),
        (WrongState("this night is signed already, by Camille Roux"), "déjà signée, par Camille Roux"),
        (WrongState("no destination is set that gets the nights", "Choose one in the settings."), "Aucune destination"),
        (FormatError("one PDF holds 500 documents of 2 GB at most", "Choose a shorter time, or fewer."), "au plus 500"),
    ],
)
def test_errors_are_said_in_french(error: RequestError, french: str) -> None:
    said = FRENCH.error(error)
    assert french in said.what
    assert said.remedy == "" or FRENCH.known(error.hint) == said.remedy != error.hint
