"""Directories that are one unit, as the brain of a folder sees them."""

from __future__ import annotations

from tests.core.test_watch import QUIET, Scene, stamp

from comptoir.core.gathering import Gathering
from comptoir.core.selection import MARKER, Selection
from comptoir.core.watch import PATIENCE, Signs, Watch


def lots(marker: str = "") -> Scene:
    return Scene(Watch(Selection(marker=marker), QUIET, lots=True))


def take(scene: Scene) -> list[tuple[str, list[str]]]:
    """Take the directories that are complete."""
    found = []
    while (lot := scene.watch.lot()) is not None:
        for one in lot[1]:
            scene.watch.taken(one.path, one.stamp)
        found.append((lot[0], [one.path for one in lot[1]]))
    return found


def test_all_files_of_a_directory_are_taken_together() -> None:
    scene = lots().put("L/b").put("L/deep/a").put("single")
    scene.look()
    scene.at(QUIET).closer()
    assert (take(scene), scene.take()) == ([("L", ["L/b", "L/deep/a"])], ["single"])
    assert scene.watch.tally("taken") == {"": 3}


def test_a_directory_waits_until_nothing_more_comes() -> None:
    scene = lots().put("L/a")
    scene.look()
    scene.at(900).put("L/b").look()
    scene.at(QUIET).closer()
    assert (scene.said("L/a"), scene.said("L/b"), take(scene)) == ("waiting lot", "waiting quiet", [])
    scene.at(1_900).closer()
    assert take(scene) == [("L", ["L/a", "L/b"])]


def test_a_file_that_nobody_has_told_of_is_found_by_the_last_look() -> None:
    scene = lots().put("L/a")
    scene.look()
    scene.put("L/b").at(QUIET).closer()
    assert take(scene) == []
    scene.at(2 * QUIET).closer()
    assert take(scene) == [("L", ["L/a", "L/b"])]


def test_one_file_that_is_not_complete_holds_up_the_others() -> None:
    scene = lots().put("L/a").put("L/b")
    scene.signs["L/b"] = Signs(stamp(), ended=False)
    scene.look()
    scene.at(2 * QUIET).closer()
    assert (scene.said("L/a"), scene.said("L/b"), take(scene)) == ("waiting lot", "waiting end", [])
    scene.at(PATIENCE).closer()
    assert take(scene) == [("L", ["L/a", "L/b"])]


def test_one_that_cannot_be_read_does_too_and_one_that_went_away_does_not() -> None:
    scene = lots().put("L/a").put("L/b").put("L/c")
    scene.signs["L/b"] = Signs(None, failed="rights")
    scene.look()
    scene.at(QUIET).closer()
    assert (scene.said("L/b"), take(scene)) == ("failed rights", [])
    del scene.files["L/b"]
    scene.at(2 * QUIET).look()
    assert take(scene) == [("L", ["L/a", "L/c"])]


def test_a_directory_in_it_that_cannot_be_read_holds_it_up() -> None:
    scene = lots().put("L/a")
    scene.look()
    scene.watch.unreadable("L/shut/", "rights", 0)
    scene.at(QUIET).closer()
    assert (scene.said("L/a"), take(scene)) == ("waiting lot", [])


def test_what_comes_later_is_another_lot() -> None:
    scene = lots().put("L/a")
    scene.look()
    scene.at(QUIET).closer()
    take(scene)
    scene.put("L/b").look()
    scene.at(3 * QUIET).closer()
    assert take(scene) == [("L", ["L/b"])]


def test_a_file_that_changes_while_its_lot_is_taken_is_in_the_next() -> None:
    scene = lots().put("L/a").put("L/b")
    scene.look()
    scene.at(QUIET).closer()
    lot = scene.watch.lot()
    assert lot is not None
    scene.put("L/a", version=2).look()
    scene.at(2 * QUIET).closer()
    assert scene.watch.lot() is None
    for one in lot[1]:
        scene.watch.taken(one.path, one.stamp)
    scene.at(3 * QUIET).closer()
    assert take(scene) == [("L", ["L/a"])]


def test_a_lot_that_could_not_be_taken_is_tried_again_whole() -> None:
    scene = lots().put("L/a").put("L/b")
    scene.look()
    scene.at(QUIET).closer()
    assert scene.watch.lot() is not None
    for path in ("L/a", "L/b"):
        scene.watch.later(path, "store", 5_000)
    scene.at(5_000).closer()
    assert take(scene) == [("L", ["L/a", "L/b"])]


def test_a_marker_in_it_or_beside_it_says_that_it_is_complete() -> None:
    for marker, file in (("done.txt", "L/done.txt"), ("{file}.ok", "L.ok")):
        scene = lots(marker).put("L/a").put("L/b")
        scene.look()
        assert scene.said("L/a") == "waiting quiet"
        scene.at(5 * QUIET).look()
        assert (scene.said("L/a"), scene.watch.next_due(), take(scene)) == (f"waiting {MARKER}", None, [])
        scene.put(file)
        scene.look()
        assert take(scene) == [("L", ["L/a", "L/b"])]
        assert scene.said(file) == f"ignored {MARKER}"


def test_a_marker_does_not_make_an_empty_file_complete() -> None:
    scene = lots("done").put("L/a").put("L/empty", size=0)
    scene.look()
    scene.at(5 * QUIET).look()
    scene.put("L/done").look()
    assert (scene.said("L/empty"), take(scene)) == ("waiting empty", [])


def test_what_is_ignored_is_left_out() -> None:
    scene = lots().put("L/a").put("L/b.tmp").put("L/empty", size=0)
    scene.look()
    scene.at(5 * QUIET).look()
    assert (scene.said("L/empty"), take(scene)) == ("waiting empty", [])
    del scene.files["L/empty"]
    scene.look()
    assert take(scene) == [("L", ["L/a"])]


def test_a_new_directory_in_it_means_that_it_is_not_complete() -> None:
    gathering = Gathering(wanted=True, quiet=QUIET, marker=False)
    gathering.changed("L/a", 0)
    gathering.completed("L/a")
    gathering.looked_through("L", frozenset(), QUIET - 1)
    assert gathering.timetable.next() == QUIET
    gathering.looked_through("L", frozenset({"L/new"}), QUIET)
    assert (gathering.take(), gathering.timetable.next()) == (None, 2 * QUIET)
    gathering.looked_through("L", frozenset({"L/new"}), 2 * QUIET)
    assert gathering.take() == ("L", ["L/a"])


def test_without_lots_every_file_is_alone() -> None:
    gathering = Gathering(wanted=False, quiet=QUIET, marker=False)
    gathering.changed("L/a", 0)
    assert (gathering.lot_of("L/a"), gathering.lots) == ("", {})
