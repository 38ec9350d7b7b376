"""A pulse through the queue of Windows: at once or not at all. None stays there, whatever happens."""

from __future__ import annotations

import asyncio
import threading

import pytest
from tests.peers.queue_till import Till

from comptoir.core.queued import PULSE
from comptoir.sinks import drawer as module
from comptoir.sinks.drawer import DrawerBusy, DrawerOffline, DrawerUnknown
from comptoir.windows.structures import WORK_OFFLINE, JobStatus, PrinterStatus


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.mark.parametrize("notifies", [True, False])
async def test_it_opens(notifies: bool) -> None:
    till = Till(notifies=notifies)
    assert await till.drawer.open() == "sent"
    assert (till.pulses, till.left) == (1, 0)


@pytest.mark.parametrize("status", [PrinterStatus.PAUSED, PrinterStatus.OFFLINE, PrinterStatus.PAPER_OUT])
async def test_a_stopped_printer_is_noticed_before(till: Till, status: PrinterStatus) -> None:
    till.spool.ticket.status = status
    with pytest.raises(DrawerOffline):
        await till.drawer.open()
    assert ("StartDocPrinterW" in till.spool.log, till.left) == (False, 0)


async def test_use_printer_offline_is_noticed_before(till: Till) -> None:
    till.spool.ticket.attributes = WORK_OFFLINE
    with pytest.raises(DrawerOffline, match="offline"):
        await till.drawer.open()
    assert "StartDocPrinterW" not in till.spool.log


@pytest.mark.parametrize("status", [JobStatus(0), JobStatus.PRINTING, JobStatus.DELETING | JobStatus.PRINTING])
async def test_none_goes_behind_another_print(till: Till, status: JobStatus) -> None:
    number = till.spool.put("Ticket", status)
    with pytest.raises(DrawerBusy):
        await till.drawer.open()
    assert list(till.spool.ticket.jobs) == [number]
    assert "StartDocPrinterW" not in till.spool.log
    till.spool.delete(number)
    assert await till.drawer.open() == "sent"


