"""Printers of Windows: found by their names, asked before a print, followed after it, and nothing left behind.

Below is a spooler that behaves as one; what only Windows itself can show is listed in docs/windows.md.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest
from tests.peers.spool_library import NO_SERVICE, SpoolLibrary

from comptoir.core.errors import ConfigError, NotReady
from comptoir.core.job import COVER_OPEN, NO_PAPER, OTHER_ERROR, PAUSED, PRINTER_OFFLINE
from comptoir.core.ports import Connection, QueueConnection, QueueDevice
from comptoir.core.queued import PULSE, Queued
from comptoir.devices import winspool as module
from comptoir.devices.winspool import WinspoolConnection, WinspoolDevice
from comptoir.windows.structures import WORK_OFFLINE, JobStatus, PrinterStatus

FOLDER = Path("printer")


def device(library: SpoolLibrary, name: str = "TICKET") -> WinspoolDevice:
    return WinspoolDevice(f"winspool:{name}", FOLDER, library.spooler)


async def opened(library: SpoolLibrary, name: str = "TICKET") -> WinspoolConnection:
    connection = await device(library, name).open()
    assert isinstance(connection, WinspoolConnection)
    return connection


async def printed(connection: Connection, data: bytes = b"\x1b@Hello\n") -> str:
    await connection.write(data)
    return await connection.finish()


def test_it_is_a_queue() -> None:
    assert isinstance(device(SpoolLibrary()), QueueDevice)
    assert isinstance(WinspoolConnection(SpoolLibrary().spooler, "TICKET"), QueueConnection)


async def test_every_byte_arrives() -> None:
    library = SpoolLibrary()
    data = bytes(range(256)) * 700
    connection = await opened(library)
    await connection.begin("Ticket 12")
    await connection.write(data[:1000])
    await connection.write(data[1000:])
    assert await connection.finish() == f"taken by the spooler, job {connection.job.number}"
    assert await connection.job.look(0) == Queued("printed")
    await connection.close()
    assert library.ticket.printed == [data]
    assert (library.datatypes, library.left_open) == (["RAW"], 0)


async def test_drivers_made_of_xps_have_another_name_for_raw_bytes() -> None:
    library = SpoolLibrary()
    library.ticket.xps = True
    await printed(await opened(library))
    assert library.datatypes == ["XPS_PASS"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("TICKET", "TICKET"), ("ticket", "Ticket"), ("TICKET%20BAR", "TICKET BAR"), ("ticket bar", "TICKET BAR"),
        ("100%25", "100%25"), ("caf%C3%A9", "CAFÉ"), (r"\\server\ticket", r"\\SERVER\TICKET"),
    ],
)  # fmt: skip
async def test_names(asked: str, found: str) -> None:
    """The same name first, then one with other letters; percent signs may be meant as they stand."""
    names = {"TICKET", "Ticket", "TICKET BAR", "100%25", "100%", "CAFÉ", r"\\SERVER\TICKET"}
    library = SpoolLibrary(*sorted(names - ({"TICKET"} if found == "Ticket" else set())))
    await printed(await opened(library, asked))
    assert [one.name for one in library.printers.values() if one.printed] == [found]


async def test_a_printer_of_another_computer_need_not_be_connected() -> None:
    library = SpoolLibrary("TICKET")
    with pytest.raises(OSError, match="1801"):
        await device(library, r"\\SERVER\BAR").open()
    assert "OpenPrinterW" in library.log  # it was asked, though it is in no list


async def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(OSError, match="called “BAR”; there are: Fax, TICKET"):
        await device(SpoolLibrary("Fax", "TICKET"), "BAR").open()
    with pytest.raises(OSError, match="called “x y”"):
        await device(SpoolLibrary("Fax"), "x%20y").open()


@pytest.mark.parametrize("uri", ["winspool:", "winspool:%20"])
def test_a_uri_without_a_name(uri: str) -> None:
    with pytest.raises(ConfigError) as refused:
        WinspoolDevice(uri, FOLDER, SpoolLibrary().spooler)
    assert "winspool:TICKET" in refused.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="this is Windows")
def test_elsewhere_there_are_none() -> None:
    with pytest.raises(ConfigError, match="on Windows only"):
        WinspoolDevice("winspool:TICKET", FOLDER)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (PrinterStatus.PAUSED, PAUSED), (PrinterStatus.OFFLINE, PRINTER_OFFLINE), (PrinterStatus.PAPER_OUT, NO_PAPER),
        (PrinterStatus.DOOR_OPEN | PrinterStatus.ERROR, COVER_OPEN), (PrinterStatus.PENDING_DELETION, OTHER_ERROR),
    ],
)  # fmt: skip
async def test_a_printer_that_is_stopped_gets_nothing(status: PrinterStatus, reason: str) -> None:
    library = SpoolLibrary()
    library.ticket.status = status
    with pytest.raises(NotReady) as stopped:
        await device(library).open()
    assert stopped.value.reason == reason
    assert "StartDocPrinterW" not in library.log
    assert library.left_open == 0


async def test_use_printer_offline() -> None:
    library = SpoolLibrary()
    library.ticket.attributes = WORK_OFFLINE
    with pytest.raises(NotReady) as stopped:
        await device(library).open()
    assert (stopped.value.reason, "Use Printer Offline" in stopped.value.hint) == (PRINTER_OFFLINE, True)


async def test_an_error_of_the_last_job_does_not_stop_the_next() -> None:
    """Windows learns from a print only that the printer is well again; where jobs wait, the error is theirs."""
    library = SpoolLibrary()
    library.ticket.status = PrinterStatus.ERROR
    await (await device(library).open()).close()
    library.put()
    with pytest.raises(NotReady):
        await device(library).open()


async def test_the_service_of_the_spooler_does_not_run() -> None:
    library = SpoolLibrary()
    library.running = False
    with pytest.raises(OSError, match=str(NO_SERVICE)):
        await device(library).open()
    assert not await device(library).clean(PULSE)


async def test_a_spooler_that_does_not_answer_is_not_asked_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer of a computer that is away: one thread hangs, and no more."""
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    library = SpoolLibrary()
    answers = library.hangs["GetPrinterW"] = threading.Event()
    one = device(library)
    for _ in range(3):
        with pytest.raises(TimeoutError, match="does not answer"):
            await one.open()
    assert library.log.count("GetPrinterW") == 1
    answers.set()
    while library.left_open:
        await asyncio.sleep(0)
    await (await one.open()).close()


