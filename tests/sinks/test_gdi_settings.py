"""What a driver is set to for a job, and where its dots go: numbers of Windows from wishes of IPP."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.sheet import A4, PAPERS, Paper, Setup, Side, Wishes
from comptoir.formats.sheets.placing import placed
from comptoir.sinks import gdi_settings as module
from comptoir.sinks.gdi_settings import alone, asks, bands, missed, planned, setup_of, tray_of
from comptoir.windows.driver import Area, Capabilities, Settings

#: as an office laser says it: A4, a smaller A4 of the same size, A5, Letter; papers of drivers are in tenths
LASER = Capabilities(
    papers=((10, 2100, 2970), (9, 2100, 2970), (11, 1480, 2100), (1, 2159, 2794), (300, 1000, 2000)),
    bins=((7, "Automatically Select"), (1, "Tray 1"), (262, "Bac 2"), (4, "Manual feed"), (263, "Multi-Purpose Tray")),
    two_sided=True,
    copies=999,
    collates=True,
    colour=True,
)
#: A4 of 300 dots an inch, 4 mm of which cannot be printed at each edge
AREA = Area(
    width=2380, height=3408, dpi_x=300, dpi_y=300, paper_width=2480, paper_height=3508, left=50, top=50, bits=24
)  # fmt: skip


PLAIN = Wishes()


def settings(wishes: Wishes = PLAIN, can: Capabilities = LASER, copies: int = 1) -> Settings:
    return planned(wishes, None, copies, can).settings


def test_what_nobody_wishes_stays_as_it_is_set_but_for_copies() -> None:
    assert settings() == Settings(copies=1)


@pytest.mark.parametrize(
    ("sides", "number"), [("one-sided", 1), ("two-sided-long-edge", 2), ("two-sided-short-edge", 3)]
)
def test_sides(sides: str, number: int) -> None:
    wishes = Wishes(sides=sides)  # type: ignore[arg-type]
    assert settings(wishes).sides == number
    simplex = planned(wishes, None, 1, msgspec.structs.replace(LASER, two_sided=False))
    assert simplex.settings.sides == 0
    assert simplex.lacking == (() if number == 1 else (f"sides={sides}",))


@pytest.mark.parametrize(
    ("media", "number"),
    [("a4", 9), ("letter", 1), ("a5", 11), ("custom_label_100x200mm", 300), ("iso_a4_210x297mm", 9)],
)
def test_a_paper_is_known_by_its_size(media: str, number: int) -> None:
    assert settings(Wishes(media=media)).paper == number


def test_a_paper_that_the_driver_does_not_name_is_told_by_its_size() -> None:
    own = settings(Wishes(media="legal"))
    assert (own.paper, own.width, own.height) == (256, 2159, 3556)
    assert settings(Wishes(media="legal"), Capabilities()).paper == 5, "it names none at all"


def test_what_lies_in_the_printer_counts_where_the_job_says_nothing() -> None:
    assert planned(Wishes(), PAPERS["a5"], 1, LASER).settings.paper == 11
    assert planned(Wishes(media="letter"), PAPERS["a5"], 1, LASER).settings.paper == 1


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("tray-1", 1), ("tray-2", 262), ("main", 1), ("auto", 7), ("manual", 4), ("by-pass-tray", 263),
        ("bac 2", 262), ("Multi-Purpose Tray", 263), ("tray-9", 0), ("envelope", 0), ("", 0),
    ],
)  # fmt: skip
def test_a_tray_has_the_drivers_name_or_a_usual_one(word: str, number: int) -> None:
    assert tray_of(word, LASER.bins) == number


def test_trays_without_names_have_usual_numbers() -> None:
    assert [tray_of(word, ((1, ""), (2, ""), (15, ""))) for word in ("tray-1", "tray-2", "auto")] == [1, 2, 15]


def test_a_tray_that_is_not_there_is_said() -> None:
    assert planned(Wishes(tray="tray-9"), None, 1, LASER).lacking == ("media-source=tray-9",)


def test_copies_are_the_drivers_where_it_sorts_them() -> None:
    one = planned(Wishes(), None, 3, LASER)
    assert (one.settings.copies, one.settings.collate, one.repeats) == (3, True, 1)
    for can in (msgspec.structs.replace(LASER, collates=False), msgspec.structs.replace(LASER, copies=2)):
        other = planned(Wishes(), None, 3, can)
        assert (other.settings.copies, other.settings.collate, other.repeats) == (1, False, 3)


def test_a_driver_that_makes_no_copies_after_all() -> None:
    one = alone(planned(Wishes(), None, 3, LASER))
    assert (one.settings.copies, one.settings.collate, one.repeats) == (1, False, 3)


def test_what_the_driver_did_not_take_is_said() -> None:
    wishes = Wishes(media="a5", sides="two-sided-long-edge")
    assert missed(planned(wishes, None, 1, LASER), AREA) == ("media=iso_a5_148x210mm", "sides=two-sided-long-edge")
    taken = msgspec.structs.replace(AREA, two_sided=True)
    assert missed(planned(replace(wishes, media="a4"), None, 1, LASER), taken) == ()


@pytest.mark.parametrize("port", ["PORTPROMPT:", "FILE:", "SHRFAX:"])
def test_a_port_that_asks_a_person(port: str) -> None:
    assert asks(Capabilities(port=port))
    assert not asks(Capabilities(port="IP_192.168.1.50"))


def test_sheets_are_drawn_as_large_as_they_are_at_the_printers_resolution() -> None:
    setup = setup_of(AREA, colour=True)
    assert (setup.width, setup.height, setup.dpi, setup.ink) == (2480, 3508, 300, "colours")
    assert setup.margin == 424, "what cannot be printed: 50 dots"


@pytest.mark.parametrize(
    ("across", "along", "finest", "dpi"),
    [(600, 600, 600, 600), (1200, 1200, 600, 600), (720, 720, 600, 360), (1200, 1200, 300, 300), (180, 180, 600, 180),
     (600, 1200, 600, 600), (2880, 1440, 600, 480)],
)  # fmt: skip
def test_finer_printers_are_drawn_for_at_a_whole_part(across: int, along: int, finest: int, dpi: int) -> None:
    area = Area(
        width=8 * across, height=11 * along, dpi_x=across, dpi_y=along, paper_width=8 * across,
        paper_height=11 * along, left=0, top=0,
    )  # fmt: skip
    setup = setup_of(area, True, finest)
    assert (setup.dpi, setup.margin) == (dpi, 0)
    assert (setup.width, setup.height) == (8 * dpi, 11 * dpi)


def test_a_roll_that_stays_white_at_its_end_has_room_all_the_same() -> None:
    roll = Area(width=576, height=2000, dpi_x=203, dpi_y=203, paper_width=640, paper_height=2800, left=32, top=0)
    setup = setup_of(roll, colour=False)
    assert placed(595, 842, setup, "fit").scale > 0


def test_large_paper_is_drawn_as_fine_as_there_is_room_for() -> None:
    area = msgspec.structs.replace(AREA, dpi_x=600, dpi_y=600, paper_width=600 * 24, paper_height=600 * 36)
    setup = setup_of(area, colour=False)
    assert setup.width * setup.height <= module.MOST_DOTS
    assert setup.dpi == 300


@pytest.mark.parametrize(
    ("bits", "set_to_colours", "colour", "ink"),
    [(24, True, True, "colours"), (24, False, True, "greys"), (24, True, False, "greys"), (1, True, True, "black")],
)
def test_what_a_dot_can_be(bits: int, set_to_colours: bool, colour: bool, ink: str) -> None:
    area = msgspec.structs.replace(AREA, bits=bits, colours=set_to_colours)
    assert setup_of(area, colour).ink == ink


def grey(setup: Setup, level: int = 0) -> Side:
    return Side(setup.width, setup.height, "greys", memoryview(bytes([level]) * (setup.width * setup.height)))


def test_bands_lie_beside_each_other_and_inside_what_can_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BAND", 2480 * 1000)
    setup = setup_of(AREA, colour=False)
    found = [band for band, _ in bands(grey(setup), setup, AREA)]
    assert [(band.top, band.down) for band in found] == [(0, 1000), (1000, 1000), (2000, 1000), (3000, 408)]
    assert {(band.left, band.across, band.first, band.last) for band in found} == {(0, 2380, 50, 2430)}


def test_white_is_not_sent() -> None:
    setup = setup_of(AREA, colour=False)
    assert list(bands(grey(setup, 255), setup, AREA)) == []
    black = Side(8, 2, "black", memoryview(b"\0\x01"))
    small = Area(width=8, height=2, dpi_x=300, dpi_y=300, paper_width=8, paper_height=2, left=0, top=0)
    ((band, dots),) = bands(black, Setup(A4, 300, "black", 0), small)
    assert (band.height, bytes(dots)) == (2, b"\0\x01")


@given(
    st.integers(72, 2880), st.integers(72, 2880), st.integers(1, 60), st.integers(1, 60), st.integers(0, 20),
    st.integers(0, 20),
)  # fmt: skip
def test_bands_never_leave_the_printable_area(
    across: int, along: int, width: int, height: int, left: int, top: int
) -> None:
    area = Area(
        width=width, height=height, dpi_x=across, dpi_y=along, paper_width=width + 2 * left,
        paper_height=height + 2 * top, left=left, top=top,
    )  # fmt: skip
    setup = setup_of(area, colour=False)
    if setup.width < 1 or setup.height < 1:
        return
    reached = 0
    for band, dots in bands(grey(setup), setup, area):
        assert dots.nbytes == band.width * band.height
        assert 0 <= band.first < band.last <= band.width
        assert 0 <= band.left < band.left + band.across <= width  # GDI takes none of no width, and says so by 0
        assert band.down > 0
        assert reached == band.top
        reached = band.top + band.down
    assert reached <= height


def test_a_row_that_comes_to_no_dot_of_the_printer_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BAND", 1)
    area = Area(width=30, height=627, dpi_x=1270, dpi_y=1270, paper_width=30, paper_height=677, left=0, top=10)
    setup = setup_of(area, colour=False)
    assert min(band.down for band, _ in bands(grey(setup), setup, area)) > 0


def test_the_paper_is_the_one_that_is_there() -> None:
    assert setup_of(AREA, colour=True).paper == Paper("as-it-is-set", 20_997, 29_701)
