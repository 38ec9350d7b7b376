"""The archive as a whole: a real journal, real processes, what is printed is found."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from tests.peers.clock import FakeClock
from tests.peers.filings import number
from tests.peers.pdfs import pdf, text

from comptoir.archive import following
from comptoir.archive.archive import Archive
from comptoir.archive.errand import Errand
from comptoir.archive.shelf import ArchiveError
from comptoir.archive.worker import Died
from comptoir.config import ArchiveConfig
from comptoir.core.kept import Kept
from comptoir.core.ports import Journal
from comptoir.core.search import Hit, Search

FACTURE = pdf(text("Facture FAC-42 pour le client", 50, 700), text("page deux", 50, 700))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "archive"


@pytest.fixture
async def archive(journal: Journal, folder: Path) -> AsyncIterator[Archive]:
    one = Archive(folder, journal, FakeClock(), ArchiveConfig(ocr="never"))
    await one.start()
    yield one
    await one.stop()


async def made(archive: Archive) -> None:
    """Until nothing is left to be made."""
    changed = asyncio.Event()
    archive.on_change.append(lambda number: changed.set())
    while (await archive.facets()).behind:
        await changed.wait()
        changed.clear()


async def hits(archive: Archive, words: str = "") -> list[Hit]:
    return list((await archive.search(Search(text=words))).hits)


async def kept(journal: Journal, one: int) -> Kept:
    found = await journal.keeping.kept(one)
    assert found is not None
    return found


async def test_what_is_kept_is_found_at_once(archive: Archive, journal: Journal) -> None:
    for place in range(5):
        one = await number(
            journal, uid=str(place), title=f"Balance A-{1312 + place}/B", user="Zoé", printer="Réception"
        )
        assert [hit.number for hit in await hits(archive, f"{1312 + place} zoe receptio")] == [one]


async def test_texts_and_pictures_follow(archive: Archive, journal: Journal) -> None:
    numbers = {
        "facture": await number(journal, uid="1", content=FACTURE),
        "bonjour": await number(journal, uid="2", content=b"\x1b@Bonjour le monde\n\x1dV\x00"),
        "ete": await number(journal, uid="3", content="l'été à l'hôtel\n"),
        "": await number(journal, uid="4", content=b"\0\1\2 nothing that can be shown"),
    }
    await made(archive)
    for word, one in numbers.items():
        if word:
            assert [(hit.number, hit.thumbnail) for hit in await hits(archive, word)] == [(one, True)]
    assert [hit.thumbnail for hit in await hits(archive)] == [False, True, True, True]
    first = await kept(journal, numbers["facture"])
    assert first.pages == 2
    assert await archive.text(first) == "Facture FAC-42 pour le client\fpage deux"
    thumbnail, page = await archive.thumbnail(first), await archive.page(first, 2, 600)
    for picture, kind, width in ((thumbnail, "WEBP", 240), (page, "PNG", 600)):
        assert picture is not None
        with Image.open(io.BytesIO(picture)) as seen:
            assert (seen.format, seen.width) == (kind, width)
    assert await archive.page(first, 3, 600) is None
    assert await archive.page(await kept(journal, numbers[""]), 1, 600) is None
    assert await archive.thumbnail(await kept(journal, numbers[""])) is None
    assert await archive.trouble(first) == ""


async def test_why_there_is_nothing(archive: Archive, journal: Journal) -> None:
    one = await number(journal, content=b"%PDF-1.7 and no more")
    await made(archive)
    assert "cannot be read" in await archive.trouble(await kept(journal, one))


async def test_who_does_not_want_to_wait_has_it_made_at_once(journal: Journal, folder: Path) -> None:
    """Nothing is made in the background here: the tasks that do have not been given a turn."""
    archive = Archive(folder, journal, FakeClock(), ArchiveConfig(ocr="never"))
    await archive._shelf.open()
    one = await number(journal, content=FACTURE)
    rows = await journal.keeping.after(0, 9)
    unknown = rows[0]
    assert (await archive.thumbnail(unknown) or b"")[8:12] == b"WEBP"
    await archive._shelf.write(lambda index: index.add(rows))
    assert (await archive.text(unknown)).startswith("Facture")
    assert (await archive.thumbnail(unknown) or b"")[8:12] == b"WEBP"
    assert [hit.thumbnail for hit in (await hits(archive, "facture"))] == [True]
    assert one == unknown.id
    await archive.stop()


async def test_operators_know_the_business_date(archive: Archive, journal: Journal) -> None:
    await number(journal, title="Balance")
    assert archive.asked(Search(text="date:today")).search.since == "2026-11-18"
    assert len(await hits(archive, "date:aujourd'hui balance")) == 1
    assert await hits(archive, "date:hier") == []


async def test_listeners_hear_of_what_is_new_and_of_what_was_made(archive: Archive, journal: Journal) -> None:
    heard: list[int | None] = []
    archive.on_change.append(heard.append)
    one = await number(journal, content="text")
    await made(archive)
    assert heard[:1] == [one]
    assert heard.count(one) >= 3


@pytest.mark.parametrize("left", ["nothing", "rubbish", "half"])
async def test_it_is_made_anew(archive: Archive, journal: Journal, folder: Path, left: str) -> None:
    await number(journal, content="the text")
    await made(archive)
    await archive.stop()
    for path in folder.iterdir():
        if left == "nothing":
            path.unlink()
        elif path.name == "index.db":
            path.write_bytes(b"rubbish" * 500 if left == "rubbish" else path.read_bytes()[:9000])
    again = Archive(folder, journal, FakeClock(), ArchiveConfig(ocr="never"))
    await again.start()
    while not await hits(again, "text"):
        await made(again)
    await again.stop()


async def test_a_folder_that_cannot_be_used_yet(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "AGAIN", 0)
    place = tmp_path / "away"
    place.write_text("a file")
    await number(journal, title="Balance")
    archive = Archive(place, journal, FakeClock(), ArchiveConfig(ocr="never"))
    await archive.start()
    with pytest.raises(ArchiveError):
        await archive.search(Search())
    place.unlink()
    while not await archive._following.settled(1):
        pass
    assert len(await hits(archive)) == 1
    await archive.stop()
    assert "cannot be used" in caplog.text


async def test_reindexing(archive: Archive, journal: Journal) -> None:
    await number(journal, content="the text")
    await made(archive)
    await archive.reindex()
    assert len(await hits(archive)) == 1
    await made(archive)
    assert len(await hits(archive, "text")) == 1


async def test_it_goes_on_where_it_was_stopped(archive: Archive, journal: Journal, folder: Path) -> None:
    numbers = [await number(journal, uid=str(place), content=f"the text {place}") for place in range(5)]
    await archive.stop()
    numbers.append(await number(journal, uid="last", content="the last text"))
    again = Archive(folder, journal, FakeClock(), ArchiveConfig(ocr="never"))
    await again.start()
    await made(again)
    assert [hit.number for hit in await hits(again, "text")] == numbers[::-1]
    await again.stop()


async def test_a_document_that_ends_the_process_is_shown_without_a_picture(
    archive: Archive, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(errand: Errand, content: bytes = b"") -> None:
        raise Died("it has ended")

    monkeypatch.setattr(archive._asked, "ask", die)
    one = await kept(journal, await number(journal, content=FACTURE))
    assert await archive.page(one, 1, 100) is None