async def test_who_stands_before_it() -> None:
    """What is printed and kept, or paused by somebody, does not keep a job waiting."""
    library = SpoolLibrary()
    connection = await opened(library)
    library.put(status=JobStatus.PRINTED | JobStatus.RETAINED)
    library.put(status=JobStatus.PAUSED)
    assert await connection.ahead() == 0
    library.put()
    library.put(status=JobStatus.DELETING | JobStatus.PRINTING)  # its printer does not let go
    await connection.begin("mine")
    assert await connection.ahead() == 2
    library.refuses["EnumJobsW"] = 5
    assert await connection.ahead() == 5  # it says at least how many there are, also ours
    await connection.close()


async def test_what_is_only_announced_leaves_nothing() -> None:
    library = SpoolLibrary()
    connection = await opened(library)
    await connection.begin("nobody writes")
    assert len(library.ticket.jobs) == 1
    await connection.close()
    assert (library.ticket.jobs, library.ticket.printed, library.left_open) == ({}, [], 0)


async def test_what_is_written_goes_out_when_nobody_finishes_it() -> None:
    """As from a socket that is closed in order."""
    library = SpoolLibrary()
    connection = await opened(library)
    await connection.write(b"half")
    await connection.close()
    assert library.ticket.printed == [b"half"]


