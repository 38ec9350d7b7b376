"""Prints fetched from a real CUPS: each once, as it was handed over; what cannot be had is shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.peers.prints import Prints
from tests.peers.wrapped_cups import WrappedCups

from comptoir.arrivals import CupsSourceConfig
from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Filed
from comptoir.sources.cups import make
from comptoir.sources.cups.client import CupsClient
from comptoir.sources.cups.source import CupsSource

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="CUPS"), pytest.mark.xdist_group("cups backend")]

PDF = b"%PDF-1.4 one\n%%EOF\n"


def source(server: str, prints: Prints, *queues: str) -> CupsSource:
    config = CupsSourceConfig(name="queues", server=server, queues=queues or ("*",), scan="1 min")
    return make(config, prints.surroundings())


async def printed(
    cups: WrappedCups, tmp_path: Path, *options: str, queue: str = "FACTURE", content: bytes = PDF
) -> int:
    """Print something; returns when CUPS says that it is done."""
    path = tmp_path / "a.pdf"
    path.write_bytes(content)

    def call() -> int:
        before = len(cups.completed())
        job = cups.print(queue, path, *options)
        cups.done(before + 1)
        return job

    return await asyncio.to_thread(call)


WAYS = {"socket": lambda cups: str(cups.socket), "tcp": lambda cups: f"127.0.0.1:{cups.port}"}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_a_print_is_fetched(
    cups: WrappedCups,
    prints: Prints,
    tmp_path: Path,
    way: Callable[[WrappedCups], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("comptoir.journal.files.LARGEST", 5)  # of what programs hand over, not of prints
    await printed(cups, tmp_path)  # before anybody looked
    taking = source(way(cups), prints)
    await taking.work()
    assert (prints.captures, taking.state().trouble) == ([], "")
    await printed(cups, tmp_path, queue="captured")
    second = tmp_path / "b.txt"
    second.write_bytes(b"two\n")
    wishes = ("-t", "Café “É” $x 😀", "-U", "marie", "-n", "2", "-o", "sides=two-sided-long-edge")
    job = await printed(cups, tmp_path, *wishes, str(second))
    await taking.work()
    (kept,) = await prints.kept()
    assert (kept.title, kept.origin.user, kept.printer, kept.copies) == ("Café “É” $x 😀", "marie", "FACTURE", 2)
    assert kept.attributes["sides"] == "two-sided-long-edge"
    assert kept.attributes["cups-job"] == str(job)
    assert await prints.content() == [b"two\n", PDF]
    again = source(way(cups), prints)
    await again.work()
    assert len(prints.captures) == 1
    for one in (taking, again):
        await one.close()


async def test_a_queue_that_is_not_captured_any_more(cups: WrappedCups, prints: Prints, tmp_path: Path) -> None:
    """What was printed while it was is kept already, by whoever captured it."""
    taking = source(str(cups.socket), prints)
    await taking.work()
    await printed(cups, tmp_path, queue="captured")
    await taking.work()
    device = "comptoir:" + cups.said("lpstat", "-v", "captured").partition("comptoir:")[2].strip()
    cups.run("lpadmin", "-p", "captured", "-v", device.removeprefix("comptoir:/"))
    await printed(cups, tmp_path, "-t", "later", queue="captured")
    await taking.work()
    cups.run("lpadmin", "-p", "captured", "-v", device)
    assert [capture.title for capture in prints.captures] == ["later"]
    await taking.close()


async def test_it_hears_of_a_print(cups: WrappedCups, prints: Prints, tmp_path: Path) -> None:
    taken, take = asyncio.Event(), prints.take

    async def told(capture: Capture) -> Filed:
        filed = await take(capture)
        taken.set()
        return filed

    prints.take = told  # type: ignore[method-assign]
    client = CupsClient(str(cups.socket))
    taking = CupsSource("queues", ("*",), 3_600_000, client, prints.surroundings(), events=20)
    await taking.work()
    running = asyncio.create_task(taking.run())
    await printed(cups, tmp_path)
    async with asyncio.timeout(20):
        await taken.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_other_queues_are_left_alone(cups: WrappedCups, prints: Prints, tmp_path: Path) -> None:
    taking = source(str(cups.socket), prints, "ticket*")
    await taking.work()
    await printed(cups, tmp_path)
    taking.rescan()
    await taking.work()
    assert prints.captures == []
    await taking.close()


async def test_a_journal_that_cannot_be_written_loses_nothing(
    cups: WrappedCups, prints: Prints, tmp_path: Path
) -> None:
    taking = source(str(cups.socket), prints)
    await taking.work()
    prints.broken = JournalError("the disk is full", "Make room.")
    await printed(cups, tmp_path)
    await taking.work()
    assert (taking.state().trouble, taking.state().hint) == ("the disk is full", "Make room.")
    prints.broken = None
    await taking.work()
    assert (taking.state().trouble, len(prints.captures)) == ("", 1)
    await taking.close()


async def test_what_cups_does_not_give_is_shown(strict: WrappedCups, prints: Prints, tmp_path: Path) -> None:
    """And taken as soon as it may be: by the socket it is known who asks."""
    refused = source(f"127.0.0.1:{strict.port}", prints)
    await refused.work()
    job = await printed(strict, tmp_path)
    await refused.work()
    (unkept,) = refused.state().unkept
    assert (unkept.reference, unkept.printer) == (str(job), "FACTURE")
    assert unkept.why == "CUPS does not give its document to the user of this service"
    assert "lpadmin" in unkept.hint
    assert prints.captures == []
    allowed = source(str(strict.socket), prints)
    await allowed.work()
    assert (len(prints.captures), allowed.state().unkept) == (1, ())
    for one in (refused, allowed):
        await one.close()


async def test_what_cups_has_thrown_away_is_shown(cups: WrappedCups, prints: Prints, tmp_path: Path) -> None:
    taking = source(str(cups.socket), prints)
    await taking.work()
    job = await printed(cups, tmp_path, "-t", "Rapport")
    (cups.jobs / f"d{job:05d}-001").unlink()
    await taking.work()
    (unkept,) = taking.state().unkept
    assert (unkept.title, unkept.why) == ("Rapport", "CUPS has thrown its document away already")
    assert "PreserveJobFiles" in unkept.hint
    again = source(str(cups.socket), prints)
    await again.work()
    assert again.state().unkept == (unkept,), "after a restart, too"
    for one in (taking, again):
        await one.close()


async def test_no_server(prints: Prints, tmp_path: Path) -> None:
    taking = source(str(tmp_path / "none.sock"), prints)
    assert await taking.work() > 0
    assert taking.state().trouble.startswith(f"CUPS does not answer at {tmp_path}/none.sock: No such file")
    assert taking.state().since is not None
    await taking.close()
