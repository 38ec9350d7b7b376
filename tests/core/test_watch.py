"""The brain of a folder as a dialogue: what is seen, and what is said of it then."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from comptoir.core.intake import Stamp
from comptoir.core.selection import MARKER, Selection
from comptoir.core.watch import AGAIN, PATIENCE, Ready, Signs, Watch
from comptoir.core.whereabouts import Listing

QUIET = 1_000
ROOT = (1, 1)


def stamp(version: int = 1, size: int = 10, inode: int = 5) -> Stamp:
    return Stamp(size, version, inode)


@dataclass
class Scene:
    """A folder in which files are as `put` says; `look` looks through it as a source does, and all that follows."""

    watch: Watch = field(default_factory=lambda: Watch(Selection(), QUIET))
    files: dict[str, Stamp] = field(default_factory=dict)
    signs: dict[str, Signs] = field(default_factory=dict)
    now: int = 0
    root: tuple[int, int] = ROOT

    def at(self, now: int) -> Scene:
        self.now = now
        return self

    def put(self, path: str, version: int = 1, **more: int) -> Scene:
        self.files[path] = stamp(version, **more)
        return self

    def look(self) -> list[str]:
        """Look through the folder; what is told to be missing."""
        self.watch.begin()
        for path, found in self.files.items():
            if not self.watch.resting.matches(path, found):
                self.watch.see(path, found, self.now)
        missing = self.watch.listed(Listing(self.root, {self.root[0]}, paths=set(self.files)))
        self.closer()
        return missing

    def closer(self) -> None:
        while (paths := self.watch.due(self.now, 2)) or (lots := self.watch.lots_due(self.now)):
            for path in paths:
                known = self.signs.get(path)
                self.watch.examined(path, known or Signs(self.files.get(path), media_type="text/plain"), self.now)
            for lot in [] if paths else lots:
                inside = [path for path in self.files if path.startswith(f"{lot}/")]
                for path in inside:
                    self.watch.see(path, self.files[path], self.now)
                self.watch.looked_through(lot, inside, frozenset(), self.now)

    def said(self, path: str) -> str:
        """What is said of it: its kind, and the reason."""
        return next((f"{e.kind} {e.reason}".strip() for e in self.watch.entries() if e.path == path), "")

    def take(self) -> list[str]:
        batch = self.watch.batch(64, 1_000_000)
        for one in batch:
            self.watch.taken(one.path, one.stamp)
        return [one.path for one in batch]


def test_a_file_is_complete_when_it_was_quiet_for_the_set_time() -> None:
    scene = Scene().put("a")
    scene.look()
    assert scene.said("a") == "waiting quiet"
    assert scene.watch.next_due() == QUIET
    scene.at(QUIET - 1).closer()
    assert (scene.said("a"), scene.watch.ready) == ("waiting quiet", False)
    scene.at(QUIET).closer()
    assert scene.said("a") == "waiting next"
    assert scene.watch.batch(1, 1) == [Ready("a", stamp(), "text/plain", known=False)]
    scene.watch.taken("a", stamp())
    assert (scene.said("a"), scene.watch.next_due(), scene.watch.tally("taken")) == ("taken", None, {"": 1})


@pytest.mark.parametrize("change", [{"version": 2}, {"size": 11}, {"inode": 6}])
def test_each_change_of_size_time_or_inode_begins_it_anew(change: dict[str, int]) -> None:
    scene = Scene().put("a")
    scene.look()
    scene.at(900).put("a", **change).look()
    scene.at(QUIET).closer()
    assert scene.take() == []
    scene.at(1_900).closer()
    assert scene.take() == ["a"]


def test_a_change_that_nobody_told_of_is_seen_by_the_closer_look() -> None:
    scene = Scene().put("a")
    scene.look()
    scene.put("a", version=2).at(QUIET).closer()
    assert (scene.said("a"), scene.watch.next_due()) == ("waiting quiet", 2 * QUIET)


def test_the_times_of_files_are_compared_with_no_clock() -> None:
    scene = Scene().put("future", version=10**19).put("past", version=-1)
    scene.look()
    scene.at(QUIET).closer()
    assert scene.take() == ["past", "future"]


def test_a_program_that_writes_is_waited_for() -> None:
    scene = Scene().put("a")
    scene.signs["a"] = Signs(stamp(), writer=True)
    scene.look()
    scene.at(QUIET).closer()
    assert (scene.said("a"), scene.watch.next_due()) == ("waiting open", QUIET + AGAIN)
    del scene.signs["a"]
    scene.at(QUIET + AGAIN).closer()
    assert scene.take() == ["a"]


def test_without_its_end_a_file_is_taken_after_patience_only() -> None:
    scene = Scene().put("a")
    scene.signs["a"] = Signs(stamp(), ended=False)
    scene.look()
    scene.at(QUIET).closer()
    assert (scene.said("a"), scene.watch.next_due()) == ("waiting end", PATIENCE)
    scene.at(PATIENCE - 1).closer()
    assert scene.take() == []
    scene.at(PATIENCE).closer()
    assert scene.take() == ["a"]


def test_an_empty_file_waits() -> None:
    scene = Scene().put("a", size=0)
    scene.look()
    scene.at(10 * PATIENCE).look()
    assert (scene.said("a"), scene.watch.next_due()) == ("waiting empty", None)
    scene.put("a", version=2).look()
    assert scene.said("a") == "waiting quiet"


def test_a_renamed_file_is_taken_under_its_last_name() -> None:
    scene = Scene().put("a.pdf.part")
    scene.look()
    assert scene.said("a.pdf.part") == "ignored *.part"
    scene.files["a.pdf"] = scene.files.pop("a.pdf.part")
    scene.look()
    scene.at(QUIET).closer()
    assert (scene.take(), scene.said("a.pdf.part"), scene.watch.tally("ignored")) == (["a.pdf"], "", {})


def test_what_is_taken_is_not_taken_again_however_often_it_is_seen() -> None:
    scene = Scene().put("a")
    scene.look()
    scene.at(QUIET).closer()
    assert scene.take() == ["a"]
    for now in range(2 * QUIET, 9 * QUIET, QUIET):
        scene.at(now).look()
        assert scene.take() == []


def test_another_stamp_at_a_known_path_is_taken_as_known() -> None:
    scene = Scene().put("a", version=2)
    scene.watch.know({"a": stamp(1)})
    scene.look()
    scene.at(QUIET).closer()
    assert scene.watch.batch(1, 1)[0].known


def test_what_changes_while_it_is_taken_is_looked_at_again() -> None:
    scene = Scene().put("a")
    scene.look()
    scene.at(QUIET).closer()
    (one,) = scene.watch.batch(1, 1)
    scene.put("a", version=2).look()
    scene.at(2 * QUIET).closer()
    assert scene.watch.batch(1, 1) == []  # one at a time
    scene.watch.taken("a", one.stamp)
    (again,) = scene.watch.batch(1, 1)
    assert (again.stamp, again.known) == (stamp(2), True)


def test_what_fails_is_tried_again_with_the_next_look() -> None:
    scene = Scene().put("a")
    scene.signs["a"] = Signs(None, failed="rights")
    scene.look()
    scene.at(QUIET).closer()
    assert (scene.said("a"), scene.watch.next_due()) == ("failed rights", None)
    del scene.signs["a"]
    scene.at(2 * QUIET).look()
    assert scene.take() == ["a"]


def test_what_no_route_takes_is_left_until_routes_change() -> None:
    scene = Scene().put("a")
    scene.look()
    scene.at(QUIET).closer()
    (one,) = scene.watch.batch(1, 1)
    scene.watch.refused("a", one.stamp, "no route takes it")
    scene.at(2 * QUIET).look()
    assert (scene.said("a"), scene.watch.next_due()) == ("ignored no route takes it", None)
    scene.watch.forget_refused()
    scene.look()
    assert scene.said("a") == "waiting quiet"


def test_what_cannot_be_stored_now_is_looked_at_again_later() -> None:
    scene = Scene().put("a")
    scene.look()
    scene.at(QUIET).closer()
    scene.watch.batch(1, 1)
    scene.watch.later("a", "store", 5_000)
    assert (scene.said("a"), scene.watch.next_due(), scene.watch.ready) == ("waiting store", 5_000, False)
    scene.at(5_000).closer()
    assert scene.take() == ["a"]


def test_a_batch_is_the_oldest_files_and_not_too_many_bytes() -> None:
    scene = Scene().put("c", 3, size=10).put("a", 1, size=10).put("b", 2, size=100)
    scene.look()
    scene.at(QUIET).closer()
    assert [[one.path for one in scene.watch.batch(2, 50)] for _ in range(4)] == [["a"], ["b"], ["c"], []]


# -- gone or not ------------------------------------------------------------------------------------------------------


def taken(*paths: str) -> Scene:
    scene = Scene()
    for path in paths:
        scene.put(path)
    scene.look()
    scene.at(QUIET).closer()
    scene.take()
    scene.at(2 * QUIET).look()
    return scene


def test_only_the_second_look_says_that_a_file_is_gone() -> None:
    scene = taken("a", "b")
    del scene.files["a"]
    assert (scene.look(), scene.said("a")) == ([], "")
    assert scene.look() == ["a"]
    assert scene.look() == []


def test_a_file_that_is_back_at_the_second_look_was_never_gone() -> None:
    scene = taken("a", "b")
    del scene.files["a"]
    scene.look()
    scene.put("a")
    assert (scene.look(), scene.look(), scene.said("a"), scene.take()) == ([], [], "taken", [])


def test_an_empty_folder_in_the_place_of_the_folder_says_nothing() -> None:
    scene = taken("a", "b")
    files, scene.files, scene.root = scene.files, {}, (9, 9)
    assert [scene.look() for _ in range(5)] == [[]] * 5
    assert scene.watch.tally("taken") == {}
    scene.files, scene.root = files, ROOT
    assert (scene.look(), scene.take(), scene.watch.tally("taken")) == ([], [], {"": 2})


def test_what_changed_and_went_is_still_known() -> None:
    scene = taken("a", "b")
    scene.put("a", version=7).look()
    del scene.files["a"]
    scene.look()
    scene.put("a", version=1)
    scene.look()
    assert (scene.said("a"), scene.take()) == ("taken", [])


def test_a_hint_that_a_file_is_gone_concludes_nothing() -> None:
    scene = taken("a")
    scene.watch.gone("a")
    assert scene.said("a") == ""
    scene.look()
    assert (scene.said("a"), scene.take()) == ("taken", [])


def test_below_a_directory_that_cannot_be_read_nothing_is_gone() -> None:
    scene = taken("x/a", "b")
    scene.watch.begin()
    scene.watch.unreadable("x/", "rights", scene.now)
    for _ in range(3):
        assert scene.watch.listed(Listing(ROOT, {1}, paths={"b", "x/"}, closed=["x/"])) == []
    assert (scene.said("x/"), scene.watch.tally("failed"), scene.said("x/a")) == (
        "failed rights",
        {"rights": 1},
        "taken",
    )
    scene.look()
    assert (scene.said("x/"), scene.watch.tally("failed")) == ("", {})


def test_of_many_files_paths_are_asked_for_when_some_have_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.core.watch.MANY", 1)
    scene = taken("a", "b", "c")
    assert not scene.watch.wants_paths
    scene.watch.begin()
    assert scene.watch.listed(Listing(ROOT, {1}, settled=3)) == []
    assert not scene.watch.wants_paths
    scene.watch.begin()
    scene.watch.listed(Listing(ROOT, {1}, settled=2))
    assert scene.watch.wants_paths
    scene.look()
    assert not scene.watch.wants_paths


def test_files_that_were_there_first_are_left_alone_until_they_change() -> None:
    scene = Scene().put("old").put("x.part")
    scene.look()
    existing = scene.watch.unclaimed()
    assert existing == [("old", stamp())]
    scene.watch.leave(existing)
    scene.at(QUIET).look()
    assert (scene.said("old"), scene.take()) == ("ignored existing", [])
    old = scene.files.pop("old")
    assert (scene.look(), scene.look(), scene.said("old")) == ([], [], "")
    scene.files["old"] = old
    scene.look()
    assert scene.said("old") == "ignored existing"
    scene.put("old", version=2).look()
    scene.at(9 * QUIET).closer()
    assert scene.take() == ["old"]


@pytest.mark.parametrize("restarted", [False, True])
def test_what_was_left_alone_is_so_when_its_folder_has_moved_to_another_disk(restarted: bool) -> None:
    scene = Scene().put("old")
    if restarted:
        scene.watch.know({"old": stamp()}, {"old"})
    else:
        scene.watch.leave([("old", stamp())])
    scene.files["old"] = stamp(inode=99)
    scene.look()
    assert scene.said("old") == "ignored existing"
    scene.files["old"] = stamp(inode=99, size=11)
    scene.look()
    assert scene.said("old") == "waiting quiet"


def test_after_a_start_the_ledger_says_which_ones_were_left_alone() -> None:
    scene = Scene().put("old").put("done").put("new")
    scene.watch.know({"old": stamp(), "done": stamp()}, {"old"})
    assert not scene.watch.blank
    scene.look()
    assert [scene.said(path) for path in scene.files] == ["ignored existing", "taken", "waiting quiet"]


# -- markers ----------------------------------------------------------------------------------------------------------


def test_a_marker_says_at_once_that_a_file_is_complete() -> None:
    scene = Scene(Watch(Selection(marker="{file}.ok"), QUIET)).put("a")
    scene.signs["a"] = Signs(stamp(), ended=False)
    scene.look()
    scene.at(10 * PATIENCE).look()
    assert (scene.said("a"), scene.watch.next_due()) == (f"waiting {MARKER}", None)
    scene.put("A.ok")
    scene.look()
    assert (scene.take(), scene.said("A.ok")) == (["a"], f"ignored {MARKER}")


def test_a_marker_that_was_taken_away_says_nothing_any_more() -> None:
    scene = Scene(Watch(Selection(marker="{file}.ok"), QUIET)).put("a").put("a.ok")
    scene.look()
    assert scene.take() == ["a"]
    del scene.files["a.ok"]
    scene.look()
    scene.put("a", version=2).at(9 * QUIET).look()
    assert (scene.said("a"), scene.take()) == (f"waiting {MARKER}", [])


def test_a_marker_that_comes_first_does_not_hide_a_writer() -> None:
    scene = Scene(Watch(Selection(marker="{file}.ok"), QUIET)).put("a.ok").put("a")
    scene.signs["a"] = Signs(stamp(), writer=True)
    scene.look()
    assert (scene.said("a"), scene.take()) == ("waiting open", [])
