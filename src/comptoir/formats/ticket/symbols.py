"""Barcodes and QR codes of a ticket: what a symbology can hold is checked here, and that it fits on the paper.

It draws none. Sources: GS1 General Specifications (EAN, UPC), ISO/IEC 16388 (Code 39), 16390 (ITF), 15417 (Code 128),
AIM USS-93, EN 798 (Codabar), ISO/IEC 18004 (QR).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Align, Barcode, BarcodeKind, QrCode
from comptoir.formats.ticket.markup import shown
from comptoir.formats.ticket.properties import CodeOptions

#: Bytes that the largest QR code holds, by level; one less of text beyond ASCII, which must say that it is UTF-8 (ECI).
QR_BYTES: Final = {"L": 2953, "M": 2331, "Q": 1663, "H": 1273}
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
    least = _SMALL_SIDE * option.cell
    side = least if size <= _SMALL_BYTES and least <= dots else _side(data, option.level) * option.cell
    if side > dots:
        raise FormatError(
            f"The QR code takes {side} dots; there is room for {dots}.",
            "Make its cells smaller (option 3), its level lower, or its data shorter.",
        )
    return QrCode(data, option.cell, option.level, align)


#: Version 6 holds so many bytes at every level, of UTF-8 too: most codes need no closer look.
_SMALL_BYTES: Final = 57
_SMALL_SIDE: Final = 41
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")


def _side(data: str, level: str) -> int:
    """Squares on a side, as large as the encoder makes it by which large codes are drawn."""
    # Only they pay for it.
    import zxingcpp  # noqa: PLC0415

    encoding = {} if data.isascii() else {"eci": "UTF8"}
    code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level=level, **encoding)
    return int(code.to_image(scale=1, add_quiet_zones=False).shape[0])


@dataclass(frozen=True, slots=True)
class _Symbology:
    pattern: re.Pattern[str]
    holds: str


_ASCII: Final = re.compile(r"[ -~]+")

_SYMBOLOGIES: Final[dict[str, _Symbology]] = {
    "ean": _Symbology(re.compile(r"[0-9]{7,8}|[0-9]{12,13}"), "12 or 13 digits (EAN-13), or 7 or 8 (EAN-8)"),
    "upc": _Symbology(
        re.compile(r"0[0-9]{6,7}|[0-9]{11,12}"), "11 or 12 digits (UPC-A), or 7 or 8 that begin with 0 (UPC-E)"
    ),
    "code39": _Symbology(re.compile(r"\*?[0-9A-Z. $/+%-]+\*?"), "digits, capital letters, space and - . $ / + %"),
    "itf": _Symbology(re.compile(r"(?:[0-9]{2})+"), "an even number of digits"),
    "codabar": _Symbology(
        re.compile(r"[A-Da-d][0-9$:/.+-]+[A-Da-d]"), "digits and - $ : / . + between two of the letters A, B, C, D"
    ),
    "code93": _Symbology(_ASCII, "ASCII characters: no accents"),
    "code128": _Symbology(_ASCII, "ASCII characters: no accents"),
}


def _barcode(data: str, kind: str) -> tuple[BarcodeKind, str]:
    """The symbology and the data as printers take it: with its check digit, without start and stop of Code 39."""
    symbology = _SYMBOLOGIES[kind]
    if not symbology.pattern.fullmatch(data) or len(data) > MOST_CHARACTERS:
        raise FormatError(f"“{shown(data)}” cannot be a barcode {kind}.", f"It holds {symbology.holds}.")
    if kind == "ean":
        return ("EAN8", _checked(data, 8)) if len(data) <= 8 else ("EAN13", _checked(data, 13))
    if kind == "upc":
        return ("UPC-E", _checked(data, 8, _upc_a)) if len(data) <= 8 else ("UPC-A", _checked(data, 12))
    if kind == "code39":
        return "CODE39", data.strip("*")
    if kind == "codabar":
        return "CODABAR", data.upper()
    return _SAME[kind], data


_SAME: Final[dict[str, BarcodeKind]] = {"itf": "ITF", "code93": "CODE93", "code128": "CODE128"}


def _checked(digits: str, length: int, spelled_out: Callable[[str], str] = str) -> str:
    """The digits with their check digit, which is added where it is missing and must be right where it is not."""
    body = digits[: length - 1]
    check = _check_digit(spelled_out(body))
    if len(digits) == length and digits[-1] != check:
        raise FormatError(
            f"The last digit of {digits} is wrong: it checks the others and must be {check}.",
            "Correct the number, or leave the last digit out: then it is added.",
        )
    return f"{body}{check}"


def _check_digit(body: str) -> str:
    """GS1's check digit: weights 3 and 1 from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _upc_a(body: str) -> str:
    """The 11 digits that a UPC-E of 7 (without check digit) stands for."""
    system, digits, last = body[0], body[1:6], body[6]
    if last in "012":
        return f"{system}{digits[:2]}{last}0000{digits[2:]}"
    if last == "3":
        return f"{system}{digits[:3]}00000{digits[3:]}"
    if last == "4":
        return f"{system}{digits[:4]}00000{digits[4]}"
    return f"{system}{digits}0000{last}"


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
