"""The capturing sources of a running station: what they take is kept, goes on to paper, and one stops no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.peers.capture_source import CONFIG, MADE, station
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.config import PrinterConfig, RouteConfig
from comptoir.core.document import Document, Origin
from comptoir.core.kept import Capture, Part
from comptoir.core.record import JobQuery


def capture(uid: str = "1", text: str = "Manager Flash", **more: Any) -> Capture:
    return Capture(Origin("audit", "nina"), uid, (Part(Document.of(text.encode())),), title=f"Report {uid}", **more)


async def test_a_print_is_kept_and_comes_out(shop: Site) -> None:
    filed = await MADE["audit"].take(capture())
    assert (filed.fresh, filed.number, len(filed.jobs)) == (True, 1, 1)
    await shop.watch.status(filed.jobs[0].id, "printed")
    kept = await shop.journal.keeping.kept(1)
    assert (kept.title, kept.origin.user, kept.document.name) == ("Report 1", "nina", "Report 1.txt")
    assert [job.id for job in await shop.journal.keeping.jobs_of(1)] == [filed.jobs[0].id]


async def test_the_same_print_again_is_neither_kept_nor_printed_twice(shop: Site) -> None:
    first = await MADE["audit"].take(capture())
    again = await MADE["audit"].take(capture())
    assert (again.fresh, again.number) == (False, first.number)
    assert len(await shop.journal.jobs(JobQuery())) == 1


async def test_one_that_is_not_whole_is_kept_as_such_and_not_printed(shop: Site) -> None:
    filed = await MADE["audit"].take(capture(partial="the computer has hung up"))
    kept = await shop.journal.keeping.kept(filed.number)
    assert kept.partial == "the computer has hung up"
    assert await shop.journal.jobs(JobQuery()) == []


async def test_one_that_cannot_be_made_says_why_and_stops_no_other(shop: Site) -> None:
    audit, broken = shop.service.capturing.states()
    assert (audit.name, audit.trouble) == ("audit", "")
    assert (broken.name, broken.trouble, broken.hint) == ("broken", "it cannot be made here", "Take it out.")


async def test_one_that_an_error_of_ours_ends_is_started_again(shop: Site) -> None:
    source = MADE["audit"]
    await source.running.wait()
    source.breaks.append(RuntimeError("ours"))
    source.again.set()
    await eventually(lambda: source.starts == 2)


async def test_pages_hear_of_a_change(shop: Site) -> None:
    heard: list[str] = []
    shop.service.capturing.on_change.append(heard.append)
    await MADE["audit"].take(capture())
    assert heard == ["audit"]


@pytest.mark.usefixtures("driven")
async def test_what_is_printed_on_a_printer_that_needs_a_restart_waits_for_it(tmp_path: Path) -> None:
    bar = PrinterConfig(name="BAR", device="virtual:", profile="TM-T88V")
    routes = (RouteConfig(source="audit", to=("TICKET", "BAR"), keep=""),)
    changed = replace(CONFIG, printer=(*CONFIG.printer, bar), route=routes)
    async with station(tmp_path) as shop:
        shop.service.apply(changed)
        ticket, waits = (await MADE["audit"].take(capture())).jobs
        await shop.watch.status(ticket.id, "printed")
        assert (waits.destination, (await shop.journal.job(waits.id)).status) == ("BAR", "queued")
        _, unwanted = (await MADE["audit"].take(capture("2"))).jobs
        assert (await shop.service.desk.cancel(unwanted.id, "anna")).status == "canceled"
    async with station(tmp_path, changed) as shop:
        await shop.watch.status(waits.id, "printed")
