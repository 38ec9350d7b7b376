"""What the port to the spooler promises of its errors."""

from __future__ import annotations

from tests.peers.winspool import FakeSpooler

from comptoir.sources.winspool.spooler import Spooler
from comptoir.windows.calls import JobGone


def test_the_peer_is_one() -> None:
    spooler: Spooler = FakeSpooler()
    assert list(spooler.printers()) == ["HP LaserJet", "Fax"]


def test_a_job_that_is_gone_is_an_error_of_the_system() -> None:
    assert issubclass(JobGone, OSError)
