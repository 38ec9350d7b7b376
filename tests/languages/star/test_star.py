from __future__ import annotations

import pytest

from comptoir.core.page import Media, Page, Picture
from comptoir.core.profile import DrawerPulse, Profile
from comptoir.languages.star import Star, StarPrnt

PAGE = Page((Picture(8, 1, b"\xff"),))


def test_pictures_are_bands_where_rasters_are_not_certain() -> None:
    assert b"\x1bk" in Star().encode([PAGE], Media()).data
    assert b"\x1b\x1dS" in StarPrnt().encode([PAGE], Media()).data
    assert b"\x1bk" in StarPrnt(Profile(columns_only=True)).encode([PAGE], Media()).data


def test_it_asks_and_confirms() -> None:
    star = Star()
    assert (star.ask_status(), star.watch(), star.ask_identity()) == (b"\x1b\x06\x01", b"\x1b\x1ea\x01", b"")
    assert list(star.confirms) == ["process-id", "counter"]
    assert star.fence("process-id", 123) == b"\x1b\x1d\x03\x01\x37\x21"
    assert star.fence("counter", 123) == b"\x1b\x1ea\x01\x17"
    assert star.fence("in-order", 123) == b""
    assert star.encode([], Media()).data.startswith(star.reset)
    assert star.listener() is not star.listener()


@pytest.mark.parametrize(
    ("pulse", "command"),
    [
        (DrawerPulse(), b"\x1b\x07\x05\x32\x07"),
        (DrawerPulse(2, 0, 9999), b"\x1b\x07\x01\x7f\x07"),
        (DrawerPulse(5), b"\x1a"),
        (DrawerPulse(command=b"\x1c"), b"\x1c"),
    ],
)
def test_pulses(pulse: DrawerPulse, command: bytes) -> None:
    assert Star().pulse(pulse) == command
