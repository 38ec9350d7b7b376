"""Zips and tables: streamed, whole or visibly broken off, under names that no system minds."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.archive_scene import FakeArchive
from tests.peers.clock import START

from comptoir.core.document import Document
from comptoir.core.errors import JournalError, RequestError
from comptoir.core.kept import Part
from comptoir.core.search import Search
from comptoir.web.archive_export import COLUMNS, Pieces, chosen, found, names_of, table, zipped
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

WORDS = Words(catalogue("fr"))


@pytest.fixture
def archive() -> FakeArchive:
    made = FakeArchive()
    made.put("Main courante", b"%PDF-1" + bytes(5_000))
    made.put("Main courante", b"%PDF-2", held="contrôle")
    made.put("=cmd|' /C calc'!A0", b"x", media_type="text/plain", user="+33")
    made.put("../../évasion\u202e", b"y", media_type="text/html", pages=None, partial="cut")
    return made


async def zip_of(archive: FakeArchive, *numbers: int) -> zipfile.ZipFile:
    pieces = [piece async for piece in zipped(archive, numbers, WORDS, "fr", START)]
    assert all(len(piece) < 4_000 for piece in pieces)  # as they come: nothing is held back until the end
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


async def test_a_zip_has_each_document_under_a_name_of_its_own(archive: FakeArchive, tmp_path: Path) -> None:
    made = await zip_of(archive, 1, 2, 3, 4)
    assert made.testzip() is None
    names = made.namelist()
    assert len(set(names)) == 5
    assert names[0] == "documents.csv"
    for number, kept in enumerate(archive.kept, 1):
        (name,) = (name for name in names if name.startswith(f"2026-11-20/{number} "))
        assert made.read(name) == archive.contents[kept.document.digest]
    made.extractall(tmp_path / "out")
    assert {path.parent.name for path in (tmp_path / "out").rglob("*.*")} == {"out", "2026-11-20"}


async def test_the_printed_bytes_are_in_it_too(archive: FakeArchive) -> None:
    printed = Document.of(b"\x1b@raw")
    archive.contents[printed.digest] = b"\x1b@raw"
    kept = archive.put("Ticket", b"%PDF-3", others=(Part(printed, "printed"),))
    assert [name.rpartition(".")[2] for name, _ in names_of(kept)] == ["pdf", "bin"]
    made = await zip_of(archive, kept.id)
    assert made.read(made.namelist()[2]) == b"\x1b@raw"


async def test_a_document_that_cannot_be_read_ends_it(archive: FakeArchive) -> None:
    del archive.contents[archive.kept[1].document.digest]
    with pytest.raises(JournalError):
        await zip_of(archive, 1, 2)


async def test_the_table_is_one_that_spreadsheets_open(archive: FakeArchive) -> None:
    said = b"".join([piece async for piece in table(archive, [4, 3, 99, 2], WORDS, "fr")])
    assert said.startswith(b"\xef\xbb\xbf")
    heading, *lines = csv.reader(io.StringIO(said.decode("utf-8-sig"), newline=""), delimiter=";")
    assert len(heading) == len(COLUMNS)
    assert [line[0] for line in lines] == ["4", "3", "2"]
    told = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    assert (told[1]["title"], told[1]["user"]) == ("'=cmd|' /C calc'!A0", "'+33")
    assert (told[0]["partial"], told[0]["pages"], told[2]["held"]) == ("oui", "", "contrôle")
    assert told[2]["hash"] == archive.kept[1].document.digest


async def test_what_is_ticked_comes_before_what_is_found(archive: FakeArchive) -> None:
    everything = Search(text="main")
    assert await chosen(archive, [3, 1], everything, 10) == [3, 1]
    assert await chosen(archive, [], everything, 10) == [2, 1]
    with pytest.raises(RequestError):
        await chosen(archive, [], Search(), 3)
    with pytest.raises(RequestError):
        await chosen(archive, [1, 2], Search(), 1)


async def test_a_search_is_followed_to_its_end(archive: FakeArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.web.archive_export.STEP", 2)
    archive.put("one more")
    search = replace(Search(), below=2, limit=1)
    assert [number async for number in found(archive, search, 9)] == [5, 4, 3, 2, 1]
    assert [number async for number in found(archive, search, 3)] == [5, 4, 3]


def test_pieces_are_taken_once() -> None:
    pieces = Pieces()
    assert pieces.writable()
    assert pieces.write(b"ab") + pieces.write(memoryview(b"c")) == 3
    assert (pieces.taken(), pieces.taken()) == (b"abc", b"")
