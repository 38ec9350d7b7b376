"""The properties of a ticket that last: how the lines after them are laid out. It knows no paper.

What prints at once (image, code, feed, buzzer) is named here, for the errors, and done by the layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from comptoir.core.errors import FormatError
from comptoir.core.page import Align
from comptoir.formats.ticket.markup import shown

#: More columns than any paper has.
MOST_WIDTHS: Final = 100
#: The width of a column that takes its share of what is free.
FREE: Final = -1

CodeKind = Literal["upc", "ean", "code39", "itf", "codabar", "code93", "code128", "qrcode"]
CODE_KINDS: Final[dict[str, CodeKind]] = {
    "upc": "upc",
    "ean": "ean",
    "jan": "ean",
    "code39": "code39",
    "itf": "itf",
    "codabar": "codabar",
    "nw7": "codabar",
    "code93": "code93",
    "code128": "code128",
    "qrcode": "qrcode",
}


@dataclass(frozen=True, slots=True)
class CodeOptions:
    """How barcodes and QR codes are drawn: bar width, height and the side of a QR cell in dots."""

    kind: CodeKind = "code128"
    module: int = 2
    height: int = 72
    hri: bool = False
    cell: int = 3
    level: Literal["L", "M", "Q", "H"] = "L"


@dataclass(frozen=True, slots=True)
class Settings:
    """What lasts from line to line. `border`: characters between columns. `widths`: empty is one share each."""

    wrap: bool = True
    lines: bool = False
    border: int = 1
    widths: tuple[int, ...] = ()
    align: Align = "center"
    option: CodeOptions = CodeOptions()


def changed(settings: Settings, members: Mapping[str, str]) -> Settings:
    """The settings after a `{…}`. Raises FormatError for a name or value that is not of the language."""
    for name, value in members.items():
        if name in _CHANGES:
            settings = _CHANGES[name](settings, value)
        elif name == "command":
            raise FormatError(
                "{command: …} is not supported: a ticket sends no bytes of its own to the printer.",
                "Remove it. A document in the printer's own language is sent with the format raw.",
            )
        elif name not in PRINTING:
            raise FormatError(
                f"There is no property “{shown(name)}”.", f"Allowed: {', '.join((*_CHANGES, *PRINTING))}."
            )
    return settings


def number(name: str, value: str, least: int, most: int) -> int:
    """A whole number of these bounds. Raises FormatError."""
    if not _NUMBER.fullmatch(value) or not least <= int(value) <= most:
        raise _bad(name, value, f"a number from {least} to {most}")
    return int(value)


_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_SEPARATORS: Final = re.compile(r"[\t ]*,[\t ]*|[\t ]+")


def _bad(name: str, value: str, allowed: str) -> FormatError:
    return FormatError(f"{name} cannot be “{shown(value)}”.", f"Allowed: {allowed}.")


def _text(settings: Settings, value: str) -> Settings:
    if value.lower() not in ("wrap", "nowrap"):
        raise _bad("text", value, "wrap, nowrap")
    return replace(settings, wrap=value.lower() == "wrap")


_BORDERS: Final[dict[str, int]] = {"line": 1, "space": 1, "none": 0, "0": 0, "1": 1, "2": 2}


def _border(settings: Settings, value: str) -> Settings:
    if value.lower() not in _BORDERS:
        raise _bad("border", value, ", ".join(_BORDERS))
    return replace(settings, lines=value.lower() == "line", border=_BORDERS[value.lower()])


def _align(settings: Settings, value: str) -> Settings:
    if value.lower() not in ("left", "center", "right"):
        raise _bad("align", value, "left, center, right")
    return replace(settings, align=cast(Align, value.lower()))


def _width(settings: Settings, value: str) -> Settings:
    allowed = f"auto, or a width for each of up to {MOST_WIDTHS} columns: a number of characters, or * for a share"
    if value.lower() == "auto":
        return replace(settings, widths=())
    words = _SEPARATORS.split(value)
    if len(words) > MOST_WIDTHS or not all(word in ("*", "") or _NUMBER.fullmatch(word) for word in words):
        raise _bad("width", value, allowed)
    return replace(settings, widths=tuple(FREE if word == "*" else int(word or 0) for word in words))


def _option(settings: Settings, value: str) -> Settings:
    """Everything that is not named goes back to its default, as in ReceiptLine."""
    option = CodeOptions()
    numbers: list[int] = []
    for word in _SEPARATORS.split(value.lower()):
        if word in CODE_KINDS:
            option = replace(option, kind=CODE_KINDS[word])
        elif word in ("hri", "nohri"):
            option = replace(option, hri=word == "hri")
        elif word in ("l", "m", "q", "h"):
            option = replace(option, level=cast(Literal["L", "M", "Q", "H"], word.upper()))
        elif _NUMBER.fullmatch(word) and (2 <= int(word) <= 8 or 24 <= int(word) <= 240):
            numbers.append(int(word))
        elif word:
            raise _bad("option", word, _OPTIONS)
    return replace(settings, option=_measured(option, numbers))


_OPTIONS: Final = (
    f"{', '.join(CODE_KINDS)}, hri, nohri, 2 to 4 (bar width), 24 to 240 (height), "
    "3 to 8 (cell of a QR code), l, m, q, h (its level)"
)


def _measured(option: CodeOptions, numbers: list[int]) -> CodeOptions:
    """The options with their numbers: which is which is told by its size, and by the kind of code."""
    small = [given for given in numbers if given <= 8]
    least, most = (3, 8) if option.kind == "qrcode" else (2, 4)
    if small and not any(least <= given <= most for given in small):
        raise _bad("option", str(small[0]), f"{least} to {most} dots for {option.kind}")
    return replace(
        option,
        module=next((given for given in small if given <= 4), option.module),
        cell=next((given for given in small if given >= 3), option.cell),
        height=next((given for given in numbers if given >= 24), option.height),
    )


_CHANGES: Final[dict[str, Callable[[Settings, str], Settings]]] = {
    "text": _text,
    "border": _border,
    "width": _width,
    "align": _align,
    "option": _option,
}

#: What is done where it stands and does not last. feed and buzzer are Comptoir's; ReceiptLine skips them.
PRINTING: Final = ("image", "code", "feed", "buzzer", "comment")
