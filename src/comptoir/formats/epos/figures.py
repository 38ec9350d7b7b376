"""What an ePOS-Print element puts on paper that is no text: images, barcodes, QR codes, rules. Where it stands is not
known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from comptoir.core.page import Align, Barcode, Feed, Media, Picture, QrCode
from comptoir.core.page import Element as Printed
from comptoir.formats.epos import pixels, symbols

Figure = Picture | Barcode | QrCode

#: dots that the paper moves on by after a line
LINE: Final = 30

#: dots that the lines of a rule are thick, and the white between them
_RULES: Final[Mapping[str, tuple[int, ...]]] = {
    "thin": (2,),
    "medium": (4,),
    "thick": (6,),
    "thin_double": (2, 2, 2),
    "medium_double": (4, 2, 4),
    "thick_double": (6, 2, 6),
}
_QR: Final = ("qrcode_model_1", "qrcode_model_2")


def figure(element: Element, align: Align, media: Media) -> Figure | None:
    """What the element draws; None where it cannot be drawn, or not on this paper."""
    draw = _FIGURES.get(name_of(element))
    return None if draw is None else draw(element, align, media)


def name_of(element: Element) -> str:
    """The name, of whichever namespace."""
    return element.tag.rpartition("}")[2]


def number(element: Element, attribute: str) -> int | None:
    """A number of the manual, 0 to 65535; None where there is none that can be read."""
    text = element.get(attribute, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def height_of(printed: Printed) -> int:
    """About how many dots of paper it takes."""
    match printed:
        case Picture() | Barcode():
            return printed.height
        case Feed():
            return LINE * printed.lines
        case _:
            return LINE


def rule(left: int, right: int, style: str, media: Media) -> Picture:
    """A horizontal line from dot to dot of the paper; a line of another style than the manual's is thin."""
    across = (media.dots + 7) // 8
    left, right = min(left, media.dots - 1), min(right, media.dots - 1)
    black = (((1 << right - left + 1) - 1) << across * 8 - 1 - right).to_bytes(across, "big")
    thick = _RULES.get(style, _RULES["thin"])
    rows = b"".join((bytes(across) if index % 2 else black) * high for index, high in enumerate(thick))
    return Picture(media.dots, sum(thick), rows)


def _image(element: Element, align: Align, media: Media) -> Picture | None:
    if element.get("color") == "none":
        return Picture(0, 0, b"")
    size = (number(element, "width") or 0, number(element, "height") or 0)
    return pixels.picture(element.text or "", size, element.get("mode", "mono"), align, media)


def _barcode(element: Element, align: Align, media: Media) -> Barcode | None:
    size = (number(element, "width") or symbols.MODULE, number(element, "height") or symbols.HEIGHT)
    hri = element.get("hri", "none") != "none"
    return symbols.barcode(element.text or "", element.get("type", ""), size, hri, align, media.dots)


def _symbol(element: Element, align: Align, media: Media) -> QrCode | None:
    if element.get("type") not in _QR:
        return None
    module = number(element, "width") or symbols.MODULE
    return symbols.qr(element.text or "", element.get("level", ""), module, align, media.dots)


def _rule(element: Element, align: Align, media: Media) -> Picture:
    ends = (number(element, "x1") or 0, number(element, "x2") or media.dots - 1)
    return rule(min(ends), max(ends), element.get("style", "thin"), media)


_FIGURES: Final[Mapping[str, Callable[[Element, Align, Media], Figure | None]]] = {
    "image": _image,
    "barcode": _barcode,
    "symbol": _symbol,
    "hline": _rule,
}
