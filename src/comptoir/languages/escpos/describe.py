"""A paper as JSON: each element with its place, size and settings. Dots of pictures are told by their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from comptoir.core.page import Picture
from comptoir.languages.escpos.elements import (
    Element,
    Feed,
    Inset,
    Notice,
    Pulse,
    Request,
    Run,
    Sheet,
    Symbol,
    TextLine,
    Unknown,
)
from comptoir.languages.escpos.paper import Paper

_CUTS: Final[dict[int, str]] = {0x69: "full", 0x6D: "partial"}


def described(paper: Paper) -> dict[str, object]:
    """The paper and its elements in order; `cut` is null where none came."""
    return {
        "text": paper.text,
        "partial": paper.partial,
        "truncated": paper.truncated,
        "end": paper.end,
        "cut": _cut(paper.cut),
        "elements": [_element(element) for element in paper.elements],
    }


def _cut(command: bytes) -> dict[str, object] | None:
    """ESC i and ESC m, else GS V: an odd m is a partial cut; 65 and more feed first."""
    if not command:
        return None
    if command[:2] != b"\x1dV":
        return {"kind": _CUTS[command[1]], "command": command.hex(" ")}
    mode, feed = command[2], command[3:4]
    # 65 feeds and cuts fully, 66 partially; 0 and 48 are full, 1 and 49 partial.
    partial = mode in (1, 49, 66, 98, 104)
    told: dict[str, object] = {"kind": "partial" if partial else "full", "command": command.hex(" ")}
    return told | {"feed": feed[0]} if feed else told


def _element(element: Element) -> dict[str, object]:
    """`kind`, and what the element holds."""
    return _DESCRIBED[type(element)](element)


def _line(line: TextLine) -> dict[str, object]:
    told: dict[str, object] = {
        "kind": "line",
        "text": line.text,
        "align": line.align,
        "margin": line.margin,
        "spacing": line.spacing,
        "height": line.height,
        "runs": [_run(run) for run in line.runs],
    }
    if line.insets:
        told["pictures"] = [_inset(inset) for inset in line.insets]
    return told | {"upside_down": True} if line.flipped else told


def _run(run: Run) -> dict[str, object]:
    """Only what is not as usual is named, besides the text, its place and its weight."""
    style, look = run.style, run.look
    told: dict[str, object] = {
        "text": run.text,
        "at": run.at,
        "font": "kanji" if look.wide else "B" if run.small else "A",
        "bold": style.bold,
        "width": style.width,
        "height": style.height,
    }
    if style.underline:
        told["underline"] = look.thickness
    unusual = {"inverse": style.inverse, "red": look.red, "italic": look.italic, "turned": look.turned}
    return told | {name: True for name, value in unusual.items() if value}


def _inset(inset: Inset) -> dict[str, object]:
    return _picture(inset.picture) | {"at": inset.at}


def _picture(picture: Picture) -> dict[str, object]:
    return {
        "kind": "picture",
        "width": picture.width,
        "height": picture.height,
        "align": picture.align,
        "sha256": hashlib.sha256(picture.bits).hexdigest(),
    }


def _symbol(symbol: Symbol) -> dict[str, object]:
    from comptoir.languages.escpos.symbol_image import problem  # noqa: PLC0415 - Pillow, for symbols only

    told: dict[str, object] = {
        "kind": "symbol",
        "symbol": symbol.kind,
        "data": symbol.data,
        "align": symbol.align,
        "module": symbol.module,
    }
    if symbol.height:
        told["height"] = symbol.height
    if symbol.hri != "none":
        told["hri"] = symbol.hri
    told |= dict(symbol.options)
    wrong = problem(symbol)
    return told | {"problem": wrong} if wrong else told


def _feed(feed: Feed) -> dict[str, object]:
    return {"kind": "feed", "dots": feed.dots}


def _pulse(pulse: Pulse) -> dict[str, object]:
    return {"kind": "drawer", "pin": pulse.pin, "on_ms": pulse.on_ms, "off_ms": pulse.off_ms}


def _request(request: Request) -> dict[str, object]:
    return {"kind": "request", "command": request.command.hex(" ")}


def _notice(notice: Notice) -> dict[str, object]:
    return {"kind": "notice", "what": notice.what, "command": notice.command.hex(" ")}


def _unknown(unknown: Unknown) -> dict[str, object]:
    return {"kind": "unknown", "code": unknown.code.hex(" "), "at": unknown.at, "why": unknown.why}


def _sheet(sheet: Sheet) -> dict[str, object]:
    return {
        "kind": "page",
        "height": sheet.height,
        "areas": [
            {
                "left": area.left,
                "top": area.top,
                "width": area.width,
                "height": area.height,
                "degrees": area.turns * 90,
                "elements": [
                    _element(placed.element) | {"left": placed.left, "base": placed.base} for placed in area.placed
                ],
            }
            for area in sheet.areas
        ],
    }


_DESCRIBED: Final[dict[type, Callable[..., dict[str, object]]]] = {
    TextLine: _line,
    Picture: _picture,
    Feed: _feed,
    Symbol: _symbol,
    Pulse: _pulse,
    Unknown: _unknown,
    Notice: _notice,
    Request: _request,
    Sheet: _sheet,
}
