"""Barcodes and QR codes that the printer draws itself, as commands. It draws nothing.

A printer prints nothing at all, and says nothing, where a symbol does not fit the paper or its data are wrong. So
`barcode` and `qr` answer None for what is not certain to be printed: whoever asks draws it (`languages.symbols`), which
knows its width and says what is wrong.
Commands (Epson ESC/POS reference): GS h height, GS w module, GS H text, GS k function B, GS ( k cn 49.
"""

from __future__ import annotations

import re
from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, QrCode
from comptoir.core.symbology import QR_6_BYTES, QR_6_SIDE
from comptoir.languages.barcode_data import widest, without_check_digit
from comptoir.languages.escpos.realtime import obeyed

#: GS k m. UPC-E is drawn: no two printers take the same digits.
_KINDS: Final[dict[str, int]] = {
    "UPC-A": 65,
    "EAN13": 67,
    "EAN8": 68,
    "CODE39": 69,
    "ITF": 70,
    "CODABAR": 71,
    "CODE93": 72,
    "CODE128": 73,
}
_WIDTHS: Final = range(2, 7)  # GS w
_HEIGHTS: Final = range(1, 256)  # GS h
_LONGEST: Final = 255
_CODE128_FRAME: Final = 24  # modules: the check character and the stop; the start is in the data

_LEVELS: Final[dict[str, int]] = {"L": 48, "M": 49, "Q": 50, "H": 51}  # GS ( k cn 49
_SQUARES: Final = range(1, 17)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
#: in a QR code lines may end: those of a bank transfer or an address card do
_CONTROL_IN_QR: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIGITS: Final = re.compile(r"[0-9]{4,}")


def barcode(symbol: Barcode, dots: int) -> bytes | None:
    """The commands, without the alignment; None where it is to be drawn. `dots`: the paper's width.

    Raises FormatError for control characters.
    """
    _refuse_control(symbol.kind, symbol.data, _CONTROL)
    text = without_check_digit(symbol)
    if text is None or symbol.module not in _WIDTHS or symbol.height not in _HEIGHTS:
        return None
    data, width = text.encode(), widest(symbol)
    if symbol.kind == "CODE128":
        data = _code128(text)
        width = (len(data) * 11 + _CODE128_FRAME) * symbol.module
    if width > dots or len(data) > _LONGEST:
        return None
    return b"\x1dh%c\x1dw%c\x1dH%c\x1dk%c%c%b" % (
        symbol.height,
        symbol.module,
        2 if symbol.text else 0,
        _KINDS[symbol.kind],
        len(data),
        data,
    )


def qr(symbol: QrCode, dots: int) -> bytes | None:
    """The commands, without the alignment; None where it is to be drawn. `dots`: the paper's width.

    Raises FormatError for control characters other than the ends of lines.
    """
    _refuse_control("QR code", symbol.data, _CONTROL_IN_QR)
    data = symbol.data.encode("utf-8", "replace")
    if not 0 < len(data) <= QR_6_BYTES[symbol.level] or symbol.module * QR_6_SIDE > dots:
        return None
    if symbol.module not in _SQUARES:
        return None
    return (
        b"\x1d(k\x04\x001A2\x00"  # model 2
        b"\x1d(k\x03\x001C%c"
        b"\x1d(k\x03\x001E%c"
        b"\x1d(k%c\x001P0%b"
        b"\x1d(k\x03\x001Q0"
    ) % (symbol.module, _LEVELS[symbol.level], len(data) + 3, data)


def _refuse_control(kind: str, data: str, control: re.Pattern[str]) -> None:
    if control.search(data):
        raise FormatError(f"A {kind} with control characters is not printed.", "Take them out of its data.")


def _code128(text: str) -> bytes:
    """The data of GS k 73: code set B, and C (two digits a byte) for digits where that is shorter.

    Two digits may be the byte of a real-time request (16 04: DLE EOT); then it stays in B.
    """
    out = bytearray()
    at = 0
    for digits in _DIGITS.finditer(text):
        begin = digits.start() if digits.start() == 0 else digits.start() + (digits.end() - digits.start()) % 2
        end = digits.end() - (digits.end() - begin) % 2
        if end - begin < 4 or (end - begin == 4 and begin and end < len(text)):
            continue
        out += _set_b(text[at:begin]) + b"{C"
        out += bytes(int(text[pair : pair + 2]) for pair in range(begin, end, 2))
        at = end
    out += _set_b(text[at:])
    return _set_b(text) if obeyed(bytes(out)) else bytes(out)


def _set_b(text: str) -> bytes:
    return b"{B" + text.replace("{", "{{").encode() if text else b""
