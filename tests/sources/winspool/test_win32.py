"""Our calls of the spooler's functions, against functions that fill buffers as the spooler does."""

from __future__ import annotations

import sys
import time

import pytest
from tests.peers.winspool import JOB, FakeLibraries

from comptoir.sources.winspool.spooler import JobGone
from comptoir.sources.winspool.win32 import READ, Libraries, Win32Spooler, this_computer


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
    assert fake.opened == [None, None]  # it is watched again


@pytest.mark.skipif(sys.platform == "win32", reason="this is Windows")
def test_elsewhere_there_is_none() -> None:
    with pytest.raises(OSError, match="no Windows"):
        this_computer()
