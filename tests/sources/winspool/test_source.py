"""The watch over the spooler's queues: each job once, with what is known of it; what could not be had is told."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.captures import PATIENCE, Captures
from tests.peers.papers import job as made_job
from tests.peers.winspool import JOB, FakeSpooler

from comptoir.arrivals import WinspoolSourceConfig
from comptoir.core.errors import ConfigError, JournalError
from comptoir.core.queued import PULSE, UNTITLED
from comptoir.sinks.queued import title_of
from comptoir.sources.winspool import source as source_module
from comptoir.sources.winspool.source import EMF, GONE, RIGHT, XPS, WinspoolSource, is_ours, media_type_of_data
from comptoir.windows.calls import PrinterGone
from comptoir.windows.structures import JobStatus

READY = replace(JOB, status=JobStatus(0))


class Queues:
    """A spooler and the source that watches it. `look` once, or run it."""

    def __init__(self, folder: Path, **keys: object) -> None:
        self.captures = Captures(folder)
        self.spooler = FakeSpooler()
        config = WinspoolSourceConfig(name="queues", **keys)  # type: ignore[arg-type]
        self.source = WinspoolSource(config, self.captures.surroundings(), self.spooler)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.source.run())
        try:
            yield
        finally:
            running.cancel()
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def queues(tmp_path: Path) -> Queues:
    return Queues(tmp_path)


async def test_a_job_is_held_read_taken_and_let_go(queues: Queues) -> None:
    queues.spooler.put(READY, b"%PDF-1.4 audit")
    await queues.source.look()
    (capture,) = queues.captures.taken
    assert capture.document.content == b"%PDF-1.4 audit"
    assert (capture.title, capture.origin.user, capture.origin.host) == (JOB.title, "claire", "RECEPTION-1")
    assert (capture.printer, capture.printed_at, capture.copies) == ("HP LaserJet", JOB.submitted, 1)
    assert dict(capture.attributes) == {
        "media": "a4",
        "sides": "two-sided-long-edge",
        "datatype": "RAW",
        "driver": "HP Universal",
        "pages": "3",
    }
    assert queues.spooler.log == [("hold", 7), ("read", 7), ("resume", 7)]
    await queues.source.look()
    assert len(queues.captures.taken) == 1
    assert (queues.source.state().taken, queues.source.state().unkept) == (1, ())


async def test_a_job_that_is_still_coming_is_taken_when_it_is_complete(queues: Queues) -> None:
    async with queues.running():
        queues.spooler.put(JOB, b"half")
        queues.source.on_change.append(queues.captures._news.set)
        await queues.captures.until(lambda: queues.source.state().busy == 1)
        assert queues.captures.taken == []
        queues.spooler.put(READY, b"the whole of it")
        await queues.captures.some(1)
    assert queues.captures.contents == [b"the whole of it"]
    assert queues.spooler.log[:3] == [("hold", 7), ("read", 7), ("resume", 7)]


async def test_the_same_number_is_another_job_when_the_computer_has_started_anew(queues: Queues) -> None:
    queues.spooler.put(READY, b"one")
    await queues.source.look()
    queues.spooler.put(replace(READY, submitted=1_795_000_100_000), b"two")
    await queues.source.look()
    assert queues.captures.contents == [b"one", b"two"]
    assert len({capture.uid for capture in queues.captures.taken}) == 2


async def test_kept_jobs_have_one_identity_after_a_restart(queues: Queues, tmp_path: Path) -> None:
    again = Queues(tmp_path)
    for one in (queues, again):
        one.spooler.put(replace(READY, status=JobStatus.PRINTED | JobStatus.RETAINED), b"kept")
        await one.source.look()
        assert one.spooler.log == [("read", 7)]  # it is on paper already
    assert queues.captures.taken[0].uid == again.captures.taken[0].uid


async def test_a_job_that_was_gone_is_told(queues: Queues) -> None:
    queues.spooler.put(JOB, b"half")
    await queues.source.look()
    queues.spooler.gone(7)
    await queues.source.look()
    queues.spooler.put(replace(READY, number=8, submitted=1), b"")
    del queues.spooler.bytes_of[8]
    await queues.source.look()
    queues.spooler.put(replace(READY, number=9, status=JobStatus.DELETING), b"x")
    await queues.source.look()
    missed = queues.source.state().unkept
    assert [(one.reference, one.why, one.printer, one.user) for one in missed] == [
        ("7", GONE, "HP LaserJet", "claire"),
        ("8", GONE, "HP LaserJet", "claire"),
    ]
    assert queues.captures.taken == []


async def test_what_may_not_be_read_or_held(queues: Queues) -> None:
    queues.spooler.refuses = {"hold", "read"}
    queues.spooler.put(READY, b"x")
    await queues.source.look()
    assert [one.why for one in queues.source.state().unkept] == ["It cannot be read: Access is denied."]
    assert queues.spooler.log == [("hold", 7), ("read", 7)]


async def test_a_full_disk_stops_no_printer(queues: Queues) -> None:
    queues.captures.broken = JournalError("the disk is full")
    queues.spooler.put(READY, b"x")
    await queues.source.look()
    state = queues.source.state()
    assert (state.trouble, [one.why for one in state.unkept]) == ("the disk is full", ["the disk is full"])
    assert queues.spooler.log[-1] == ("resume", 7)


async def test_only_the_printers_that_are_meant(tmp_path: Path) -> None:
    queues = Queues(tmp_path, printers=("hp*", "fax"), ignore=("F?x",))
    queues.spooler.put(replace(READY, number=1, printer="Fax"), b"fax")
    queues.spooler.put(replace(READY, number=2), b"laser")
    await queues.source.look()
    assert queues.captures.contents == [b"laser"]


async def test_what_was_held_when_the_service_died_is_let_go(queues: Queues, tmp_path: Path) -> None:
    queues.spooler.put(JOB, b"half")
    await queues.source.look()  # and here it dies
    again = Queues(tmp_path)
    async with again.running():
        again.source.on_change.append(again.captures._news.set)
        await again.captures.until(lambda: ("resume", 7) in again.spooler.log)


async def test_what_cannot_be_let_go_is_let_go_later(queues: Queues) -> None:
    """The spooler is started anew in that moment: it keeps the job, and that it is paused."""
    queues.spooler.refuses = {"resume"}
    queues.spooler.put(READY, b"x")
    await queues.source.look()
    queues.spooler.refuses = set()
    await queues.source.look()
    assert queues.spooler.log == [("hold", 7), ("read", 7), ("resume", 7), ("resume", 7)]
    await queues.source.look()
    assert queues.spooler.log[4:] == []


async def test_a_held_job_that_somebody_deletes_is_forgotten(queues: Queues) -> None:
    """Or another job of the same number would not be held, and one that somebody has paused would be let go."""
    queues.spooler.put(JOB, b"half")
    await queues.source.look()
    queues.spooler.gone(7)
    await queues.source.look()
    queues.spooler.put(replace(READY, submitted=1), b"another one")
    await queues.source.look()
    assert queues.spooler.log == [("hold", 7), ("resume", 7), ("hold", 7), ("read", 7), ("resume", 7)]


async def test_a_server_that_hangs_at_the_start_keeps_no_other_from_being_looked_at(
    queues: Queues, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queues.spooler.put(replace(JOB, printer="Fax"), b"half")
    await queues.source.look()  # and here it dies
    monkeypatch.setattr(source_module, "PATIENCE", 0.05)
    again = Queues(tmp_path)
    again.spooler.silent["Fax"] = None
    again.spooler.put(READY, b"x")
    async with again.running():
        await again.captures.some(1)
        again.spooler.answer.set()


async def test_a_server_that_hangs_keeps_the_service_not_from_ending(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "FAREWELL", 0.05)
    queues.spooler.stuck = threading.Event()
    queues.spooler.put(READY, b"a long document")
    try:
        async with queues.running():
            await asyncio.to_thread(queues.spooler.stuck.wait, PATIENCE)
    finally:
        queues.spooler.answer.set()


async def test_a_server_that_hangs_in_the_middle_of_a_job_keeps_no_other_from_being_looked_at(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "PATIENCE", 0.05)
    queues.spooler.stuck = threading.Event()
    queues.spooler.put(replace(READY, printer="Fax", number=8), b"a long document")
    async with queues.running():
        await asyncio.to_thread(queues.spooler.stuck.wait, PATIENCE)
        queues.spooler.stuck = None
        queues.spooler.put(READY, b"x")
        await queues.captures.some(1)
        queues.spooler.answer.set()
        await queues.captures.some(2)
    assert queues.captures.contents == [b"x", b"a long document"]
    assert queues.source.state().unkept == ()


async def test_a_job_is_asked_for_by_the_name_that_its_printer_has_here(tmp_path: Path) -> None:
    queues = Queues(tmp_path, printers=(r"\\SERVER\*",))
    queues.spooler.names = (r"\\SERVER\HP",)
    queues.spooler.calls_itself = "HP"
    queues.spooler.put(replace(READY, printer=r"\\SERVER\HP"), b"x")
    await queues.source.look()
    assert [one.printer for one in queues.captures.taken] == [r"\\SERVER\HP"]


async def test_a_stop_leaves_nothing_held(queues: Queues) -> None:
    queues.source.on_change.append(queues.captures._news.set)
    async with queues.running():
        queues.spooler.put(JOB, b"half")
        await queues.captures.until(lambda: queues.source.state().busy == 1)
    assert queues.spooler.log == [("hold", 7), ("resume", 7)]


async def test_a_somebody_elses_pause_stays(queues: Queues) -> None:
    queues.spooler.put(replace(READY, status=JobStatus.PAUSED), b"x")
    await queues.source.look()
    assert queues.spooler.log == [("read", 7)]


async def test_a_spooler_that_does_not_answer(queues: Queues) -> None:
    queues.spooler.broken = OSError(1722, "The RPC server is unavailable.")
    await queues.source.look()
    assert "RPC" in queues.source.state().trouble


async def test_a_spooler_that_answers_again_is_no_trouble_any_more(queues: Queues) -> None:
    queues.spooler.broken = OSError(1722, "The RPC server is unavailable.")
    await queues.source.look()
    queues.spooler.broken = None
    await queues.source.look()
    assert queues.source.state().trouble == ""


async def test_a_queue_that_may_not_be_looked_at_keeps_no_other_from_it(queues: Queues) -> None:
    queues.spooler.silent["Fax"] = PermissionError(5, "Access is denied.")
    queues.spooler.put(READY, b"x")
    await queues.source.look()
    state = queues.source.state()
    assert (state.trouble, state.hint) == ("the queue of Fax cannot be looked at: Access is denied.", RIGHT)
    assert queues.captures.contents == [b"x"]


async def test_a_printer_that_has_just_been_removed_is_no_trouble(queues: Queues) -> None:
    queues.spooler.silent["Fax"] = PrinterGone(1801, "gone")
    await queues.source.look()
    assert queues.source.state().trouble == ""


async def test_a_queue_whose_server_hangs_keeps_no_other_from_being_looked_at(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "PATIENCE", 0.05)
    queues.spooler.silent["Fax"] = None
    queues.spooler.put(READY, b"x")
    async with queues.running():
        await queues.captures.some(1)
        queues.source.on_change.append(queues.captures._news.set)
        await queues.captures.until(lambda: "does not answer" in queues.source.state().trouble)
        queues.spooler.answer.set()
        del queues.spooler.silent["Fax"]
        await queues.captures.until(lambda: not queues.source.state().trouble)
    assert queues.captures.contents == [b"x"]


async def test_what_is_known_of_a_queue_stays_known_while_it_does_not_answer(queues: Queues) -> None:
    queues.spooler.put(JOB, b"half")
    queues.spooler.put(replace(READY, number=8, submitted=1), b"whole")
    await queues.source.look()
    queues.spooler.silent["HP LaserJet"] = OSError(1722, "The RPC server is unavailable.")
    await queues.source.look()
    assert (queues.source.state().busy, queues.source.state().unkept) == (1, ())
    del queues.spooler.silent["HP LaserJet"]
    queues.spooler.put(READY, b"the whole of it")
    await queues.source.look()
    assert queues.captures.contents == [b"whole", b"the whole of it"]


@pytest.mark.parametrize("title", ["", "Rapport de nuit", "two\nlines"])
async def test_what_this_station_prints_itself_is_not_taken(queues: Queues, title: str) -> None:
    """Or what a route prints on a queue that is watched would come back, and be printed, without end."""
    ours = replace(made_job(1), uid="0123456789abcdef" * 2, title=title)
    here = socket.gethostname().partition(".")[0].upper()
    assert is_ours(replace(READY, title=title_of(ours), machine=here))
    assert is_ours(replace(READY, title=UNTITLED, machine=here))
    assert is_ours(replace(READY, title=PULSE, machine=here))  # held, it would open the drawer later
    assert not is_ours(replace(READY, title=title_of(ours), machine="RECEPTION-1"))
    assert not is_ours(replace(READY, title="Rapport (confidentiel)", machine=here))
    assert not is_ours(replace(READY, title="Comptoir", machine=here))  # our page, or a document of a shop's
    queues.spooler.put(replace(READY, title=title_of(ours), machine=here), b"x")
    await queues.source.look()
    assert (queues.spooler.log, queues.captures.taken) == ([], [])


def test_a_long_name_of_this_computer_is_told_in_fifteen_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """NetBIOS. What is not known for ours would be held, a pulse too, and come back without end."""
    monkeypatch.setattr(socket, "gethostname", lambda: "reception-hotel-du-lac.hotel.example")
    assert is_ours(replace(READY, title=PULSE, machine="RECEPTION-HOTEL"))
    assert is_ours(replace(READY, title=PULSE, machine="RECEPTION-HOTEL-DU-LAC"))
    assert not is_ours(replace(READY, title=PULSE, machine="RECEPTION"))


async def test_datatypes(queues: Queues) -> None:
    queues.spooler.put(replace(READY, datatype="NT EMF 1.008"), b"emf")
    await queues.source.look()
    assert queues.captures.taken[0].document.media_type == EMF
    assert [media_type_of_data(one) for one in ("RAW", "TEXT", "XPS_PASS", "nt emf 1.003")] == ["", "", XPS, EMF]


def test_values_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="queues"):
        Queues(tmp_path, scan="often")
