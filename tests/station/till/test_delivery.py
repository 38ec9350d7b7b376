"""Printing for a caller that waits: a running station, its virtual printer, and every way in which it can end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.papers import submission
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.config import PrinterConfig
from comptoir.core.document import Submission
from comptoir.core.errors import UnknownName
from comptoir.core.job import Job
from comptoir.core.record import JobQuery
from comptoir.core.spool import Lane
from comptoir.devices.virtual import VirtualDevice
from comptoir.station.till import delivery as module
from comptoir.station.till.delivery import Delivery, Outcome

PRINTERS = (PrinterConfig(name="TICKET", device="virtual:"), PrinterConfig(name="BAR", device="virtual:"))
LONG = 20.0


class Till:
    """A till in front of a station: it prints, and looks at what came out."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.delivery: Delivery = site.service.delivery
        device = site.service._counters["TICKET"].device
        assert isinstance(device, VirtualDevice)
        self.device = device
        self.papers: list[str] = []
        device.on_printed.append(lambda printed: self.papers.append(printed.paper.text))

    @property
    def lane(self) -> Lane:
        lane: Lane = self.site.service._spooler.lanes["TICKET"]
        return lane

    async def print(self, content: str = "receipt 1", within: float = LONG, **more: object) -> Outcome:
        return await self.delivery.print(receipt(content, **more), within)

    def start(self, content: str = "receipt 1", within: float = LONG) -> asyncio.Task[Outcome]:
        return asyncio.ensure_future(self.print(content, within))

    async def jobs(self) -> list[Job]:
        return list(await self.site.journal.jobs(JobQuery()))

    async def until(self, status: str) -> Job:
        """The newest job, as soon as its status is this."""
        jobs: list[Job] = []
        async with asyncio.timeout(LONG):
            while not jobs or jobs[0].status != status:
                jobs = await self.jobs()
        return jobs[0]


def receipt(content: str = "receipt 1", **more: object) -> Submission:
    given: dict[str, object] = {"destination": "", "source": "till", "format": "text", **more}
    return submission(content, **given)  # type: ignore[arg-type]


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    async with Site.station(tmp_path, PRINTERS) as site:
        yield Till(site)


async def test_it_is_told_when_it_is_printed_and_not_before(till: Till) -> None:
    outcome = await till.print()
    assert (outcome.done, outcome.reason, outcome.job.status) == (True, "job-completed-successfully", "printed")
    assert outcome.job.evidence is not None
    assert outcome.job.evidence.kind in ("printed", "processed")
    assert till.papers == ["receipt 1"]


async def test_the_same_receipt_printed_later_is_printed_again(till: Till) -> None:
    assert (await till.print()).done
    assert (await till.print()).done
    assert till.papers == ["receipt 1"] * 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("paper", "media-empty-error"),
        ("cover", "cover-open-error"),
        ("cutter", "media-jam-error"),
        ("offline", "offline-report"),
        ("off", "connecting-to-device"),
    ],
)
async def test_a_printer_that_cannot_is_told_at_once_and_prints_nothing_later(
    till: Till, fault: str, reason: str
) -> None:
    till.device.set_faults([fault])
    outcome = await till.print()
    assert (outcome.done, outcome.reason, outcome.job.status) == (False, reason, "canceled")
    assert outcome.message
    again = await till.print()
    assert (again.done, again.reason) == (False, reason), "what was known before is asked anew"
    assert again.job.id != outcome.job.id
    till.device.set_faults([])
    assert (await till.print("receipt 2")).done, "and it prints as soon as it can, without a wait"
    assert till.papers == ["receipt 2"]


async def test_a_printer_whose_last_word_was_a_trouble_is_asked_again(tmp_path: Path) -> None:
    """One to which no connection is kept tells nothing by itself."""
    printer = PrinterConfig(name="TICKET", device="virtual:", connection="release")
    async with Site.station(tmp_path, (printer,)) as site:
        till = Till(site)
        till.device.set_faults(["paper"])
        assert not (await till.print()).done
        till.device.set_faults([])
        assert (await till.print()).done


async def test_one_that_takes_too_long_is_withdrawn(till: Till) -> None:
    async with till.site.service._counters["TICKET"].channel.turn():
        outcome = await till.print(within=0.05)
    assert (outcome.done, outcome.reason, outcome.job.status) == (False, module.TIMED_OUT, "canceled")
    assert outcome.message
    assert (await till.print("receipt 2")).done
    assert till.papers == ["receipt 2"]


