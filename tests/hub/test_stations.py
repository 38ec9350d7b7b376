"""The stations of a hub, message by message: a real journal, and a station that the test speaks for."""

from __future__ import annotations

import asyncio

import pytest
from tests.peers.scene import Scene, done, ref
from tests.peers.watch import eventually

from comptoir.core.errors import JournalError
from comptoir.core.job import Evidence
from comptoir.core.record import JobQuery
from comptoir.hub import stations as module
from comptoir.hub.stations import WINDOW
from comptoir.wire import relay


async def test_the_whole_life_of_a_job(scene: Scene) -> None:
    link, wire = await scene.connect()
    job = await scene.submit(expires_at=scene.clock.now() + 5000, title="Bar", reprint_of=3)
    await eventually(wire.offered)
    (offer,) = wire.of(relay.Offer)
    assert isinstance(offer, relay.Offer)
    assert (offer.ref, offer.content, offer.digest) == (ref(job), b"Hello world", job.document.digest)
    assert (offer.expires_in, offer.title, offer.duplicata) == (5000, "Bar", True)
    scene.stations.heard(link, [relay.Accepted([ref(job)])])
    await scene.status(job, "sent")
    scene.stations.heard(link, [done(job)])
    told = await scene.status(job, "printed")
    assert told.evidence == Evidence("processed")
    await eventually(lambda: wire.of(relay.Recorded))
    assert wire.of(relay.Recorded) == [relay.Recorded([ref(job)])]


async def test_recorded_is_said_after_it_is_on_disk(scene: Scene) -> None:
    link, wire = await scene.connect()
    job = await scene.submit()
    seen: list[bool] = []

    def listener(events: object) -> None:
        seen.append(bool(wire.of(relay.Recorded)))

    scene.journal.subscribe(listener)
    scene.stations.heard(link, [done(job)])
    await eventually(lambda: wire.of(relay.Recorded))
    assert seen
    assert not any(seen)


async def test_a_large_document_is_not_in_the_offer(scene: Scene) -> None:
    _, wire = await scene.connect()
    await scene.submit("x" * (relay.INLINE + 1))
    await eventually(wire.offered)
    assert [message.content for message in wire.of(relay.Offer) if isinstance(message, relay.Offer)] == [None]


async def test_no_more_than_the_window_is_offered_at_once(scene: Scene) -> None:
    link, wire = await scene.connect()
    jobs = [await scene.submit(str(number)) for number in range(WINDOW + 2)]
    await eventually(lambda: len(wire.offered()) == WINDOW)
    scene.stations.heard(link, [relay.Accepted([ref(jobs[0]), ref(jobs[5])])])
    await eventually(lambda: len(wire.offered()) == WINDOW + 2)
    assert wire.offered() == [ref(job) for job in jobs]


async def test_what_was_not_acknowledged_is_offered_again_and_the_rest_is_settled(scene: Scene) -> None:
    link, _ = await scene.connect()
    taken, lost = await scene.submit("a"), await scene.submit("b")
    scene.stations.heard(link, [relay.Accepted([ref(taken)])])
    await scene.status(taken, "sent")
    scene.stations.gone(link)
    _, wire = await scene.connect()
    await eventually(wire.offered)
    assert wire.offered() == [ref(lost)]
    assert wire.of(relay.Settle) == [relay.Settle([ref(taken)])]
    (offer,) = [message for message in wire.of(relay.Offer) if isinstance(message, relay.Offer)]
    assert offer.content == b"b", "what waits is read again from the disk"


async def test_after_a_restart_everything_is_asked_for_again(scene: Scene) -> None:
    link, _ = await scene.connect()
    taken, waiting = await scene.submit("a"), await scene.submit("b")
    scene.stations.heard(link, [relay.Accepted([ref(taken)])])
    await scene.status(taken, "sent")
    await scene.restart()
    _, wire = await scene.connect()
    await eventually(wire.offered)
    assert wire.offered() == [ref(waiting)]
    assert wire.of(relay.Settle) == [relay.Settle([ref(taken)])]


async def test_a_report_is_worth_an_acknowledgement(scene: Scene) -> None:
    link, _ = await scene.connect()
    job = await scene.submit()
    scene.stations.heard(link, [relay.Report(ref(job), "processing")])
    await scene.status(job, "sent")
    assert scene.stations.lanes["caisse-1"].drained()


