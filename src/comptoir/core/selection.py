"""Which names of a watched folder are taken, and which file says that another one is complete. Pure: names, no files.

Case is ignored, and so is how é is written. A pattern with / in it is held against the whole path, another against the
name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import translate
from typing import Final
from unicodedata import normalize

#: never taken: what is being written, what systems and programs leave beside files, what is hidden (our own included)
ALWAYS: Final = (
    "*.part", "*.partial", "*.crdownload", "*.tmp", "~$*", ".~lock*", ".DS_Store", ".*", "Thumbs.db", "desktop.ini",
)  # fmt: skip

#: the rules that are no pattern, as `Selection.ignored` and the folder's state name them
UNMATCHED: Final = "match"  # none of the folder's patterns fits its name
MARKER: Final = "marker"  # it only says that another file is complete


class Selection:
    """The names of one folder that are taken.

    `match`, `ignore`: shell patterns. `marker`: "" for none; "{file}.ok" beside each file ({name}: without its
    extension); a plain name in the directory that it closes.
    """

    def __init__(self, match: Sequence[str] = ("*",), ignore: Sequence[str] = (), marker: str = "") -> None:
        self._rules = [(pattern, _compiled((pattern,))) for pattern in (*ALWAYS, *ignore)]
        # One look tells for nearly every name that no rule fits it.
        self._any = _compiled((*ALWAYS, *ignore))
        self._match = _compiled(match)
        self._all = "*" in match
        self.marker = marker
        self._is_marker = _compiled((re.sub(r"\{(file|name)\}", "*", marker),)) if marker else None

    def ignored(self, path: str) -> str:
        """The rule by which the file at this path (relative, with /) is not taken; "" where it is one to take."""
        texts = _texts(path)
        if self._any.search(texts):
            return next((pattern for pattern, rule in self._rules if rule.search(texts)), "")
        if self._is_marker is not None and self._is_marker.search(texts):
            return MARKER
        return "" if self._all or self._match.search(texts) else UNMATCHED

    def skipped(self, directory: str) -> str:
        """The rule by which this directory is not looked into; "" where it is."""
        texts = _texts(directory)
        if not self._any.search(texts):
            return ""
        return next((pattern for pattern, rule in self._rules if rule.search(texts)), "")

    def marker_of(self, path: str) -> str:
        """Where the marker of this file, or of the directory that is one unit, is to be. As `folded` writes it."""
        folder, slash, name = path.rpartition("/")
        stem = name.rpartition(".")[0] or name
        told = self.marker.replace("{file}", name).replace("{name}", stem)
        return folded(f"{folder}{slash}{told}")

    def marker_of_lot(self, directory: str) -> str:
        """Beside the directory where its name is in the marker's, in it where the marker is a plain name."""
        return self.marker_of(directory if "{" in self.marker else f"{directory}/*")


def folded(text: str) -> str:
    """As names are compared: é is one character, case is nothing. Some systems write é as two."""
    return text.casefold() if text.isascii() else normalize("NFC", text).casefold()


def _texts(path: str) -> str:
    """What patterns are held against: the name, and after a NUL, which no name has, the whole path."""
    path = folded(path)
    return f"{path.rpartition('/')[2]}\0{path}"


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    parts = []
    for pattern in patterns:
        # translate ends with \Z and lets . be a line's end, too
        expression = translate(folded(pattern)).removesuffix(r"\Z")
        parts.append(rf"\0{expression}\Z" if "/" in pattern else rf"\A{expression}\0")
    return re.compile("|".join(parts) or r"(?!)")
