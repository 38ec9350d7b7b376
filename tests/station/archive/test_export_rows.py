"""How an export tells of a document."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from tests.peers.papers import job

from comptoir.core.document import Document, Origin
from comptoir.core.job import Evidence
from comptoir.core.kept import Kept, Night, Part
from comptoir.core.record import Event, link
from comptoir.station.archive.export_rows import COLUMNS, facts, line, link_of, night_row, parts_of

KEPT = Kept(
    id=12,
    uid="u",
    origin=Origin("audit", "marie", "pc-3"),
    document=Document.of(b"%PDF-1.4", name="spool 7"),
    title="Balance",
    printer="Bureau",
    received_at=1_795_000_000_000,
    printed_at=1_795_000_000_000,
    business_date="2026-11-17",
    keep_until=None,
)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Balance", "000012 Balance.pdf"),
        ("Balance.PDF", "000012 Balance.PDF"),
        ("a/b: c?", "000012 a_b_ c_.pdf"),
        ("", "000012 spool 7.pdf"),
        ("  ", "000012 spool 7.pdf"),
        ("é" * 200, f"000012 {'é' * 50}.pdf"),
    ],
)
def test_a_file_is_called_after_number_and_title(title: str, name: str) -> None:
    ((path, _),) = parts_of(replace(KEPT, title=title))
    assert path == f"documents/2026-11-17/{name}"


def test_a_document_without_any_name_has_one_and_its_other_bytes_another() -> None:
    kept = replace(
        KEPT, title="", document=Document.of(b"%PDF-1.4"), others=(Part(Document.of(b"%!PS"), "printed"),),
        business_date="../x",
    )  # fmt: skip
    assert [path for path, _ in parts_of(kept)] == [
        "documents/.._x/000012 document.pdf",
        "documents/.._x/000012-2 document.ps",
    ]


def test_all_that_is_known_is_told() -> None:
    printed = replace(job(3), state="completed", evidence=Evidence("printed", "0042"), reprint_of=2)
    told = facts(replace(KEPT, held="audit", pages=2), ["documents/x"], [printed])
    assert set(COLUMNS) - {"file", "media_type", "size", "sha256"} <= set(told)
    assert (told["keep_until"], told["held"], told["pages"]) == (None, "audit", 2)
    assert told["documents"][0]["sha256"] == hashlib.sha256(b"%PDF-1.4").hexdigest()
    (done,) = told["jobs"]
    assert (done["status"], done["evidence"], done["duplicate"]) == (
        "printed", {"kind": "printed", "detail": "0042"}, True,
    )  # fmt: skip
    cells = dict(zip(COLUMNS, line(told), strict=True))
    assert (cells["kept"], cells["file"], cells["keep_until"], cells["size"]) == ("12", "documents/x", "", "8")


@pytest.mark.parametrize("number", [None, 7])
def test_an_event_carries_all_that_its_hash_is_made_of(number: int | None) -> None:
    before = bytes(range(32))
    event = Event(
        9, 5, "document-kept", number, '{"kept":1}', link(before, 9, 5, "document-kept", number, '{"kept":1}')
    )
    told = link_of(event, before)
    fields = "\n".join(str(told[key]) for key in ("seq", "at", "kind", "job", "body"))
    assert hashlib.sha256(bytes.fromhex(told["previous"]) + fields.encode()).hexdigest() == told["hash"]


def test_a_night_is_told_with_who_signed_it() -> None:
    told = night_row(Night("2026-11-17", "tout va bien", "marie", 1_795_000_000_000))
    assert (told["noted_at"], told["signed_by"], told["signed_at"]) == ("2026-11-18T11:06:40.000Z", "", None)
