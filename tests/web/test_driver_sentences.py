"""What drivers of Windows are refused for, in the reader's language."""

from __future__ import annotations

import pytest

from comptoir.core.errors import NotSent
from comptoir.sinks import gdi
from comptoir.web.driver_sentences import DRIVERS_SAY
from comptoir.web.locale import catalogue
from comptoir.web.words import Words
from comptoir.windows import reasons

FRENCH = Words(catalogue("fr"))
SAID = (
    NotSent(*gdi._RAW), NotSent(*gdi._ASKING), NotSent("its driver does not say how large its sheets are"),
    NotSent("the printer’s driver failed: its driver has crashed", gdi._REINSTALL),
    NotSent("the printer’s driver cannot be loaded: no process can be started: No such file"),
    NotSent("Windows has no printer of this name", gdi._WHERE),
    NotSent(reasons.NOT_ALLOWED, reasons.ALLOW),
    NotSent("Windows does not print it: The RPC server is unavailable."),
    NotSent("Windows would not print on it: Windows says that it has no paper"),
    NotSent("it was cancelled before any of it came out"),
    NotSent("Windows does not print it: x; it may stand in the queue of Windows still", "Look."),
)  # fmt: skip


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.message[:40])
def test_each_is_known(said: NotSent) -> None:
    assert FRENCH.known(said.sentences) != said.sentences


def test_every_sentence_is_said() -> None:
    assert len({FRENCH.known(one.sentences) for one in SAID}) >= len(DRIVERS_SAY)
