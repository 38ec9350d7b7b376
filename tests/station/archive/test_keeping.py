"""Keeping as its page asks for it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.peers.shelf import DAY, PDF, Shelf

from comptoir.config import Config, RouteConfig
from comptoir.core.errors import JournalError, RequestError, UnknownName, WrongState
from comptoir.core.kept import Kept
from comptoir.core.record import EventQuery
from comptoir.station.archive.keeping import Keeper
from comptoir.web.keeping_desk import ALL


class Scene:
    def __init__(self, shelf: Shelf, folder: Path) -> None:
        self.shelf, self.folder = shelf, folder
        self.journal, self.clock = shelf.journal, shelf.clock
        self.config = Config(
            route=(
                RouteConfig(source="audit", keep="10 years", keep_from="year-end"),
                RouteConfig(source="api", to=("TICKET",)),
                RouteConfig(source="caisse", match=("Z*",), hold=True),
            )
        )
        self.keeper = Keeper(shelf.journal, shelf.clock, lambda: self.config, folder)

    async def events(self, *kinds: str) -> list[dict[str, object]]:
        return [json.loads(event.body) for event in await self.journal.history(EventQuery(kinds))]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    shelf = await Shelf.at(tmp_path / "data")
    scene = Scene(shelf, tmp_path / "exports")
    yield scene
    await scene.keeper.stop()
    await shelf.journal.close()


async def test_the_rules_are_the_routes_that_keep_or_hold(scene: Scene) -> None:
    rules = [(one.number, one.source, one.keep, one.keep_from, one.hold) for one in scene.keeper.rules()]
    assert rules == [(0, "audit", "10 years", "year-end", False), (2, "caisse", "", "received", True)]


# -- elimination ------------------------------------------------------------------------------------------------------


async def test_an_elimination_is_done_once_and_listed(scene: Scene) -> None:
    for date in ("2015-05-01", "2016-05-01"):
        await scene.shelf.file(date=date, kept_for=0)
    due = await scene.keeper.due()
    await scene.keeper.eliminate(ALL, due, "owner", "time is over")
    work = scene.keeper.work
    assert work is not None
    assert (work.kind, work.running, work.documents, work.done, work.trouble) == ("eliminate", False, 2, 2, "")
    with pytest.raises(WrongState):
        await scene.keeper.eliminate(ALL, due, "owner", "time is over")
    (one,) = await scene.keeper.eliminations()
    assert (one.by, one.why, one.documents, one.first, one.last) == (
        "owner", "time is over", 2, "2015-05-01", "2016-05-01",
    )  # fmt: skip
    (event,) = await scene.journal.history(EventQuery(("documents-eliminated",)))
    assert (one.event, one.hash) == (event.seq, event.hash.hex())


async def test_pieces_of_one_elimination_are_one_line(scene: Scene) -> None:
    async def gone(by: str, *dates: str) -> None:
        numbers = [await scene.shelf.file(date=date, kept_for=0) for date in dates]
        await scene.journal.keeping.eliminate(numbers, by, "why")
        scene.clock.advance(1000)

    await gone("owner", "2010-01-01")
    await gone("owner", "2011-01-01", "2009-01-01")
    await gone("marie", "2012-01-01")
    scene.clock.advance(DAY)
    await gone("marie", "2013-01-01")
    lines = [(one.by, one.documents, one.first, one.last) for one in await scene.keeper.eliminations()]
    assert lines == [
        ("marie", 1, "2013-01-01", "2013-01-01"),
        ("marie", 1, "2012-01-01", "2012-01-01"),
        ("owner", 3, "2009-01-01", "2011-01-01"),
    ]
    assert len(await scene.keeper.eliminations(limit=2)) == 2


async def test_what_goes_wrong_is_said_and_ends_the_work(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    await scene.shelf.file(kept_for=0)

    async def full(*_: object) -> int:
        raise JournalError("the journal cannot be written: disk full", "Make room.")

    monkeypatch.setattr(scene.journal.keeping, "eliminate", full)
    await scene.keeper.eliminate(ALL, await scene.keeper.due(), "owner", "")
    assert scene.keeper.work is not None
    assert (scene.keeper.work.running, scene.keeper.work.done) == (False, 0)
    assert "disk full" in scene.keeper.work.trouble
    assert (await scene.keeper.due()).documents == 1


# -- legal holds ------------------------------------------------------------------------------------------------------


async def test_a_period_is_held_and_released_as_one(scene: Scene) -> None:
    for date, source in (("2026-11-16", "audit"), ("2026-11-17", "audit"), ("2026-11-17", "caisse")):
        await scene.shelf.file(date=date, source=source, kept_for=0)
    assert await scene.keeper.hold("2026-11-17", "2026-11-17", "", " tax audit ", "owner") == 2
    assert await scene.keeper.hold("", "", "audit", "dispute", "marie") == 1, "what is held already stays as it is"
    holds = [(one.reason, one.by, one.documents) for one in await scene.keeper.holds()]
    assert holds == [("dispute", "marie", 1), ("tax audit", "owner", 2)]
    assert (await scene.keeper.due()).documents == 0
    event = (await scene.keeper.holds())[1].event
    assert await scene.keeper.release(event, "owner") == 2
    assert [one.reason for one in await scene.keeper.holds()] == ["dispute"]
    assert (await scene.keeper.due()).documents == 2
    with pytest.raises(UnknownName):
        await scene.keeper.release(event, "owner")


async def test_of_each_document_its_last_word_counts(scene: Scene) -> None:
    keeping = scene.journal.keeping
    for _ in range(3):
        await scene.shelf.file()
    await keeping.hold([1, 2, 3], "first", "owner")
    scene.clock.advance(DAY)
    await keeping.hold([2], "second", "owner")
    await keeping.hold([3], "", "owner")
    assert [(one.reason, one.documents) for one in await scene.keeper.holds()] == [("second", 1), ("first", 1)]


async def test_a_hold_needs_a_reason_and_something_to_hold(scene: Scene) -> None:
    await scene.shelf.file()
    for asked in (
        ("", "", "", "  "),
        ("2030-01-01", "", "", "why"),
        ("", "", "nobody", "why"),
        ("soon", "", "", "why"),
    ):
        with pytest.raises(RequestError):
            await scene.keeper.hold(*asked, "owner")
    assert await scene.keeper.holds() == []


# -- exports ----------------------------------------------------------------------------------------------------------


async def test_an_export_stands_in_its_folder_and_in_the_journal(scene: Scene) -> None:
    await scene.shelf.file(date="2026-11-17")
    await scene.keeper.export("2026-11-01", "2026-11-30", "owner")
    work = scene.keeper.work
    assert work is not None
    assert (work.kind, work.running, work.done, work.trouble) == ("export", False, 1, "")
    (one,) = await scene.keeper.exports()
    assert (one.path, one.documents) == (work.to, 1)
    assert one.size > len(PDF)
    (told,) = await scene.events("documents-exported")
    assert told == {
        "by": "owner", "documents": 1, "size": len(PDF), "manifest": work.manifest,
        "since": "2026-11-01", "until": "2026-11-30",
    }  # fmt: skip
    with pytest.raises(UnknownName):
        await scene.keeper.remove_export("../data", "owner")
    await scene.keeper.remove_export(one.name, "owner")
    assert await scene.keeper.exports() == []
    assert await scene.events("export-removed") == [{"by": "owner", "name": one.name}]


async def test_what_a_crash_left_of_an_export_is_not_shown_and_goes_with_the_next(scene: Scene) -> None:
    await scene.shelf.file()
    await scene.keeper.export("", "", "owner")
    (one,) = await scene.keeper.exports()
    left = scene.folder / ".2026-11-17.comptoir-part"
    Path(one.path).rename(left)
    assert await scene.keeper.exports() == []
    scene.clock.advance(1000)
    await scene.keeper.export("", "", "owner")
    assert len(await scene.keeper.exports()) == 1
    assert not left.exists()


async def test_an_export_that_cannot_be_made_says_why(scene: Scene) -> None:
    await scene.keeper.export("", "", "owner")
    assert scene.keeper.work is not None
    assert scene.keeper.work.trouble == "there is nothing to export"
    assert await scene.events("documents-exported") == []


async def test_what_is_no_export_is_not_shown(scene: Scene) -> None:
    for name, text in (("a", "{}"), ("b", "no json"), ("c", "[]")):
        (scene.folder / name).mkdir(parents=True)
        (scene.folder / name / "manifest.json").write_text(text)
    assert await scene.keeper.exports() == []


async def test_what_is_due_is_counted_once_until_something_changes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    real = scene.journal.keeping.spent

    async def counted(*given: Any) -> Sequence[Kept]:
        nonlocal asked
        asked += 1
        return await real(*given)

    monkeypatch.setattr(scene.journal.keeping, "spent", counted)

    async def looks() -> tuple[int, bool]:
        """How many are due, and whether they were counted for that."""
        before = asked
        return (await scene.keeper.due()).documents, asked > before

    assert [await looks(), await looks()] == [(0, True), (0, False)]
    await scene.shelf.file(kept_for=1)
    scene.clock.advance(1)
    assert [await looks(), await looks()] == [(1, True), (1, False)]
    scene.config = Config(route=(RouteConfig(source="audit", hold=True),))
    assert [await looks(), await looks()] == [(0, True), (0, False)]
    scene.clock.advance(DAY)
    assert (await looks())[1], "time has passed"
    await scene.journal.keeping.hold([1], "why", "owner")
    assert (await looks())[1]
