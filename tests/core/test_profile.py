"""What a model can do, where nobody has said anything."""

from __future__ import annotations

from comptoir.core.page import Media
from comptoir.core.profile import DEFAULT, DrawerPulse, PrinterState, Profile


def test_an_unknown_model_is_an_80_mm_printer_that_may_be_asked() -> None:
    assert Profile() == DEFAULT
    assert (DEFAULT.media, DEFAULT.status, DEFAULT.confirms, DEFAULT.kanji) == (Media(), True, ("in-order",), "")


def test_the_usual_pulse_keeps_the_solenoid_cool() -> None:
    pulse = DrawerPulse()
    assert pulse.off_ms >= 4 * pulse.on_ms


def test_a_printer_that_has_said_nothing_has_no_problems_and_no_drawer() -> None:
    silent = PrinterState()
    assert (silent.heard, silent.problems, silent.notices, silent.drawer_high) == (False, (), (), None)
