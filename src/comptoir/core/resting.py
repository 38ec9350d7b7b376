"""The files of a watched folder about which nothing is to be done: taken, ignored, or left alone.

There may be 100,000 of them, seen at each scan: a file is 26 bytes here, and one look says that it is as it was. Pure.
`matches` only reads, so the thread that scans may ask it while the event loop changes other files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from struct import Struct
from typing import Final

from comptoir.core.intake import Stamp

Word = tuple[str, str]
"""What is said of a file: ("taken", ""), ("ignored", "*.part") …, and those that are known but do not lie there."""

TAKEN: Final[Word] = ("taken", "")
#: in the ledger, and not seen since the start
UNSEEN: Final[Word] = ("unseen", "")
#: in the ledger, and not there when the folder was last looked through
AWAY: Final[Word] = ("away", "")
#: the rule of files that lay there before the folder was watched, and such files while they do not lie there
EXISTING: Final = "existing"
LEFT: Final[Word] = ("left", "")
#: the rule of what this station itself has put into the folder: it would be delivered again and again
OURS: Final = "this station has put it there"
#: what is left alone for good, whatever routes come to say
LEFT_ALONE: Final[frozenset[Word]] = frozenset({LEFT, ("ignored", EXISTING), ("ignored", OURS)})

_ABSENT: Final = frozenset({UNSEEN, AWAY, LEFT})
_KEY: Final = Struct("<qqq")
_INODE: Final = 16  # where it begins in a key
_MASK: Final = (1 << 63) - 1  # some file systems say more than fits


class Resting:
    """Path → stamp and word. `inodes`: whether a file keeps its inode here; else only size and time are compared."""

    def __init__(self, inodes: bool = True) -> None:
        self._inodes = inodes
        self._files: dict[str, bytes] = {}
        self._words: list[Word] = []
        self._numbers: dict[Word, bytes] = {}
        self.counts: Counter[Word] = Counter()

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, path: str) -> bool:
        return path in self._files

    @property
    def lying(self) -> int:
        """How many of them lie there."""
        return len(self._files) - sum(self.counts[word] for word in _ABSENT)

    def key(self, stamp: Stamp) -> bytes:
        """The stamp as it is compared."""
        inode = stamp.inode & _MASK if self._inodes else 0
        return _KEY.pack(min(stamp.size, _MASK), stamp.mtime_ns & _MASK, inode)

    def put(self, path: str, key: bytes, word: Word) -> None:
        """`key`: of its stamp."""
        self.drop(path)
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._words).to_bytes(2, "little")
            self._words.append(word)
        self._files[path] = key + number
        self.counts[word] += 1

    def drop(self, path: str) -> None:
        """It is not known any more, if it was."""
        value = self._files.pop(path, None)
        if value is not None:
            self.counts[self._word(value)] -= 1

    def word(self, path: str) -> Word | None:
        """What is said of it; None: it is not at rest."""
        value = self._files.get(path)
        return None if value is None else self._word(value)

    def key_of(self, path: str) -> bytes:
        """The key under which it is kept. Raises KeyError."""
        return self._files[path][:-2]

    def is_at(self, path: str, key: bytes) -> bool:
        """Whether it is at rest with this key."""
        value = self._files.get(path)
        return value is not None and self._is(value, key)

    def matches(self, path: str, stamp: Stamp) -> bool:
        """Whether it is at rest, and lies there as it did."""
        value = self._files.get(path)
        return value is not None and self._is(value, self.key(stamp)) and self._word(value) not in _ABSENT

    def words(self) -> Iterator[tuple[str, Word]]:
        """(path, word) of every one."""
        for path, value in self._files.items():
            yield path, self._word(value)

    def all(self) -> Iterator[tuple[str, Word, int, int]]:
        """(path, word, size, mtime_ns) of those that lie there."""
        for path, value in self._files.items():
            word = self._word(value)
            if word not in _ABSENT:
                size, mtime_ns, _ = _KEY.unpack(value[:-2])
                yield path, word, size, mtime_ns

    def absent(self, seen: set[str]) -> list[str]:
        """Those that are not among these paths."""
        return [path for path in self._files if path not in seen]

    def _is(self, value: bytes, key: bytes) -> bool:
        """What is left alone was never read, and cannot be told by its content when its folder has moved to another
        disk: its inode does not count."""
        return value[:-2] == key or (value[:_INODE] == key[:_INODE] and self._word(value) in LEFT_ALONE)

    def _word(self, value: bytes) -> Word:
        return self._words[int.from_bytes(value[-2:], "little")]
