"""Commands for pictures, stored graphics and symbols: what each of them does to the head. It draws nothing.

Source: Epson ESC/POS command reference, ESC *, GS v 0, GS Q 0, FS p, FS q, GS *, GS /, GS ( L, GS 8 L, GS k, GS ( k,
GS h, GS w, GS H, GS f; ESC Z: manuals of Chinese printers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from comptoir.core.page import Picture
from comptoir.languages.escpos import graphics
from comptoir.languages.escpos.elements import Symbol
from comptoir.languages.escpos.graphics_memory import ASKS
from comptoir.languages.escpos.head import Head


def stored(head: Head, code: bytes, body: bytes, block: bytes) -> None:
    """GS ( L and GS 8 L: pictures that are stored, then printed; `block` is what follows their length."""
    if len(block) > 1 and block[1] in ASKS:
        head.ask(code, body[:16])
        return
    done = head.memory.obey(block, head.composer.align)
    if isinstance(done, Picture):
        head.place(done)
    elif not done:
        head.report(code + body[:1], "not understood")


def matrix(head: Head, code: bytes, body: bytes, block: bytes) -> None:
    """GS ( k; `block` is what follows its length."""
    done = head.symbols.matrix(block, head.composer.align) if len(block) >= 2 else "bad"
    if isinstance(done, Symbol):
        head.place(done)
    elif done == "ask":
        head.ask(code, body)
    elif done == "bad":
        head.report(code + body[:1] + block[:2], "not understood")


def _raster(head: Head, code: bytes, body: bytes) -> None:
    if body[0] not in (0, 48):
        head.report(code + body[:1], "not understood")
        return
    make = graphics.raster if code == b"\x1dv" else graphics.tall_columns
    head.place(make(body, head.composer.align))


def _columns(head: Head, code: bytes, body: bytes) -> None:
    picture = graphics.columns(body, head.composer.align)
    if picture is not None:
        head.print(head.composer.band(picture))


def _define_logos(head: Head, code: bytes, body: bytes) -> None:
    if not head.memory.define_logos(body):
        head.report(code, "memory full")


def _logo(head: Head, code: bytes, body: bytes) -> None:
    head.place(head.memory.logo(body[0], body[1], head.composer.align))


def _define_bit_image(head: Head, code: bytes, body: bytes) -> None:
    head.memory.define_bit_image(body)


def _bit_image(head: Head, code: bytes, body: bytes) -> None:
    head.place(head.memory.bit_image(body[0], head.composer.align))


def _barcode(head: Head, code: bytes, body: bytes) -> None:
    symbol = head.symbols.barcode(body, head.composer.align)
    if symbol is None:
        head.report(code + body[:1], "not known")
    head.place(symbol)


def _clone_qr(head: Head, code: bytes, body: bytes) -> None:
    head.place(head.symbols.clone_qr(body, head.composer.align))


def _bars(head: Head, code: bytes, body: bytes) -> None:
    """GS h, GS w, GS H, GS f."""
    number = body[0]
    if code == b"\x1dh":
        head.symbols.height = number or 1
    elif code == b"\x1dw":
        head.symbols.module = min(number, 6) if number > 0 else 1
    elif code == b"\x1dH":
        head.symbols.hri = number
    else:
        head.symbols.hri_small = number in (1, 49)


def _long_block(head: Head, code: bytes, body: bytes) -> None:
    if body[:1] == b"L":
        stored(head, code, body, body[5:])
    else:
        head.report(code + body[:1], "not known")


HANDLERS: Final[dict[bytes, Callable[[Head, bytes, bytes], None]]] = {
    b"\x1b*": _columns,
    b"\x1bZ": _clone_qr,
    b"\x1cp": _logo,
    b"\x1cq": _define_logos,
    b"\x1d*": _define_bit_image,
    b"\x1d/": _bit_image,
    b"\x1d8": _long_block,
    b"\x1dH": _bars,
    b"\x1dQ": _raster,
    b"\x1df": _bars,
    b"\x1dh": _bars,
    b"\x1dk": _barcode,
    b"\x1dv": _raster,
    b"\x1dw": _bars,
}
