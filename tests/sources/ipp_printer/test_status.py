"""How the printer fares: its own trouble is an error, that of the printer behind it a warning; who listens is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.clock import FakeClock

from comptoir.core.errors import JournalError
from comptoir.sources.ipp_printer.book import Book
from comptoir.sources.ipp_printer.numbers import Numbers
from comptoir.sources.ipp_printer.status import Status
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp_codes import PrinterStatus


class Behind:
    trouble: tuple[str, str] | None = None

    def __call__(self) -> tuple[str, str] | None:
        return self.trouble


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def status(tmp_path: Path, behind: Behind) -> Status:
    clock = FakeClock()
    return Status(Book(Numbers(tmp_path), clock), clock, behind)


def test_all_is_well(status: Status) -> None:
    assert (status.state, status.reasons, status.message) == (PrinterStatus.IDLE, ("none",), "")


async def test_it_is_busy_while_something_comes_or_is_printed(status: Status) -> None:
    job = await status.book.open("t", "u", "h", "", {}, held=False)
    assert status.state == PrinterStatus.IDLE
    job.incoming = 1
    assert status.state == PrinterStatus.PROCESSING


@pytest.mark.parametrize(
    ("reason", "said"),
    [("media-empty-error", "media-empty-warning"), ("offline-report", "offline-warning"), ("paused", "paused-warning")],
)
def test_the_printer_behind_it_stops_nobody(status: Status, behind: Behind, reason: str, said: str) -> None:
    behind.trouble = (reason, "There is no paper.")
    assert status.reasons == (said,)
    assert status.state == PrinterStatus.IDLE
    assert status.message == "There is no paper."
    assert status.attributes()["printer-is-accepting-jobs"] == v.boolean(True)


def test_a_disk_that_refuses_is_an_error_until_it_takes_something(status: Status, behind: Behind) -> None:
    told: list[tuple[str, ...]] = []
    status.on_change.append(lambda: told.append(status.reasons))
    behind.trouble = ("paused", "x")
    status.refused(JournalError("full", "Make room."))
    status.refused(JournalError("full", "Make room."))
    assert (status.trouble, status.hint, status.since) == ("full", "Make room.", status.clock.now())
    status.refused(None)
    assert told == [("spool-area-full-error", "paused-warning"), ("paused-warning",)]
    assert status.since is None


def test_seconds_since_its_start(status: Status) -> None:
    clock = status.clock
    assert isinstance(clock, FakeClock)
    clock.advance(5_000)
    assert (status.up(), status.up(status.started), status.up(0)) == (6, 1, 0)
