"""The fields of a label: a text, a bar code or a picture at a place. It does not choose places.

Source: Zebra, ZPL Programming Guide. Nothing of a text can command the printer: ^FH writes ^, ~ and _ as numbers.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import crc_hqx
from typing import Final, Literal
from zlib import compress

from comptoir.core.page import Align, Barcode, BarcodeKind, Picture
from comptoir.languages.barcode_data import without_check_digit

Justification = Literal["L", "C", "R"]
JUSTIFIED: Final[dict[Align, Justification]] = {"left": "L", "center": "C", "right": "R"}

_SPECIAL: Final = re.compile(rb"[\x00-\x1f^~_\x7f]")
_NARROW: Final = frozenset(" !'(),-./:;I[]`fijlrt|")
_WIDE: Final = frozenset("%&@MWmwÆŒæœ—…€")
_NARROWEST: Final = 10
_WIDEST_MODULE: Final = 10  # ^BY


def text(x: int, y: int, content: str, height: int, width: int, room: int, justified: Justification = "L") -> bytes:
    """^A0, the scalable font of every printer, in a block of `room` dots. `height` and `width` of its em in dots.

    The font is proportional: what might not fit is set narrower, as a block that overflows prints over itself.
    """
    likely = _ems(content) * width
    if likely > room:
        width = max(int(width * room / likely), _NARROWEST)
    font = b"^FO%d,%d^A0N,%d,%d" % (x, y, height, width)
    if justified == "L":
        return font + _data(content.encode())
    return font + b"^FB%d,1,0,%s" % (room, justified.encode()) + _data(content.encode())


def picture(x: int, y: int, picture: Picture) -> bytes:
    """^GFA, compressed as Z64: zlib, base64, and its CRC-16 (polynomial 1021, from 0)."""
    size = len(picture.bits)
    packed = b64encode(compress(picture.bits, 9))
    return b"^FO%d,%d^GFA,%d,%d,%d,:Z64:%s:%04X^FS" % (
        x,
        y,
        size,
        size,
        (picture.width + 7) // 8,
        packed,
        crc_hqx(packed, 0),
    )


def barcode(x: int, y: int, barcode: Barcode) -> bytes | None:
    """^BY and the command of the symbology; None where it has none that does just this: then it is drawn."""
    data = without_check_digit(barcode)
    if data is None or not 1 <= barcode.module <= _WIDEST_MODULE or barcode.height < 1:
        return None
    if barcode.kind == "CODE128" and re.search(r"[>^~]", data):
        return None  # > begins its codes
    stops = b""
    if barcode.kind == "CODABAR":
        stops = b",%s,%s" % (data[0].encode(), data[-1].encode())
        data = data[1:-1]
    head = b"^FO%d,%d^BY%d,3,%d" % (x, y, barcode.module, barcode.height)
    command = _BARCODES[barcode.kind] % (barcode.height, b"Y" if barcode.text else b"N")
    return head + command + stops + _data(data.encode())


def modules(barcode: Barcode) -> int | None:
    """How many narrow bars wide it is; None where only the printer knows."""
    return {"EAN13": 95, "EAN8": 67, "UPC-A": 95}.get(barcode.kind)


#: UPC-E is absent: ^B9 wants the ten digits of the long form
_BARCODES: Final[dict[BarcodeKind, bytes]] = {
    "EAN13": b"^BEN,%d,%s,N",
    "EAN8": b"^B8N,%d,%s,N",
    "UPC-A": b"^BUN,%d,%s,N,Y",
    "CODE39": b"^B3N,N,%d,%s,N",
    "ITF": b"^B2N,%d,%s,N,N",
    "CODABAR": b"^BKN,N,%d,%s,N",
    "CODE93": b"^BAN,%d,%s,N,N",
    "CODE128": b"^BCN,%d,%s,N,N,A",
}


def _data(content: bytes) -> bytes:
    """^FH ^FD … ^FS: what is not plain goes as _ and its number."""
    return b"^FH_^FD" + _SPECIAL.sub(lambda found: b"_%02X" % found[0][0], content) + b"^FS"


def _ems(content: str) -> float:
    """How wide a text is at most, in em: font 0 is a bold condensed sans."""
    return sum(0.32 if letter in _NARROW else 0.9 if letter in _WIDE else 0.6 for letter in content)
