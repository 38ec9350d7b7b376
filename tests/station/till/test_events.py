"""Long polling: who hears what, how late, and who waits no longer."""

from __future__ import annotations

import asyncio

from tests.peers.clock import FakeClock

from comptoir.station.till.events import REPLAYED, Events

SOON = 0.01
LATER = 20.0


async def test_who_waits_hears_it_at_once() -> None:
    clock = FakeClock()
    events = Events(clock)
    waiting = asyncio.ensure_future(events.next("s1", ["TICKET"], 0, LATER))
    other = asyncio.ensure_future(events.next("s2", ["CUISINE"], 0, LATER))
    await asyncio.sleep(0)
    events.tell("TICKET", "till", "error", "ERROR_NO_PAPER")
    assert await waiting == {
        "device_identifier": "TICKET",
        "device_id": "TICKET",
        "time": clock.now() / 1000,
        "status": "error",
        "message": "ERROR_NO_PAPER",
        "owner": "till",
        "session_id": "s1",
    }
    assert not other.done()
    events.close()
    assert await other is None


async def test_a_device_may_be_meant_by_its_kind() -> None:
    events = Events(FakeClock())
    events.tell("TICKET", None, "success")
    assert await events.next("s", {"printer": {}}, 0, SOON) is not None


async def test_nothing_happens() -> None:
    events = Events(FakeClock())
    assert await events.next("s", ["TICKET"], 0, SOON) is None
    assert not events._waiting


async def test_who_comes_back_hears_what_was_missed_in_order_and_not_what_is_old() -> None:
    clock = FakeClock()
    events = Events(clock)
    for message in ("first", "second"):
        events.tell("TICKET", None, "success", message)
    first = await events.next("s", ["TICKET"], 0, SOON)
    assert first is not None
    assert first["message"] == "first"
    second = await events.next("s", ["TICKET"], float(str(first["time"])), SOON)
    assert second is not None
    assert second["message"] == "second", "although it was in the same millisecond"
    assert await events.next("s", ["TICKET"], float(str(second["time"])), SOON) is None
    clock.advance(REPLAYED + 10)
    assert await events.next("new", ["TICKET"], 0, SOON) is None


async def test_a_session_that_asks_again_waits_once() -> None:
    events = Events(FakeClock())
    first = asyncio.ensure_future(events.next("s", ["TICKET"], 0, LATER))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(events.next("s", ["TICKET"], 0, LATER))
    assert await first is None
    events.tell("TICKET", None, "success")
    assert await second is not None


async def test_at_the_end_nobody_waits() -> None:
    events = Events(FakeClock())
    waiting = asyncio.ensure_future(events.next("s", ["TICKET"], 0, LATER))
    await asyncio.sleep(0)
    events.close()
    assert await waiting is None
    assert await events.next("s", ["TICKET"], 0, LATER) is None


async def test_however_many_wait_only_so_many_are_kept() -> None:
    events = Events(FakeClock())
    waiting = [asyncio.ensure_future(events.next(f"s{n}", ["TICKET"], 0, LATER)) for n in range(300)]
    await asyncio.sleep(0)
    assert len(events._waiting) == 200
    assert await waiting[0] is None
    events.close()
    await asyncio.gather(*waiting)
