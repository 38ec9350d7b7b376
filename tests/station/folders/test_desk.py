"""What a person may ask and do about watched folders."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import START
from tests.peers.papers import job as made_job
from tests.peers.taken import Taken
from tests.peers.watch import eventually

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config, PrinterConfig, RouteConfig
from comptoir.core.errors import UnknownName, WrongState
from comptoir.core.intake import OriginalQuery
from comptoir.core.job import OUTCOME_UNKNOWN, Job
from comptoir.core.watch import Entry, FolderState, Kind
from comptoir.destinations import FolderConfig
from comptoir.station.folders import desk as module
from comptoir.station.folders.desk import GIVEN_UP, FolderKeeper, failed_of
from comptoir.station.folders.planning import Planning


@dataclass
class Lying:
    """A source of which a test says what lies in its folder."""

    lying: list[Entry] = field(default_factory=list)
    scans: int = 0
    on_change: list[Callable[[], None]] = field(default_factory=list)

    def state(self) -> FolderState:
        return FolderState("factures", "/in", reachable=True, seen=len(self.lying))

    def entries(self, kind: Kind, text: str, limit: int) -> Sequence[Entry]:
        return [one for one in self.lying if one.kind == kind and text in one.path][:limit]

    def rescan(self) -> None:
        self.scans += 1

    async def run(self) -> None: ...


class Keeper:
    """The desk of an office, with what it was asked to put to work."""

    def __init__(self, office: Taken) -> None:
        config = Config(
            printer=(PrinterConfig(name="FACTURE", device="virtual:", expires="10 min"),),
            destination=(FolderConfig(name="archives", path="/archives"),),
            source=(FolderSourceConfig(name="factures", path=str(office.folder)),),
            route=(RouteConfig(source="factures", to=("FACTURE",), match=("*.pdf",), original="delete"),),
        )
        self.source = Lying()
        self.put: list[Job] = []
        self.told: list[str] = []
        planning = Planning(lambda: config, office.clock)
        paths = {"factures": office.folder}
        sources = {"factures": self.source}
        self.desk = FolderKeeper(sources, paths, office.journal, planning, office.clock, self.put.append)
        self.desk.on_change.append(self.told.append)


@pytest.fixture
def keeper(office: Taken) -> Keeper:
    return Keeper(office)


# -- trying again -----------------------------------------------------------------------------------------------------


async def test_what_failed_is_tried_again_under_its_identity(office: Taken, keeper: Keeper) -> None:
    number, (printed, archived) = await office.take("a.pdf", "FACTURE", "archives")
    await office.end(printed)
    await office.end(archived, state="aborted")
    await office.journal.ledger.settle(number)
    office.clock.advance(5)
    assert await keeper.desk.retry(number, "anna") == 1
    (again,) = keeper.put
    assert (again.uid, again.destination, again.original) == (archived.uid, "archives", number)
    assert (again.document.digest, again.attributes) == (archived.document.digest, {"path": "a.pdf"})
    assert (again.origin.user, again.expires_at, again.created_at) == ("anna", None, START + 5)
    assert await office.state(number) == "waiting"
    assert keeper.told == ["factures"]
    await office.end(again)
    await office.journal.ledger.settle(number)
    assert await office.state(number) == "due"


async def test_on_a_printer_it_may_not_wait_for_ever(office: Taken, keeper: Keeper) -> None:
    number, (printed,) = await office.take("a.pdf", "FACTURE")
    await office.end(printed, state="aborted")
    await office.journal.ledger.settle(number)
    await keeper.desk.retry(number, "anna")
    assert keeper.put[0].expires_at == START + 600_000
    assert keeper.put[0].reprint_of is None


@pytest.mark.parametrize(("destination", "second"), [("FACTURE", True), ("archives", False)])
async def test_what_may_be_on_paper_is_marked_as_the_second(
    office: Taken, keeper: Keeper, destination: str, second: bool
) -> None:
    number, (held,) = await office.take("a.pdf", destination)
    await office.end(held, state="aborted", reason=OUTCOME_UNKNOWN)
    await office.journal.ledger.settle(number)
    await keeper.desk.retry(number, "anna")
    (again,) = keeper.put
    assert again.reprint_of == (held.id if second else None)
    assert (again.uid == held.uid) is not second
    await office.end(again)
    await office.journal.ledger.settle(number)
    assert await office.state(number) == "due"
    with pytest.raises(WrongState):
        await keeper.desk.retry(number, "anna")


async def test_only_what_failed_is_tried_again(office: Taken, keeper: Keeper) -> None:
    number, (printed,) = await office.take("a.pdf", "FACTURE")
    with pytest.raises(WrongState):
        await keeper.desk.retry(number, "anna")
    await office.end(printed)
    await office.journal.ledger.settle(number)
    with pytest.raises(WrongState):
        await keeper.desk.retry(number, "anna")
    with pytest.raises(UnknownName):
        await keeper.desk.retry(99, "anna")
    assert keeper.put == []


async def test_two_people_at_once_try_it_once(office: Taken, keeper: Keeper) -> None:
    number, (printed,) = await office.take("a.pdf", "FACTURE")
    for _ in range(2):
        await office.end(printed, state="aborted")
        await office.journal.ledger.settle(number)
        keeper.put.clear()
        await asyncio.gather(*(keeper.desk.retry(number, who) for who in ("anna", "bert")), return_exceptions=True)
        (printed,) = keeper.put


async def test_a_lot_is_tried_again_and_given_up_as_a_whole(office: Taken, keeper: Keeper) -> None:
    lot, (archived, printed) = await office.take_lot("lot", {"a.pdf": b"1", "b.pdf": b"2"}, "archives", "FACTURE")
    await office.end(printed)
    await office.end(archived, state="aborted")
    await office.journal.ledger.settle(lot)
    member = next(one.id for one in await office.originals() if one.lot == lot)
    assert await office.state(member) == "failed"
    assert await keeper.desk.retry(member, "anna") == 1
    (again,) = keeper.put
    assert again.destination == "archives"
    await office.end(again, state="aborted")
    await office.journal.ledger.settle(lot)
    await keeper.desk.leave(member, "anna")
    assert {one.state for one in await office.originals()} == {"kept"}


async def test_all_that_failed_of_a_folder(office: Taken, keeper: Keeper) -> None:
    for name in "abc":
        number, (printed,) = await office.take(name, "FACTURE", content=name.encode())
        await office.end(printed, state="aborted" if name != "b" else "completed")
        await office.journal.ledger.settle(number)
    assert await keeper.desk.retry_all("factures", "anna") == 2
    assert sorted(one.attributes["path"] for one in keeper.put) == ["a", "c"]
    assert await keeper.desk.retry_all("factures", "anna") == 0
    with pytest.raises(UnknownName):
        await keeper.desk.retry_all("other", "anna")


def job(number: int, state: str, uid: str = "u", **more: Any) -> Job:
    return made_job(number, uid=uid, state=state, **more)


@pytest.mark.parametrize(
    ("jobs", "failed"),
    [
        ([job(1, "aborted")], [1]),
        ([job(1, "aborted"), job(2, "completed")], []),
        ([job(1, "canceled"), job(2, "pending", destination="SECOURS")], []),
        ([job(1, "aborted"), job(2, "aborted")], [2]),
        ([job(1, "aborted"), job(2, "completed", "v")], [1]),
        ([job(1, "aborted"), job(2, "completed", "v", reprint_of=1)], []),
        ([job(1, "aborted"), job(2, "aborted", "v", reprint_of=1), job(3, "completed", "w", reprint_of=2)], []),
        ([job(1, "pending-held", reason=OUTCOME_UNKNOWN)], []),
    ],
)
def test_which_jobs_nobody_has_made_up_for(jobs: list[Job], failed: list[int]) -> None:
    assert [one.id for one in failed_of(jobs)] == failed


# -- giving up --------------------------------------------------------------------------------------------------------


async def test_a_file_that_is_given_up_stays_and_says_who_did_it(office: Taken, keeper: Keeper) -> None:
    number, (printed,) = await office.take("a.pdf", "FACTURE")
    with pytest.raises(WrongState):
        await keeper.desk.leave(number, "anna")
    await office.end(printed, state="aborted")
    await office.journal.ledger.settle(number)
    await keeper.desk.leave(number, "anna")
    found, jobs, events = await keeper.desk.life(number)
    assert (found.state, found.message) == ("kept", GIVEN_UP)
    assert [one.id for one in jobs] == [printed.id]
    assert (office.folder / "a.pdf").exists()
    kinds = [event.kind for event in events]
    assert kinds == [
        "file-taken", "job-accepted", "job-aborted", "file-failed", "file-given-up", "original-kept",
    ]  # fmt: skip
    assert '"user":"anna"' in events[-2].body


# -- what there is ----------------------------------------------------------------------------------------------------


async def test_what_lies_there_and_what_was_taken(office: Taken, keeper: Keeper) -> None:
    keeper.source.lying = [Entry("a.tmp", 1, 0, "ignored", "*.tmp"), Entry("b.pdf", 1, 0, "waiting", "quiet")]
    await office.take("a.pdf", "FACTURE")
    desk = keeper.desk
    assert [state.name for state in desk.folders()] == ["factures"]
    assert [one.path for one in desk.entries("factures", "waiting", "", 9)] == ["b.pdf"]
    assert await desk.tally("factures") == {"waiting": 1}
    assert [one.path for one in await desk.originals(OriginalQuery(text="A.P"))] == ["a.pdf"]
    await desk.rescan("factures")
    assert keeper.source.scans == 1


async def test_a_folder_that_is_none(keeper: Keeper) -> None:
    desk = keeper.desk
    for asked in (desk.tally("x"), desk.rescan("x"), desk.dry_run("x", 1), desk.life(7)):
        with pytest.raises(UnknownName):
            await asked
    with pytest.raises(UnknownName):
        desk.entries("x", "taken", "", 1)


async def test_names_of_files_that_are_no_text_can_be_given_up(office: Taken, keeper: Keeper, tmp_path: Path) -> None:
    name = b"caf\xe9.pdf".decode("utf-8", "surrogateescape") if os.name != "nt" else "café 🧾.pdf"
    number, (printed,) = await office.take(name, "FACTURE")
    await office.end(printed, state="aborted")
    await office.journal.ledger.settle(number)
    await keeper.desk.leave(number, "anna")
    assert await office.state(number) == "kept"


async def test_a_folder_in_which_much_happens_is_told_of_now_and_then(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    for _ in range(1_000):
        keeper.desk.changed("factures")
        keeper.desk.changed("other")
    assert keeper.told == ["factures", "other"]
    await eventually(lambda: len(keeper.told) == 4)
    keeper.desk.changed("factures")
    await eventually(lambda: not keeper.desk._told)
    assert keeper.told.count("factures") == 3


async def test_what_would_happen(office: Taken, keeper: Keeper) -> None:
    (office.folder / "new.pdf").write_bytes(b"%PDF-1.7")
    keeper.source.lying = [
        Entry("new.pdf", 8, START * 1_000_000, "waiting", "quiet"),
        Entry("new.pdf.part", 8, 0, "ignored", "*.part"),
        Entry("b.pdf", 8, 0, "ignored", "existing"),
        Entry("gone.txt", 8, 0, "failed", "unreadable"),
    ]
    await office.take("old.pdf", "FACTURE")
    rows = {row.path: row for row in await keeper.desk.dry_run("factures", 7)}
    assert rows["new.pdf"].destinations == ("FACTURE",)
    assert (rows["new.pdf"].media_type, rows["new.pdf"].at) == ("application/pdf", START)
    assert (rows["new.pdf"].original, rows["new.pdf"].name) == ("delete", "new.pdf")
    assert (rows["new.pdf.part"].destinations, rows["new.pdf.part"].reason) == ((), "*.part")
    assert (rows["b.pdf"].destinations, rows["b.pdf"].reason) == ((), "existing")
    assert rows["gone.txt"].reason == "no route takes it"
    assert rows["old.pdf"].destinations == ("FACTURE",)
    office.clock.advance(8 * 86_400_000)
    assert "old.pdf" not in {row.path for row in await keeper.desk.dry_run("factures", 7)}