async def test_waiting_at_the_station_is_sent_with_the_reason(scene: Scene) -> None:
    link, _ = await scene.connect()
    job = await scene.submit()
    scene.stations.heard(
        link, [relay.Accepted([ref(job)]), relay.Report(ref(job), "pending", "media-empty-error", "No paper")]
    )
    told = await scene.watch.reason(job.id, "media-empty-error")
    assert (told.state, told.status) == ("processing-stopped", "sent")


async def test_a_job_that_the_station_has_forgotten_is_held(scene: Scene) -> None:
    link, _ = await scene.connect()
    job = await scene.submit()
    scene.stations.heard(link, [relay.Accepted([ref(job)])])
    await scene.status(job, "sent")
    scene.stations.heard(link, [relay.Lost([ref(job)])])
    told = await scene.status(job, "unknown")
    assert told.state == "pending-held"
    scene.stations.heard(link, [done(job)])
    assert (await scene.status(job, "printed")).evidence is not None, "it has turned up after all"


async def test_a_job_that_the_station_never_had_is_cancelled_by_its_word(scene: Scene) -> None:
    link, wire = await scene.connect()
    job = await scene.submit()
    await eventually(wire.offered)
    assert await scene.stations.cancel(job, "anna")
    await eventually(lambda: wire.of(relay.Cancel))
    assert wire.of(relay.Cancel) == [relay.Cancel(ref(job), "anna")]
    scene.stations.heard(link, [relay.Lost([ref(job)])])
    await scene.status(job, "canceled")


async def test_cancelling_where_nobody_can_be_asked(scene: Scene) -> None:
    waiting = await scene.submit()
    assert await scene.stations.cancel(waiting, "anna")
    await scene.status(waiting, "canceled")
    link, wire = await scene.connect()
    assert wire.offered() == []
    offered = await scene.submit()
    await eventually(wire.offered)
    scene.stations.gone(link)
    assert not await scene.stations.cancel(offered, "anna"), "the station may have it"


async def test_an_offered_job_does_not_expire_at_the_hub_and_a_waiting_one_does(scene: Scene) -> None:
    link, wire = await scene.connect()
    offered = await scene.submit(expires_at=scene.clock.now() + 60_000)
    await eventually(wire.offered)
    scene.stations.gone(link)
    waiting = await scene.submit(expires_at=scene.clock.now() + 60_000)
    scene.clock.advance(60_001)
    scene.stations._tick()
    await scene.status(waiting, "expired")
    job = await scene.journal.job(offered.id)
    assert job is not None
    assert job.status == "queued"


async def test_expiry_does_not_need_a_tick_by_hand(scene: Scene) -> None:
    job = await scene.submit(expires_at=scene.clock.now() + 1)
    scene.clock.advance(1)
    await scene.status(job, "expired")


