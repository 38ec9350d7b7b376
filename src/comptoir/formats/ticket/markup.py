"""A line of a ticket: columns of text, a rule, a cut, or properties. It knows no paper and what no property means.

Source: ReceiptLine's grammar (OFSC ReceiptLine Specification).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from comptoir.core.cells import width
from comptoir.core.errors import FormatError
from comptoir.core.page import PLAIN, Align, Style
from comptoir.formats.wrap import clean

BLANKS: Final = " \t"
#: `~`: a space at which no line is broken and which no column sheds; a plain space once it is on paper.
HARD_SPACE: Final = "\u00a0"

#: Width and height by the number of `^`.
SIZES: Final[dict[int, tuple[int, int]]] = {
    1: (2, 1),
    2: (1, 2),
    3: (2, 2),
    4: (3, 3),
    5: (4, 4),
    6: (5, 5),
    7: (6, 6),
}


@dataclass(frozen=True, slots=True)
class Run:
    """Clean text in one style."""

    text: str
    style: Style = PLAIN

    @property
    def cells(self) -> int:
        """The characters of the normal font that it takes."""
        return width(self.text) * self.style.width


@dataclass(frozen=True, slots=True)
class Column:
    """The text of a column, in the lines that its author broke it into with `\\n`."""

    lines: tuple[tuple[Run, ...], ...] = ((),)
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class Text:
    """Columns that stand side by side; at least one."""

    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of a paper."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What stands in `{…}`: names in lower case, not abbreviated, and their values. `align`: of what it prints."""

    members: dict[str, str]
    align: Align


Statement = Text | Rule | Cut | Properties


def statement(line: str) -> Statement:
    """What a line says. Text never fails. Raises FormatError for properties that are not well written."""
    columns = _columns(line.strip(BLANKS))
    only = columns[0].strip(BLANKS)
    if len(columns) == 1 and only and not only.strip("-"):
        return Rule()
    if len(columns) == 1 and only and not only.strip("="):
        return Cut()
    for column in columns:
        if column.lstrip(BLANKS).startswith("{"):
            _check_braces(column.strip(BLANKS), len(columns))
            return Properties(_members(only[1:-1]), _align(columns[0]))
    return Text(tuple(Column(_lines(column.strip(BLANKS)), _align(column)) for column in columns))


_DELIMITED: Final = re.compile(r"(?:\\.|[^\\|]++)++|\|")


def _columns(line: str) -> list[str]:
    """The columns as they are written, with the blanks that align them. The outer pipes are no columns."""
    columns = [""]
    for part in _DELIMITED.findall(line):
        if part == "|":
            columns.append("")
        else:
            columns[-1] += part
    if len(columns) > 1:
        # Text is drawn to the pipe that it touches; an edge of the line that has no pipe draws nothing.
        if columns[0] and columns[0][-1] not in BLANKS:
            columns[0] = f" {columns[0]}"
        if columns[-1] and columns[-1][0] not in BLANKS:
            columns[-1] = f"{columns[-1]} "
        if columns[0] == "":
            del columns[0]
    if len(columns) > 1 and columns[-1] == "":
        del columns[-1]
    return columns


def _align(column: str) -> Align:
    before, after = column[:1] in BLANKS and column != "", column[-1:] in BLANKS and column != ""
    if before == after:
        return "center"
    return "right" if before else "left"


# --- text


_TOKENS: Final = re.compile(r"""\\x([0-9A-Fa-f]{2})|\\(.?)|(\^+)|([_"`])|([^\\^_"`]+)""", re.DOTALL)
_LITERAL: Final = '\\|{}-=~_"`^'


def _lines(element: str) -> tuple[tuple[Run, ...], ...]:
    lines: list[list[Run]] = [[]]
    style = PLAIN
    for code, escaped, carets, mark, plain in _TOKENS.findall(element):
        if carets:
            style = _sized(style, SIZES[min(len(carets), 7)])
        elif mark:
            style = _marked(style, mark)
        elif escaped == "n":
            lines.append([])
        else:
            text = plain.replace("~", HARD_SPACE).replace("\t", " ") if plain else _unescaped(code, escaped)
            if text := clean(text):
                lines[-1].append(Run(text, style))
    if len(lines) > 1 and not lines[-1]:
        lines.pop()  # what ends a line begins none
    return tuple(map(tuple, lines))


def _unescaped(code: str, escaped: str) -> str:
    """The character of an escape in text; none where it is no escape of the language."""
    if code:
        return chr(int(code, 16))
    return escaped if escaped and escaped in _LITERAL else ""


def _sized(style: Style, size: tuple[int, int]) -> Style:
    """The size, or the normal one where it is this size already: a mark ends what it began."""
    across, down = (1, 1) if (style.width, style.height) == size else size
    return replace(style, width=across, height=down)


def _marked(style: Style, mark: str) -> Style:
    if mark == "_":
        return replace(style, underline=not style.underline)
    if mark == '"':
        return replace(style, bold=not style.bold)
    return replace(style, inverse=not style.inverse)


# --- properties

# The quantifiers give nothing back: a picture has megabytes of text.
_PROPERTY: Final = re.compile(r"\{(?:\\.|[^\\{}]++)*+\}")
_PARTS: Final = re.compile(r"(?:\\.|[^\\;]++)++")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VALUE_ESCAPES: Final = re.compile(r"\\x([0-9A-Fa-f]{2})|\\(.?)", re.DOTALL)

ABBREVIATIONS: Final[dict[str, str]] = {
    "a": "align",
    "b": "border",
    "c": "code",
    "i": "image",
    "o": "option",
    "t": "text",
    "w": "width",
    "x": "command",
    "_": "comment",
}


def _check_braces(element: str, columns: int) -> None:
    if not _PROPERTY.fullmatch(element):
        raise FormatError(
            "A property begins with { and ends with } on the same line, and has no other |, { or } in it.",
            "Write \\{ for a brace that is to be printed, and \\|, \\{ or \\} for one inside a property.",
        )
    if columns > 1:
        raise FormatError(
            "A property {…} stands alone on its line, not beside columns.",
            "Give it a line of its own, or write \\{ for a brace that is to be printed.",
        )


def _members(content: str) -> dict[str, str]:
    members: dict[str, str] = {}
    for name, value in _pairs(content):
        if name in members:
            raise FormatError(f"{name} is given twice in one {{…}}.", "Give it once.")
        members[name] = value
    return members


def _pairs(content: str) -> Iterator[tuple[str, str]]:
    for part in _PARTS.findall(content):
        if not part.strip(BLANKS):
            continue
        name, _, value = (piece.strip(BLANKS) for piece in part.partition(":"))
        if not value or not _NAME.fullmatch(name):
            raise FormatError(
                f"“{shown(part)}” is no property.",
                "A property is written {name: value}; several are separated by semicolons.",
            )
        yield ABBREVIATIONS.get(name.lower(), name.lower()), _VALUE_ESCAPES.sub(_value_escape, value)


def _value_escape(match: re.Match[str]) -> str:
    code, escaped = match[1], match[2]
    if code:
        return chr(int(code, 16))
    if escaped == "n":
        return "\n"
    return escaped if escaped and escaped in "\\|{};" else ""


def shown(value: str) -> str:
    """A value as an error quotes it: not longer than a person reads, without control characters."""
    value = clean(value.strip(BLANKS))
    return value if len(value) <= 40 else f"{value[:39]}…"