async def test_one_that_is_not_passed_on_is_deleted(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVES", 0.2)
    till.spool.ticket.prints = False
    with pytest.raises(DrawerOffline) as error:
        await till.drawer.open()
    assert "will not come later" in error.value.hint
    assert (till.pulses, till.left) == (0, 0)
    assert till.spool.log.index("pause") < till.spool.log.index("delete")
    till.spool.ticket.prints = True
    assert await till.drawer.open() == "sent"
    assert till.pulses == 1


async def test_a_print_that_comes_between_does_not_hold_it(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stood in the queue before the pulse, after it was looked whether any did."""
    monkeypatch.setattr(module, "LEAVES", 0.2)
    put = till.spool.hangs["StartDocPrinterW"] = threading.Event()
    opening = asyncio.ensure_future(till.drawer.open())
    await till.until(lambda: "StartDocPrinterW" in till.spool.log)
    number = till.spool.put("Ticket", JobStatus.PRINTING)
    put.set()
    with pytest.raises(DrawerOffline):
        await opening
    assert list(till.spool.ticket.jobs) == [number]
    till.spool.print(number)
    assert till.pulses == 0


async def test_one_that_was_begun_may_have_come(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVES", 0.3)
    till.spool.ticket.prints = False
    opening = asyncio.ensure_future(till.drawer.open())
    await till.until(lambda: "EndDocPrinter" in till.spool.log)
    (number,) = till.spool.ticket.jobs
    till.spool.begin(number)
    await till.until(lambda: "delete" in till.spool.log)
    till.spool.delete(number)
    with pytest.raises(DrawerUnknown):
        await opening
    await till.until(lambda: till.left == 0)


async def test_one_that_cannot_be_deleted_is_told(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its printer does not let go; it is deleted as soon as it does, behind the back of who has asked."""
    monkeypatch.setattr(module, "LEAVES", 0.1)
    monkeypatch.setattr(module, "DELETED", 0.1)
    till.spool.ticket.prints = False
    till.spool.refuses["delete"] = 5
    with pytest.raises(DrawerUnknown, match="could not be deleted") as error:
        await till.drawer.open()
    assert "empty the queue" in error.value.hint
    del till.spool.refuses["delete"]
    await till.until(lambda: till.left == 0)
    assert till.pulses == 0


@pytest.mark.parametrize("what", ["GetPrinterW", "StartDocPrinterW", "WritePrinter", "EndDocPrinter", "GetJobW"])
async def test_a_spooler_that_hangs(till: Till, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in time; and no pulse when it answers again, but where it was handed over already."""
    for name in ("PATIENCE", "LEAVES", "MARGIN"):
        monkeypatch.setattr(module, name, 0.2)
    monkeypatch.setattr(module, "DELETED", 0.05)
    monkeypatch.setattr("comptoir.devices.winspool.CLOSE", 0.1)
    till.spool.ticket.prints = False
    answers = till.spool.hangs[what] = threading.Event()
    with pytest.raises((DrawerUnknown, DrawerBusy, DrawerOffline)):
        await till.drawer.open()
    answers.set()
    await till.until(lambda: till.left == 0)
    till.spool.ticket.prints = True
    assert till.pulses == 0


async def test_the_service_of_the_spooler_dies_with_it(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service finds the pulse on its disk when it starts anew; it is deleted there."""
    monkeypatch.setattr("comptoir.devices.winspool.CLOSE", 0.1)
    till.spool.ticket.prints = False
    opening = asyncio.ensure_future(till.drawer.open())
    await till.until(lambda: "EndDocPrinter" in till.spool.log)
    till.spool.running = False
    with pytest.raises(DrawerUnknown):
        await opening
    till.spool.restart()
    await till.until(lambda: not till.spool.ticket.jobs)
    assert till.pulses == 0


async def test_who_does_not_wait_gets_none_later(till: Till) -> None:
    till.spool.ticket.prints = False
    opening = asyncio.ensure_future(till.drawer.open())
    await till.until(lambda: "EndDocPrinter" in till.spool.log)
    opening.cancel()
    await asyncio.wait([opening])
    await till.until(lambda: till.left == 0)
    assert till.pulses == 0


async def test_what_a_killed_service_left_is_deleted_when_it_starts(till: Till) -> None:
    """Killed between StartDoc and the end: the spooler keeps the job for a printer that is off."""
    till.spool.ticket.status = PrinterStatus.OFFLINE
    till.spool.put(PULSE, JobStatus.SPOOLING)
    till.spool.running = False  # at the start of the computer, it comes later
    running = asyncio.ensure_future(till.channel.run())
    await till.until(lambda: till.channel.trouble is not None)
    till.spool.running = True
    await till.until(lambda: not till.spool.ticket.jobs)
    await till.until(lambda: till.channel.trouble is not None and till.channel.trouble[0] == "offline-report")
    running.cancel()
    await asyncio.wait([running])
    assert till.pulses == 0


async def test_learning_sends_one_that_does_not_stay(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVES", 0.1)
    assert await till.drawer.learn() is False
    assert till.pulses == 1
    till.spool.ticket.prints = False
    with pytest.raises(DrawerOffline):
        await till.drawer.learn()
    assert till.left == 0


async def test_a_spooler_that_takes_its_time_is_no_sleep_of_the_computer(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue has more time than the till's patience with a printer that is busy."""
    now = [0.0]
    monkeypatch.setattr(module, "steady", lambda: now[0])
    put = till.spool.hangs["StartDocPrinterW"] = threading.Event()
    opening = asyncio.ensure_future(till.drawer.open())
    await till.until(lambda: "StartDocPrinterW" in till.spool.log)
    now[0] = module.PATIENCE + 0.1
    put.set()
    assert await opening == "sent"
    assert till.pulses == 1


async def test_a_computer_that_sleeps_before_the_pulse_sends_none(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(module, "steady", lambda: now[0])
    put = till.spool.hangs["StartDocPrinterW"] = threading.Event()
    opening = asyncio.ensure_future(till.drawer.open())
    await till.until(lambda: "StartDocPrinterW" in till.spool.log)
    now[0] = 3600.0
    put.set()
    with pytest.raises(DrawerBusy, match="slept"):
        await opening
    await till.until(lambda: till.left == 0)
    assert till.pulses == 0
