"""The paper that the printer says it has: names, sizes and collections of PWG 5100.7. It prints on none of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from comptoir.core.sheet import PAPERS, Paper
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Value

Values = tuple[Value, ...]

SIZES: Final[tuple[Paper, ...]] = (
    *(PAPERS[name] for name in ("a4", "letter", "legal", "a5", "a3", "executive")),
    Paper("na_index-4x6_4x6in", 10_160, 15_240),
)
#: hundredths of a millimetre at each edge: office printers do not print there
MARGIN: Final = 423
SOURCES: Final = ("auto", "main", "alternate", "manual")
TYPES: Final = ("auto", "stationery")
MEMBERS: Final = (
    "media-bottom-margin", "media-left-margin", "media-right-margin", "media-size", "media-size-name", "media-source",
    "media-top-margin", "media-type",
)  # fmt: skip


def attributes(default: Paper) -> dict[str, Values]:
    """All that is said of paper, but for `database`."""
    return {
        "media-bottom-margin-supported": v.integer(MARGIN),
        "media-col-default": v.collection(_collection(default)),
        "media-col-ready": v.collection(_collection(default)),
        "media-col-supported": v.keyword(*MEMBERS),
        "media-default": v.keyword(default.name),
        "media-left-margin-supported": v.integer(MARGIN),
        "media-ready": v.keyword(default.name),
        "media-right-margin-supported": v.integer(MARGIN),
        "media-size-supported": v.collection(*map(_size, SIZES)),
        "media-source-supported": v.keyword(*SOURCES),
        "media-supported": v.keyword(*(paper.name for paper in SIZES)),
        "media-top-margin-supported": v.integer(MARGIN),
        "media-type-supported": v.keyword(*TYPES),
    }


def database() -> Values:
    """`media-col-database`: a request that wants all gets it only where it asks for it by name (PWG 5100.7 §6.3.4)."""
    return v.collection(*map(_collection, SIZES))


def of_collection(members: Mapping[str, Values]) -> tuple[str, str]:
    """The size's name and the tray that a `media-col` asks for; "" where it does not say, or knows others than ours."""
    known = Group(0, dict(members))
    tray = "".join(known.texts("media-source")[:1])
    name = "".join(known.texts("media-size-name")[:1])
    size = known.first("media-size")
    if isinstance(size, dict):
        asked = Group(0, size)
        across, along = asked.number("x-dimension"), asked.number("y-dimension")
        # Programs count in inches, and round: half a millimetre is the same paper (PWG 5101.1 §5.3 lets them).
        near = (one for one in SIZES if _near(one.width, across) and _near(one.height, along))
        name = next((one.name for one in near), name)
    return name, tray if tray in SOURCES else ""


def _near(size: int, asked: int | None) -> bool:
    return asked is not None and abs(size - asked) <= 50


def _size(paper: Paper) -> dict[str, Values]:
    return {"x-dimension": v.integer(paper.width), "y-dimension": v.integer(paper.height)}


def _collection(paper: Paper) -> dict[str, Values]:
    return {
        "media-size": v.collection(_size(paper)),
        "media-size-name": v.keyword(paper.name),
        "media-bottom-margin": v.integer(MARGIN),
        "media-left-margin": v.integer(MARGIN),
        "media-right-margin": v.integer(MARGIN),
        "media-top-margin": v.integer(MARGIN),
        "media-source": v.keyword("auto"),
        "media-type": v.keyword("auto"),
    }
