"""Files on their way from the folder to the ledger, with what may come between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.ledger import PRINT, MemoryLedger, Planner

from comptoir.core.errors import JournalError
from comptoir.core.intake import Stamp, StepDone
from comptoir.core.job import Job
from comptoir.core.watch import Ready
from comptoir.sources.folder.own_thread import OwnThread
from comptoir.sources.folder.scanner import Place
from comptoir.sources.folder.settings import FolderSettings
from comptoir.sources.folder.taking import Taker


class Scene:
    def __init__(self, folder: Path) -> None:
        self.ledger, self.planner, self.jobs = MemoryLedger(), Planner(), list[Job]()
        self.place = Place(str(folder), True, True, lambda path: "")
        settings = FolderSettings("factures", folder)
        thread = OwnThread("folder factures")
        self.taker = Taker(settings, lambda: self.place, self.ledger, self.planner, thread, self.jobs.extend)

    def put(self, path: str, content: str = "content", *, known: bool = False) -> Ready:
        file = Path(self.place.root) / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
        return Ready(path, self.place.stamp(file.stat()), "text/plain", known)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


async def test_what_is_copied_is_held_until_it_is_taken(scene: Scene) -> None:
    prepared = await scene.taker.prepare([scene.put("a"), scene.put("b")])
    assert (scene.ledger.held, scene.ledger.rows) == (["a", "b"], [])
    outcome = await scene.taker.commit(prepared)
    assert (scene.ledger.held, scene.ledger.taken, outcome.jobs, len(scene.jobs)) == ([], ["a", "b"], 2, 2)


async def test_another_file_in_the_place_of_the_one_that_was_looked_at_is_not_taken(scene: Scene) -> None:
    ready = scene.put("a")
    scene.put("a", "something else")
    prepared = await scene.taker.prepare([ready])
    assert (prepared.outcome.changed, scene.ledger.held) == (["a"], [])


async def test_where_inodes_do_not_last_only_size_and_time_are_compared(scene: Scene) -> None:
    ready = scene.put("a")
    other = replace(ready, stamp=Stamp(ready.stamp.size, ready.stamp.mtime_ns, 0))
    assert (await scene.taker.prepare([other])).outcome.changed == ["a"]
    scene.place = replace(scene.place, inodes=False)
    assert (await scene.taker.prepare([other])).held[0].path == "a"


async def test_what_cannot_be_committed_is_held_no_longer(scene: Scene) -> None:
    prepared = await scene.taker.prepare([scene.put("a")])
    scene.ledger.full = "the disk is full"
    with pytest.raises(JournalError):
        await scene.taker.commit(prepared)
    assert (scene.ledger.held, scene.jobs) == ([], [])


async def test_what_was_let_go_as_touched_is_not_let_go_twice(scene: Scene) -> None:
    await scene.taker.commit(await scene.taker.prepare([scene.put("a")]))
    prepared = await scene.taker.prepare([scene.put("a", known=True), scene.put("b", "other")])
    scene.ledger.full = "the disk is full"
    with pytest.raises(JournalError):
        await scene.taker.commit(prepared)
    assert scene.ledger.held == []


async def test_of_a_lot_all_files_are_copied_or_none_is_held(scene: Scene) -> None:
    files = [scene.put("L/a"), scene.put("L/b")]
    (Path(scene.place.root) / "L/b").unlink()
    prepared = await scene.taker.prepare_lot("L", files)
    assert (prepared.units, scene.ledger.held) == ([], [])
    assert [path for path, _, _ in prepared.outcome.failed] == ["L/b"]
    assert prepared.outcome.changed == ["L/a"]


async def test_when_the_store_is_full_in_the_middle_of_a_lot_nothing_is_held(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.sources.folder.taking.MOST_FILES", 1)

    def full_at_b(path: str) -> None:
        if path == "L/b":
            raise JournalError("the disk is full")

    scene.ledger.before_copy = full_at_b
    with pytest.raises(JournalError):
        await scene.taker.prepare_lot("L", [scene.put("L/a"), scene.put("L/b")])
    assert scene.ledger.held == []


@pytest.mark.parametrize(
    ("state", "taken", "touched", "busy"),
    [
        ("waiting", 1, ["a"], []),
        ("kept", 1, ["a"], []),
        ("going", 1, [], ["a"]),
        ("deleted", 2, [], []),
        ("moved", 2, [], []),
        ("gone", 2, [], []),
    ],
)
async def test_the_same_content_again_at_a_known_path(
    scene: Scene, state: str, taken: int, touched: list[str], busy: list[str]
) -> None:
    await scene.taker.commit(await scene.taker.prepare([scene.put("a")]))
    await scene.ledger.step([StepDone(1, state)])  # type: ignore[arg-type]
    outcome = await scene.taker.commit(await scene.taker.prepare([scene.put("a", known=True)]))
    assert (len(scene.ledger.rows), outcome.touched, outcome.busy, scene.ledger.held) == (taken, touched, busy, [])


async def test_a_lot_has_a_plan_of_its_own_and_one_for_each_file(scene: Scene) -> None:
    await scene.taker.commit(await scene.taker.prepare_lot("L", [scene.put("L/a"), scene.put("L/b")]))
    (unit,) = scene.ledger.units
    assert (unit.lot, unit.plan, [take.plan for take in unit.takes]) == ("L", PRINT, [PRINT, PRINT])
