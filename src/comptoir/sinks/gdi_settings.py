"""What a printer's driver is set to for a job, and how its sheets are drawn then. Pure: it asks no driver.

Wishes are IPP's, numbers are Windows' (wingdi.h, DEVMODEW). What a driver cannot is done here where it can be, such as
copies that are sorted, and else it is said that it was not done. What counts is what a driver says when it is set.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from comptoir.core.sheet import Ink, Paper, Setup, Side, Wishes, paper_of
from comptoir.windows.driver import Area, Band, Capabilities, Settings

#: dots an inch, at most: letters are sharp, and a side of A4 in colours has a hundred million bytes
FINEST: Final = 600
#: dots of a side, at most; as `formats.sheets.canvas` has it
MOST_DOTS: Final = 80_000_000
#: bytes of a band, about
BAND: Final = 2_000_000

#: DMPAPER_…
_PAPERS: Final[Mapping[str, int]] = {
    "na_letter_8.5x11in": 1,
    "na_legal_8.5x14in": 5,
    "na_executive_7.25x10.5in": 7,
    "iso_a3_297x420mm": 8,
    "iso_a4_210x297mm": 9,
    "iso_a5_148x210mm": 11,
}
_OWN_SIZE: Final = 256  # DMPAPER_USER
#: hundredths of a millimetre by which a paper may differ from the one of that name
_NEARLY: Final = 200
#: DMDUP_…
_SIDES: Final = {"": 0, "one-sided": 1, "two-sided-long-edge": 2, "two-sided-short-edge": 3}
#: `media-source` → DMBIN_…, the first that a driver has
_TRAYS: Final[Mapping[str, Sequence[int]]] = {
    "auto": (7, 15),
    "main": (1, 14),
    "alternate": (2,),
    "manual": (4, 6),
    "by-pass-tray": (4,),
    "envelope": (5, 6),
    "tray-1": (1,),
    "tray-2": (2,),
    "tray-3": (3,),
}
#: what drivers call a tray with a number, and one for single sheets
_NUMBERED: Final = re.compile(
    r"\b(?:tray|bac|cassette|cass|magasin|fach|schacht|kassette|vassoio|bandeja)\D{0,3}(\d)\b"
)
_BY_PASS: Final = re.compile(r"by-?pass|multi-?purpose|multi-?function|\bmp\b|bac mf|polyvalent")
#: ports of which Windows asks a person for the name of a file, or a number to call
_ASKING: Final = ("portprompt:", "file:", "shrfax:", "xpsport:")


@dataclass(frozen=True, slots=True)
class Plan:
    """settings: for the driver. paper: what is wanted, None: what the printer is set to. repeats: how often the
    document is drawn. lacking: what the driver cannot, in IPP's words."""

    settings: Settings
    paper: Paper | None
    repeats: int = 1
    lacking: tuple[str, ...] = ()


def asks(can: Capabilities) -> bool:
    """Whether this printer is none: its port leads to a question that nobody answers (“Microsoft Print to PDF”)."""
    return can.port.lower().startswith(_ASKING)