async def test_two_at_once_are_one(till: Till) -> None:
    """The till sent it again while the first was on its way."""
    async with till.site.service._counters["TICKET"].channel.turn():
        printing = [till.start() for _ in range(5)]
        await eventually(lambda: till.delivery._waiting.total() == 5)
    outcomes = await asyncio.gather(*printing)
    assert {outcome.job.id for outcome in outcomes} == {1}
    assert all(outcome.done for outcome in outcomes)
    assert till.papers == ["receipt 1"]


@pytest.mark.parametrize(
    "other",
    [
        receipt("receipt 2"),
        receipt(source="another till"),
        receipt(destination="BAR"),
        receipt(format="message"),
        receipt(copies=2),
    ],
)
async def test_what_differs_is_another_receipt(till: Till, other: Submission) -> None:
    outcomes = await asyncio.gather(till.print(), till.delivery.print(other, LONG))
    assert {outcome.job.id for outcome in outcomes} == {1, 2}


async def test_who_waits_for_what_another_gave_up_still_gets_it(till: Till) -> None:
    """Two wait for one job; the first has no time left."""
    async with till.site.service._counters["TICKET"].channel.turn():
        patient = till.start()
        await till.until("queued")
        hurried = await till.print(within=0.05)
        assert (hurried.done, hurried.job.status) == (False, "queued")
    assert (await patient).done
    assert till.papers == ["receipt 1"]
    assert (await till.print()).done, "that the other was told it failed is settled by then"
    assert till.papers == ["receipt 1"] * 2


async def stop_in_the_middle(till: Till, content: str) -> Outcome:
    """The paper ends after a few lines."""
    till.device.set_faults(["paper=3"])
    outcome = await till.print(content)
    assert (outcome.done, outcome.reason, outcome.job.status) == (False, "media-empty-error", "sent")
    return outcome


