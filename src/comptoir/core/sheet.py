"""Whole sheets of paper, before any page language: sizes of paper, what a job wishes of them, and sides as dots.

A format draws a document onto sides; a page language writes sides for a printer. This module is the meeting point of
both and knows neither. Sizes are in hundredths of a millimetre, as IPP counts them; dots are dots.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from comptoir.core.errors import FormatError

#: the page languages that a printer can be configured to speak (`languages.SHEETS`)
LANGUAGES: Final = ("pdf", "postscript", "pwg", "pcl")
#: in place of a language: the printer's driver on Windows draws
DRIVER: Final = "windows"

#: RFC 8011 §5.2.8; "": as the printer is set
Sides = Literal["", "one-sided", "two-sided-long-edge", "two-sided-short-edge"]
#: what a dot can be: black or white, 256 greys, or red, green and blue of 256 each
Ink = Literal["black", "greys", "colours"]
#: `print-scaling`, PWG 5100.16 §9.5
Scaling = Literal["auto", "auto-fit", "fit", "fill", "none"]


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of sheet, upright. `name`: as PWG 5101.1 spells it, width × height in hundredths of a millimetre."""

    name: str
    width: int
    height: int


A4: Final = Paper("iso_a4_210x297mm", 21_000, 29_700)

#: by the names that people use; `na_` sizes are inches
PAPERS: Final[Mapping[str, Paper]] = {
    "a4": A4,
    "letter": Paper("na_letter_8.5x11in", 21_590, 27_940),
    "legal": Paper("na_legal_8.5x14in", 21_590, 35_560),
    "a3": Paper("iso_a3_297x420mm", 29_700, 42_000),
    "a5": Paper("iso_a5_148x210mm", 14_800, 21_000),
    "executive": Paper("na_executive_7.25x10.5in", 18_415, 26_670),
}

_SELF_DESCRIBING: Final = re.compile(
    r"[a-z0-9.-]+_[A-Za-z0-9.-]+_(\d{1,4}(?:\.\d{1,3})?)x(\d{1,4}(?:\.\d{1,3})?)(mm|in)"
)
_UNIT: Final = {"mm": 100, "in": 2540}
#: hundredths of a millimetre; a sheet is drawn in memory, and these are office printers
SHORTEST: Final = 2_500
LONGEST: Final = 120_000


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a job wants of its sheets, in the words of RFC 8011 and PWG 5100: "" as the printer is set.

    media: a name of PAPERS, or a self-describing one. tray: `media-source`, tray-1 or manual for instance.
    """

    copies: int = 1
    sides: Sides = ""
    media: str = ""
    tray: str = ""
    scaling: Scaling = "auto"
    title: str = ""
    #: a reprint, which says so on every sheet
    duplicata: bool = False


@dataclass(frozen=True, slots=True)
class Setup:
    """How sides are drawn for a printer: the paper, dots an inch, and what a dot can be at most.

    margin: hundredths of a millimetre that it leaves white at each edge; of most printers that is not known, and a
    sixth of an inch is usual.
    """

    paper: Paper = A4
    dpi: int = 300
    ink: Ink = "greys"
    margin: int = 423

    @property
    def width(self) -> int:
        """Dots of a side, across."""
        return round(self.paper.width * self.dpi / 2540)

    @property
    def height(self) -> int:
        return round(self.paper.height * self.dpi / 2540)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet, rows from the top.

    black: 1 bit a dot, most significant first, 1 is black, rows padded to bytes. greys: a byte a dot, 255 is white.
    colours: three bytes a dot.
    """

    width: int
    height: int
    ink: Ink
    dots: memoryview
    #: characters of a text that no font has
    missing: str = ""

    def __post_init__(self) -> None:
        if self.dots.nbytes != self.stride * self.height:
            raise ValueError(f"a side of {self.width} × {self.height} has not {self.dots.nbytes} bytes")

    @property
    def depth(self) -> int:
        """Bytes a dot of greys or colours."""
        return 3 if self.ink == "colours" else 1

    @property
    def stride(self) -> int:
        """Bytes of a row."""
        return (self.width + 7) // 8 if self.ink == "black" else self.width * self.depth


def paper_of(name: str) -> Paper:
    """The paper of this name. Raises FormatError, which names the usual ones."""
    known = PAPERS.get(name.lower())
    if known is not None:
        return known
    found = _SELF_DESCRIBING.fullmatch(name)
    if found is not None:
        width, height = (round(float(side) * _UNIT[found[3]]) for side in (found[1], found[2]))
        if min(width, height) >= SHORTEST and max(width, height) <= LONGEST:
            return Paper(name, width, height)
    raise FormatError(f"There is no paper called “{name[:64]}”.", f"There are {', '.join(PAPERS)} for instance.")


def wishes_of(attributes: Mapping[str, str], copies: int = 1, title: str = "", duplicata: bool = False) -> Wishes:
    """The attributes of a job as wishes. Raises FormatError for a word that IPP has not."""
    sides = attributes.get("sides", "")
    scaling = attributes.get("print-scaling") or "auto"
    if sides not in get_args(Sides):
        raise FormatError(f"“sides” can be {', '.join(get_args(Sides)[1:])}, not “{sides[:64]}”.")
    if scaling not in get_args(Scaling):
        raise FormatError(f"“print-scaling” can be {', '.join(get_args(Scaling))}, not “{scaling[:64]}”.")
    media = attributes.get("media", "")
    if media:
        media = paper_of(media).name
    tray = attributes.get("media-source", "")
    if not re.fullmatch(r"[A-Za-z0-9._ -]{0,64}", tray):
        raise FormatError(f"“{tray[:64]}” is no name of a tray.", "For instance tray-1, manual, auto.")
    return Wishes(copies, cast(Sides, sides), media, tray, cast(Scaling, scaling), title, duplicata)
