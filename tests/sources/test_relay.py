"""The station's end of the link, against a hub that the test speaks for on a real WebSocket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.hub import Conversation, FakeHub, Station
from tests.peers.papers import submission
from tests.peers.watch import eventually

from comptoir.core.document import digest_of
from comptoir.core.job import Change, Evidence
from comptoir.core.retry import Backoff
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sources import relay as module
from comptoir.wire import relay


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINK", Backoff(first=2, most=20))
    monkeypatch.setattr(module, "REFUSED_WAIT", 0.01)


@pytest.fixture
async def hub() -> AsyncIterator[FakeHub]:
    one = FakeHub()
    await one.start()
    yield one
    await one.stop()


@pytest.fixture
async def station(hub: FakeHub, tmp_path: Path) -> AsyncIterator[Station]:
    clock = FakeClock()
    journal = await SqliteJournal.open("", tmp_path, clock)
    one = Station(journal, clock, hub)
    one.run()
    yield one
    await one.stop()
    await journal.close()


@pytest.fixture
async def talk(station: Station) -> Conversation:
    """Linked, and welcome."""
    conversation = await station.called()
    await conversation.welcome(station.clock)
    await eventually(lambda: station.source.state.connected)
    return conversation


def offer(ref: str = "1.aa", content: bytes | None = b"Hello", **more: object) -> relay.Offer:
    data = content if content is not None else b"Hello"
    fields = {
        "digest": digest_of(data),
        "size": len(data),
        "media_type": "text/plain",
        "format": "message",
        "created_at": 7,
    }
    return relay.Offer(ref=ref, content=content, **{**fields, **more})  # type: ignore[arg-type]


async def test_it_says_who_it_is(station: Station) -> None:
    conversation = await station.called()
    hello = await conversation.welcome(station.clock)
    assert (hello.protocol, hello.journal, hello.printers) == (
        relay.PROTOCOL,
        station.journal.uid,
        [relay.Printer("TICKET")],
    )
    assert conversation.authorization == "Bearer token"


async def test_a_job_is_acknowledged_after_it_is_on_disk(station: Station, talk: Conversation) -> None:
    await talk.say(offer(expires_in=5000, title="T", copies=2, user="anna", duplicata=True))
    assert await talk.hear() == relay.Accepted(["1.aa"])
    job = await station.journal.job_by_key("relay", "1.aa")
    assert job is not None
    assert (job.uid, job.created_at, job.title, job.copies, job.origin.user) == ("aa", 7, "T", 2, "anna")
    assert (job.expires_at, job.reprint_of) == (station.clock.now() + 5000, 0), "in this machine's time"


async def test_the_same_offer_again_is_one_job(station: Station, talk: Conversation) -> None:
    await talk.say(offer(), offer())
    await talk.say(offer())
    assert await talk.hear() == relay.Accepted(["1.aa"])
    await eventually(lambda: station.started == [1])
    assert (await station.journal.counts()) == {"queued": 1}


async def test_what_happens_is_reported_until_it_is_confirmed(station: Station, talk: Conversation) -> None:
    await talk.say(offer())
    await talk.hear()
    await station.journal.record([Change(1, "processing"), Change(1, "completed", evidence=Evidence("sent", "", "x"))])
    assert await talk.hear() == relay.Report("1.aa", "processing")
    assert await talk.hear() == relay.Report("1.aa", "completed", evidence=Evidence("sent", "", "x"))
    await talk.wire.close()
    again = await station.called()
    await again.welcome(station.clock)
    assert await again.hear() == relay.Report("1.aa", "completed", evidence=Evidence("sent", "", "x"))
    await again.say(relay.Recorded(["1.aa"]))
    while await station.journal.unreported("relay"):
        await asyncio.sleep(0)
    await again.wire.close()
    third = await station.called()
    await third.welcome(station.clock)
    await third.say(relay.Settle(["1.aa"]))
    report = await third.hear()
    assert isinstance(report, relay.Report)
    assert report.state == "completed"


async def test_what_was_printed_while_the_service_was_down_is_reported(station: Station, talk: Conversation) -> None:
    await talk.say(offer())
    await talk.hear()
    await station.stop()
    await station.journal.record([Change(1, "processing"), Change(1, "completed")])
    station.run()
    again = await station.called()
    await again.welcome(station.clock)
    assert await again.hear() == relay.Report("1.aa", "completed")


async def test_settling(station: Station, talk: Conversation) -> None:
    await talk.say(offer())
    await talk.hear()
    await talk.say(relay.Settle(["9.zz", "1.aa", "8.yy"]))
    said = [await talk.hear(), await talk.hear()]
    assert relay.Report("1.aa", "pending") in said
    assert relay.Lost(["9.zz", "8.yy"]) in said


async def test_cancelling(station: Station, talk: Conversation) -> None:
    await talk.say(offer())
    await talk.hear()
    await talk.say(relay.Cancel("1.aa", "anna"), relay.Cancel("9.zz", "anna"))
    said = [await talk.hear() for _ in range(3)]
    assert relay.Lost(["9.zz"]) in said
    assert [m.state for m in said if isinstance(m, relay.Report)] == ["canceled", "canceled"]
    assert station.withdrawn == [(1, "anna")]


async def test_cancelling_what_is_just_being_taken_in(station: Station, talk: Conversation) -> None:
    await talk.say(offer(), relay.Cancel("1.aa", "anna"))
    said = [await talk.hear() for _ in range(3)]
    assert said[0] == relay.Accepted(["1.aa"])
    assert station.withdrawn == [(1, "anna")]


async def test_what_this_station_cannot_print_is_reported(station: Station, talk: Conversation) -> None:
    await talk.say(offer(printer="NOPE"))
    report = await talk.hear()
    assert isinstance(report, relay.Report)
    assert (report.state, report.reason) == ("aborted", "unknown-printer")
    assert "NOPE" in report.message


async def test_a_large_document_is_fetched(station: Station, talk: Conversation, hub: FakeHub) -> None:
    hub.documents["1.aa"] = content = b"large " * 10_000
    await talk.say(offer(content=None, digest=digest_of(content), size=len(content)))
    assert await talk.hear() == relay.Accepted(["1.aa"])
    job = await station.journal.job(1)
    assert job is not None
    assert await station.journal.content(job.document) == content


async def test_a_document_that_is_not_what_was_offered_is_not_taken(
    station: Station, talk: Conversation, hub: FakeHub
) -> None:
    hub.documents["1.aa"] = b"something else"
    await talk.say(offer(content=None, digest=digest_of(b"right"), size=5), offer("2.bb", b"x", digest=digest_of(b"y")))
    await eventually(lambda: len(hub.fetched) >= 2)
    hub.documents["1.aa"] = b"right"
    assert await talk.hear() == relay.Accepted(["1.aa"])
    assert station.started == [1]


async def test_small_jobs_overtake_large_documents(station: Station, talk: Conversation, hub: FakeHub) -> None:
    await talk.say(*(offer(f"{n}.aa", None) for n in range(1, 5)), offer("9.zz"))
    assert await talk.hear() == relay.Accepted(["9.zz"])


# -- when the hub is not as it should be -----------------------------------------------------------------


@pytest.mark.parametrize("frame", ["junk", '[{"type":"hello"}]', '{"type":"pong"}', "[" * 1000])
async def test_nonsense_ends_the_connection_and_not_the_link(station: Station, talk: Conversation, frame: str) -> None:
    await talk.wire.send_str(frame)
    again = await station.called()
    await again.welcome(station.clock)
    await again.say(offer())
    assert await again.hear() == relay.Accepted(["1.aa"])


async def test_a_refusal_is_shown_with_its_reason_and_tried_again(station: Station) -> None:
    conversation = await station.called()
    await conversation.hear()
    await conversation.say(relay.Refused("protocol", "the hub speaks relay protocol 9; update the station"))
    await eventually(lambda: "protocol 9" in station.source.state.trouble)
    assert station.source.state.hint
    assert not station.source.state.connected
    again = await station.called()
    await again.welcome(station.clock)
    await eventually(lambda: station.source.state.connected)
    assert station.source.state.trouble == ""


@pytest.mark.parametrize(("status", "word"), [(401, "pair"), (403, "pair"), (404, "address"), (502, "address")])
async def test_a_door_that_does_not_open_is_told(
    station: Station, hub: FakeHub, talk: Conversation, status: int, word: str
) -> None:
    hub.status = status
    await talk.wire.close()
    await eventually(lambda: word in station.source.state.hint.lower())
    hub.status = 0
    await (await station.called()).welcome(station.clock)


async def test_a_hub_that_goes_and_comes_back(station: Station, hub: FakeHub, talk: Conversation) -> None:
    told: list[bool] = []
    station.source.state.listeners.append(lambda: told.append(station.source.state.connected))
    await hub.stop()
    await eventually(lambda: station.source.state.trouble and not station.source.state.connected)
    hub.calls = asyncio.Queue()
    await hub.start()
    await (await station.called()).welcome(station.clock)
    await eventually(lambda: station.source.state.connected)
    assert False in told
    assert told[-1] is True


async def test_a_silent_hub_is_left(station: Station, talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link is dead without a word: after three heartbeats the station dials again."""
    monkeypatch.setattr(relay, "HEARTBEAT", 0.05)
    await talk.say(relay.Pong())
    again = await station.called()
    await again.hear()


