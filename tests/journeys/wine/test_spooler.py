"""Printers of Windows: what a station gives to the spooler by `winspool:` arrives at the printer, byte for byte.

Wine's spooler hands over to CUPS, and tells nothing of a job that it has handed over.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.peers.real_printers import Cups, missing
from tests.peers.wine import Wine
from tests.peers.wine_shop import WineShop
from tests.peers.wrapped_cups import Paper, eventually

pytestmark = [
    pytest.mark.xdist_group("wine"),
    pytest.mark.timeout(180),
    pytest.mark.skipif(missing() != "", reason=missing()),
]

#: all bytes, and those that a text mode would change: NUL, CR LF, a lone LF, Ctrl+Z
CONTENT = b"\x1b@" + bytes(range(256)) * 40 + b"\r\n\n\x1a\x04END"
PRINTERS = """
[[printer]]
name = "RAW"
device = "winspool:ticket"
language = "raw"
[[printer]]
name = "TICKET"
device = "winspool:TICKET"
[[printer]]
name = "GONE"
device = "winspool:CUISINE"
"""


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    one = Paper()
    yield one
    one.close()


@pytest.fixture(scope="module")
def shop(wine: Wine, paper: Paper) -> Iterator[WineShop]:
    shutil.rmtree(wine.cups, ignore_errors=True)
    with ExitStack() as ends:
        cups = ends.enter_context(Cups(wine.cups))
        cups.queue("TICKET", paper.uri, "-m", "raw")
        yield ends.enter_context(WineShop(wine, config=PRINTERS))


def test_bytes_arrive_as_they_were_and_no_more_is_said_than_the_spooler_knows(shop: WineShop, paper: Paper) -> None:
    before = len(paper.papers)
    told = shop.settled(shop.raw("RAW", CONTENT))
    eventually(lambda: len(paper.papers) > before)
    assert paper.papers[before:] == [CONTENT]
    assert (told["status"], told["evidence"]["kind"]) == ("printed", "sent")
    assert told["evidence"]["detail"].startswith("taken by the spooler, job ")


def test_a_drawer_opens_before_the_receipt_that_follows(shop: WineShop, paper: Paper) -> None:
    before = len(paper.papers)
    assert shop.ask("/api/drawer/open", {"printer": "TICKET"})["outcome"] == "sent"
    shop.settled(shop.post("TICKET", "<receipt>"))
    eventually(lambda: len(paper.papers) > before + 1)
    pulse, receipt = paper.papers[before:]
    assert pulse == b"\x1bp\0\x19\xfa"
    assert receipt.count(b"<receipt>") == 1


def test_a_printer_that_windows_does_not_have_is_waited_for_and_said(shop: WineShop) -> None:
    job = shop.post("GONE", "<gone>")
    told = shop.until(job, lambda told: "CUISINE" in told["message"])
    assert "there are: TICKET" in told["message"]
    assert shop.refused("/api/drawer/open", {"printer": "GONE"}) == (503, "drawer-offline")
