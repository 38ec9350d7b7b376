"""What is said of prints through CUPS is what the sources say, and a page says it in French."""

from __future__ import annotations

import re

import pytest

from comptoir.sources import cups_backend
from comptoir.sources.cups import source
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))

SAID = (
    source.NO_ANSWER.format(server="/run/cups/cups.sock", why="No such file or directory"), source.START,
    *source.WHY.values(), *source.HINT.values(), cups_backend.INSTALL,
    cups_backend.NOT_THERE.format(folder="/var/spool/comptoir"),
    cups_backend.NOT_READ.format(folder="/var/spool/comptoir", why="Permission denied"),
    cups_backend.ASIDE.format(folder="/var/spool/comptoir/damaged"),
)  # fmt: skip


@pytest.mark.parametrize("english", SAID)
def test_it_is_said_in_french(english: str) -> None:
    french = FRENCH.known(english)
    assert french != english
    assert not re.search(r"\b(the|is|its|cannot)\b", french)