async def test_one_that_is_just_being_withdrawn_is_not_joined(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The till sends it again while the disk still writes that the first is withdrawn."""
    record, written = till.site.journal.record, asyncio.Event()

    async def slowly(changes: Any) -> Any:
        if any(change.state == "canceled" for change in changes):
            await written.wait()
        return await record(changes)

    monkeypatch.setattr(till.site.journal, "record", slowly)
    async with till.site.service._counters["TICKET"].channel.turn():
        first = till.start(within=0.05)
        await eventually(lambda: (lane := till.lane).active == lane.waiting == {} and till.delivery._waiting)
        second = till.start()
        await eventually(lambda: till.delivery._waiting.total() == 2)
        written.set()
        assert (await first).job.status == "canceled"
    assert (await second).done
    assert till.papers == ["receipt 1"]


LINES = "\n".join(f"line {number}" for number in range(40))


async def test_one_that_stopped_in_the_middle_prints_on_and_its_repetition_joins_it(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await stop_in_the_middle(till, LINES)
    with monkeypatch.context() as hurried:
        hurried.setattr(module, "MOMENT", 0.05)
        second = await till.print(LINES)
    assert (second.done, second.job.id) == (False, first.job.id), "there is still no paper"
    till.device.set_faults([])
    third = await till.print(LINES)
    assert (third.done, third.job.id) == (True, first.job.id)
    assert len(till.papers) == 1


async def test_its_repetition_after_it_has_come_out_prints_nothing_once(till: Till) -> None:
    """The till was told that there is no paper; somebody put it in, then presses “Try again”."""
    first = await stop_in_the_middle(till, LINES)
    till.device.set_faults([])
    await till.until("printed")
    second = await till.print(LINES)
    assert (second.done, second.job.id) == (True, first.job.id)
    assert len(till.papers) == 1
    assert (await till.print(LINES)).job.id != first.job.id
    assert len(till.papers) == 2


async def test_a_minute_later_it_says_that_it_may_be_the_second_and_much_later_it_is_a_new_wish(till: Till) -> None:
    first = await stop_in_the_middle(till, LINES)
    till.device.set_faults([])
    await till.until("printed")
    till.site.clock.advance(module.REPEATS)
    second = await till.print(LINES)
    assert (second.done, second.job.reprint_of) == (True, first.job.id)
    assert "DUPLICATA" in till.papers[-1]
    assert (await till.print(LINES)).job.reprint_of is None, "it was told of that one"
    owed = await stop_in_the_middle(till, f"{LINES}!")
    till.device.set_faults([])
    await till.until("printed")
    till.site.clock.advance(module.REMEMBERED + 1)
    third = await till.print(f"{LINES}!")
    assert (third.job.id == owed.job.id, third.job.reprint_of) == (False, None)


async def test_what_was_owed_is_forgotten_before_it_fills_the_memory(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_OWED", 1)
    monkeypatch.setattr(module, "MOMENT", 0.05)
    await stop_in_the_middle(till, LINES)
    assert not (await till.print("another")).done
    assert not till.delivery._owed, "the other made it forget the first, and was withdrawn itself"


async def test_a_held_one_sent_again_is_a_duplicata(till: Till) -> None:
    """Nobody knows whether the first came out."""
    till.device.set_faults(["close"])
    held = await till.print(LINES)
    assert (held.done, held.reason, held.job.status) == (False, "outcome-unknown", "unknown")
    till.device.set_faults([])
    outcome = await till.print(LINES)
    assert (outcome.done, outcome.job.reprint_of) == (True, held.job.id)
    assert "DUPLICATA" in till.papers[-1]
    first = await till.site.journal.job(held.job.id)
    assert first is not None
    assert first.final


async def test_a_duplicata_that_waits_is_joined_too(till: Till) -> None:
    till.device.set_faults(["close"])
    await till.print(LINES)
    till.device.set_faults([])
    async with till.site.service._counters["TICKET"].channel.turn():
        waiting = [till.start(LINES), till.start(LINES)]
        await eventually(lambda: len(till.delivery._waiting) == 1 and till.delivery._waiting.total() == 2)
    first, second = await asyncio.gather(*waiting)
    assert first.done
    assert first.job.id == second.job.id


async def test_what_cannot_be_read_is_told(till: Till) -> None:
    outcome = await till.print("\xff", format="image")
    assert (outcome.done, outcome.reason, outcome.job.status) == (False, "document-format-error", "failed")


async def test_one_that_a_person_cancelled_is_told(till: Till) -> None:
    async with till.site.service._counters["TICKET"].channel.turn():
        printing = till.start()
        job = await till.until("queued")
        await till.site.service.desk.cancel(job.id, "owner")
        outcome = await printing
    assert (outcome.done, outcome.reason) == (False, "job-canceled-by-user")


async def test_a_printer_that_there_is_none_of(till: Till) -> None:
    with pytest.raises(UnknownName):
        await till.print(destination="NADA")
    assert not await till.jobs()


async def test_one_that_a_dead_station_left_behind_is_not_printed_when_it_is_back(tmp_path: Path) -> None:
    """The till was told nothing, and has gone on."""
    async with Site.station(tmp_path, PRINTERS) as site:
        till = Till(site)
        async with site.service._counters["TICKET"].channel.turn():
            printing = till.start(within=10.0)
            job = await till.until("queued")
            printing.cancel()
            await asyncio.gather(printing, return_exceptions=True)
            assert job.expires_at == site.clock.now() + 20_000
            till.device.set_faults(["paper"])
    later = Site.station(tmp_path, PRINTERS)
    later.clock.advance(20_001)
    async with later as site:
        till = Till(site)
        assert (await till.print("receipt 2")).done
        left = await site.journal.job(job.id)
        assert left is not None
        assert left.status == "expired"
        assert till.papers == ["receipt 2"]


async def test_a_shorter_life_stays(till: Till) -> None:
    soon = till.site.clock.now() + 1_000
    assert (await till.print(expires_at=soon)).job.expires_at == soon


async def test_nothing_is_left_behind(till: Till) -> None:
    listeners = (len(till.site.service._spooler.on_trouble), len(till.site.journal._listeners))
    await till.print()
    assert (len(till.site.service._spooler.on_trouble), len(till.site.journal._listeners)) == listeners
    assert not till.delivery._waiting
    events = await till.site.journal.events(limit=1000)
    bodies = [json.loads(event.body) for event in events if event.kind == "job-accepted"]
    assert [body["source"] for body in bodies] == ["till"]
