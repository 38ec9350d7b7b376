"""The options of a job as CUPS gives them to its backends, in one text (cupsParseOptions of <cups/cups.h>). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: what an archive wants to know of a job: how it was to look on paper
WORDS: Final = (
    "sides", "media", "media-source", "media-type", "print-scaling", "print-color-mode", "print-quality", "output-bin",
    "page-ranges", "orientation-requested", "number-up", "finishings", "job-sheets", "job-billing", "resolution",
)  # fmt: skip

_SPACE: Final = " \t\r\n\f\v"


def parse(text: str) -> dict[str, str]:
    """Name → value: sides=two-sided-long-edge copies=2 job-name='of two words' nofit. Never raises.

    A value in quotes has them taken off; in it, and in one without, a backslash keeps the next character as it is. A
    collection keeps its braces. A name alone is true, and false where it begins with “no”. The last one counts.
    """
    options: dict[str, str] = {}
    at, end = 0, len(text)
    while at < end:
        if text[at] in _SPACE:
            at += 1
            continue
        start = at
        while at < end and text[at] not in _SPACE and text[at] != "=":
            at += 1
        name = text[start:at]
        if at < end and text[at] == "=":
            value, at = _value(text, at + 1)
            options[name] = value
        elif name.lower().startswith("no") and len(name) > 2:
            options[name[2:]] = "false"
        else:
            options[name] = "true"
    options.pop("", None)
    return options


def attributes_of(options: Mapping[str, str], **known: str) -> dict[str, str]:
    """The attributes of a print: those of its options that tell how it looked, and what else is known of it.

    known: its names with _ for -.
    """
    told = {name.replace("_", "-"): value for name, value in known.items()}
    found = {name: options.get(name, "") for name in WORDS} | told
    return {name: value for name, value in found.items() if value}


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins here, and where it ends. Quotes and braces may hold spaces."""
    found: list[str] = []
    quote, depth = "", 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and at + 1 < len(text):
            at += 1
            found.append(text[at])
        elif quote:
            if letter == quote:
                quote = ""
            else:
                found.append(letter)
        elif letter in "'\"":
            quote = letter
        elif not depth and letter in _SPACE:
            break
        else:
            depth = max(0, depth + (letter == "{") - (letter == "}"))
            found.append(letter)
        at += 1
    return "".join(found), at
