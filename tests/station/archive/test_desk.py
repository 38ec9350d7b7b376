"""The archive's desk on a real journal: what is filed is found by its number, held, printed again, and told to who
listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import FakeClock

from comptoir.core.document import Document, Keep, Origin
from comptoir.core.errors import RequestError, UnknownName
from comptoir.core.kept import Capture, Filed, Filing, Kept, Part, SavedSearch
from comptoir.core.search import Facets, Found, Search
from comptoir.journal import open_journal
from comptoir.station.archive import desk as archive_desk
from comptoir.station.archive import nights
from comptoir.station.archive.desk import ArchiveKeeper
from comptoir.station.till import earlier as till
from comptoir.station.till import epos, hw_proxy
from comptoir.web.archive_desk import ArchiveDesk
from comptoir.web.desk import Desk, Parts


class Shelf:
    """What is derived, without deriving: it says whom it was asked for."""

    def __init__(self) -> None:
        self.on_change: list[Callable[[int | None], None]] = []

    async def search(self, search: Search) -> Found:
        return Found((), None, len(search.text))

    async def facets(self) -> Facets:
        return Facets({"audit": 1}, {}, {}, {})

    async def thumbnail(self, kept: Kept) -> bytes | None:
        return kept.title.encode()

    async def page(self, kept: Kept, page: int, width: int) -> bytes | None:
        return f"{kept.title} {page} {width}".encode()

    async def text(self, kept: Kept) -> str:
        return kept.title


@pytest.fixture
async def keeper(tmp_path: Path) -> AsyncIterator[ArchiveKeeper]:
    journal = await open_journal("", tmp_path, FakeClock())
    nothing: Any = lambda *_: None  # noqa: E731
    desk = Desk(
        "station",
        "caisse-1",
        journal,
        FakeClock(),
        Parts(lambda s: [s], nothing, nothing, nothing, list, nothing, nothing),
    )

    async def take(capture: Capture) -> Filed:
        return await journal.keeping.file(Filing(capture, Keep(None, "2026-11-20")))

    yield ArchiveKeeper(desk, take, Shelf(), lambda: {"queues"})
    await journal.close()


@pytest.fixture
def told(keeper: ArchiveKeeper) -> list[int | None]:
    heard: list[int | None] = []
    keeper.on_change.append(heard.append)
    return heard


async def put(desk: ArchiveDesk, title: str = "Rapport", uid: str = "u1") -> int:
    filed = await desk.take(Capture(Origin("audit"), uid, (Part(Document.of(title.encode())),), title))
    assert filed.number is not None
    return filed.number


async def test_what_is_taken_is_there(keeper: ArchiveKeeper, told: list[int | None]) -> None:
    number = await put(keeper)
    assert await put(keeper) == number
    assert told == [number]
    kept = await keeper.document(number)
    assert (kept.title, kept.business_date) == ("Rapport", "2026-11-20")
    assert b"".join([piece async for piece in keeper.chunks(kept.document)]) == b"Rapport"
    life = await keeper.life(number)
    assert ([event.kind for event in life.events], list(life.jobs)) == (["document-kept"], [])


@pytest.mark.parametrize("source", ["queues", epos.SOURCE, hw_proxy.SOURCE, nights.SOURCE, till.SOURCE, "relay", "web"])
async def test_nobody_speaks_for_a_source_of_the_station(keeper: ArchiveKeeper, source: str) -> None:
    with pytest.raises(RequestError):
        await keeper.take(Capture(Origin(source), "u1", (Part(Document.of(b"x")),), "x"))
    with pytest.raises(UnknownName):
        await keeper.document(1)


async def test_what_is_derived_is_asked_for_the_record(keeper: ArchiveKeeper) -> None:
    number = await put(keeper)
    assert await keeper.text(number) == "Rapport"
    assert await keeper.thumbnail(number) == b"Rapport"
    assert await keeper.page(number, 2, 300) == b"Rapport 2 300"
    assert (await keeper.search(Search("abc"))).total == 3
    assert (await keeper.facets()).sources == {"audit": 1}


async def test_a_number_that_is_none_is_said(keeper: ArchiveKeeper) -> None:
    for ask in (keeper.document, keeper.life, keeper.text, keeper.thumbnail):
        with pytest.raises(UnknownName):
            await ask(7)
    with pytest.raises(UnknownName):
        await keeper.reprint(7, "TICKET", "marie")


async def test_a_reprint_belongs_to_the_document(keeper: ArchiveKeeper, told: list[int | None]) -> None:
    number = await put(keeper)
    job = await keeper.reprint(number, "TICKET", "marie")
    assert [one.id for one in (await keeper.life(number)).jobs] == [job.id]
    assert told == [number, number]


async def test_holds_are_told_once(keeper: ArchiveKeeper, told: list[int | None]) -> None:
    one, other = await put(keeper), await put(keeper, "Autre", "u2")
    told.clear()
    assert await keeper.hold([one], "contrôle", "marie") == 1
    assert await keeper.hold([one], "contrôle", "marie") == 0
    assert await keeper.hold([one, other], "", "marie") == 1
    assert told == [one, None]
    assert (await keeper.document(one)).held == ""


async def test_what_is_derived_tells_too(keeper: ArchiveKeeper, told: list[int | None]) -> None:
    keeper.changed(None)
    assert told == [None]


async def test_searches_have_names(keeper: ArchiveKeeper, monkeypatch: pytest.MonkeyPatch) -> None:
    await keeper.save_search(SavedSearch("TVA", "q=TVA"))
    monkeypatch.setattr(archive_desk, "MOST_SEARCHES", 1)
    await keeper.save_search(SavedSearch("TVA", "q=tva"))
    assert list(await keeper.searches()) == [SavedSearch("TVA", "q=tva")]
    for name in ("", "x" * 81, "a\nb", "one too many"):
        with pytest.raises(RequestError):
            await keeper.save_search(SavedSearch(name, ""))
    assert [await keeper.forget_search("TVA"), await keeper.forget_search("TVA")] == [True, False]
