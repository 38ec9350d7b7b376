"""A station that has slept: no pulse that was asked for before, and everything is tried at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import Counter, Hand
from tests.peers.site import Site
from tests.station.test_app import order, to
from tests.station.test_drawers import VIRTUAL, device, noted, opened

from comptoir import waking
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.journal.sqlite import SqliteJournal


async def test_a_pulse_that_was_asked_for_before_is_refused_and_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "JUST", 300.0)
    async with Site.station(tmp_path, VIRTUAL) as site:
        clocks = site.service._waking
        steady = clocks._steady
        clocks._steady = lambda: steady() + 3_600
        answer = await opened(site)
        assert (answer.status, answer.error["code"]) == (503, "drawer-busy")
        assert not device(site).drawer.open
        assert "has just woken up" in (await noted(site, "drawer-failed"))[0]["message"]
        monkeypatch.setattr(waking, "JUST", 0.0)
        site.clock.advance(1_000)
        assert (await opened(site)).status == 200


async def test_what_waits_for_a_printer_is_tried_at_once_and_what_has_expired_ends(tmp_path: Path) -> None:
    async with VirtualPrinterServer() as server, Site.station(tmp_path, (to(server),)) as site:
        server.set_faults("paper")
        late, kept = await order(site, "late", expires_in=60), await order(site, "kept")
        await site.watch.reason(late, "media-empty-error")
        site.clock.advance(3_600_000)
        server.set_faults()
        site.service._waking.look()
        await site.watch.status(late, "expired")
        await site.watch.status(kept, "printed")
        assert "late" not in (await server.next_printed()).paper.text


async def test_a_queue_does_not_wait_for_its_timer(tmp_path: Path) -> None:
    """Timers of the event loop may have stood still while the computer slept."""
    clock = FakeClock()
    journal = await SqliteJournal.open("", tmp_path / "journal", clock)
    counter = Counter(journal, clock, tmp_path)
    counter.sinks["TICKET"] = hand = Hand()
    spooler = await counter.start()
    await counter.submit("it takes its time")
    await hand.came.wait()
    late = await counter.submit("late", expires_at=clock.now() + 60_000)
    clock.advance(3_600_000)
    spooler.woke()
    await counter.watch.status(late, "expired")
    assert len(hand.jobs) == 1
    await counter.stop()
    await journal.close()
