"""A period as a folder that proves itself."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.shelf import LARGE, PDF, Shelf

from comptoir.core.errors import RequestError
from comptoir.core.kept import Night
from comptoir.core.record import EventQuery
from comptoir.station.archive import export_folder
from comptoir.station.archive.export_folder import NoRoom
from comptoir.station.archive.exporting import Exporting, Outcome
from comptoir.station.archive.selecting import Selection


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    shelf = await Shelf.at(tmp_path / "data")
    yield shelf
    await shelf.journal.close()


async def exported(shelf: Shelf, to: Path, **asked: Any) -> Outcome:
    return await Exporting(shelf.journal, shelf.clock, "caisse-1", "fr").export(Selection(**asked), to)


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


async def test_a_period_has_its_documents_and_no_others(shelf: Shelf, tmp_path: Path) -> None:
    for date in ("2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"):
        await shelf.file(f"Balance {date}", date=date)
    out = await exported(shelf, tmp_path / "out", since="2026-11-17", until="2026-11-18")
    assert (out.documents, out.size, out.unreadable) == (2, 2 * len(PDF), ())
    names = sorted(path.relative_to(out.path).as_posix() for path in out.path.rglob("*.pdf"))
    assert names == [
        "documents/2026-11-17/000002 Balance 2026-11-17.pdf",
        "documents/2026-11-18/000003 Balance 2026-11-18.pdf",
    ]
    assert [path.read_bytes() for path in out.path.rglob("*.pdf")] == [PDF, PDF]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3]),
        ({"since": "2026-11-17"}, [2, 3]),
        ({"until": "2026-11-17"}, [1, 2]),
        ({"since": "2000-01-01", "until": "2026-11-16"}, [1]),
        ({"numbers": (3, 1, 3, 77)}, [1, 3]),
    ],
)
async def test_bounds_may_be_open_and_numbers_be_given(
    shelf: Shelf, tmp_path: Path, asked: dict[str, Any], found: list[int]
) -> None:
    for date in ("2026-11-16", "2026-11-17", "2026-11-18"):
        await shelf.file(date=date)
    out = await exported(shelf, tmp_path / "out", **asked)
    assert [one["kept"] for one in read(out.path / "documents.json")] == found


async def test_the_manifest_names_every_file_with_its_digest(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.file("Facture n° 3", LARGE, printed=b"\x1b@ticket\n")
    out = await exported(shelf, tmp_path / "out")
    manifest = read(out.path / "manifest.json")
    there = {path.relative_to(out.path).as_posix(): path for path in out.path.rglob("*") if path.is_file()}
    digest = hashlib.sha256((there.pop("manifest.json")).read_bytes()).hexdigest()
    assert digest == out.manifest
    assert {one["path"] for one in manifest["files"]} == set(there)
    for one in manifest["files"]:
        data = there[one["path"]].read_bytes()
        assert (one["size"], one["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    roles = [(one["kept"], one["role"]) for one in manifest["files"] if "kept" in one]
    assert roles == [(1, "document"), (1, "printed")]
    assert (manifest["station"], manifest["documents"], manifest["unreadable"]) == ("caisse-1", 1, [])
    (last,) = await shelf.journal.history(EventQuery(limit=1, apart=False))
    assert manifest["head"] == {"seq": last.seq, "hash": last.hash.hex()}


async def test_what_is_known_of_a_document_goes_with_it(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.file(
        "=1+1", PDF, printer="Bureau", copies=2, attributes={"sides": "one-sided"}, partial="the client went away"
    )
    out = await exported(shelf, tmp_path / "out")
    (told,) = read(out.path / "documents.json")
    assert (told["title"], told["user"], told["host"], told["printer"]) == ("=1+1", "marie", "pc-3", "Bureau")
    assert (told["copies"], told["attributes"]) == (2, {"sides": "one-sided"})
    assert told["partial"] == "the client went away"
    assert told["documents"][0]["file"] == "documents/2026-11-17/000001 =1+1.pdf"
    text = (out.path / "documents.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["Titre"] == "'=1+1", "no cell is a formula"
    assert row["SHA-256"] == hashlib.sha256(PDF).hexdigest()


async def test_titles_are_names_of_files_on_every_system(shelf: Shelf, tmp_path: Path) -> None:
    for title in ("../../etc/passwd", "con", "a" * 300, "Rapport « nuit » 🌙: $1", " . ", "x.pdf"):
        await shelf.file(title)
    out = await exported(shelf, tmp_path / "out")
    names = sorted(path.name for path in out.path.rglob("0000*"))
    assert len(names) == 6
    assert all(len(name.encode()) < 130 and not set(name) & set('<>:"/\\|?*') for name in names)
    assert names[-1] == "000006 x.pdf"
    assert all(path.resolve().is_relative_to(out.path) for path in out.path.rglob("*"))


async def test_the_nights_of_the_period_go_along(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.file(date="2026-11-17")
    for date in ("2026-11-17", "2026-11-18"):
        night = Night(date, note="Trop-perçu de 2 €", noted_by="owner", noted_at=shelf.clock.now())
        await shelf.journal.keeping.put_night(night, "night-noted")
    out = await exported(shelf, tmp_path / "out")
    (night_,) = read(out.path / "nights.json")
    assert (night_["date"], night_["note"]) == ("2026-11-17", "Trop-perçu de 2 €")


async def test_what_was_damaged_on_the_disk_is_left_out_and_named(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.file("good")
    digest = hashlib.sha256(LARGE).hexdigest()
    await shelf.file("bad", LARGE)
    (tmp_path / "data" / "documents" / digest[:2] / digest).write_bytes(LARGE[:-1] + b"X")
    out = await exported(shelf, tmp_path / "out")
    assert (out.documents, out.unreadable) == (2, (2,))
    manifest = read(out.path / "manifest.json")
    assert [one["kept"] for one in manifest["unreadable"]] == [2]
    assert [one["kept"] for one in manifest["files"] if "kept" in one] == [1]
    assert not list(out.path.rglob("*bad*"))


@pytest.mark.parametrize("asked", [{"since": "yesterday"}, {"until": "2026-02-30"}, {"since": "2030-01-01"}])
async def test_what_cannot_be_exported_is_said_and_nothing_is_made(
    shelf: Shelf, tmp_path: Path, asked: dict[str, str]
) -> None:
    await shelf.file()
    with pytest.raises(RequestError):
        await exported(shelf, tmp_path / "out", **asked)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


async def test_a_disk_without_room_is_said_before_anything_is_written(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shelf.file()
    monkeypatch.setattr(export_folder, "SPARE", 1 << 60)
    with pytest.raises(NoRoom):
        await exported(shelf, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


async def test_the_event_of_an_export_names_what_was_asked_and_the_manifest(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.file()
    out = await exported(shelf, tmp_path / "out", since="2026-11-01")
    assert out.told(Selection(since="2026-11-01"), "owner") == {
        "by": "owner", "documents": 1, "size": len(PDF), "manifest": out.manifest, "since": "2026-11-01",
    }  # fmt: skip
