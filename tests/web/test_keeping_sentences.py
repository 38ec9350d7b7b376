"""What the archive says in English of eliminations, legal holds and exports, a page says in French."""

from __future__ import annotations

import pytest

from comptoir.core.errors import ComptoirError, RequestError, UnknownName, WrongState
from comptoir.web.keeping_sentences import KEEPING_SAYS
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))


def test_no_two_patterns_are_the_same() -> None:
    assert len({pattern for pattern, _ in KEEPING_SAYS}) == len(KEEPING_SAYS)


@pytest.mark.parametrize(
    ("error", "french"),
    [
        (
            WrongState("what is due has changed in the meantime", "Look at the list again; nothing was eliminated."),
            "changé",
        ),
        (WrongState("an elimination or an export is under way", "Wait until it is done."), "export"),
        (RequestError("a legal hold needs a reason", "Say why: it stands in the journal."), "motif"),
        (UnknownName("there is no export “2026”", "Was it removed? Look at the list again."), "2026"),
        (RequestError("/d/exports/x cannot be written: Permission denied", "Choose another place."), "/d/exports/x"),
        (WrongState("the export takes 12 MB, and 3 MB are free at /x", "Look at the dates and the source."), "12 Mo"),
    ],
)
def test_errors_are_said_in_french(error: ComptoirError, french: str) -> None:
    said = FRENCH.error(error)
    assert french in said.what != error.message
    assert FRENCH.known(error.hint) == said.remedy != error.hint
