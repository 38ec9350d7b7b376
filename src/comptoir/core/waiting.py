"""The books of the files of a folder that wait or have failed: what is said of each, how many, how many bytes. Pure.

What is said of a file, and when it is looked at again, `core.watch` decides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from comptoir.core.intake import Stamp
from comptoir.core.resting import Word
from comptoir.core.timetable import Timetable

#: why a file waits: its bytes are not on this computer, and reading them would fetch them
CLOUD: Final = "cloud"

#: how many files are named where more have the same thing said of them
EXAMPLES: Final = 3


@dataclass(slots=True)
class File:
    """One that waits or has failed, as `word` says. `since`: when it was first seen as it is.

    `known`: the key of what the ledger has at its path. `look`: the look through the folder that saw it last.
    `complete`: nothing of its own keeps it from being taken. `in_hand`: it is being taken.
    """

    stamp: Stamp
    since: int
    word: Word
    known: bytes | None = None
    look: int = 0
    media_type: str = ""
    complete: bool = False
    in_hand: bool = False


@dataclass(slots=True)
class News:
    """How many files the same thing was said of, and the first ones."""

    count: int = 0
    paths: list[str] = field(default_factory=list)


class Waiting:
    """Path → file, and when each is looked at closer."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.counts: Counter[Word] = Counter()
        self.bytes = 0
        self.timetable = Timetable()
        #: what is said now of files of which it was not said before; who tells it in the log empties it
        self.news: dict[Word, News] = {}

    def add(self, path: str, file: File) -> None:
        """One more."""
        self.files[path] = file
        self._count(file, 1)
        self.tell(file.word, path)

    def drop(self, path: str) -> File | None:
        """It waits no more; what it was."""
        file = self.files.pop(path, None)
        if file is not None:
            self._count(file, -1)
            self.timetable.drop(path)
        return file

    def turn(self, path: str, file: File, word: Word) -> None:
        """Say this of it from now on."""
        if file.word != word:
            self._count(file, -1)
            file.word = word
            self._count(file, 1)
            self.tell(word, path)

    def restamp(self, path: str, file: File, stamp: Stamp, now: int) -> None:
        """It is another one now, as far as anybody can tell."""
        self._count(file, -1)
        file.stamp, file.since, file.complete = stamp, now, False
        self._count(file, 1)

    def tell(self, word: Word, path: str) -> None:
        """A line of the log, when somebody asks."""
        told = self.news.setdefault(word, News())
        told.count += 1
        if len(told.paths) < EXAMPLES:
            told.paths.append(path)

    def _count(self, file: File, by: int) -> None:
        self.counts[file.word] += by
        if file.word[0] == "waiting":
            self.bytes += by * file.stamp.size