async def test_a_clock_that_jumps_is_noticed_long_before_the_timer_that_was_set(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a computer sleeps, the clock of the event loop may stand still."""
    monkeypatch.setattr(module, "OFTEN", 0.05)
    job = await scene.submit(expires_at=scene.clock.now() + 86_400_000)
    scene.clock.advance(86_400_000)
    await scene.status(job, "expired")


@pytest.mark.parametrize(("protocol", "older"), [(relay.PROTOCOL + 1, "hub"), (relay.PROTOCOL - 1, "station")])
async def test_another_protocol_is_refused_with_the_older_one_named(scene: Scene, protocol: int, older: str) -> None:
    _, wire = await scene.connect(relay.Hello(protocol, "9.9", "j", []))
    (refused,) = wire.heard
    assert isinstance(refused, relay.Refused)
    assert refused.code == "protocol"
    assert f"update the {older}" in refused.message
    assert "9.9" in refused.message
    assert scene.stations.links == {}


async def test_the_second_connection_of_a_station_replaces_the_first(scene: Scene) -> None:
    first, old = await scene.connect()
    job = await scene.submit()
    await eventually(old.offered)
    _, new = await scene.connect()
    await eventually(lambda: old.closed)
    assert old.closed[0][0] == 4000
    await eventually(new.offered)
    scene.stations.gone(first)
    assert "caisse-1" in scene.stations.links, "the end of the old one does not touch the new one"
    assert new.offered() == [ref(job)]


async def test_a_revoked_station_is_hung_up_on(scene: Scene) -> None:
    _, wire = await scene.connect()
    scene.stations.revoked("caisse-1")
    await eventually(lambda: wire.closed)
    assert wire.closed[0][0] == 4003
    scene.stations.revoked("caisse-1")
    scene.stations.revoked("nobody")


async def test_a_silent_station_is_hung_up_on(scene: Scene) -> None:
    link, wire = await scene.connect()
    link.heard_at -= 3 * relay.HEARTBEAT + 1
    scene.stations._sweeper.cancel()
    scene.stations._sweep()
    await eventually(lambda: wire.closed)
    assert scene.stations.links == {}


async def test_a_ping_is_answered(scene: Scene) -> None:
    link, wire = await scene.connect()
    scene.stations.heard(link, [relay.Ping()])
    await eventually(lambda: wire.of(relay.Pong))


async def test_a_link_that_breaks_while_sending_harms_nobody(scene: Scene) -> None:
    link, wire = await scene.connect()
    wire.broken = True
    job = await scene.submit()
    await link.flush()
    scene.stations.gone(link)
    _, wire = await scene.connect()
    await eventually(wire.offered)
    assert wire.offered() == [ref(job)]


async def test_reports_about_jobs_of_others_change_nothing(scene: Scene) -> None:
    """A station answers for its own jobs, and for no other's."""
    link, _ = await scene.connect()
    job = await scene.submit()
    scene.stations.heard(link, [relay.Accepted([ref(job)])])
    await scene.status(job, "sent")
    scene.stations.add("thief")
    thief, wire = await scene.connect(name="thief")
    wrong = relay.Report(f"{job.id}.{'f' * 32}", "completed")
    scene.stations.heard(
        thief, [done(job), relay.Lost([ref(job)]), relay.Accepted([ref(job)]), relay.Report("x", "canceled")]
    )
    scene.stations.heard(link, [wrong])
    await eventually(lambda: wire.of(relay.Recorded))
    told = await scene.journal.job(job.id)
    assert told is not None
    assert told.status == "sent"
    assert told.evidence is None


async def test_a_report_about_an_ended_job_is_confirmed_and_changes_nothing(scene: Scene) -> None:
    link, wire = await scene.connect()
    job = await scene.submit()
    scene.stations.heard(link, [done(job)])
    await scene.status(job, "printed")
    scene.stations.heard(link, [relay.Report(ref(job), "aborted", "other-error")])
    await eventually(lambda: len(wire.of(relay.Recorded)) == 2)
    await scene.status(job, "printed")


async def test_what_cannot_be_written_is_not_confirmed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    link, wire = await scene.connect()
    job = await scene.submit()

    async def full(changes: object) -> object:
        raise JournalError("the disk is full", "Make room")

    with monkeypatch.context() as patch:
        patch.setattr(scene.journal, "record", full)
        scene.stations.heard(link, [done(job)])
        await eventually(lambda: "Make room" in caplog.text)
    assert wire.of(relay.Recorded) == []
    await eventually(lambda: wire.closed)
    assert wire.closed == [(relay.TRY_LATER, b"the hub cannot write")], "so that it is said again"
    link, wire = await scene.connect()
    scene.stations.heard(link, [done(job)])
    await scene.status(job, "printed")


async def test_a_damaged_small_document_does_not_stay_for_ever(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be offered: the job says so, and its place in the window is free."""
    job = await scene.submit()

    async def damaged(document: object) -> bytes:
        raise JournalError("the document was damaged on the disk", "It cannot be printed; check the disk.")

    monkeypatch.setattr(scene.journal, "content", damaged)
    await scene.connect()
    told = await scene.watch.status(job.id, "failed", "unknown", patience=3)
    assert "damaged" in told.message
    assert scene.stations.lanes["caisse-1"].drained()


async def test_a_station_may_be_away_with_many_jobs(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits does not hold its bytes in memory."""
    for number in range(50):
        await scene.submit(str(number))
    assert all(job.document.content is None for job in scene.stations.lanes["caisse-1"].waiting.values())
    monkeypatch.setattr(module, "SETTLE_AT_ONCE", 2)
    link, wire = await scene.connect()
    await eventually(lambda: len(wire.offered()) == 50)
    scene.stations.heard(link, [relay.Accepted(wire.offered())])
    await eventually(scene.stations.lanes["caisse-1"].drained)
    scene.stations.gone(link)
    while await scene.journal.jobs(JobQuery(status=("queued",))):
        await asyncio.sleep(0)
    _, wire = await scene.connect()
    await eventually(lambda: len(wire.of(relay.Settle)) == 25)