def planned(wishes: Wishes, usual: Paper | None, copies: int, can: Capabilities) -> Plan:
    """`usual`: what lies in the printer, where the configuration says it."""
    lacking: list[str] = []
    paper = paper_of(wishes.media) if wishes.media else usual
    number = _number(paper, can) if paper is not None else 0
    width, height = (paper.width // 10, paper.height // 10) if paper and number == _OWN_SIZE else (0, 0)
    sides = _SIDES[wishes.sides]
    if sides and not can.two_sided:
        lacking += [f"sides={wishes.sides}"] if sides > 1 else []
        sides = 0
    tray = tray_of(wishes.tray, can.bins)
    if wishes.tray and not tray:
        lacking.append(f"media-source={wishes.tray}")
    by_driver = can.collates and can.copies >= copies
    settings = Settings(
        copies=copies if by_driver else 1, collate=by_driver and copies > 1, sides=sides, paper=number,
        width=width, height=height, tray=tray,
    )  # fmt: skip
    return Plan(settings, paper, 1 if by_driver else copies, tuple(lacking))


def alone(plan: Plan) -> Plan:
    """The same for a driver that makes no copies, whatever it says."""
    single = msgspec.structs.replace(plan.settings, copies=1, collate=False)
    return replace(plan, settings=single, repeats=plan.settings.copies)


def tray_of(word: str, bins: Sequence[tuple[int, str]]) -> int:
    """The driver's number for a tray: by its own name for it, by what that name means, by Windows' usual numbers; 0
    where it has none such."""
    names = {name.strip().casefold(): number for number, name in reversed(bins)}
    if not word or word.casefold() in names:
        return names[word.casefold()] if word else 0
    for name, number in names.items():
        numbered = _NUMBERED.search(name)
        if (numbered and word == f"tray-{numbered[1]}") or (word == "by-pass-tray" and _BY_PASS.search(name)):
            return number
    known = {number for number, _ in bins}
    return next((number for number in _TRAYS.get(word, ()) if number in known), 0)


def missed(plan: Plan, area: Area) -> tuple[str, ...]:
    """What a driver has not taken of what it was set to, though it said that it can."""
    lacking = list(plan.lacking)
    if plan.paper is not None and not _alike(plan.paper, *_measured(area)):
        lacking.append(f"media={plan.paper.name}")
    if plan.settings.sides > 1 and not area.two_sided:
        lacking += [f"sides={word}" for word, number in _SIDES.items() if number == plan.settings.sides]
    return tuple(lacking)


def setup_of(area: Area, colour: bool, finest: int = FINEST) -> Setup:
    """How sheets are drawn: the whole of the paper that is there, at the printer's resolution or a whole part of it."""
    width, height = _measured(area)
    least = min(area.dpi_x, area.dpi_y)
    part = max(1, math.ceil(least / finest))
    while area.paper_width * area.paper_height * (least // part) ** 2 > MOST_DOTS * area.dpi_x * area.dpi_y:
        part += 1
    ink: Ink = "black" if area.bits == 1 else "colours" if colour and area.colours else "greys"
    beyond = (area.paper_width - area.left - area.width, area.paper_height - area.top - area.height)
    across, along = (max(0, area.left, beyond[0]) / area.dpi_x, max(0, area.top, beyond[1]) / area.dpi_y)
    # Rolls may leave more white at an end than they are wide.
    margin = min(math.ceil(max(across, along) * 2540), min(width, height) // 4)
    return Setup(Paper("as-it-is-set", width, height), max(1, least // part), ink, margin)


def bands(side: Side, setup: Setup, area: Area) -> Iterator[tuple[Band, memoryview]]:
    """The part of a side that the printer can print, a band at a time; white ones are left out."""
    across, along = area.dpi_x / setup.dpi, area.dpi_y / setup.dpi
    first, last = _printable(area.left, area.width, across, side.width)
    top, bottom = _printable(area.top, area.height, along, side.height)
    white = b"\0" if side.ink == "black" else b"\xff"
    rows = max(1, BAND // side.stride)
    for row in range(top, bottom, rows):
        end = min(row + rows, bottom)
        dots = side.dots[row * side.stride : end * side.stride]
        if dots.tobytes().count(white) == dots.nbytes:
            continue
        x, right = (_place(column, across, area.left, area.width) for column in (first, last))
        y, below = (_place(line, along, area.top, area.height) for line in (row, end))
        if right <= x or below <= y:
            continue  # of resolutions that are no multiples of each other, a last row may come to nothing
        yield Band(
            ink=side.ink, width=side.width, height=end - row, first=first, last=last, left=x, top=y, across=right - x,
            down=below - y,
        ), dots  # fmt: skip


def _printable(offset: int, length: int, step: float, most: int) -> tuple[int, int]:
    """The dots of a side, from the first to before the last, that lie in this part of the printer's dots."""
    return min(most - 1, math.floor(offset / step)), min(most, math.ceil((offset + length) / step))


def _place(dot: int, step: float, offset: int, length: int) -> int:
    """Where the edge before this dot of a side is, in the printer's dots of its printable area."""
    return min(length, max(0, round(dot * step) - offset))


def _number(paper: Paper, can: Capabilities) -> int:
    """The driver's number for this size; that of a size of one's own where it has none."""
    alike = [number for number, width, height in can.papers if _alike(paper, width * 10, height * 10)]
    usual = _PAPERS.get(paper.name)
    if usual in alike or not can.papers:
        return usual or _OWN_SIZE
    return alike[0] if alike else _OWN_SIZE


def _alike(paper: Paper, width: int, height: int) -> bool:
    return abs(paper.width - width) <= _NEARLY and abs(paper.height - height) <= _NEARLY


def _measured(area: Area) -> tuple[int, int]:
    """The paper in hundredths of a millimetre."""
    return round(area.paper_width * 2540 / area.dpi_x), round(area.paper_height * 2540 / area.dpi_y)
