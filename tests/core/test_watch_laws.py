"""What holds of the brain of a folder whatever happens to the files: a machine of random writers and a random shell."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from comptoir.core.intake import Stamp
from comptoir.core.selection import Selection
from comptoir.core.watch import AGAIN, Ready, Signs, Watch
from comptoir.core.whereabouts import Listing

QUIET = 10
PATHS = ("a", "b.part", "L/a", "L/b", "L/deep/c", "M/a", "b.ok", "L.ok", "a.ok", "L/a.ok")
PATH = st.sampled_from(PATHS)


class Folder(RuleBasedStateMachine):
    """`files`: what lies there; `since`: when each was last changed. The shell looks when and where it likes."""

    @initialize(lots=st.booleans(), marker=st.sampled_from(["", "{file}.ok"]))
    def begin(self, lots: bool, marker: str) -> None:
        self.lots, self.marker = lots, marker
        self.watch = Watch(Selection(marker=marker), QUIET, lots=lots, patience=3 * QUIET)
        self.files: dict[str, Stamp] = {}
        self.since: dict[str, int] = {}
        self.taken: set[tuple[str, Stamp]] = set()
        self.hand: list[Ready] = []
        self.now = self.version = 0

    @rule(path=PATH, size=st.integers(0, 2))
    def write(self, path: str, size: int) -> None:
        self.version += 1
        self.files[path] = Stamp(size, self.version, 1)
        self.since[path] = self.now

    @rule(path=PATH)
    def remove(self, path: str) -> None:
        self.files.pop(path, None)

    @rule(ms=st.integers(1, 2 * QUIET))
    def wait(self, ms: int) -> None:
        self.now += ms

    @rule(path=PATH)
    def hint(self, path: str) -> None:
        if path in self.files:
            self.watch.see(path, self.files[path], self.now)
        else:
            self.watch.gone(path)

    @rule(naming=st.booleans())
    def look(self, naming: bool) -> None:
        self.watch.begin()
        settled = 0
        for path, stamp in self.files.items():
            if self.watch.resting.matches(path, stamp):
                settled += 1
            else:
                self.watch.see(path, stamp, self.now)
        paths = set(self.files) if naming else None
        for path in self.watch.listed(Listing((1, 1), {1}, settled, paths)):
            assert path not in self.files
        if naming:
            lying = {entry.path for entry in self.watch.entries()}
            assert lying - {one.path for one in self.hand} <= set(self.files)
            assert set(self.files) <= lying

    @rule(writer=st.booleans(), ended=st.booleans(), failed=st.sampled_from(["", "", "rights"]))
    def look_closer(self, writer: bool, ended: bool, failed: str) -> None:
        for path in self.watch.due(self.now, 3):
            self.watch.examined(path, Signs(self.files.get(path), failed, writer, ended), self.now)
        for name in self.watch.lots_due(self.now):
            inside = [path for path in self.files if path.startswith(f"{name}/")]
            for path in inside:
                self.watch.see(path, self.files[path], self.now)
            self.watch.looked_through(name, inside, frozenset(), self.now)

    @precondition(lambda self: not self.hand)
    @rule(lot=st.booleans())
    def take(self, lot: bool) -> None:
        found = self.watch.lot() if lot else None
        self.hand = found[1] if found else self.watch.batch(2, 2)
        for one in self.hand:
            assert self.marker or self.now - self.since_of(one) >= QUIET
            assert one.stamp.size > 0
            assert (one.path, one.stamp) not in self.taken
        if found:
            assert len({one.path.partition("/")[0] for one in self.hand}) == 1

    def since_of(self, one: Ready) -> int:
        """When it was last changed; one that has changed since is found out by the copy."""
        return self.since[one.path] if self.files.get(one.path) == one.stamp else 0

    @precondition(lambda self: self.hand)
    @rule(outcome=st.sampled_from(["taken", "refused", "failed", "later"]))
    def came_of(self, outcome: str) -> None:
        for one in self.hand:
            if outcome == "taken":
                self.watch.taken(one.path, one.stamp)
                self.taken.add((one.path, one.stamp))
            elif outcome == "refused":
                self.watch.refused(one.path, one.stamp, "no route")
            elif outcome == "failed":
                self.watch.failed(one.path, "unreadable")
            else:
                self.watch.later(one.path, "store", self.now + 5)
        self.hand = []

    @invariant()
    def every_file_is_counted_once(self) -> None:
        if not hasattr(self, "watch"):
            return
        entries = list(self.watch.entries())
        assert len({entry.path for entry in entries}) == len(entries)
        tallies = [self.watch.tally(kind) for kind in ("taken", "ignored", "waiting", "failed")]
        assert all(number > 0 for tally in tallies for number in tally.values())
        assert sum(sum(tally.values()) for tally in tallies) == len(entries)
        assert self.watch.waiting.bytes == sum(entry.size for entry in entries if entry.kind == "waiting")
        for kind, tally in zip(("taken", "ignored", "waiting", "failed"), tallies, strict=True):
            assert sum(tally.values()) == sum(entry.kind == kind for entry in entries)

    def teardown(self) -> None:
        """Left in peace, with nothing in hand, every file that may be is taken in the end."""
        if not hasattr(self, "watch"):
            return
        self.came_of("later") if self.hand else None
        for _ in range(8):
            self.now += AGAIN + 4 * QUIET
            self.look(True)
            for _ in range(30):
                self.look_closer(False, True, "")
                while files := [*self.watch.batch(9, 99), *((self.watch.lot() or ("", []))[1])]:
                    for one in files:
                        self.watch.taken(one.path, one.stamp)
        held = {entry.path for entry in self.watch.entries() if entry.kind in ("waiting", "failed")}
        blocked = {path for path in held if self.files[path].size == 0 or self.marker}
        empty_lots = {path.partition("/")[0] for path in blocked if self.lots and "/" in path}
        assert {path for path in held - blocked if path.partition("/")[0] not in empty_lots} == set()


Folder.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestFolder = Folder.TestCase
