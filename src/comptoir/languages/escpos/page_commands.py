"""Commands of page mode: what each of them does to the head. The page itself is `page_mode`'s.

Source: Epson ESC/POS command reference, ESC L, ESC S, ESC T, ESC W, GS $, GS \\, FF, ESC FF, CAN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from comptoir.languages.escpos.head import Head


def _enter(head: Head, code: bytes, body: bytes) -> None:
    if not head.page.on:
        head.end_line()
        head.page.start()
        head.composer.area.set_page(head.page.across)


def _leave(head: Head, code: bytes, body: bytes) -> None:
    """ESC S: without printing."""
    head.leave_page()


def _print(head: Head, code: bytes, body: bytes) -> None:
    """FF, and ESC FF, after which the page is still there."""
    if not head.page.on:
        head.end_line()
        return
    head.print(head.composer.flush(keep=True))
    sheet = head.page.print()
    if code == b"\x0c":
        head.leave_page()
    if sheet is not None:
        head.add(sheet, head.page.weight)


def _set(head: Head, code: bytes, body: bytes) -> None:
    """ESC W, ESC T, GS $, GS \\, CAN: nothing in standard mode."""
    page, composer = head.page, head.composer
    if not page.on:
        return
    if code == b"\x18":
        composer.drop()
        page.cancel()
        return
    across = code in (b"\x1d$", b"\x1d\\")
    head.print(composer.flush(keep=across))
    if code == b"\x1bW":
        left, top, width, height = (int.from_bytes(body[at : at + 2], "little") for at in (0, 2, 4, 6))
        page.set_area(left, top, width, height)
    elif code == b"\x1bT":
        page.set_direction(body[0])
    else:
        relative = code == b"\x1d\\"
        number = int.from_bytes(body, "little", signed=relative)
        page.set_height(composer.area.down(number), relative=relative)
    composer.area.set_page(page.across)


HANDLERS: Final[dict[bytes, Callable[[Head, bytes, bytes], None]]] = {
    b"\x0c": _print,
    b"\x18": _set,
    b"\x1b\x0c": _print,
    b"\x1bL": _enter,
    b"\x1bS": _leave,
    b"\x1bT": _set,
    b"\x1bW": _set,
    b"\x1d$": _set,
    b"\x1d\\": _set,
}
