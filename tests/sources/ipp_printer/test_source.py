"""The printer as a source: its state for people, a port that another has, what wakes it, how it ends."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

import pytest
from tests.peers.capture_printer import CapturePrinter
from tests.peers.clock import FakeClock

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.core.errors import ConfigError, JournalError
from comptoir.sources.ipp_printer import make
from comptoir.sources.ipp_printer import source as module
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp_codes import JobState, Operation, Status

PDF = b"%PDF-1.7"


async def until(printer: CapturePrinter, state: JobState) -> None:
    async with asyncio.timeout(20):
        while (await printer.job(1)).number("job-state") != state:
            await asyncio.sleep(0)


async def test_its_state_for_people(printer: CapturePrinter) -> None:
    told: list[int] = []
    printer.source.on_change.append(lambda: told.append(1))
    await printer.print(PDF)
    state = printer.source.state()
    assert (state.name, state.kind, state.trouble, state.taken) == ("nuit", "ipp_printer", "", 1)
    assert state.addresses == (f"ipp://localhost:{printer.source.port}/ipp/print",)
    assert state.last_at
    assert told


async def test_a_port_that_another_program_has_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.01)
    async with CapturePrinter(tmp_path) as printer:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            config = IppPrinterSourceConfig(name="nuit", port=other.getsockname()[1])
            source = make(config, printer._surroundings())
            changed = asyncio.Event()
            source.on_change.append(changed.set)
            running = asyncio.create_task(source.run())
            await changed.wait()
            assert "in use by another program" in source.state().trouble
            changed.clear()
        await changed.wait()
        assert source.state().trouble == ""
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_disk_that_takes_something_again_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    async with CapturePrinter(tmp_path) as printer:
        printer.refuses = JournalError("full")
        well = asyncio.Event()
        assert (await printer.print(PDF)).code == Status.SERVICE_UNAVAILABLE
        printer.refuses = None
        printer.source.on_change.append(lambda: None if printer.source.state().trouble else well.set())
        await well.wait()
        assert (await printer.ask(Operation.CREATE_JOB)).code == Status.OK


async def test_a_job_whose_documents_do_not_come_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    clock = FakeClock()
    async with CapturePrinter(tmp_path, clock=clock) as printer:
        await printer.ask(Operation.CREATE_JOB)
        clock.advance(module.PATIENCE * 1000 + 1)
        await until(printer, JobState.ABORTED)


async def test_who_was_cancelled_to_be_sent_anew_is_told_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    clock = FakeClock()
    async with CapturePrinter(tmp_path, clock=clock) as printer:
        await printer.ask(Operation.CREATE_JOB)
        printer.refuses = JournalError("full")
        sent = {"job-id": v.integer(1), "last-document": v.boolean(True)}
        await printer.ask(Operation.SEND_DOCUMENT, sent, document=PDF)
        await printer.ask(Operation.CANCEL_JOB, {"job-id": v.integer(1)})
        clock.advance(module.STOPPING_FOR + 1)
        await until(printer, JobState.CANCELED)


async def test_one_that_is_to_be_secure_and_cannot(tmp_path: Path) -> None:
    config = IppPrinterSourceConfig(name="nuit", port=0, tls="required")
    async with CapturePrinter(tmp_path, config) as printer:
        assert "no certificate" in printer.source.state().trouble


async def test_a_size_that_is_none(printer: CapturePrinter) -> None:
    with pytest.raises(ConfigError, match="largest"):
        make(IppPrinterSourceConfig(name="nuit", largest="huge"), printer._surroundings())
