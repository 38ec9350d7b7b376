"""One document's page: its paper, where it came from and went, its text, and what may be done with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.peers.archive_scene import FakeArchive

from comptoir.core.document import Document
from comptoir.core.errors import JournalError
from comptoir.core.job import Evidence
from comptoir.core.kept import Part
from comptoir.web.pages.document import SHEETS, marks_of, sheets_of


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


@pytest.fixture
async def kept(station: Any) -> Any:
    """A report that was printed."""
    archive = station.access.archive
    made = archive.put(
        "Main courante", b"%PDF-1", "Chambre 112 : taxe de séjour 2,10 €", keep_until=1_995_000_000_000, copies=2,
        attributes={"sides": "two-sided-long-edge", "address": "https://pms.example/r"},
        others=(Part(Document.of(b"\x1b@raw"), "printed"),),
    )  # fmt: skip
    job = await station.job("rapport")
    await station.change(job, "processing", message="Being sent.")
    evidence = Evidence("printed", "process id 0042, 14:05:03")
    await station.change(job, "completed", "job-completed-successfully", "", evidence)
    archive.jobs[1] = [await station.journal.job(job.id)]
    return made


async def test_its_page_tells_where_it_came_from_and_went(station: Any, kept: Any) -> None:
    page = await station.get("/archive/1")
    text = text_of(page)
    marks = ["Conservé dans les archives", "En cours d’envoi", "L’imprimante confirme que c’est sur le papier"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    for said in (
        "vendredi 20 novembre 2026", "marie", "depuis cet ordinateur", "PDF · 6 octets · 2 pages · 2 exemplaires",
        "https://pms.example/r", "two-sided-long-edge", kept.document.digest, kept.seal, "comptoir archive verify",
    ):  # fmt: skip
        assert said in text, said
    assert 'href="/nights/2026-11-20"' in page
    assert 'href="/api/documents/1/document" download' in page
    assert 'href="/api/documents/1/document?part=1" download' in page
    assert 'href="/jobs/1"' in page
    assert '<a href="https://pms.example' not in page


async def test_its_pages_are_pictures(station: Any, kept: Any) -> None:
    page = await station.get("/archive/1")
    assert re.findall(r"/api/documents/1/pages/(\d+)\?", page) == ["1", "2"]
    station.access.archive.kept[0] = replace(kept, pages=SHEETS + 5)
    page = await station.get("/archive/1")
    assert len(re.findall(r"/api/documents/1/pages/", page)) == SHEETS
    assert f'href="/archive/1?page={SHEETS + 1}"' in page
    page = await station.get(f"/archive/1?page={SHEETS + 1}")
    assert re.findall(r"/pages/(\d+)\?", page)[0] == str(SHEETS + 1)
    assert 'href="/archive/1?page=1"' in page


async def test_it_is_shown_while_the_index_cannot_be_read(
    station: Any, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(number: int) -> str:
        raise JournalError("the index cannot be read")

    monkeypatch.setattr(station.access.archive, "text", broken)
    page = await station.get("/archive/1")
    assert "Conservé dans les archives" in page
    assert 'class="text"' not in page


async def test_its_text_is_shown_with_what_was_looked_for(station: Any, kept: Any) -> None:
    station.access.archive.texts[1] += "<script>"
    page = await station.get("/archive/1?q=SEJOUR")
    assert "taxe de <mark>séjour</mark>" in page
    assert "&lt;script&gt;" in page
    assert 'href="/archive?q=SEJOUR">Archives' in page
    assert '<details class="text" open>' in page
    assert '<details class="text">' in await station.get("/archive/1")
    station.access.archive.texts[1] = " "
    assert 'class="text"' not in await station.get("/archive/1")


async def test_it_is_printed_again_where_it_was(station: Any, kept: Any) -> None:
    page = await station.get("/archive/1")
    assert "Réimprimer avec la mention DUPLICATA" in page
    assert "<option selected>TICKET" in page
    station.access.archive.reprinted = await station.job("again")
    status, where, _ = await station.post("/archive/1/reprint", printer="TICKET")
    assert (status, where) == (303, f"/jobs/{station.access.archive.reprinted.id}")
    assert station.access.archive.asked == [("reprint", 1, "TICKET", "console", "")]
    assert (await station.post("/archive/1/reprint"))[0] == 400


async def test_what_a_till_sent_to_a_printer_is_printed_again_there(station: Any) -> None:
    station.access.archive.put("Table 3", b"\x1b@", media_type="application/octet-stream", printer="TICKET")
    assert "<option selected>TICKET" in await station.get("/archive/1")


async def test_it_is_put_on_hold_and_released(station: Any, kept: Any) -> None:
    assert (await station.post("/archive/1/hold", reason=" "))[0] == 400
    assert (await station.post("/archive/1/hold", reason="contrôle fiscal"))[:2] == (303, "/archive/1")
    text = text_of(await station.get("/archive/1"))
    assert "Protégé : il reste jusqu’à ce que quelqu’un lève la protection. contrôle fiscal" in text
    assert "Protégé" in text
    await station.post("/archive/1/hold", lift="1")
    assert station.access.archive.asked == [
        ("hold", (1,), "contrôle fiscal", "console"),
        ("hold", (1,), "", "console"),
    ]
    assert "Protection levée" in text_of(await station.get("/archive/1"))


async def test_what_is_not_whole_says_so(station: Any) -> None:
    station.access.archive.put("", b"\x1b@", media_type="application/octet-stream", partial="cut", pages=None)
    page = await station.get("/archive/1")
    text = text_of(page)
    assert "Cette impression est incomplète." in text
    assert "nouvel ordre" in text
    assert '<figure class="paper">' in page


@pytest.mark.parametrize("number", ["7", "9" * 30])
async def test_a_number_that_is_none_is_said(station: Any, number: str) -> None:
    answer = await station.client.get(f"/archive/{number}", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert answer.status == 404
    assert "Il n’y a pas de document" in await answer.text()


async def test_it_is_in_english_too(station: Any, kept: Any) -> None:
    page = await station.get("/archive/1", **{"Accept-Language": "en"})
    assert "Kept in the archive" in page
    assert "Exact details, and what proves them" in page


@pytest.mark.parametrize(("asked", "first"), [("", 1), ("2", 2), ("99", 3), ("0", 1), ("x", 1), ("9" * 30, 1)])
def test_a_page_that_there_is_not_is_another_one(asked: str, first: int) -> None:
    kept = FakeArchive().put("x", pages=3)
    assert sheets_of(kept, asked).pages[0] == first


def test_operators_are_not_marked() -> None:
    assert marks_of("source audit taxe", "source:audit taxe", date(2026, 11, 21)) == ((13, 17),)