async def test_it_speaks_regularly(station: Station, monkeypatch: pytest.MonkeyPatch, talk: Conversation) -> None:
    monkeypatch.setattr(relay, "HEARTBEAT", 0.05)
    await talk.wire.close()
    again = await station.called()
    await again.welcome(station.clock)
    assert await again.hear() == relay.Ping()


async def test_a_document_that_is_gone_does_not_keep_the_link_down(
    station: Station, talk: Conversation, hub: FakeHub
) -> None:
    await talk.say(offer(content=None))
    await eventually(lambda: hub.fetched)
    await talk.wire.close()
    again = await station.called()
    await again.welcome(station.clock)


async def test_a_job_that_is_just_being_written_when_the_link_is_renewed_is_not_forgotten(
    station: Station, talk: Conversation
) -> None:
    """Kept is kept: who is on disk is also put to work, although the task that took it in was cancelled."""
    go, writing = threading.Event(), threading.Event()

    def block(batch: object) -> None:
        writing.set()
        go.wait(10)

    station.journal._writer.submit(block)
    await asyncio.to_thread(writing.wait, 10)
    await talk.say(offer())
    await eventually(lambda: not station.journal._writer._queue.empty())
    await asyncio.wait([asyncio.ensure_future(station.stop())], timeout=0.2)
    go.set()
    await asyncio.wait_for(station.stop(), 10)
    station.run()
    again = await station.called()
    await again.welcome(station.clock)
    await again.say(offer())
    while not isinstance(await again.hear(), relay.Accepted):
        pass
    assert station.started == [1]


