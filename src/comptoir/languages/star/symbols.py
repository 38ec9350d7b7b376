"""Bar codes and QR codes that a Star printer draws itself: ESC b, ESC GS y. It draws nothing.

Each function gives None where the printer could not draw exactly what is asked, or might leave it out because it does
not fit: then it is drawn for it.
"""

from __future__ import annotations

import re
from typing import Final

from comptoir.core.page import Barcode, QrCode
from comptoir.core.symbology import QR_6_BYTES, QR_6_SIDE
from comptoir.languages.barcode_data import widest, without_check_digit
from comptoir.languages.star.tables import BARCODES, MODULES, MODULES_OF_ITF, QR_LARGEST, QR_LEVELS

_TALLEST: Final = 255
#: what is obeyed as it arrives must not stand in data; of the controls, the ends of lines are left
_HAZARDS: Final = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")


def barcode(barcode: Barcode, dots: int) -> bytes | None:
    """ESC b n1 n2 n3 n4 data RS. n2: with or without the digits below, and a line feed. `dots`: the paper's width."""
    data = without_check_digit(barcode)
    mode = (MODULES_OF_ITF if barcode.kind == "ITF" else MODULES).get(barcode.module)
    if data is None or mode is None or not 1 <= barcode.height <= _TALLEST or widest(barcode) > dots:
        return None
    if barcode.kind == "CODE128":
        data = data.replace("%", "%0")  # % begins the codes of Star
    head = b"\x1bb%c%c%c%c" % (BARCODES[barcode.kind], 2 if barcode.text else 1, mode, barcode.height)
    return head + data.encode() + b"\x1e"


def qr(qr: QrCode, dots: int) -> bytes | None:
    """ESC GS y S 0 2 (model 2), S 1 level, S 2 cell, D 1 0 nL nH data, P (print). `dots`: the paper's width."""
    data = qr.data.encode("utf-8", "surrogatepass")
    if not 0 < len(data) <= QR_6_BYTES[qr.level] or qr.module * QR_6_SIDE > dots:
        return None
    if not 1 <= qr.module <= QR_LARGEST or _HAZARDS.search(data):
        return None
    settings = b"\x1b\x1dyS0\x02\x1b\x1dyS1%c\x1b\x1dyS2%c" % (QR_LEVELS[qr.level], qr.module)
    return settings + b"\x1b\x1dyD1\x00" + len(data).to_bytes(2, "little") + data + b"\x1b\x1dyP"
