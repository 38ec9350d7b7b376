"""Cancelling what a station may have, stations that are not who they were, and what else may come in between."""

from __future__ import annotations

import asyncio

import pytest
from tests.peers.scene import HELLO, Scene, done, ref
from tests.peers.watch import eventually

from comptoir.core.document import Document
from comptoir.core.errors import JournalError
from comptoir.core.job import Change
from comptoir.wire import relay

OTHER = relay.Hello(relay.PROTOCOL, "1.0", "journal-2", [relay.Printer("TICKET")])


async def test_a_cancel_does_not_overtake_its_offer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document is still being read from the disk: a job that is said to be cancelled is not offered afterwards."""
    job = await scene.submit()
    content, gate = scene.journal.content, asyncio.Event()

    async def slow(document: Document) -> bytes:
        await gate.wait()
        return await content(document)

    monkeypatch.setattr(scene.journal, "content", slow)
    link, wire = await scene.connect()
    assert await scene.stations.cancel(job, "anna")
    await eventually(lambda: wire.of(relay.Cancel))
    scene.stations.heard(link, [relay.Lost([ref(job)])])
    await scene.status(job, "canceled")
    gate.set()
    await asyncio.wait(scene.stations._tasks)
    await link.flush()
    assert wire.offered() == []


async def test_a_cancel_outlives_the_connection_over_which_it_was_said(scene: Scene) -> None:
    link, wire = await scene.connect()
    offered, taken = await scene.submit(), await scene.submit()
    await eventually(lambda: len(wire.offered()) == 2)
    scene.stations.heard(link, [relay.Accepted([ref(taken)])])
    await scene.status(taken, "sent")
    for job in (offered, taken):
        assert await scene.stations.cancel(job, "anna")
    scene.stations.gone(link)
    link, wire = await scene.connect()
    await eventually(lambda: len(wire.of(relay.Cancel)) == 2)
    assert wire.offered() == [], "what somebody has cancelled is not offered again"
    scene.stations.heard(link, [relay.Lost([ref(offered)]), relay.Report(ref(taken), "canceled", by="anna")])
    assert (await scene.status(offered, "canceled")).state == (await scene.status(taken, "canceled")).state
    assert scene.stations._asked == {}


async def test_a_station_that_lost_its_memory_is_not_offered_what_it_may_have_printed(scene: Scene) -> None:
    link, wire = await scene.connect()
    job = await scene.submit()
    await eventually(wire.offered)
    scene.stations.gone(link)
    fresh = await scene.submit("a job of later")
    _, wire = await scene.connect(OTHER)
    held = await scene.status(job, "unknown")
    assert held.state == "pending-held"
    await eventually(wire.offered)
    assert wire.offered() == [ref(fresh)]


async def test_two_stations_with_one_token_do_not_take_each_others_place(scene: Scene) -> None:
    """A data folder that was copied to a second computer: the first one goes on, the second is told."""
    first, _ = await scene.connect()
    second, wire = await scene.connect(OTHER)
    assert scene.stations.links == {"caisse-1": first}
    (refused,) = wire.of(relay.Refused)
    assert isinstance(refused, relay.Refused)
    assert refused.code == "duplicate"
    scene.stations.gone(second)
    assert scene.stations.links == {"caisse-1": first}
    again, _ = await scene.connect(HELLO)
    assert scene.stations.links == {"caisse-1": again}, "the same one may come again at once"


async def test_a_job_that_is_written_while_its_station_is_revoked_waits(scene: Scene) -> None:
    scene.stations.revoked("caisse-1")
    assert scene.stations.lanes == {}
    job = await scene.submit()
    assert job.id in scene.stations.lanes["caisse-1"].waiting
    assert scene.stations.revoked_names == {"caisse-1"}


async def test_a_reason_to_wait_is_known_although_the_acknowledgement_was_lost(scene: Scene) -> None:
    link, wire = await scene.connect()
    job = await scene.submit()
    await eventually(wire.offered)
    scene.stations.heard(link, [relay.Report(ref(job), "pending", "media-empty-error", "no paper")])
    await eventually(lambda: job.id in scene.stations._there["caisse-1"])
    told = await scene.status(job, "sent")
    assert (told.state, told.reason) == ("processing-stopped", "media-empty-error")


async def test_what_is_told_again_is_no_event(scene: Scene) -> None:
    """Waiting jobs are reported on each reconnection; the journal would grow by that for ever."""
    link, wire = await scene.connect()
    job = await scene.submit()
    await eventually(wire.offered)
    report = relay.Report(ref(job), "pending", "media-empty-error", "no paper")
    for _ in range(5):
        scene.stations.heard(link, [report])
    scene.stations.heard(link, [done(job)])
    await scene.status(job, "printed")
    kinds = [event.kind for event in await scene.journal.events(job.id)]
    assert kinds == ["job-accepted", "job-processing-stopped", "job-completed"]


async def test_a_job_given_under_another_name_is_not_confirmed_away(scene: Scene) -> None:
    """A station that was paired anew under another name keeps telling, until it has its old name again."""
    link, wire = await scene.connect()
    job = await scene.submit()
    await eventually(wire.offered)
    scene.stations.heard(link, [relay.Accepted([ref(job)])])
    await scene.status(job, "sent")
    scene.stations.gone(link)
    renamed, wire = await scene.connect(name="caisse-2")
    scene.stations.heard(renamed, [done(job), relay.Report("9.zz", "completed")])
    await eventually(lambda: wire.of(relay.Recorded))
    assert wire.of(relay.Recorded) == [relay.Recorded(["9.zz"])]
    again, wire = await scene.connect()
    scene.stations.heard(again, [done(job)])
    await scene.status(job, "printed")


async def test_news_about_the_printer_are_not_undone_by_a_late_acknowledgement(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The acknowledgement could not be written at once; what the station told afterwards is newer."""
    link, wire = await scene.connect()
    job = await scene.submit()
    await eventually(wire.offered)
    record, calls = scene.journal.record, 0

    async def once(changes: list[Change]) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise JournalError("the disk is full", "Make room.")
        return await record(changes)

    monkeypatch.setattr(scene.journal, "record", once)
    monkeypatch.setattr("comptoir.hub.stations.RETRY", 0.01)
    scene.stations.heard(link, [relay.Accepted([ref(job)])])
    scene.stations.heard(link, [relay.Report(ref(job), "pending", "media-empty-error", "no paper")])
    await scene.status(job, "sent")
    if scene.stations._tasks:
        await asyncio.wait(scene.stations._tasks)
    told = await scene.journal.job(job.id)
    assert told is not None
    assert told.reason == "media-empty-error"
