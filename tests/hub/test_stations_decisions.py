"""What people decide at the hub: about jobs that a station holds, and about who may be a station."""

from __future__ import annotations

import asyncio

from tests.peers.scene import Scene, done, ref
from tests.peers.watch import eventually

from comptoir.core.job import Change, Evidence
from comptoir.hub.stations import Stations
from comptoir.wire import relay

HELD = "outcome-unknown"


async def test_what_a_person_decides_here_is_told_to_the_station_that_holds_it(scene: Scene) -> None:
    link, wire = await scene.connect()
    job = await scene.submit()
    await eventually(wire.offered)
    scene.stations.heard(link, [relay.Report(ref(job), "pending-held", HELD)])
    await scene.status(job, "unknown")
    assert await scene.stations.cancel(job, "bob"), "the station is asked, and has not answered yet"
    decision = Change(job.id, "completed", "job-completed-successfully", evidence=Evidence("person", "seen"), by="anna")
    await scene.journal.record([decision])
    decided = await scene.journal.job(job.id)
    assert decided is not None
    scene.stations.ended(decided, "anna")
    assert scene.stations._asked == {}, "there is nothing to ask any more"
    await eventually(lambda: wire.of(relay.Ended))
    told = relay.Ended(ref(job), "completed", decision.reason, "", Evidence("person", "seen"), "anna")
    assert wire.of(relay.Ended) == [told]
    # It was away when that was said, or died before it was on its disk: it still reports the job as held.
    scene.stations.gone(link)
    link, wire = await scene.connect()
    scene.stations.heard(link, [relay.Report(ref(job), "pending-held", HELD)])
    await eventually(lambda: wire.of(relay.Ended))
    assert wire.of(relay.Ended) == [told]
    scene.stations.heard(link, [done(job)])
    await eventually(lambda: wire.of(relay.Recorded))


async def test_a_decision_is_told_to_nobody_elses_station(scene: Scene) -> None:
    job = await scene.submit()
    await scene.journal.record([Change(job.id, "aborted", HELD, by="anna")])
    link, wire = await scene.connect(name="other")
    for strange in (ref(job), f"{job.id}.{'0' * 32}", "99.aa", "x"):
        scene.stations.heard(link, [relay.Report(strange, "pending-held", HELD)])
    scene.stations.heard(link, [relay.Ping()])
    await eventually(lambda: wire.of(relay.Pong))
    assert not scene.stations._tasks or await asyncio.wait(scene.stations._tasks)
    assert wire.of(relay.Ended) == []


async def test_a_revoked_station_stays_only_as_long_as_its_jobs(scene: Scene) -> None:
    job = await scene.submit()
    scene.stations.revoked("caisse-1")
    assert scene.stations.revoked_names == {"caisse-1"}
    await scene.restart()
    await scene.stations.stop()
    scene.stations = Stations(scene.journal, scene.clock)
    await scene.stations.start([])
    assert (list(scene.stations.lanes), scene.stations.revoked_names) == (["caisse-1"], {"caisse-1"})
    scene.stations.add("caisse-1")
    assert scene.stations.revoked_names == set()
    await scene.journal.record([Change(job.id, "canceled")])
    await scene.restart()
    scene.stations.revoked("caisse-1")
    assert scene.stations.lanes == {}


async def test_what_a_replaced_or_revoked_connection_still_says_is_not_heard(scene: Scene) -> None:
    """It is said again on the connection that lives, or by nobody who may."""
    old, _ = await scene.connect()
    job = await scene.submit()
    new, wire = await scene.connect()
    await eventually(wire.offered)
    scene.stations.heard(old, [done(job)])
    assert job.id in scene.stations.lanes["caisse-1"].active
    scene.stations.heard(new, [done(job)])
    await scene.status(job, "printed")
    scene.stations.revoked("caisse-1")
    assert scene.stations.lanes == {}
    scene.stations.heard(new, [done(job), relay.Accepted([ref(job)]), relay.Ping()])
    await scene.stations._reported(new, [done(job)])
