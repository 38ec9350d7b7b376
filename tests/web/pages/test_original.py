"""One file that was taken: where it is, what each destination has of it, its life in order, what a person may do."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from comptoir.core.intake import OriginalState
from comptoir.core.job import Evidence
from comptoir.web.folder_words import GIVEN_UP


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


@pytest.fixture
async def failed(station: Any) -> Any:
    """FAC-1.pdf: printed, and refused by the archive."""
    folders = station.access.folders
    folders.original("2026/FAC-1.pdf", "failed", step="delete", message="the archive knows no such profile")
    job = await station.job("facture")
    await station.change(job, "processing", message="Being sent.")
    await station.change(
        job, "completed", "job-completed-successfully", "", Evidence("printed", "process id 0042, 14:05:03")
    )
    other = await station.job("facture")
    await station.change(other, "aborted", "document-format-error", "the archive knows no such profile")
    folders.jobs[1] = [await station.journal.job(one.id) for one in (job, other)]
    folders.happens("file-taken", job.created_at - 1, original=1)
    for one in (job, other):
        folders.happened += await station.journal.events(one.id)
    folders.happens("file-failed", job.created_at + 1, original=1)
    return station


async def test_its_page_tells_its_whole_life(failed: Any) -> None:
    page = await failed.get("/originals/1")
    text = text_of(page)
    assert "Le fichier reste dans son dossier : une destination ne l’a pas." in text
    assert "Ensuite, le fichier est supprimé de son dossier." in text
    marks = [
        "Complet ; copié et conservé",
        "En cours d’envoi",
        "L’imprimante confirme que c’est sur le papier",
        "n’en veut pas",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "the archive knows no such profile" in text.lower()
    assert 'href="/jobs/1"' in page
    assert 'href="/api/originals/1/document" download="FAC-1.pdf"' in page
    assert failed.access.folders.taken[0].document.digest in page
    assert "46 ko" in text


async def test_it_is_tried_again_or_left(failed: Any) -> None:
    page = await failed.get("/originals/1")
    assert 'action="/originals/1/retry"' in page
    assert "reste dans son dossier et ne part plus nulle part" in page
    assert (await failed.post("/originals/1/retry"))[:2] == (303, "/originals/1")
    status, _, page = await failed.post("/originals/1/leave")
    assert status == 409
    assert failed.access.folders.asked == [("retry", 1, "console")]
    page = await failed.get("/originals/1")
    assert 'action="/originals/1/retry"' not in page


async def test_what_was_left_says_so(station: Any) -> None:
    station.access.folders.original("a.pdf", "kept", message=GIVEN_UP)
    text = text_of(await station.get("/originals/1"))
    assert "Abandonné" in text
    assert "Quelqu’un y a renoncé : le fichier reste où il est." in text
    assert "Arrivé" not in text


@pytest.mark.parametrize("state", get_args(OriginalState))
async def test_every_state_is_a_word_and_a_sentence(station: Any, state: OriginalState) -> None:
    station.access.folders.original(
        "a.pdf", state, due_at=1_795_000_000_000, moved_to="/srv/done/a.pdf", step="move:/srv/done"
    )
    page = await station.get("/originals/1")
    assert f">{state}<" not in page
    assert "fichier" in text_of(page)
    assert ("/srv/done/a.pdf" in page) is True


async def test_a_lot_names_its_files_and_a_repeated_content_its_first(station: Any) -> None:
    folders = station.access.folders
    folders.original("lot-12", "kept", is_lot=True)
    folders.original("lot-12/page 1.jpg", "kept", lot=1)
    folders.original("copy.jpg", "kept", duplicate_of=2, keep_until=1_995_000_000_000)
    page = await station.get("/originals/1")
    assert "lot-12/page 1.jpg" in page
    assert "/document" not in page
    assert 'href="/originals/1"' in await station.get("/originals/2")
    page = await station.get("/originals/3")
    assert 'href="/originals/2">un fichier antérieur' in page
    assert "Conservé jusqu’au" in page


@pytest.mark.parametrize("number", ["7", "9" * 30])
async def test_a_number_that_is_none_is_said(station: Any, number: str) -> None:
    answer = await station.client.get(f"/originals/{number}", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert answer.status == 404
    assert "Il n’y a pas de fichier" in await answer.text()
