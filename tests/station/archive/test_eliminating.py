"""What is due, and that exactly this is eliminated."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.peers.shelf import DAY, LARGE, PDF, Shelf

from comptoir.config import Config, RouteConfig
from comptoir.core.errors import WrongState
from comptoir.core.record import EventQuery
from comptoir.station.archive import eliminating
from comptoir.station.archive.eliminating import Eliminating
from comptoir.web.keeping_desk import ALL, Due, Wanted


class Scene:
    """A shelf, and a configuration that a test changes."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.config = Config()
        self.eliminating = Eliminating(shelf.journal, shelf.clock, lambda: self.config)

    def route(self, **given: object) -> None:
        self.config = Config(route=(RouteConfig(source="audit", **given),))  # type: ignore[arg-type]

    async def eliminate(
        self, due: Due, wanted: Wanted = ALL, why: str = "", progress: Callable[[int], None] | None = None
    ) -> int:
        numbers = await self.eliminating.seen(wanted, due)
        return await self.eliminating.eliminate(wanted, due, numbers, "owner", why, progress)

    async def left(self) -> list[int]:
        return [kept.id for kept in await self.shelf.journal.keeping.after(0, 1000)]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    shelf = await Shelf.at(tmp_path / "data")
    yield Scene(shelf)
    await shelf.journal.close()


def told(due: Due) -> list[tuple[str, str, int, int, str, str]]:
    return [(one.year, one.source, one.documents, one.size, one.first, one.last) for one in due.piles]


async def test_what_is_due_is_counted_by_year_and_source(scene: Scene) -> None:
    for date, source, kept_for in (
        ("2016-03-01", "audit", DAY),
        ("2016-11-30", "audit", DAY),
        ("2016-05-05", "caisse", DAY),
        ("2017-01-01", "audit", DAY),
        ("2017-01-02", "audit", 3 * DAY),
        ("2015-01-02", "audit", None),
    ):
        await scene.shelf.file(date=date, source=source, kept_for=kept_for)
    assert (await scene.eliminating.due()).documents == 0
    scene.shelf.clock.advance(2 * DAY)
    due = await scene.eliminating.due()
    one = len(PDF)
    assert told(due) == [
        ("2017", "audit", 1, one, "2017-01-01", "2017-01-01"),
        ("2016", "audit", 2, 2 * one, "2016-03-01", "2016-11-30"),
        ("2016", "caisse", 1, one, "2016-05-05", "2016-05-05"),
    ]
    assert (due.documents, due.size, [kept.id for kept in due.sample]) == (4, 4 * one, [4, 3, 2, 1])
    assert told(await scene.eliminating.due(Wanted("audit", "2016"))) == [told(due)[1]]


async def test_all_documents_of_a_print_count(scene: Scene) -> None:
    await scene.shelf.file(content=LARGE, printed=PDF, kept_for=0)
    assert (await scene.eliminating.due()).size == len(LARGE) + len(PDF)


async def test_exactly_what_was_seen_goes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eliminating, "PIECE", 3)
    monkeypatch.setattr(eliminating, "STEP", 4)
    for number in range(11):
        await scene.shelf.file(date=f"20{10 + number % 2}-01-01", kept_for=DAY, printed=f"{number}".encode())
    scene.shelf.clock.advance(2 * DAY)
    chosen = Wanted(year="2010")
    due = await scene.eliminating.due(chosen)
    late = await scene.shelf.file(date="2010-01-01", kept_for=1)
    went: list[int] = []
    scene.shelf.clock.advance(2)
    assert await scene.eliminate(due, chosen, "ten years are over", went.append) == 6
    assert went == [3, 6]
    assert await scene.left() == [2, 4, 6, 8, 10, late], "what became due since has not been seen"
    events = await scene.shelf.journal.history(EventQuery(("documents-eliminated",)))
    bodies = [json.loads(event.body) for event in events]
    assert {(body["by"], body["why"]) for body in bodies} == {("owner", "ten years are over")}
    assert sorted(one["kept"] for body in bodies for one in body["documents"]) == [1, 3, 5, 7, 9, 11]
    assert not any(name in event.body for event in events for name in ("marie", "pc-3", "Balance")), "no names"


async def test_what_has_changed_since_it_was_seen_stays(scene: Scene) -> None:
    for _ in range(3):
        await scene.shelf.file(kept_for=0)
    due = await scene.eliminating.due()
    await scene.shelf.journal.keeping.hold([2], "inquiry", "owner")
    with pytest.raises(WrongState):
        await scene.eliminate(due)
    with pytest.raises(WrongState):
        await scene.eliminate(due, Wanted("audit", "1999"))
    assert await scene.left() == [1, 2, 3]
    assert [kept.id for kept in (await scene.eliminating.due()).sample] == [3, 1]


async def test_what_is_released_meanwhile_was_not_seen(scene: Scene) -> None:
    for _ in range(3):
        await scene.shelf.file(kept_for=0)
    await scene.shelf.journal.keeping.hold([2], "inquiry", "owner")
    due = await scene.eliminating.due()
    numbers = await scene.eliminating.seen(ALL, due)
    await scene.shelf.journal.keeping.hold([2], "", "owner")
    assert await scene.eliminating.eliminate(ALL, due, numbers, "owner", "") == 2
    assert await scene.left() == [2]


async def test_a_time_to_come_is_not_believed(scene: Scene) -> None:
    await scene.shelf.file(kept_for=DAY)
    assert (await scene.eliminating.due(at=scene.shelf.clock.now() + 10 * DAY)).documents == 0


async def test_a_route_holds_as_long_as_it_says_so(scene: Scene) -> None:
    await scene.shelf.file("Balance", kept_for=0)
    await scene.shelf.file("Facture 12.pdf", kept_for=0)
    await scene.shelf.file("Facture 13", kept_for=0, attributes={"path": "2026/invoice.pdf"})
    await scene.shelf.file("Facture 14", kept_for=0, source="caisse")
    for given, held in (
        ({"hold": True}, 3),
        ({"hold": True, "match": ("facture*",)}, 2),
        ({"hold": True, "match": ("Facture 12",)}, 1),
        ({"hold": True, "match": ("*.pdf",)}, 2),
        ({"hold": True, "folder": ("2026",)}, 1),
        ({"hold": True, "types": ("image/*",)}, 0),
        ({"hold": True, "larger": "1 MB"}, 0),
        ({"keep": "1 day"}, 0),
    ):
        scene.route(**given)  # type: ignore[arg-type]  # keys of a route
        due = await scene.eliminating.due()
        assert (due.held, due.documents) == (held, 4 - held), given
    scene.route(hold=True)
    due = await scene.eliminating.due()
    assert await scene.eliminate(due) == 1
    assert await scene.left() == [1, 2, 3]


async def test_a_route_of_a_queue_holds_what_was_printed_on_it(scene: Scene) -> None:
    await scene.shelf.file("Balance", kept_for=0, printer="FACTURE")
    await scene.shelf.file("Balance", kept_for=0, printer="BAR")
    scene.route(hold=True, folder=("facture",))
    due = await scene.eliminating.due()
    assert (due.held, [kept.printer for kept in due.sample]) == (1, ["BAR"])


async def test_a_hold_that_comes_in_the_middle_stops_what_is_left(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eliminating, "PIECE", 1)
    monkeypatch.setattr(eliminating, "STEP", 2)
    for _ in range(6):
        await scene.shelf.file(kept_for=0)
    due = await scene.eliminating.due()
    gone = await scene.eliminate(due, progress=lambda done: scene.route(hold=True))
    assert (gone, await scene.left()) == (2, [1, 2, 3, 4])
