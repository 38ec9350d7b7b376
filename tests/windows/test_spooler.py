"""Our calls of the spooler's functions, against functions that fill buffers as the spooler does."""

from __future__ import annotations

import sys
import time

import pytest
from tests.peers.spool_library import SpoolLibrary
from tests.peers.winspool import JOB, FakeLibraries

from comptoir.windows.calls import JobGone, Libraries, PrinterGone
from comptoir.windows.spooler import READ, Win32Spooler, this_computer
from comptoir.windows.structures import PrinterCondition, PrinterStatus


def spooler(fake: FakeLibraries) -> Win32Spooler:
    return Win32Spooler(Libraries(fake.winspool, fake.kernel32, fake.last_error, fake.bits))


def test_printers_and_jobs() -> None:
    fake = FakeLibraries([JOB])
    one = spooler(fake)
    assert one.printers() == ["HP LaserJet", "Fax"]
    assert one.jobs("HP LaserJet") == [JOB]
    assert (fake.opened, fake.closed) == (["HP LaserJet"], 1)
    with pytest.raises(OSError, match="1801"):
        one.jobs("nobody")


def test_the_bytes_of_a_job() -> None:
    fake = FakeLibraries([JOB], bytes(range(256)) * 700)
    assert b"".join(spooler(fake).read("HP LaserJet", 7)) == fake.content
    assert len(fake.content) > 2 * READ
    assert (fake.opened, fake.closed) == (["HP LaserJet,Job 7"], 1)
    with pytest.raises(JobGone):
        next(spooler(fake).read("HP LaserJet", 8))


def test_a_job_is_held_and_let_go() -> None:
    fake = FakeLibraries([JOB])
    spooler(fake).hold("HP LaserJet", 7)
    spooler(fake).resume("HP LaserJet", 7)
    assert fake.commands == [(7, 1), (7, 2)]


def test_notifications() -> None:
    fake = FakeLibraries([])
    one = spooler(fake)
    one.wait(10)
    one.wait(10)
    assert fake.commands == [(2, 10_000), (0, 0)] * 2
    assert (fake.opened, fake.closed) == ([None], 0)  # watched for as long as the service runs
    one.wake()
    assert fake.signalled.is_set()


def test_without_notifications_it_is_asked_now_and_then() -> None:
    fake = FakeLibraries([])
    fake.notifies = False
    spooler(fake).wait(10)
    assert fake.commands == [(1, 10_000)]
    assert fake.closed == 1


def test_a_wait_that_fails_is_a_wait_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service of the spooler was started anew: its handle is dead, and nobody may spin for that."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    fake = FakeLibraries([])
    one = spooler(fake)
    one.wait(10)
    fake.fails = True
    one.wait(10)
    assert slept == [10]
    fake.fails = False
    one.wait(10)
    assert (fake.opened, fake.closed) == ([None, None], 1)  # it is watched again


def test_a_spooler_that_was_started_anew_is_watched_again() -> None:
    """It answers nothing more to what it has given before it ended."""
    fake = FakeLibraries([])
    fake.tells = False
    one = spooler(fake)
    one.wait(10)
    fake.tells = True
    one.wait(10)
    assert (fake.opened, fake.closed) == ([None, None], 1)


def test_the_condition_of_a_printer() -> None:
    library = SpoolLibrary("TICKET", "Fax")
    library.ticket.status, library.ticket.attributes = PrinterStatus.PAPER_OUT, 0x440
    library.put()
    assert library.spooler.condition("ticket") == PrinterCondition(
        "TICKET", "USB001", "EPSON TM", "Counter", PrinterStatus.PAPER_OUT, 0x440, 1
    )
    with pytest.raises(PrinterGone):
        library.spooler.condition("BAR")
    assert library.left_open == 0


def test_one_job() -> None:
    library = SpoolLibrary()
    library.ticket.prints = False
    number = library.put("Ticket")
    assert library.spooler.job("TICKET", number).title == "Ticket"
    library.spooler.delete("TICKET", number)
    for call in (library.spooler.job, library.spooler.delete, library.spooler.hold, library.spooler.resume):
        with pytest.raises(JobGone):
            call("TICKET", number)
    assert library.left_open == 0


@pytest.mark.parametrize("said", [0, 6])
def test_wine_says_of_a_job_that_is_gone_that_the_handle_is_wrong(said: int) -> None:
    """On Windows it is wrong, when the service of the spooler was started anew in between."""
    library = SpoolLibrary()
    library.refuses["GetJobW"] = said
    with pytest.raises(JobGone):
        library.spooler.job("TICKET", 3)
    library.refuses["GetPrinterW"] = said
    with pytest.raises(OSError, match=r"\w") as error:
        library.spooler.job("TICKET", 3)
    assert type(error.value) is OSError


def test_drivers_that_take_raw_bytes() -> None:
    for bits in (4, 8):
        library = SpoolLibrary("TICKET", "OneNote", bits=bits)
        library.printers["OneNote"].xps = True
        assert library.spooler.takes_raw("TICKET")
        assert not library.spooler.takes_raw("OneNote")
        library.refuses["GetPrinterDriverW"] = 1797
        assert library.spooler.takes_raw("OneNote")


@pytest.mark.skipif(sys.platform == "win32", reason="this is Windows")
def test_elsewhere_there_is_none() -> None:
    with pytest.raises(OSError, match="no Windows"):
        this_computer()
