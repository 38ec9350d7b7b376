"""What a source of CUPS jobs remembers: which it has, or were there before it, which it could not get. A small file.

When it is lost, nothing is taken twice (the journal knows each job), and looking begins anew.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import msgspec

from comptoir.durable import replace_file

#: prints that could not be had: so many are shown, for so long (ms)
MOST: Final = 200
SHOWN: Final = 30 * 86_400_000


class Missed(msgspec.Struct, frozen=True):
    """A print that CUPS reports and nobody has. why: a key of `source.WHY`."""

    uid: str
    job: int
    queue: str
    title: str
    user: str
    at: int | None
    why: str


class _Written(msgspec.Struct):
    known: list[str] = []
    missed: list[Missed] = []


class Memory:
    """One file. Every call that changes it returns when it is on disk; raises OSError.

    begun: whether it was ever looked what there is; until `begin`, nothing is known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.begun = True
        try:
            self._told = msgspec.json.decode(path.read_bytes(), type=_Written)
        except FileNotFoundError:
            self.begun, self._told = False, _Written()
        except msgspec.MsgspecError:
            self._told = _Written()

    def begin(self, there: Collection[str]) -> None:
        """What is there already is nobody's business."""
        self.begun = True
        self._told.known = list(there)
        self._write()

    @property
    def missed(self) -> list[Missed]:
        return self._told.missed

    def __contains__(self, uid: str) -> bool:
        return uid in self._told.known

    def has(self, uid: str) -> None:
        """It is kept, or will never be."""
        self._told.known.append(uid)
        self._told.missed = [one for one in self._told.missed if one.uid != uid]
        self._write()

    def have(self, uids: Collection[str]) -> None:
        """Somebody else keeps these."""
        if new := [uid for uid in uids if uid not in self]:
            self._told.known += new
            self._write()

    def misses(self, missed: Missed) -> None:
        """It could not be had; looked for again as long as CUPS reports it."""
        others = [one for one in self._told.missed if one.uid != missed.uid]
        if missed not in self._told.missed:
            self._told.missed = [*others, missed][-MOST:]
            self._write()

    def forget(self, reported: Collection[str], now: int) -> None:
        """Only what CUPS still reports needs to be known; what was missed is shown for a month."""
        known = [uid for uid in self._told.known if uid in reported]
        missed = [one for one in self._told.missed if one.at is None or one.at + SHOWN > now]
        if (known, missed) != (self._told.known, self._told.missed):
            self._told.known, self._told.missed = known, missed
            self._write()

    def _write(self) -> None:
        replace_file(self._path, msgspec.json.encode(self._told), mode=0o600)
