"""Documents on a printer of Windows by its driver: the sheets that arrive there are those that were meant.

Wine's own driver writes PostScript for the queue of CUPS behind it, and Ghostscript draws that again. That it works
with drivers of makers, and what the spooler says of a job, only a Windows shows.
"""

from __future__ import annotations

import re
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from tests.peers.office_queue import description, pages
from tests.peers.pdfs import pdf, text
from tests.peers.real_printers import Cups, missing
from tests.peers.wine import Wine
from tests.peers.wine_shop import WineShop
from tests.peers.wrapped_cups import Paper, eventually

from comptoir.core import sheet
from comptoir.core.sheet import Setup, Wishes
from comptoir.formats import sheets
from comptoir.languages.lettering import draw_line

pytestmark = [
    pytest.mark.xdist_group("wine"),
    pytest.mark.timeout(180),
    pytest.mark.skipif(missing() != "", reason=missing()),
]

#: A4 as Wine counts its dots, from the points in the description, and what can be printed of it
DPI = 300
SHEET = sheet.Paper("there", 20_989, 29_701)
MARGIN = 424
PRINTABLE = (50, 50, 2429, 3458)
INVOICE = pdf(
    text("Facture 2026-001", 72, 700, size=36), text("Page 2", 72, 400, size=36), text("Total 12", 300, 60, size=36)
)
CONFIG = r"""
[[printer]]
name = "FACTURES"
device = "winspool:office"
language = "windows"
[[source]]
kind = "folder"
name = "factures"
path = 'C:\factures'
match = ["*.pdf"]
quiet = "200 ms"
scan = "500 ms"
[[route]]
from = "factures"
to = ["FACTURES"]
copies = 2
sides = "two-sided-long-edge"
tray = "tray-2"
"""


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    one = Paper()
    yield one
    one.close()


@pytest.fixture(scope="module")
def shop(wine: Wine, paper: Paper) -> Iterator[WineShop]:
    shutil.rmtree(wine.cups, ignore_errors=True)
    (wine.drive / "factures").mkdir()
    with ExitStack() as ends:
        cups = ends.enter_context(Cups(wine.cups))
        ppd = wine.home / "office.ppd"
        ppd.write_text(description())
        cups.queue("OFFICE", paper.uri, "-P", str(ppd))
        yield ends.enter_context(WineShop(wine, config=CONFIG))


def arrived(paper: Paper, before: int) -> str:
    """What came to the printer next."""
    eventually(lambda: len(paper.papers) > before)
    return paper.papers[before].decode("latin-1")


def meant(content: bytes, form: str) -> list[Image.Image]:
    """The sides as this printer can print them, in its dots."""
    found = []
    for side in sheets.sides(content, form, Setup(SHEET, DPI, "colours", MARGIN), Wishes(), draw_line, {}):
        whole = Image.frombuffer("L", (side.width, side.height), bytes(side.dots), "raw", "L", 0, 1)
        page = Image.new("L", whole.size, 255)
        page.paste(whole.crop(PRINTABLE), PRINTABLE[:2])
        found.append(page)
    return found


def same(seen: Image.Image, wanted: Image.Image) -> bool:
    """Dot for dot."""
    return seen.size == wanted.size and ImageChops.difference(seen, wanted).getbbox() is None


def test_an_invoice_of_a_folder_comes_out_twice_on_both_sides(shop: WineShop, paper: Paper, tmp_path: Path) -> None:
    before = len(paper.papers)
    (shop.wine.drive / "factures" / "Facture été.pdf").write_bytes(INVOICE)
    came = arrived(paper, before)
    assert "<</Duplex true/Tumble false>>setpagedevice" in came
    assert "<</MediaPosition 1>>setpagedevice" in came
    assert re.search(r"%%Title: \(Facture \\351t\\351\.pdf \([0-9a-f]{12}\)\)", came)
    one, two, three = meant(INVOICE, "pdf")
    blank = Image.new("L", one.size, 255)
    seen = pages(came.encode("latin-1"), tmp_path / "pages", DPI)
    wanted = [one, two, three, blank, one, two, three]
    assert [same(*pair) for pair in zip(seen, wanted, strict=True)] == [True] * 7


def test_a_text_from_a_program(shop: WineShop, paper: Paper, tmp_path: Path) -> None:
    before = len(paper.papers)
    said = "Note\n" + "\n".join(f"{number:3} line" for number in range(1, 40))
    request = urllib.request.Request(
        f"{shop.station.url}/api/print?printer=FACTURES&format=text", said.encode(), {"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        told = shop.settled(int(re.findall(rb'"id":\s*(\d+)', answer.read())[0]))
    assert (told["status"], told["evidence"]["kind"]) == ("printed", "sent")
    assert told["evidence"]["detail"].startswith("taken by the spooler, job ")
    seen = pages(arrived(paper, before).encode("latin-1"), tmp_path / "pages", DPI)
    assert [same(*pair) for pair in zip(seen, meant(said.encode(), "text"), strict=True)] == [True]
