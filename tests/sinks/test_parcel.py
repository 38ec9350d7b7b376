"""What a destination is handed: files and lots, checked while they are read."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from tests.peers.clock import FakeClock
from tests.peers.far import a_job, a_lot
from tests.peers.papers import job as a_value

from comptoir.core.document import Document
from comptoir.core.errors import JournalError, Refused
from comptoir.core.lot import LOT
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks.parcel import Parcel, labels, open_parcel

CONTENT = os.urandom(600_000)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


async def test_a_file_is_one_part(journal: SqliteJournal) -> None:
    job = await a_job(journal, CONTENT, "a.pdf")
    parcel = await open_parcel(journal, job.document)
    assert (parcel.name, parcel.is_lot, parcel.size) == ("a.pdf", False, 600_000)
    assert b"".join([piece async for piece in parcel.chunks(parcel.parts[0])]) == CONTENT


async def test_a_lot_has_its_members(journal: SqliteJournal) -> None:
    members = {"a.pdf": CONTENT, "b/c.pdf": CONTENT[1:]}
    job = await a_lot(journal, "lot", members)
    parcel = await open_parcel(journal, job.document)
    assert parcel.is_lot
    assert parcel.size == 1_199_999
    assert [parcel.file_name(part) for part in parcel.parts] == ["a.pdf", "b/c.pdf"]
    for part in parcel.parts:
        assert b"".join([piece async for piece in parcel.chunks(part)]) == members[part.name]


async def test_the_last_piece_of_what_is_damaged_never_comes(journal: SqliteJournal, tmp_path: Path) -> None:
    job = await a_job(journal, CONTENT)
    digest = job.document.digest
    (tmp_path / "journal" / "documents" / digest[:2] / digest).write_bytes(b"!" + CONTENT[1:])
    parcel = await open_parcel(journal, job.document)
    came: list[bytes] = []

    async def read() -> None:
        async for piece in parcel.chunks(parcel.parts[0]):
            came.append(piece)

    with pytest.raises(Refused, match="damaged"):
        await read()
    assert sum(map(len, came)) < len(CONTENT)


class Lying:
    """The part of a journal that a parcel uses, over a disk that lies: it finds that out in the end."""

    def __init__(self, *came: bytes) -> None:
        self._came = came

    async def chunks(self, document: Document) -> AsyncIterator[bytes]:
        for piece in self._came:
            yield piece
        raise JournalError("the document was damaged on the disk")


@pytest.mark.parametrize("came", [(b"abc", b"deX"), (b"abc",), (b"abc", b"def", b"g"), ()])
async def test_the_last_piece_waits_for_the_journals_word(came: tuple[bytes, ...]) -> None:
    parcel = Parcel("a", (Document.of(b"abcdef"),), False, cast(Any, Lying(*came)))
    got: list[bytes] = []

    async def read() -> None:
        async for piece in parcel.chunks(parcel.parts[0]):
            got.append(piece)

    with pytest.raises(Refused, match="damaged"):
        await read()
    assert got == list(came[:-1])


async def test_what_is_missing_is_refused(journal: SqliteJournal) -> None:
    gone = Document("0" * 64, 100_000, "application/pdf", "gone.pdf")
    parcel = await open_parcel(journal, gone)
    with pytest.raises(Refused, match="missing"):
        [piece async for piece in parcel.chunks(gone)]
    with pytest.raises(Refused):
        await open_parcel(journal, replace(gone, media_type=LOT))


async def test_a_manifest_that_is_none_is_refused(journal: SqliteJournal) -> None:
    with pytest.raises(Refused, match="manifest"):
        await open_parcel(journal, Document.of(b"{}", LOT))


def test_labels_stand_on_one_line() -> None:
    job = a_value(1, title="a\nb\x7f\u2028", attributes={"path": "in/\udcffx.pdf"})
    known = labels(job, replace(job.document, name="é\r\n.pdf"))
    assert known["title"] == "a b  "
    assert known["path"] == "in/_x.pdf"
    assert known["file"] == "é  .pdf"
    assert all(value.encode() is not None for value in known.values())
