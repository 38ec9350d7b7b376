"""Barcodes and QR codes of a ticket: that their symbology (`core.symbology`) holds the data is checked here, and that
they fit on the paper. It draws none.
"""

from __future__ import annotations

import re
from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Align, Barcode, BarcodeKind, QrCode
from comptoir.core.symbology import QR_6_BYTES, QR_6_SIDE, QR_BYTES, SYMBOLOGIES, check_digit, upc_e_check_digit
from comptoir.formats.ticket.markup import shown
from comptoir.formats.ticket.properties import CodeOptions

#: Longer ones fit on no receipt, however dense the symbology.
MOST_CHARACTERS: Final = 250


def symbol(data: str, option: CodeOptions, align: Align, dots: int) -> Barcode | QrCode:
    """The code for this data, `dots` being the room for it. Raises FormatError where it cannot hold or fit it."""
    if option.kind == "qrcode":
        return _qr(data, option, align, dots)
    kind, content = _barcode(data, option.kind)
    modules = _modules(kind, content)
    if modules * option.module > dots:
        raise FormatError(
            f"The barcode “{shown(data)}” takes {round(modules * option.module)} dots; there is room for {dots}.",
            "Make its bars narrower (option 2), its data shorter, or use a QR code.",
        )
    return Barcode(kind, content, option.height, option.module, option.hri, align)


def _qr(data: str, option: CodeOptions, align: Align, dots: int) -> QrCode:
    if not data or _CONTROL.search(data):
        raise FormatError("A QR code holds text; of control characters, ends of lines only.", "Correct its data.")
    size = len(data.encode())
    most = QR_BYTES[option.level] - (not data.isascii())
    if size > most:
        raise FormatError(
            f"A QR code of level {option.level} holds {most} bytes; this data has {size}.",
            "Shorten it, or choose a lower level (l is the lowest).",
        )
    least = QR_6_SIDE * option.cell
    small = least <= dots and size <= QR_6_BYTES[option.level] - (not data.isascii())
    side = least if small else _side(data, option.level) * option.cell
    if side > dots:
        raise FormatError(
            f"The QR code takes {side} dots; there is room for {dots}.",
            "Make its cells smaller (option 3), its level lower, or its data shorter.",
        )
    return QrCode(data, option.cell, option.level, align)


_CONTROL: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")


def _side(data: str, level: str) -> int:
    """Squares on a side, as large as the encoder makes it by which large codes are drawn."""
    # Only they pay for it.
    import zxingcpp  # noqa: PLC0415

    encoding = {} if data.isascii() else {"eci": "UTF8"}
    code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level=level, **encoding)
    return int(code.to_image(scale=1, add_quiet_zones=False).shape[0])


#: The symbologies of each kind of code that a ticket names.
_SYMBOLOGIES: Final[dict[str, tuple[BarcodeKind, ...]]] = {
    "ean": ("EAN8", "EAN13"),
    "upc": ("UPC-E", "UPC-A"),
    "code39": ("CODE39",),
    "itf": ("ITF",),
    "codabar": ("CODABAR",),
    "code93": ("CODE93",),
    "code128": ("CODE128",),
}
#: What they hold in a ticket, where that is not just what the symbology holds.
_CONTENT: Final[dict[str, str]] = {
    "ean": "12 or 13 digits (EAN-13), or 7 or 8 (EAN-8)",
    "upc": "11 or 12 digits (UPC-A), or 7 or 8 that begin with 0 (UPC-E)",
    "code93": "ASCII characters: no accents",
    "code128": "ASCII characters: no accents",
}


def _barcode(data: str, kind: str) -> tuple[BarcodeKind, str]:
    """The symbology and the data as printers take it: with its check digit, without start and stop of Code 39."""
    content = data.removeprefix("*").removesuffix("*") if kind == "code39" else data
    symbology = next((each for each in _SYMBOLOGIES[kind] if _holds(each, content)), None)
    if symbology is None or len(data) > MOST_CHARACTERS:
        holds = _CONTENT.get(kind) or SYMBOLOGIES[_SYMBOLOGIES[kind][0]].content
        raise FormatError(f"“{shown(data)}” cannot be a barcode {kind}.", f"It holds {holds}.")
    if SYMBOLOGIES[symbology].digits:
        return symbology, _checked(content, symbology)
    return symbology, content.upper() if symbology == "CODABAR" else content


def _holds(symbology: BarcodeKind, data: str) -> bool:
    """Printable ASCII only; a UPC-E says its number system, which is 0."""
    if not (data.isascii() and data.isprintable() and SYMBOLOGIES[symbology].holds(data)):
        return False
    return symbology != "UPC-E" or (len(data) > 6 and data[0] == "0")


def _checked(digits: str, symbology: BarcodeKind) -> str:
    """The digits with their check digit, which is added where it is missing and must be right where it is not."""
    length = SYMBOLOGIES[symbology].digits
    body, given = digits[:length], digits[length:]
    check = upc_e_check_digit(body) if symbology == "UPC-E" else check_digit(body)
    if given and given != check:
        raise FormatError(
            f"The last digit of {digits} is wrong: it checks the others and must be {check}.",
            "Correct the number, or leave the last digit out: then it is added.",
        )
    return f"{body}{check}"


#: Bars of one width, whatever the digits.
_FIXED: Final[dict[BarcodeKind, int]] = {"EAN13": 95, "EAN8": 67, "UPC-A": 95, "UPC-E": 51}


def _modules(kind: BarcodeKind, data: str) -> float:
    """The width in narrow bars, a wide one being 2.5 of them; of Code 128 the least that its digits allow."""
    count = len(data)
    if kind == "CODE39":
        return (count + 2) * 14.5 - 1
    if kind == "ITF":
        return count * 8 + 8.5
    if kind == "CODABAR":
        return count * 12.5 - 1.5 * sum(letter in "0123456789-$" for letter in data) - 1
    if kind == "CODE93":
        return (count + 4) * 9 + 1
    if kind == "CODE128":
        digits = sum(map(str.isdigit, data))
        return (count - digits + (digits + 1) // 2 + 2) * 11 + 13
    return _FIXED[kind]
