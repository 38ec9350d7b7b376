"""Backslashes in the configuration's text: between double quotes they are no part of a Windows path. It only looks.

TOML and `.env` files read “C:\\temp\\new” between double quotes as a tab and a new line (TOML 1.0, Strings); other
letters after a backslash are an error that names no path. Both are said here in a sentence that helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

#: said of such a value; the key or the line stands before it
SENTENCE: Final = "a backslash between double quotes does not mean itself"
HINT: Final = r"Write / instead of \, or put the text between single quotes. Nothing was started or changed."

#: the beginning of a path or of a device, and later a character that no path has; not “T: 05 61 …” in a letter
_BROKEN: Final = re.compile(
    r"(?:move:)?(?:[A-Za-z]:(?=[/\\\x00-\x1f])|\\|(?:file|serial|winspool):)[^\x00-\x1f]*[\x00-\x1f]"
)
#: a value between double quotes with a backslash in it that does not stand for one
_SINGLE: Final = re.compile(r'=[^#"\']*"(?:[^"\\]|\\\\)*\\[^\\]')
_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


def broken_line(text: str, error: str) -> int | None:
    """The line of which TOML's reader says this error, where a backslash is the likely reason; None: it is not."""
    found = _LINE.search(error)
    lines = text.splitlines()
    if found is None or int(found[1]) > len(lines):
        return None
    return int(found[1]) if _SINGLE.search(f"{lines[int(found[1]) - 1]}\n") else None


def broken_values(tree: Mapping[str, object]) -> Iterator[str]:
    """The keys, as $.source[0].path, of paths in which a backslash has become something else."""
    yield from _within("$", tree)


def _within(where: str, value: object) -> Iterator[str]:
    if isinstance(value, str) and _BROKEN.match(value):
        yield where
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _within(f"{where}.{key}", inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _within(f"{where}[{index}]", inner)
