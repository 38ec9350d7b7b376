import pytest

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media, Page
from comptoir.core.profile import DrawerPulse
from comptoir.languages.raw import Raw


def test_it_draws_nothing() -> None:
    with pytest.raises(FormatError, match="ready-made"):
        Raw().encode([Page((Line("x"),))], Media())


def test_it_asks_nothing_and_understands_nothing() -> None:
    raw = Raw()
    assert raw.ask_status() == raw.watch() == raw.ask_identity() == raw.fence("in-order", 1) == b""
    hearing = raw.listener()
    assert not hearing.state.heard
    hearing.feed(b"\x12\x12\x12\x00")
    assert hearing.state.heard
    assert (hearing.answers, hearing.identity, hearing.passed("in-order", 1)) == (0, (), False)


def test_it_opens_a_drawer_only_as_the_configuration_says() -> None:
    assert Raw().pulse(DrawerPulse()) == b""
    assert Raw().pulse(DrawerPulse(command=b"\x07")) == b"\x07"
