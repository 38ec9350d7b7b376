"""A till that was told nothing, because it hung up or the station died, and sends its receipt again: one paper without
a mark, whatever happened."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.peers.site import Site
from tests.station.till.test_delivery import LINES, LONG, PRINTERS, Till, receipt, stop_in_the_middle, till

from comptoir.core.errors import JournalError
from comptoir.station.till import delivery as module

__all__ = ["till"]


def gone() -> bool:
    """Whether a till that hung up hears the answer."""
    return False


async def test_who_hung_up_and_sends_it_again_is_told_that_it_is_printed(till: Till) -> None:
    first = await till.delivery.print(receipt(), LONG, gone)
    assert first.done
    again = await till.delivery.print(receipt(), LONG, gone)
    assert again.job.id == first.job.id, "it has hung up once more"
    second = await till.print()
    assert (second.done, second.job.id) == (True, first.job.id)
    assert till.papers == ["receipt 1"]
    assert (await till.print()).job.id != first.job.id, "the next one is another sale"


async def test_what_was_withdrawn_while_its_till_was_away_is_printed_when_it_comes_again(till: Till) -> None:
    till.device.set_faults(["paper"])
    await till.delivery.print(receipt(), LONG, gone)
    till.device.set_faults([])
    assert (await till.print()).job.reprint_of is None
    assert till.papers == ["receipt 1"]


async def test_a_journal_that_fails_meanwhile_makes_no_second_paper(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The till is told of an error, and the receipt comes out all the same."""

    async def failing(job: object) -> None:
        raise JournalError("the journal cannot be read")

    with monkeypatch.context() as broken:
        broken.setattr(till.delivery, "_now", failing)
        with pytest.raises(JournalError):
            await till.print()
    job = await till.until("printed")
    assert (await till.print()).job.id == job.id
    assert till.papers == ["receipt 1"]


async def test_a_duplicata_that_found_no_paper_is_one_when_it_is_sent_once_more(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOMENT", 0.05)
    till.device.set_faults(["close"])
    held = await till.print(LINES)
    assert held.job.status == "unknown"
    till.device.set_faults(["paper"])
    for _ in range(2):
        refused = await till.print(LINES)
        assert (refused.done, refused.job.reprint_of, refused.job.status) == (False, held.job.id, "canceled")
    till.device.set_faults([])
    printed = await till.print(LINES)
    assert (printed.done, printed.job.reprint_of) == (True, held.job.id)
    assert "DUPLICATA" in till.papers[-1]


async def test_one_that_a_person_gave_up_comes_again_as_duplicata(till: Till) -> None:
    till.device.set_faults(["close"])
    held = await till.print(LINES)
    till.device.set_faults([])
    await till.site.service.desk.give_up(held.job.id, "owner")
    assert (await till.print(LINES)).job.reprint_of == held.job.id


# -- the station died -------------------------------------------------------------------------------------------------


def later(folder: Path, ms: int) -> Site:
    """The same station, so much later."""
    site = Site.station(folder, PRINTERS)
    site.clock.advance(ms)
    return site


async def test_what_waited_when_the_station_died_comes_out_once(tmp_path: Path) -> None:
    """It is printed by the next run, before or after the till has sent it again."""
    async with Site.station(tmp_path, PRINTERS) as site:
        one = Till(site)
        async with site.service._counters["TICKET"].channel.turn():
            printing = one.start(within=10.0)
            waiting = await one.until("queued")
            printing.cancel()
            await asyncio.gather(printing, return_exceptions=True)
            one.device.set_faults(["paper"])
    async with later(tmp_path, 1_000) as site:
        one = Till(site)
        assert (await one.until("printed")).id == waiting.id
        outcome = await one.print()
        assert (outcome.done, outcome.job.id) == (True, waiting.id)
        assert (await one.print()).job.id != waiting.id


async def test_what_came_out_just_before_it_died_is_marked(tmp_path: Path) -> None:
    """Nobody knows whether the till has heard of it."""
    async with Site.station(tmp_path, PRINTERS) as site:
        first = await Till(site).print()
    async with later(tmp_path, module.REPEATS - 1) as site:
        one = Till(site)
        second = await one.print()
        assert (second.done, second.job.reprint_of) == (True, first.job.id)
        assert "DUPLICATA" in one.papers[-1]
        assert (await one.print()).job.reprint_of is None, "it has heard of that"


async def test_what_came_out_long_before_it_died_is_another_sale(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS) as site:
        await Till(site).print()
    async with later(tmp_path, module.REPEATS) as site:
        assert (await Till(site).print()).job.reprint_of is None


async def test_a_clock_that_was_set_back_hides_no_paper(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS) as site:
        first = await Till(site).print()
    async with later(tmp_path, -3_600_000) as site:
        one = Till(site)
        second = await one.print()
        assert (second.done, second.job.reprint_of) == (True, first.job.id)
        assert len(one.papers) == 1


async def test_what_was_owed_when_it_died_is_marked(till: Till, tmp_path: Path) -> None:
    """It stopped in the middle; what was on paper by then is not known any more."""
    first = await stop_in_the_middle(till, LINES)
    await till.site.service.stop()
    async with later(tmp_path, 1_000) as site:
        assert (await Till(site).print(LINES)).job.reprint_of == first.job.id
    await till.site.service.start()
