"""Where on the sheet a page stands, how large and which way round, as `print-scaling` says. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from comptoir.core.sheet import Scaling, Setup
from comptoir.formats.frame import Box

POINTS: Final = 72  # an inch
#: by how much a page may be larger than the paper and still be printed at its own size: A4 is no whole number of points
_NEARLY: Final = 1.005


@dataclass(frozen=True, slots=True)
class Place:
    """`part` of the page, in points as it is seen, drawn `scale` dots a point, turned left by 90° where `turned`.

    Its upper left corner then stands at (left, top), in dots of the sheet.
    """

    part: Box
    scale: float
    turned: bool
    left: int
    top: int


def placed(width: float, height: float, setup: Setup, scaling: Scaling, *, enlarge: bool = False) -> Place:
    """Where a page of width × height points stands on the sheet, in its middle.

    auto: at its own size where the paper is large enough (`enlarge`: as large as fits), else as fit. fit: as large as
    fits between the margins. fill: covers the whole sheet, and is cut where it is larger. none: its own size, cut.
    """
    turned = (width > height) != (setup.width > setup.height) and width != height
    across, along = (height, width) if turned else (width, height)
    scale = _scale(across, along, setup, scaling, enlarge)
    # What is drawn is cut to the sheet, however large the page is.
    shown = (min(across, setup.width / scale), min(along, setup.height / scale))
    left, top = ((full - dots * scale) / 2 for full, dots in zip((setup.width, setup.height), shown, strict=True))
    wide, high = (shown[1], shown[0]) if turned else shown
    x, y = (width - wide) / 2, (height - high) / 2
    return Place(Box(x, y, x + wide, y + high), scale, turned, round(left), round(top))


def _scale(across: float, along: float, setup: Setup, scaling: Scaling, enlarge: bool) -> float:
    """Dots a point."""
    own = setup.dpi / POINTS
    margin = 2 * setup.margin * setup.dpi / 2540
    fit = min((setup.width - margin) / across, (setup.height - margin) / along)
    match scaling:
        case "none":
            return own
        case "fill":
            return max(setup.width / across, setup.height / along)
        case "auto" if not enlarge and max(across * own / setup.width, along * own / setup.height) <= _NEARLY:
            return own
    return fit
