"""Directories that become one unit each, until they are taken: which files are in them, which of these are complete.

A directory is gathered when all its files are complete, nothing in it has changed for a while, or its marker is there,
and a look through it has found nothing else. Pure; `core.watch` knows the files.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from comptoir.core.timetable import Timetable


@dataclass(slots=True)
class OpenLot:
    """One directory. `since`: when something in it last changed. `marked`: its marker says that it is complete."""

    since: int
    marked: bool = False
    members: set[str] = field(default_factory=set)
    incomplete: set[str] = field(default_factory=set)
    in_hand: set[str] = field(default_factory=set)
    directories: frozenset[str] | None = None

    @property
    def gathered(self) -> bool:
        """Whether all its files may be taken together."""
        return bool(self.members) and not self.incomplete and not self.in_hand


class Gathering:
    """The directories of one folder. `wanted`: whether directories are units at all; `marker`: whether each has one."""

    def __init__(self, wanted: bool, quiet: int, marker: bool) -> None:
        self._wanted = wanted
        self._quiet = quiet
        self._marker = marker
        self.lots: dict[str, OpenLot] = {}
        self.timetable = Timetable()
        self.ready: list[str] = []

    def lot_of(self, path: str) -> str:
        """The directory that this file is taken with; "" for one that is taken alone."""
        return path.partition("/")[0] if self._wanted and "/" in path else ""

    def changed(self, path: str, now: int) -> None:
        """A file has come or changed: it is not complete."""
        if name := self.lot_of(path):
            lot = self.lots.setdefault(name, OpenLot(now))
            lot.since = now
            lot.members.add(path)
            lot.incomplete.add(path)
            self.plan(name)

    def completed(self, path: str) -> None:
        """Nothing of its own keeps it from being taken."""
        self.lots[self.lot_of(path)].incomplete.discard(path)
        self.plan(self.lot_of(path))

    def gone(self, path: str) -> None:
        """It is not there any more, or taken."""
        lot = self.lots.get(name := self.lot_of(path))
        if lot is None:
            return
        for files in (lot.members, lot.incomplete, lot.in_hand):
            files.discard(path)
        if not lot.members:
            del self.lots[name]
        self.plan(name)

    def hold(self, path: str) -> None:
        """It is being taken."""
        if name := self.lot_of(path):
            self.lots[name].in_hand.add(path)

    def release(self, path: str, complete: bool) -> None:
        """It is not being taken any more. `complete`: it may be, at once."""
        if name := self.lot_of(path):
            lot = self.lots[name]
            lot.in_hand.discard(path)
            if not complete:
                lot.incomplete.add(path)
            self.plan(name)

    def plan(self, name: str) -> None:
        """When the directory is looked through for the last time, if it is complete as far as is known."""
        lot = self.lots.get(name)
        if lot is None or not lot.gathered or (self._marker and not lot.marked):
            self.timetable.drop(name)
        else:
            self.timetable.put(name, lot.since if lot.marked else lot.since + self._quiet)

    def looked_through(self, name: str, directories: frozenset[str], now: int) -> None:
        """It was looked through, and its files are as they are known; `directories`: all that are in it."""
        lot = self.lots.get(name)
        if lot is None:
            return
        if lot.directories not in (None, directories):
            lot.since = now
        lot.directories = directories
        if lot.gathered and (lot.marked or (not self._marker and now >= lot.since + self._quiet)):
            self.timetable.drop(name)
            self.ready.append(name)
        else:
            self.plan(name)

    def lost(self, name: str, paths: Collection[str]) -> list[str]:
        """Files of the directory that are not among these."""
        lot = self.lots.get(name)
        return [] if lot is None else [path for path in lot.members if path not in paths]

    def take(self) -> tuple[str, list[str]] | None:
        """The next directory to take, with its files in order."""
        while self.ready:
            lot = self.lots.get(name := self.ready.pop(0))
            if lot is not None and lot.gathered:
                return name, sorted(lot.members)
        return None
