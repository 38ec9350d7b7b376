from __future__ import annotations

from comptoir.core.page import Line, Media, Page
from comptoir.core.profile import DrawerPulse
from comptoir.languages.zpl import Zpl


def test_it_asks_encodes_and_hears() -> None:
    zpl = Zpl()
    assert zpl.encode([Page((Line("Hello"),))], Media()).data.startswith(b"^XA")
    assert (zpl.ask_status(), zpl.ask_identity(), zpl.watch(), zpl.reset) == (b"~HS", b"~HI", b"", b"")
    assert zpl.listener() is not zpl.listener()


def test_it_confirms_nothing() -> None:
    assert list(Zpl().confirms) == []
    assert Zpl().fence("process-id", 1) == b""


def test_a_drawer_opens_by_a_command_of_the_configuration_alone() -> None:
    assert Zpl().pulse(DrawerPulse()) == b""
    assert Zpl().pulse(DrawerPulse(command=b"\x07")) == b"\x07"
