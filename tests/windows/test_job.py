"""A job in a queue, followed and taken out; what is not known of it is not said."""

from __future__ import annotations

import threading

import pytest
from tests.peers.spool_library import SpoolLibrary
from tests.peers.spool_queues import NOTHING

from comptoir.core.job import PAUSED
from comptoir.core.queued import Queued
from comptoir.windows import job as module
from comptoir.windows.job import SpoolerJob
from comptoir.windows.structures import JobStatus, PrinterStatus


def followed(library: SpoolLibrary, status: JobStatus = NOTHING) -> SpoolerJob:
    library.ticket.prints = False
    one = SpoolerJob(library.spooler, "TICKET")
    one.watch()
    one.know(library.put("Ticket", status))
    return one


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAST_WORDS", 0.05)


@pytest.mark.parametrize("notifies", [True, False])
def test_from_the_queue_to_paper(notifies: bool) -> None:
    library = SpoolLibrary(notifies=notifies)
    one = followed(library, JobStatus.SPOOLING)
    assert one.now() == Queued("waits")
    library.begin(one.number)
    assert one.now() == Queued("prints")
    library.print(one.number)
    assert one.now(1).phase == ("printed" if notifies else "left")
    one.close()
    one.close()
    assert library.left_open == 0


def test_news_end_the_wait() -> None:
    library = SpoolLibrary()
    one = followed(library)
    one.now()
    later = threading.Timer(0.05, lambda: library.print(one.number))
    later.start()
    assert one.now(30) == Queued("printed")
    later.join()


def test_news_of_others_do_not() -> None:
    library = SpoolLibrary()
    one = followed(library)
    library.put("other")
    assert one.now(0.05) == Queued("waits")


def test_the_queues_own_reason() -> None:
    library = SpoolLibrary()
    one = followed(library, JobStatus.PAUSED)
    assert one.now() == Queued("waits", PAUSED, "this print is paused in the queue of Windows")
    library.ticket.status = PrinterStatus.PAUSED
    library.say(one.number, JobStatus(0))
    assert one.now() == Queued("waits", PAUSED, "its queue is paused in Windows")


def test_complete_is_printed_as_far_as_the_spooler_knows() -> None:
    library = SpoolLibrary()
    one = followed(library, JobStatus.COMPLETE | JobStatus.PRINTING)
    assert one.now() == Queued("printed")


@pytest.mark.parametrize("notifies", [True, False])
def test_taken_out_before_it_began(notifies: bool) -> None:
    library = SpoolLibrary(notifies=notifies)
    one = followed(library)
    assert one.remove(1, begun=False) == "nothing"
    assert library.ticket.jobs == {}


def test_what_windows_retains_may_have_come_out() -> None:
    """It does so with what has not finished printing, also where it does not say any more that it prints."""
    library = SpoolLibrary(notifies=False)
    one = followed(library, JobStatus.RETAINED)
    assert one.remove(1, begun=False) == "something"


def test_what_prints_is_left_alone_unless_asked() -> None:
    library = SpoolLibrary()
    one = followed(library, JobStatus.PRINTING)
    assert one.remove(0, begun=False) == "there"
    assert "delete" not in library.log
    assert one.remove(0, begun=True) == "there"  # its printer does not let go
    library.delete(one.number)
    assert one.remove(0, begun=True) == "left"
    assert one.now() == Queued("cut")


def test_what_begins_between_two_looks_prints_on() -> None:
    library = SpoolLibrary()
    one = followed(library)
    answers = library.hangs["pause"] = threading.Event()
    taking = threading.Thread(target=lambda: taken.append(one.remove(0, begun=False)))
    taken: list[str] = []
    taking.start()
    while "pause" not in library.log:
        pass
    library.begin(one.number)
    answers.set()
    taking.join()
    assert taken == ["there"]
    assert library.ticket.jobs[one.number].status == JobStatus.PRINTING  # and is not paused


def test_what_was_told_to_print_is_not_nothing() -> None:
    """It was restarted by somebody: the state of now does not know."""
    library = SpoolLibrary()
    one = followed(library)
    library.begin(one.number)
    library.say(one.number, JobStatus(0))
    one.now()
    assert one.remove(1, begun=True) == "something"


async def test_taking_back_never_raises() -> None:
    library = SpoolLibrary()
    one = followed(library)
    library.running = False
    assert await one.take_back(0.1, begun=True) == "there"
    library.running = True
    library.hangs["pause"] = threading.Event()
    assert await one.take_back(0.01, begun=True) == "there"
    library.hangs["pause"].set()


def test_nobody_can_delete_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried for long, and given up."""
    monkeypatch.setattr(module, "PERSISTENT", 0.1)
    library = SpoolLibrary()
    one = followed(library)
    library.refuses["delete"] = 5
    one.remove_for_good()
    assert library.log.count("delete") > 1
    del library.printers["TICKET"]
    one.remove_for_good()


def test_what_was_deleted_in_the_middle_is_not_printed() -> None:
    """Windows marks also that as printed, when its printer lets go of it."""
    library = SpoolLibrary()
    one = followed(library)
    library.begin(one.number)
    assert one.now() == Queued("prints")
    library.say(one.number, JobStatus.PRINTING | JobStatus.DELETING)
    library.say(one.number, JobStatus.DELETING | JobStatus.PRINTED)
    assert one.now().phase == "prints"  # until it is gone
    library.delete(one.number)
    assert one.now() == Queued("cut")


@pytest.mark.parametrize("status", [JobStatus.PRINTED, JobStatus.PRINTED | JobStatus.DELETING])
def test_what_is_deleted_because_it_is_printed_is_printed(status: JobStatus) -> None:
    """As a Windows tells it: spooling, printing, retained, printed, deleting, deleted."""
    library = SpoolLibrary()
    one = followed(library)
    for state in (JobStatus.SPOOLING, JobStatus.PRINTING, JobStatus.PRINTING | JobStatus.RETAINED, status):
        library.say(one.number, state)
    library.say(one.number, JobStatus.DELETING)
    library.delete(one.number)
    assert one.now() == Queued("printed")


async def test_letting_go_of_it_does_not_wait_for_a_spooler_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    library = SpoolLibrary()
    one = followed(library)
    closes = threading.Event()
    close = library.ClosePrinter
    monkeypatch.setattr(library, "ClosePrinter", lambda handle: closes.wait(30) and close(handle))
    await one.let_go()
    assert library.left_open == 1
    closes.set()
    while library.left_open:
        pass
