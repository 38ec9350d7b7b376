"""The examples of the documentation through the real commands: what is handed over is what the printer has got."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from tests.peers.command import comptoir, port_of
from tests.peers.pdfs import pdf
from tests.peers.shop import Shop

pytestmark = pytest.mark.xdist_group("journeys")

DOCS = Path(__file__).parents[2] / "docs"
PROFILE = "TM-T20III"
ARABIC = "قهوة واحدة\nشكرا لكم"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A printer that keeps its papers as files."""
    with Shop(tmp_path_factory.mktemp("shop"), "TICKET", keep=True) as one:
        yield one


def printed(shop: Shop, file: Path, *options: str) -> Path:
    """Print this file by the command; the bytes that the printer has got, as a file."""
    before = len(shop["TICKET"].papers)
    run = comptoir("print", file, "--port", port_of(shop.station), *options)
    assert run.returncode == 0, run.stdout + run.stderr
    assert b"process id" in run.stdout
    job = shop.ask("/api/jobs?limit=1")["prints"][0]
    assert (job["status"], job["evidence"]["unprintable"]) == ("printed", "")
    assert len(shop["TICKET"].papers) == before + 1
    return max((shop.folder / "TICKET").glob("*.bin"))


def rendered(captured: Path, kind: str) -> bytes:
    run = comptoir("render", captured, "--as", kind, "--profile", PROFILE)
    assert run.returncode == 0, run.stderr
    return run.stdout


def ink(png: bytes) -> int:
    """How many dots of a picture are black."""
    return Image.open(io.BytesIO(png)).convert("L").histogram()[0]


def words(ticket: str) -> set[str]:
    """What a ticket says, without its marks."""
    text = re.sub(r"\{[^}]*\}|[|^\"]", " ", ticket)
    return {word for word in text.split() if word != "-"}


def test_the_bill_of_the_documentation(shop: Shop, tmp_path: Path) -> None:
    ticket = re.findall(r"```ticket\n(.*?)```", (DOCS / "ticket.md").read_text("utf-8"), re.DOTALL)[0]
    (tmp_path / "bill.txt").write_text(ticket, "utf-8")
    captured = printed(shop, tmp_path / "bill.txt", "--format", "ticket")
    text = rendered(captured, "text").decode()
    missing = {word for word in words(ticket) if word not in text}
    assert len(words(ticket)) > 30
    assert missing == set()
    assert b"https://example.org/avis/7QK2" in rendered(captured, "json")


def test_a_page_of_pdf(shop: Shop, tmp_path: Path) -> None:
    page = pdf("BT /F1 24 Tf 20 60 Td (Facture 42) Tj ET", width=200, height=100)
    (tmp_path / "invoice.pdf").write_bytes(page)
    assert ink(rendered(printed(shop, tmp_path / "invoice.pdf"), "png")) > 1000


def test_a_picture(shop: Shop, tmp_path: Path) -> None:
    picture = Image.new("L", (576, 300), 255)
    ImageDraw.Draw(picture).rectangle((0, 0, 575, 299), outline=0, width=10)
    picture.save(tmp_path / "frame.png")
    black = picture.histogram()[0]
    shown = ink(rendered(printed(shop, tmp_path / "frame.png"), "png"))
    assert abs(shown - black) < black // 20, "dot for dot"


def test_arabic(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "arabic.txt").write_text(ARABIC, "utf-8")
    captured = printed(shop, tmp_path / "arabic.txt", "--format", "text")
    assert ink(rendered(captured, "png")) > 500
    assert b"?" not in rendered(captured, "text")
