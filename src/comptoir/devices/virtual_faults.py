"""What can be wrong with a virtual printer, from the start or after some more lines of paper. It breaks nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from comptoir.core.errors import RequestError

FAULTS: Final[dict[str, str]] = {
    "paper": "no paper: says so, prints what it got when paper is back",
    "cover": "the cover is open: says so, prints what it got when it is closed",
    "cutter": "the cutter is jammed: says so, prints what it got when it is free again",
    "offline": "switched offline: says so, prints what it got when it is back",
    "low": "little paper left: says so and prints",
    "mute": "prints, and never answers",
    "unsure": "prints and tells its state, but never that it has printed",
    "late": "keeps each answer back until the next bytes come",
    "stall": "takes nothing and says nothing",
    "busy": "another computer has it: a new connection waits",
    "close": "hangs up in the middle of a job",
    "slow": "takes a few bytes at a time",
    "cable": "its cable is pulled: nothing arrives or comes back, and nobody is told",
    "off": "not there: no connection",
    "locked": "the drawer is locked: a pulse does not open it",
}

#: with these it prints nothing and says why
STOPS: Final = frozenset({"paper", "cover", "cutter", "offline"})
#: with these nothing reaches it
DEAF: Final = frozenset({"stall", "cable", "off"})


class Faults:
    """The faults of one printer. A word may bear a count: `paper=20` is a roll with 20 lines left."""

    def __init__(self) -> None:
        self.active: frozenset[str] = frozenset()
        self._coming: dict[str, int] = {}

    @property
    def words(self) -> frozenset[str]:
        """As they could be set again."""
        return self.active | {f"{word}={lines}" for word, lines in self._coming.items()}

    @property
    def coming(self) -> bool:
        return bool(self._coming)

    def set(self, words: Iterable[str]) -> None:
        """From now on these and no others. Raises RequestError for a word that is not in FAULTS, or a wrong count."""
        active, coming = set(), {}
        for word in words:
            name, counted, count = word.partition("=")
            if name not in FAULTS or (counted and not (count.isascii() and count.isdecimal())):
                raise RequestError(
                    f"A virtual printer cannot have the fault {word!r}.", f"Known faults: {', '.join(FAULTS)}."
                )
            if counted and int(count):
                coming[name] = int(count)
            else:
                active.add(name)
        self.active, self._coming = frozenset(active), coming

    def add(self, word: str) -> None:
        self.active |= {word}

    def printed(self, lines: int) -> None:
        """So many more lines are on paper: what was to begin by then begins."""
        left = {word: count - lines for word, count in self._coming.items()}
        self.active |= {word for word, count in left.items() if count <= 0}
        self._coming = {word: count for word, count in left.items() if count > 0}
