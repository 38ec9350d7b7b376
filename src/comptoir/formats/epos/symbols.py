"""Barcodes and QR codes of ePOS-Print: their names, escapes and options to those of a ticket, which checks them.

What a symbology cannot hold, or this paper has no room for, is None: a printer leaves it out without an error, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from comptoir.core.errors import FormatError
from comptoir.core.page import Align, Barcode, QrCode
from comptoir.formats.ticket.properties import CodeKind, CodeOptions
from comptoir.formats.ticket.symbols import symbol

#: as the manual says where nothing is given
MODULE: Final = 3
HEIGHT: Final = 162

_KINDS: Final[Mapping[str, CodeKind]] = {
    "upc_a": "upc",
    "upc_e": "upc",
    "ean13": "ean",
    "jan13": "ean",
    "ean8": "ean",
    "jan8": "ean",
    "code39": "code39",
    "itf": "itf",
    "codabar": "codabar",
    "code93": "code93",
    "code128": "code128",
    "code128_auto": "code128",
}
_LEVELS: Final[Mapping[str, Literal["L", "M", "Q", "H"]]] = {
    "level_l": "L",
    "level_m": "M",
    "level_q": "Q",
    "level_h": "H",
}
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(\\))")
#: `{` and the character after it, in the data of Code 128
_CODE128: Final = re.compile(r"\{(.)|(.)", re.DOTALL)


def barcode(data: str, kind: str, size: tuple[int, int], hri: bool, align: Align, room: int) -> Barcode | None:
    """The barcode. size: width of the narrow bar and height in dots; narrower bars where it would not fit otherwise."""
    content = _CONTENTS.get(kind, _unescaped)(data)
    if kind not in _KINDS or content is None:
        return None
    module, height = min(max(size[0], 2), 6), min(max(size[1], 1), 255)
    for narrow in range(module, 1, -1):
        option = CodeOptions(kind=_KINDS[kind], module=narrow, height=height, hri=hri)
        if isinstance(made := _made(content, option, align, room), Barcode):
            return made
    return None


def qr(data: str, level: str, module: int, align: Align, room: int) -> QrCode | None:
    """The QR code, its squares smaller where it would not fit otherwise."""
    for cell in range(min(max(module, 1), 16), 0, -1):
        option = CodeOptions(kind="qrcode", cell=cell, level=_LEVELS.get(level, "M"))
        if isinstance(made := _made(_unescaped(data), option, align, room), QrCode):
            return made
    return None


def _made(data: str, option: CodeOptions, align: Align, room: int) -> Barcode | QrCode | None:
    try:
        return symbol(data, option, align, room)
    except FormatError:
        return None


def _unescaped(data: str) -> str:
    r"""`\xnn` is a character by its number, `\\` a backslash."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\\", data)


def _code128(data: str) -> str | None:
    """The characters that the codes stand for; None where one is a function (FNC1 to FNC4).

    The code set is chosen anew by whoever prints it: it changes the width, not what is read.
    """
    code, shifted, out = "B", False, []
    for escaped, plain in _CODE128.findall(_unescaped(data)):
        if escaped in ("A", "B", "C"):
            code = escaped
        elif escaped == "S":
            shifted = True
        elif escaped and escaped != "{":
            return None
        else:
            character = escaped or plain
            out.append(f"{ord(character):02}" if code == "C" and not shifted and ord(character) < 100 else character)
            shifted = False
    return "".join(out)


def _upc_e(data: str) -> str | None:
    """The 8 digits of the UPC-E that stands for a UPC-A of 11 or 12; None where none does (GS1 7.9)."""
    digits = _unescaped(data)
    if len(digits) < 11:
        return digits
    maker, item = digits[1:6], digits[6:11]
    if maker[2] in "012" and maker[3:] == "00" and item[:2] == "00":
        short = f"{maker[:2]}{item[2:]}{maker[2]}"
    elif maker[3:] == "00" and item[:3] == "000":
        short = f"{maker[:3]}{item[3:]}3"
    elif maker[4] == "0" and item[:4] == "0000":
        short = f"{maker[:4]}{item[4]}4"
    elif item[:4] == "0000" and item[4] in "56789":
        short = f"{maker}{item[4]}"
    else:
        return None
    return f"{digits[0]}{short}{digits[11:]}"


def _code39(data: str) -> str:
    return _unescaped(data).upper()


_CONTENTS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "code128": _code128,
    "upc_e": _upc_e,
    "code39": _code39,
}
