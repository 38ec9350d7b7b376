"""Which prints were taken while their sender was not told: it will send them again, and they are recognised then.

A client whose connection breaks before the answer cannot know that the print was taken. CUPS gives a print no identity
of its own, so it is known by who sent it, from where, its title and its bytes. Answers that were given are noted in a
file, without a flush: what a killed process has written is there; after a power cut more may seem unanswered than are,
for as long as RETRY at most.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from comptoir.core.kept import Capture, Kept
from comptoir.core.ports import Clock

log = logging.getLogger("comptoir.capture")

#: ms in which a client sends again what it was not told about: CUPS tries again after 30 s to 5 min
RETRY: Final = 900_000
#: ms; what was taken before that, nobody sends again: who prints the same today wants it printed
LONG_AGO: Final = 7 * 86_400_000
#: lines of the file, after which it is begun anew with the latest
MOST: Final = 10_000
LATEST: Final = 1_000

_Key = tuple[str, str, str, str]


class Answers:
    """Of one source. `folder`: where it may remember."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / "answered"
        self._clock = clock
        self._given: list[str] = []
        #: print → (uid, until when)
        self._open: dict[_Key, tuple[str, int]] = {}

    def load(self, latest: Iterable[Kept]) -> None:
        """`latest`: what was taken last before this start, as far as answers could have been outstanding."""
        try:
            self._given = self._path.read_text("utf-8").split()
        except (OSError, UnicodeDecodeError):
            self._given = []
        given, now = set(self._given), self._clock.now()
        for one in latest:
            if one.uid not in given and not one.partial and one.received_at > now - LONG_AGO:
                key = (one.origin.user, one.origin.host, one.title, one.document.digest)
                self._open[key] = (one.uid, now + RETRY)
        self._rewrite()

    def known(self, capture: Capture) -> str:
        """The uid under which this very print was taken before without an answer; "" where it is a new one."""
        found = self._open.pop(_key(capture), None)
        return found[0] if found is not None and found[1] > self._clock.now() else ""

    def given(self, capture: Capture) -> None:
        """The sender was told."""
        self._given.append(capture.uid)
        if len(self._given) > MOST:
            del self._given[:-LATEST]
            self._rewrite()
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{capture.uid}\n")
        except OSError as error:
            log.debug("an answer is not noted: %s", error)

    def missed(self, capture: Capture) -> None:
        """It was taken, and the sender could not be told."""
        self._open[_key(capture)] = (capture.uid, self._clock.now() + RETRY)

    def _rewrite(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text("".join(f"{uid}\n" for uid in self._given[-LATEST:]), "utf-8")
        except OSError as error:
            log.debug("answers are not noted: %s", error)


def _key(capture: Capture) -> _Key:
    return (capture.origin.user, capture.origin.host, capture.title, capture.document.digest)
