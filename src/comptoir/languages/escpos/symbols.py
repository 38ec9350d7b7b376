"""Barcodes and matrix symbols as a stream orders them: GS k, GS ( k and ESC Z with all their settings.

What comes out is a `Symbol`: what it says and how large. It is encoded where it is drawn. Source: Epson ESC/POS
command reference, GS k, GS ( k functions 065 to 781; ESC Z: manuals of Chinese printers.
"""

from __future__ import annotations

from typing import Final, Literal

from comptoir.core.page import Align
from comptoir.core.symbology import check_digit
from comptoir.languages.escpos.commands import BARCODES, SYMBOLS
from comptoir.languages.escpos.elements import Symbol
from comptoir.languages.escpos.gs1 import FNC1, bracketed

_HRI: Final[dict[int, Literal["none", "above", "below", "both"]]] = {
    0: "none", 1: "above", 2: "below", 3: "both", 48: "none", 49: "above", 50: "below", 51: "both",
}  # fmt: skip
_HEIGHT: Final = 162
_WIDTH: Final = 3

#: cn, fn -> the name of what its one parameter sets
_SETTINGS: Final[dict[tuple[int, int], str]] = {
    (48, 65): "columns",
    (48, 66): "rows",
    (48, 67): "module",
    (48, 68): "height",
    (48, 70): "truncated",
    (49, 65): "model",
    (49, 67): "module",
    (49, 69): "level",
    (50, 65): "mode",
    (51, 67): "module",
    (52, 67): "module",
    (52, 72): "hri",
    (54, 66): "shape",
    (54, 67): "module",
    (55, 66): "compact",
    (55, 67): "module",
    (55, 69): "level",
}
_STORE: Final = 80
_PRINT: Final = 81
_ASK: Final = 82
_PART: Final = 256

_STACKED: Final[dict[int, str]] = {72: "Stacked", 73: "Stacked Omnidirectional", 76: "Expanded Stacked"}


class Symbols:
    """The settings for symbols, and the data that is stored to be printed."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """ESC @."""
        self.height, self.module, self.hri, self.hri_small = _HEIGHT, _WIDTH, 0, False
        self._set: dict[tuple[int, str], int] = {}
        self._data: dict[int, bytes] = {}

    def barcode(self, body: bytes, align: Align) -> Symbol | None:
        """GS k. None: a kind that is not known."""
        kind = BARCODES.get(body[0])
        if kind is None:
            return None
        data = body[1:].partition(b"\0")[0] if body[0] <= 6 else body[2:]
        text, content = _barcode_text(kind, data)
        return Symbol(
            kind,
            text,
            align,
            content=content,
            module=self.module,
            height=self.height,
            hri=_HRI.get(self.hri, "none"),
            hri_small=self.hri_small,
        )

    def matrix(self, block: bytes, align: Align) -> Symbol | Literal["ask", "done", "bad"]:
        """GS ( k, from cn on: a symbol to be printed; "ask": its size is wanted; "bad": not understood."""
        kind, function = block[0], block[1]
        if function == _STORE:
            # Each part of a composite is stored for itself: 48 the bars, 49 what stands above them.
            self._data[kind if kind != 52 else _PART + block[3] % 2 if len(block) > 3 else 0] = block[3:]
        elif function == _ASK:
            return "ask"
        elif function == _PRINT:
            return self._stored(kind, align) or "bad"
        elif (kind, function) == (48, 69) and len(block) > 3:
            self._set[48, "ratio" if block[2] == 49 else "level"] = block[3]
        elif len(block) > 2 and (kind, function) in _SETTINGS:
            self._set[kind, _SETTINGS[kind, function]] = block[2]
        elif function != 71:  # the greatest width of an expanded symbol is left to the encoder
            return "bad"
        return "done"

    def _stored(self, kind: int, align: Align) -> Symbol | None:
        data = self._composite() if kind == 52 else self._data.get(kind)
        if kind not in SYMBOLS or not data:
            return None
        name, content = SYMBOLS[kind], data
        if kind == 51:
            name, content = f"{name} {_STACKED.get(data[0], '')}".rstrip(), data[1:]
        default = 3 if kind != 51 else 2
        options = {name: value for (cn, name), value in self._set.items() if cn == kind}
        module = max(min(options.pop("module", default), 16), 1)
        return Symbol(
            name,
            _read(content),
            align,
            content=content,
            module=module,
            height=options.pop("height", 3 if kind == 48 else 0),
            options=tuple(sorted(options.items())),
        )

    def _composite(self) -> bytes:
        """Both parts as the symbol's data are written: the bars, a stroke, what stands above them."""
        parts = [self._data.get(_PART + part, b"")[2:] for part in (0, 1)]
        return b"|".join(part for part in parts if part)

    @staticmethod
    def clone_qr(body: bytes, align: Align) -> Symbol:
        """ESC Z m n k dL dH d…: n the level (a letter, or 1 to 4), k the module."""
        data = body[5:]
        level = body[1] if body[1] in b"LMQH" else 48 + max(min(body[1], 4) - 1, 0)
        return Symbol(
            "QR",
            _read(data),
            align,
            content=data,
            module=max(min(body[2], 16), 1),
            options=(("level", chr(level) if level > 60 else level),),
        )


def _read(data: bytes) -> str:
    """Most streams have UTF-8 in symbols, others Latin-1."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


#: digits of a code whose check digit the printer is to add
_WITHOUT_CHECK_DIGIT: Final = {"EAN13": 12, "EAN8": 7, "UPC-A": 11}


def _barcode_text(kind: str, data: bytes) -> tuple[str, str]:
    """What is read under the bars, and what is encoded where that is something else."""
    if kind == "CODE128" and data[:1] == b"{":
        text = _code_sets(data)
        return text.replace(FNC1, ""), bracketed(text[1:]) if text.startswith(FNC1) else text
    text = data.decode("latin-1")
    if kind == "GS1-128":
        text = text.replace("{1", FNC1)
        content = bracketed(text.lstrip(FNC1))
        return content, content
    if kind == "CODE39":
        text = text.strip("*")
    if len(text) == _WITHOUT_CHECK_DIGIT.get(kind) and text.isdecimal():
        text += check_digit(text)  # the printer adds it
    return text, text


def _code_sets(data: bytes) -> str:
    """CODE128 with its code sets: {A {B {C switch, {S shifts, {1 is FNC1, {{ a brace. In set C a byte is two
    digits."""
    out: list[str] = []
    digits = False
    at = 0
    while at < len(data):
        byte = data[at]
        at += 1
        if byte == 0x7B and at < len(data):
            command = data[at]
            at += 1
            if command in b"ABC":
                digits = command == 0x43
            elif command == 0x31:
                out.append(FNC1)
            elif command == 0x7B:
                out.append("{")
        else:
            out.append(f"{byte:02d}" if digits and byte < 100 else chr(byte))
    return "".join(out)
