"""A drawer opens now or never, with the real station, and the record of it: what happens while a printer is busy, has
no paper, or has hung up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.command import comptoir
from tests.peers.shop import Shop, receipt

pytestmark = pytest.mark.xdist_group("journeys")

SENSOR = '[drawer]\nprinter = "TICKET"\nsensor = "high"\n'
OPEN = "/api/drawer/open"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """The drawer with a sensor hangs on TICKET."""
    with Shop(tmp_path, "TICKET", "OTHER", config=SENSOR) as one:
        yield one


def noted(shop: Shop) -> list[dict[str, Any]]:
    """What the journal says of drawers, in order; and it is as it was written."""
    data = shop.folder / "data"
    assert comptoir("journal", "verify", "--data", data).returncode == 0
    exported = comptoir("journal", "export", "--data", data)
    assert exported.returncode == 0
    events = map(json.loads, exported.stdout.splitlines())
    return [event for event in events if event["kind"].startswith("drawer-")]


def test_it_opens_between_two_jobs_and_the_record_says_why(shop: Shop) -> None:
    printer = shop["TICKET"]
    printer.faults("slow")
    first, second = (shop.post("TICKET", receipt(mark, 150)) for mark in "AB")
    # Asked at once, over HTTP: a command takes longer to start than a receipt to print.
    shop.until(first, lambda told: told["state"] == "processing")
    opened = shop.ask(OPEN, {"reason": "change", "order": "1042"})
    assert opened == {"printer": "TICKET", "outcome": "opened"}
    assert printer.pulses == [1], "after the first paper, before the second"
    assert {shop.settled(job)["status"] for job in (first, second)} == {"printed"}
    assert printer.fired() == 1
    asked, *_, done = [event for event in noted(shop) if event["kind"] != "drawer-is-open"]
    assert (asked["kind"], done["kind"], done["body"]["outcome"]) == ("drawer-asked", "drawer-opened", "opened")
    for event in (asked, done):
        assert (event["body"]["reason"], event["body"]["order"]) == ("change", "1042")


def test_a_printer_at_work_on_a_long_job_is_busy_and_no_pulse_comes_later(shop: Shop) -> None:
    printer = shop["TICKET"]
    printer.faults("slow")
    long = shop.post("TICKET", receipt("A", 1000))
    shop.until(long, lambda told: told["state"] == "processing")
    assert shop.refused(OPEN, {"reason": "sale"}) == (503, "drawer-busy")
    assert not printer.papers, "it was refused while the job was being printed"
    printer.faults()
    assert shop.settled(long)["status"] == "printed"
    assert shop.settled(shop.post("TICKET", receipt("B")))["status"] == "printed"
    assert printer.fired() == 0
    failed = noted(shop)[-1]
    assert (failed["kind"], failed["body"]["error"]) == ("drawer-failed", "drawer-busy")


@pytest.mark.parametrize("middle", [False, True], ids=["idle", "stopped in the middle of a job"])
def test_without_paper_it_stays_closed_also_when_paper_comes_back(shop: Shop, middle: bool) -> None:
    printer = shop["TICKET"]
    printer.faults("paper=3" if middle else "paper")
    job = shop.post("TICKET", receipt("A"))
    shop.until(job, lambda told: told["reason"] == "media-empty-error")
    assert shop.refused(OPEN, {"order": "7"}) == (503, "drawer-offline")
    assert shop.ask(OPEN, {"printer": "OTHER"})["outcome"] == "processed", "another printer's drawer opens meanwhile"
    printer.faults()
    assert shop.settled(job)["status"] == "printed"
    assert shop.settled(shop.post("TICKET", receipt("B")))["status"] == "printed"
    assert printer.fired() == 0
    assert not printer.server.drawer.open
    kinds = [(event["kind"], event["body"]["printer"]) for event in noted(shop)]
    assert ("drawer-failed", "TICKET") in kinds
    assert ("drawer-opened", "TICKET") not in kinds


def test_a_connection_that_has_just_gone_is_replaced_and_it_opens(shop: Shop) -> None:
    printer = shop["TICKET"]
    assert shop.settled(shop.post("TICKET", receipt("A")))["status"] == "printed"
    before = printer.server.connections
    printer.power_cycle()
    assert shop.ask(OPEN, {"reason": "change"})["outcome"] == "opened"
    assert printer.server.connections > before
    assert printer.fired() == 1
    assert noted(shop)[-1]["kind"] in ("drawer-opened", "drawer-is-open")