async def test_what_is_dropped_never_comes_out() -> None:
    library = SpoolLibrary()
    connection = await opened(library)
    await connection.write(b"half")
    await connection.close(drop=True)
    library.ticket.prints = False
    other = await opened(library)
    await printed(other)
    await other.close(drop=True)
    assert (library.ticket.jobs, library.ticket.printed, library.left_open) == ({}, [], 0)


async def test_a_drop_while_the_spooler_hangs_holds_when_it_answers() -> None:
    """StartDoc answers when nobody waits any more; its job is aborted by who asked for it."""
    library = SpoolLibrary()
    answers = library.hangs["StartDocPrinterW"] = threading.Event()
    connection = await opened(library)
    writing = asyncio.ensure_future(connection.write(b"\x1bp\x00"))
    while "StartDocPrinterW" not in library.log:
        await asyncio.sleep(0)
    writing.cancel()
    closing = asyncio.ensure_future(connection.close(drop=True))
    await asyncio.wait([writing])
    answers.set()
    await closing
    assert (library.ticket.jobs, library.ticket.printed, library.left_open) == ({}, [], 0)


async def test_a_drop_while_the_service_is_away_is_made_up_for() -> None:
    """The service starts anew and finds the job on its disk; it is deleted before it is printed."""
    library = SpoolLibrary()
    library.ticket.prints = False
    connection = await opened(library)
    await printed(connection)
    library.running = False
    closing = asyncio.ensure_future(connection.close(drop=True))
    while library.log.count("OpenPrinterW") < 8:
        await asyncio.sleep(0)
    library.restart()
    await closing
    while library.ticket.jobs:
        await asyncio.sleep(0)


async def test_what_is_dropped_is_not_somebody_elses() -> None:
    library = SpoolLibrary()
    library.ticket.prints = False
    connection = await opened(library)
    await printed(connection)
    library.reuse(connection.job.number, "of another program")
    await connection.close(drop=True)
    assert [job.title for job in library.ticket.jobs.values()] == ["of another program"]


async def test_nothing_is_written_after_a_drop() -> None:
    connection = await opened(SpoolLibrary())
    await connection.close(drop=True)
    with pytest.raises(ConnectionAbortedError):
        await connection.begin("late")
    with pytest.raises(ConnectionAbortedError):
        await connection.write(b"late")


async def test_titles_as_spoolers_take_them() -> None:
    library = SpoolLibrary()
    connection = await opened(library)
    await connection.begin("Reçu\n\x00№ 1 " + "x" * 5000)
    (job,) = library.ticket.jobs.values()
    assert job.title.startswith("Reçu  № 1 x")
    assert len(job.title) == 120
    await connection.close()


async def test_a_job_is_found_again_by_its_title() -> None:
    library = SpoolLibrary()
    library.ticket.prints = False
    one = device(library)
    assert await one.find("Ticket 12") is None
    number = library.put("Ticket 12")
    found = await one.find("Ticket 12")
    assert found is not None
    assert found.number == number
    assert await found.look(0) == Queued("waits")
    library.print(number)
    assert await one.find("Ticket 12") is None


async def test_pulses_that_a_killed_service_left_are_deleted() -> None:
    library = SpoolLibrary()
    library.ticket.prints = False
    library.put(PULSE)
    library.put(PULSE, JobStatus.SPOOLING)
    other = library.put("Ticket 12")
    assert await device(library).clean(PULSE)
    assert list(library.ticket.jobs) == [other]
    stuck = library.put(PULSE, JobStatus.PRINTING)
    assert not await device(library).clean(PULSE)  # its printer does not let go: it is tried again
    library.delete(stuck)
    assert await device(library).clean(PULSE)


async def test_two_jobs_at_once_are_two() -> None:
    library = SpoolLibrary()
    first, second = await opened(library), await opened(library)
    await first.write(b"first ")
    await second.write(b"second")
    await first.write(b"job")
    await first.finish()
    await second.finish()
    assert sorted(library.ticket.printed) == [b"first job", b"second"]
    assert first.job.number != second.job.number