async def test_a_decision_at_the_hub_ends_what_is_held_here(station: Station, talk: Conversation) -> None:
    await talk.say(offer())
    await talk.hear()
    await station.journal.record([Change(1, "processing"), Change(1, "pending-held", "outcome-unknown")])
    evidence = Evidence("person", "seen by anna")
    await talk.say(relay.Ended("1.aa", "completed", "job-completed-successfully", "", evidence, "anna"))
    job = await station.watch.status(1, "printed")
    assert job.evidence == evidence
    assert '"by":"anna"' in (await station.journal.events(1))[-1].body
    while not (isinstance(said := await talk.hear(), relay.Report) and said.state == "completed"):
        pass


async def test_a_decision_about_what_is_not_held_changes_nothing(station: Station, talk: Conversation) -> None:
    """Only a held job waits for a person; one that is still to be printed is printed."""
    await talk.say(offer())
    await talk.hear()
    before = await station.journal.events()
    await talk.say(
        relay.Ended("1.aa", "aborted", "outcome-unknown"), relay.Ended("9.zz", "aborted"), relay.Cancel("9.zz")
    )
    assert await talk.hear() == relay.Lost(["9.zz"])
    assert await station.journal.events() == before


async def test_a_job_is_cancelled_while_its_document_is_fetched(
    station: Station, talk: Conversation, hub: FakeHub
) -> None:
    await talk.say(offer(content=None))
    await eventually(lambda: hub.fetched)
    await talk.say(relay.Cancel("1.aa", "anna"))
    assert await talk.hear() == relay.Lost(["1.aa"])
    assert station.started == []


async def test_the_time_to_live_runs_from_the_arrival(station: Station, talk: Conversation, hub: FakeHub) -> None:
    """However long the document takes: a ticket that is too old is not printed."""
    content = b"large"
    late = offer("2.bb", None, expires_in=60_000, digest=digest_of(content), size=len(content))
    await talk.say(offer("1.aa", None, expires_in=5_000), late)
    await eventually(lambda: hub.fetched.count("1.aa") > 1 and hub.fetched.count("2.bb") > 1)
    station.clock.advance(30_000)
    assert await talk.hear() == relay.Report("1.aa", "aborted", "job-expired", "It could not be taken in in time.")
    hub.documents["2.bb"] = content
    assert await talk.hear() == relay.Accepted(["2.bb"])
    job = await station.journal.job_by_key("relay", "2.bb")
    assert job is not None
    assert job.expires_at == station.clock.now() + 30_000


async def test_many_words_about_many_jobs_fit_the_frames(station: Station, talk: Conversation) -> None:
    evidence = Evidence("sent", "d" * 100_000, "é" * 100_000)
    for number in range(70):
        await station.journal.accept(submission(f"{number}", "TICKET", source="relay", key=f"{number}.aa"))
        await station.journal.record([Change(number + 1, "completed", "r", "m" * 100_000, evidence)])
    await talk.wire.close()
    again = await station.called()
    await again.welcome(station.clock)
    told = [await again.hear() for _ in range(70)]
    assert all(isinstance(report, relay.Report) and report.state == "completed" for report in told)


async def test_a_hub_that_cannot_write_is_left_alone_for_a_while(
    station: Station, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LATER_WAIT", 0.01)
    await talk.wire.close(code=relay.TRY_LATER)
    await eventually(lambda: "cannot write" in station.source.state.trouble)
    await (await station.called()).welcome(station.clock)


async def test_the_printers_are_told_when_they_change(station: Station, talk: Conversation) -> None:
    station.source.printers_changed()
    assert await talk.hear() == relay.Printers([relay.Printer("TICKET")])


async def test_clocks_that_differ_are_told(station: Station, caplog: pytest.LogCaptureFixture) -> None:
    conversation = await station.called()
    await conversation.hear()
    await conversation.say(relay.Welcome(1, "1.0", "caisse-1", station.clock.now() - 3_600_000))
    await eventually(lambda: "3600 s off" in caplog.text)
