"""The brain of one watched folder: which file waits for what, which is to be looked at, which may be taken. Pure.

It reads no file and asks no clock. The shell around it (`sources/folder/source.py`) tells what it saw (`see`, `gone`,
`listed`), looks closer at what `due` names (`examined`), copies and takes what `batch` and `lot` give, and says what
came of it (`taken`, `refused`, `failed`, `later`). `now` is a clock that only goes forward, in ms: the times of files
are compared with each other and never with a clock.

Promises kept here: a file is not taken before it was quiet, unless its marker says that it is complete; not twice with
the same stamp; every file is exactly one of taken, ignored, waiting, failed; that a file is gone is believed only of a
directory that is certainly the same one as before (`core.whereabouts`).
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from comptoir.core.gathering import Gathering
from comptoir.core.intake import Stamp
from comptoir.core.resting import AWAY, EXISTING, LEFT, LEFT_ALONE, TAKEN, UNSEEN, Resting, Word
from comptoir.core.selection import MARKER, Selection, folded
from comptoir.core.waiting import CLOUD, File, News, Waiting
from comptoir.core.whereabouts import Listing, Whereabouts

Kind = Literal["taken", "ignored", "waiting", "failed"]

#: why a file waits; besides these, for its marker
QUIET: Final = "quiet"  # it has changed, or come, a moment ago
OPEN: Final = "open"  # a program has it open for writing
END: Final = "end"  # it lacks the end of its format
EMPTY: Final = "empty"  # it has no bytes yet
LOT: Final = "lot"  # other files of its unit are not complete
NEXT: Final = "next"  # complete: it is being taken, or will be in a moment
STORE: Final = "store"  # complete, and there is no room for it

#: how long a file without its format's end stays quiet before it is taken anyway: ms
PATIENCE: Final = 180_000
#: when one that is open for writing is looked at again: ms, unless `quiet` is longer
AGAIN: Final = 2_000
#: up to so many files, every look through the folder names all that lies there
MANY: Final = 20_000

_MARKS: Final[Word] = ("ignored", MARKER)
_LEFT_ALONE: Final[Word] = ("ignored", EXISTING)
_IN_LEDGER: Final = frozenset({TAKEN, UNSEEN, AWAY})
_COMES_BACK: Final[dict[Word, Word]] = {UNSEEN: TAKEN, AWAY: TAKEN, LEFT: _LEFT_ALONE}


@dataclass(frozen=True, slots=True)
class Signs:
    """What a closer look at a file found. `stamp` None: it is not there any more.

    `failed`: why it cannot be read: rights, unreadable, name, cloud. `ended`: it has its format's end, or needs none.
    """

    stamp: Stamp | None
    failed: str = ""
    writer: bool = False
    ended: bool = True
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that may be taken. `known`: the ledger has an older stamp at its path; the content decides."""

    path: str
    stamp: Stamp
    media_type: str
    known: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it lies there now. `reason`: the rule, what it waits for, or why it failed."""

    path: str
    size: int
    mtime_ns: int
    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class FolderState:
    """What there is to say of a folder at the moment: seen == taken + ignored + waiting + failed, each by reason.

    `scanned_at`: when it was last looked through whole, by the wall clock. `done` of `total`: while that goes on.
    """

    name: str
    path: str
    mode: Literal["events", "poll"] = "poll"
    why_mode: str = ""
    reachable: bool = False
    trouble: str = ""
    hint: str = ""
    scanned_at: int | None = None
    scanning: bool = False
    done: int = 0
    total: int = 0
    seen: int = 0
    taken: int = 0
    ignored: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    bytes_waiting: int = 0


class Watch:
    """One folder. `lots`: each directory directly below it is one unit. `inodes`: files keep their inode there."""

    def __init__(
        self,
        selection: Selection,
        quiet: int,
        *,
        lots: bool = False,
        inodes: bool = True,
        patience: int = PATIENCE,
    ) -> None:
        self.selection = selection
        self.resting = Resting(inodes)
        self.waiting = Waiting()
        self._quiet = quiet
        self._patience = max(patience, quiet)
        self._gathering = Gathering(lots, quiet, bool(selection.marker))
        self._whereabouts = Whereabouts()
        self._look = 0
        self._fewer = False
        #: taken since the last look through the folder began: it may have come too late for that one
        self._fresh: set[str] = set()
        self._markers: set[str] = set()
        #: marker → the files, or the directory, that wait for it
        self._awaited: dict[str, set[str]] = {}
        self._ready: list[tuple[int, str]] = []

    # -- what is there ------------------------------------------------------------------------------------------------

    def know(self, known: Mapping[str, Stamp], left: Collection[str] = ()) -> None:
        """What the ledger knows at the start. `left`: of these, the files that are left alone."""
        for path, stamp in known.items():
            self.resting.put(path, self.resting.key(stamp), LEFT if path in left else UNSEEN)

    @property
    def wants_paths(self) -> bool:
        """Whether the next look through the folder should name all that lies there; of many, when some have gone."""
        return self._fewer or self.doubting or len(self.resting) <= MANY

    def begin(self) -> None:
        """A look through the whole folder begins."""
        self._look += 1
        self._fresh.clear()

    def see(self, path: str, stamp: Stamp, now: int, odd: str = "") -> None:
        """This file is there, with this stamp. `odd`: the rule by which it is none to take (a link …)."""
        key = self.resting.key(stamp)
        word = self.resting.word(path)
        if word is not None and self.resting.is_at(path, key):
            if word in _COMES_BACK:
                self._lay(path, key, _COMES_BACK[word])
            return
        if rule := odd or self.selection.ignored(path):
            self._forget(path)
            self._lay(path, key, ("ignored", rule))
            return
        file = self.waiting.files.get(path)
        if file is None:
            known = self.resting.key_of(path) if word in _IN_LEDGER else None
            self.resting.drop(path)
            file = File(stamp, now, ("waiting", QUIET), known)
            self.waiting.add(path, file)
            self._expect(path, file, now)
        elif file.stamp != stamp:
            self._changed(path, file, stamp, now)
        elif file.word[0] == "failed" or file.word[1] == CLOUD:
            self._later(path, file, now)
        file.look = self._look

    def unreadable(self, path: str, reason: str, now: int) -> None:
        """It is there and cannot be looked at. A directory (/ at the end) stands for all that is in it."""
        file = self.waiting.files.get(path)
        if file is None:
            self.resting.drop(path)
            file = File(Stamp(0, 0, 0), now, ("failed", reason))
            self.waiting.add(path, file)
            self._gathering.changed(path, now)
        else:
            self.waiting.turn(path, file, ("failed", reason))
        file.look = self._look

    def gone(self, path: str) -> None:
        """Somebody looked, and it is not there. That it is gone for good only `listed` may conclude."""
        word = self.resting.word(path)
        if word is None:
            self._forget(path)
        else:
            self._rise(path, word, UNSEEN)

    def listed(self, listing: Listing) -> list[str]:
        """A look through the folder has ended; the paths of the ledger at which there certainly is nothing any more.

        Twice in a row a file must not be there, in a directory that is certainly the same as before.
        """
        for path in [path for path, file in self.waiting.files.items() if file.look != self._look]:
            if path.endswith("/") or not listing.hides(path):
                self._forget(path)
        if listing.paths is None:
            self._fewer = listing.settled < self.resting.lying - len(self._fresh)
            return []
        self._fewer = False
        trusted = self._whereabouts.trusts(listing, self._known, lambda path: self.resting.word(path) == TAKEN)
        missing = []
        for path in self.resting.absent(listing.paths):
            word = self.resting.word(path)
            if word is None or path in self._fresh or listing.hides(path):
                continue
            if word != AWAY:
                self._rise(path, word, AWAY)
            elif trusted and not self._whereabouts.doubts(path):
                missing.append(path)
                self.resting.drop(path)
        return missing

    @property
    def doubting(self) -> bool:
        """Whether another directory stands where the folder was, and nothing of what was known is in it."""
        return self._whereabouts.doubting

    @property
    def blank(self) -> bool:
        """Whether nothing was ever known to lie there, neither in the ledger nor left alone."""
        return not any(word in _IN_LEDGER or word in LEFT_ALONE for word in self.resting.counts)

    def forget_refused(self) -> None:
        """Routes may have changed: what none wanted is a new file for the next look through the folder."""
        for path, word in list(self.resting.words()):
            if word[0] == "ignored" and word not in {*LEFT_ALONE, _MARKS} and not self.selection.ignored(path):
                self.resting.drop(path)

    def unclaimed(self) -> list[tuple[str, Stamp]]:
        """Files that could be taken: of the first look through a folder, those that were there already."""
        return [(path, file.stamp) for path, file in self.waiting.files.items() if not path.endswith("/")]

    def leave(self, files: Sequence[tuple[str, Stamp]]) -> None:
        """These are left alone, as they are."""
        for path, stamp in files:
            self._forget(path)
            self._lay(path, self.resting.key(stamp), _LEFT_ALONE)

    # -- looking closer -----------------------------------------------------------------------------------------------

    def next_due(self) -> int | None:
        """When something is to be looked at closer; None: nothing waits for time."""
        due = (self.waiting.timetable.next(), self._gathering.timetable.next())
        return min((at for at in due if at is not None), default=None)

    def due(self, now: int, limit: int) -> list[str]:
        """Files that it is time to look at closer; each must be told of by `examined`."""
        return self.waiting.timetable.pop(now, limit)

    def lots_due(self, now: int) -> list[str]:
        """Directories that may be complete; all that is in each is to be told by `see`, then by `looked_through`."""
        return self._gathering.timetable.pop(now, 1)

    def looked_through(self, name: str, paths: Collection[str], directories: frozenset[str], now: int) -> None:
        """A directory that may be complete was looked through: all paths and all directories that are in it."""
        for path in self._gathering.lost(name, paths):
            self._forget(path)
        self._gathering.looked_through(name, directories, now)

    def examined(self, path: str, signs: Signs, now: int) -> None:
        """What a closer look found."""
        file = self.waiting.files.get(path)
        if file is None:
            return
        if signs.failed:
            self.waiting.turn(path, file, ("waiting" if signs.failed == CLOUD else "failed", signs.failed))
        elif signs.stamp is None:
            self._forget(path)
        elif signs.stamp != file.stamp:
            self._changed(path, file, signs.stamp, now)
        else:
            file.media_type = signs.media_type
            reason, due = self._judged(path, file, signs, now)
            self.waiting.turn(path, file, ("waiting", reason))
            if due is not None:
                self._later(path, file, due)
            elif reason == NEXT:
                self._complete(path, file)

    def postpone(self, paths: Sequence[str], due: int) -> None:
        """A closer look could not be had: they are looked at again then."""
        for path in paths:
            if path in self.waiting.files:
                self._later(path, self.waiting.files[path], due)

    def _judged(self, path: str, file: File, signs: Signs, now: int) -> tuple[str, int | None]:
        """What a file that is as it was still waits for, and until when; (NEXT, None): for nothing."""
        marked = self._marked(path)
        if file.stamp.size == 0:
            return EMPTY, None
        if marked is False and not self._gathering.lot_of(path):
            self._awaited.setdefault(self.selection.marker_of(path), set()).add(path)
            return MARKER, None
        if not marked and now < file.since + self._quiet:
            return QUIET, file.since + self._quiet
        if signs.writer:
            return OPEN, now + max(AGAIN, self._quiet)
        if not marked and not signs.ended and now < file.since + self._patience:
            return END, file.since + self._patience
        return NEXT, None

    def _marked(self, path: str) -> bool | None:
        """Whether its marker says that it is complete; None: none is asked for."""
        if not self.selection.marker:
            return None
        lot = self._gathering.lot_of(path)
        marker = self.selection.marker_of_lot(lot) if lot else self.selection.marker_of(path)
        return marker in self._markers

    def _complete(self, path: str, file: File) -> None:
        """Nothing of its own keeps it from being taken."""
        file.complete = True
        name = self._gathering.lot_of(path)
        if not name:
            heapq.heappush(self._ready, (file.stamp.mtime_ns, path))
            return
        if self._marked(path) is False:
            self._awaited.setdefault(self.selection.marker_of_lot(name), set()).add(name)
            self.waiting.turn(path, file, ("waiting", MARKER))
        else:
            self._gathering.lots[name].marked = bool(self.selection.marker)
            self.waiting.turn(path, file, ("waiting", LOT))
        self._gathering.completed(path)

    # -- taking -------------------------------------------------------------------------------------------------------

    def batch(self, files: int, size: int) -> list[Ready]:
        """The next files to take, the oldest first: so many at most, and so many bytes unless it is one alone."""
        batch: list[Ready] = []
        held = 0
        while self._ready and len(batch) < files:
            path = self._ready[0][1]
            file = self.waiting.files.get(path)
            if file is not None and file.complete and not file.in_hand:
                if batch and held + file.stamp.size > size:
                    break
                held += file.stamp.size
                batch.append(self._in_hand(path, file))
            heapq.heappop(self._ready)
        return batch

    def lot(self) -> tuple[str, list[Ready]] | None:
        """The next directory to take as one unit, with its files."""
        lot = self._gathering.take()
        return lot and (lot[0], [self._in_hand(path, self.waiting.files[path]) for path in lot[1]])

    @property
    def ready(self) -> bool:
        """Whether there may be something to take."""
        return bool(self._ready or self._gathering.ready)

    def taken(self, path: str, stamp: Stamp) -> None:
        """The ledger has it, as it was then."""
        key = self.resting.key(stamp)
        self._fresh.add(path)
        file = self.waiting.files.get(path)
        if file is not None and file.stamp != stamp:
            # It has changed since: what lies there now is looked at as any other, but the ledger knows of its path.
            file.known = key
            self._out_of_hand(path, file, complete=True)
        else:
            self._forget(path)
            self._lay(path, key, TAKEN)

    def refused(self, path: str, stamp: Stamp, rule: str) -> None:
        """No route takes it, or why else it is left alone as long as it is as it was."""
        file = self.waiting.files.get(path)
        if file is not None and file.stamp != stamp:
            self._out_of_hand(path, file, complete=True)
        elif file is not None:
            self._forget(path)
            self._lay(path, self.resting.key(stamp), ("ignored", rule))

    def failed(self, path: str, reason: str) -> None:
        """It cannot be taken; it is tried again when the folder is next looked through."""
        file = self.waiting.files.get(path)
        if file is not None:
            self._out_of_hand(path, file, complete=False)
            self.waiting.turn(path, file, ("failed", reason))

    def later(self, path: str, reason: str, due: int) -> None:
        """It could not be taken now; it is looked at again at `due`."""
        file = self.waiting.files.get(path)
        if file is not None:
            self._out_of_hand(path, file, complete=False)
            self.waiting.turn(path, file, ("waiting", reason))
            self._later(path, file, due)

    def _in_hand(self, path: str, file: File) -> Ready:
        file.in_hand = True
        self._gathering.hold(path)
        self.waiting.turn(path, file, ("waiting", NEXT))
        return Ready(path, file.stamp, file.media_type, file.known is not None)

    def _out_of_hand(self, path: str, file: File, *, complete: bool) -> None:
        """Nobody takes it any more. `complete`: if it has become complete again meanwhile, it may be taken at once."""
        file.in_hand, file.complete = False, file.complete and complete
        self._gathering.release(path, file.complete)
        if file.complete:
            self._complete(path, file)

    # -- books --------------------------------------------------------------------------------------------------------

    def entries(self) -> Iterator[Entry]:
        """Every file that lies there."""
        for path, file in self.waiting.files.items():
            kind: Kind = "failed" if file.word[0] == "failed" else "waiting"
            yield Entry(path, file.stamp.size, file.stamp.mtime_ns, kind, file.word[1])
        for path, word, size, mtime_ns in self.resting.all():
            yield Entry(path, size, mtime_ns, "taken" if word == TAKEN else "ignored", word[1])

    def tally(self, kind: Kind) -> dict[str, int]:
        """How many files of this kind there are, by reason."""
        words = self.resting.counts if kind in ("taken", "ignored") else self.waiting.counts
        return {reason: number for (of, reason), number in words.items() if of == kind and number}

    def news(self) -> dict[Word, News]:
        """What is said now of files of which it was not said when this was last asked."""
        news, self.waiting.news = self.waiting.news, {}
        return news

    def _known(self) -> list[str]:
        return [path for path, word in self.resting.words() if word in _IN_LEDGER]

    def _lay(self, path: str, key: bytes, word: Word) -> None:
        """It is at rest, and lies there."""
        if self.resting.word(path) != word:
            self.waiting.tell(word, path)
        self.resting.put(path, key, word)
        if word == _MARKS:
            marker = folded(path)
            self._markers.add(marker)
            for name in self._awaited.pop(marker, ()):
                self._marked_now(name)

    def _marked_now(self, name: str) -> None:
        """A marker has come that this file, or this directory, waited for."""
        lot = self._gathering.lots.get(name)
        if lot is None:
            if name in self.waiting.files:
                self._later(name, self.waiting.files[name], 0)
            return
        lot.marked = True
        for path in lot.members:
            self._later(path, self.waiting.files[path], 0)

    def _rise(self, path: str, word: Word, known: Word) -> None:
        """What was at rest does not lie there: `known` is said of what is in the ledger, the rest is forgotten."""
        if word in _IN_LEDGER:
            self.resting.put(path, self.resting.key_of(path), known)
        elif word in LEFT_ALONE:
            self.resting.put(path, self.resting.key_of(path), LEFT)
        else:
            self.resting.drop(path)
            if word == _MARKS:
                self._markers.discard(folded(path))

    def _changed(self, path: str, file: File, stamp: Stamp, now: int) -> None:
        self.waiting.restamp(path, file, stamp, now)
        self.waiting.turn(path, file, ("waiting", QUIET))
        self._expect(path, file, now)

    def _expect(self, path: str, file: File, now: int) -> None:
        """It has come, or changed: when it is looked at closer."""
        self._gathering.changed(path, now)
        if file.stamp.size == 0:
            self.waiting.turn(path, file, ("waiting", EMPTY))
            self.waiting.timetable.drop(path)
        else:
            # A marker may say at once that it is complete, whatever the time.
            self._later(path, file, now + (0 if self.selection.marker else self._quiet))

    def _later(self, path: str, file: File, due: int) -> None:
        """It is looked at closer then; of several, the oldest first, so that they go on in their order."""
        self.waiting.timetable.put(path, due, file.stamp.mtime_ns)

    def _forget(self, path: str) -> None:
        """It does not wait any more. What the ledger had at its path stays known."""
        file = self.waiting.drop(path)
        if file is None:
            return
        if file.known is not None:
            self.resting.put(path, file.known, UNSEEN)
        if self.selection.marker and (waiting := self._awaited.get(self.selection.marker_of(path))):
            waiting.discard(path)
        self._gathering.gone(path)
