"""Spoiling the archive's record, as somebody with a database program could, and seeing that it is found."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from tests.journal.conftest import LARGE, tamper
from tests.peers.clock import START, FakeClock
from tests.peers.databases import opened
from tests.peers.filings import DATE, filed

from comptoir.core.job import Change
from comptoir.core.kept import Night
from comptoir.journal.sqlite import SqliteJournal
from comptoir.journal.verify import verify, verify_archive

OTHER = "9" * 64


async def write(folder: Path) -> None:
    """Documents 1 (with a job, held), 2 (large, with another), 3 (partial), 4 (eliminated), and a night."""
    journal = await SqliteJournal.open("", folder, FakeClock())
    keeping = journal.keeping
    for uid, content, more in (
        ("1", b"one", {"title": "Arrivals", "user": "anna", "attributes": {"sides": "one-sided"}}),
        ("2", LARGE, {"others": (b"printed",)}),
        ("3", b"three", {"partial": "The sender went away."}),
        ("4", b"four", {}),
    ):
        await filed(journal, *("T" for _ in range(uid == "1")), content=content, uid=uid, **more)
    await journal.record([Change(1, "canceled")])
    await keeping.hold([1, 2], "a lawsuit", "bob")
    await keeping.hold([2], "", "bob")
    await keeping.eliminate([4], "bob", "kept long enough")
    await keeping.put_night(Night(DATE, "well", "anna", START), "night-noted")
    await keeping.put_night(Night(DATE, "well", "anna", START, "bob", START), "night-signed")
    await keeping.counted({1: 3})
    await journal.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a journal; not to be changed."""
    folder = tmp_path_factory.mktemp("archive")
    asyncio.run(write(folder))
    return folder


@pytest.fixture
def path(archive: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled."""
    shutil.copytree(archive, tmp_path / "copy")
    return tmp_path / "copy" / "journal.db"


def test_what_was_written_is_as_it_was(path: Path) -> None:
    report = verify_archive(path)
    assert report.findings == []
    assert (report.kept, report.partial, report.held, report.eliminated) == (3, 1, 1, 1)
    assert (report.documents, report.bytes) == (4, 3 + len(LARGE) + 7 + 5)
    whole = verify(path)
    assert whole.findings == []
    assert whole.documents == 4, "the job's is read with the job"


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE kept SET title = 'Departures' WHERE id = 1", "record 1: what it says is not what was sealed"),
        ("UPDATE kept SET user = 'bob' WHERE id = 1", "record 1: what it says is not what was sealed"),
        ("UPDATE kept SET printed_at = 5 WHERE id = 1", "record 1: what it says is not what was sealed"),
        ("UPDATE kept SET received_at = 5 WHERE id = 1", "record 1: what it says is not what was sealed"),
        ("UPDATE kept SET attributes = '{}' WHERE id = 1", "record 1: what it says is not what was sealed"),
        ("UPDATE kept SET attributes = '[' WHERE id = 1", "record 1 is damaged"),
        ("UPDATE kept SET salt = 'text' WHERE id = 1", "record 1: what it says is not what was sealed"),
        ("UPDATE kept SET copies = 7 WHERE id = 2", "record 2: what it says"),
        ("UPDATE kept SET partial = '' WHERE id = 3", "record 3: what it says"),
        (f"UPDATE kept SET seal = '{OTHER}' WHERE id = 1", "record 1: seal is"),
        ("UPDATE kept SET keep_until = 5 WHERE id = 1", "record 1: keep_until is “5”"),
        ("UPDATE kept SET business_date = '2020-01-01' WHERE id = 1", "record 1: business_date is “2020-01-01”"),
        ("UPDATE kept SET held = '' WHERE id = 1", "record 1: held is “”, but its events say “a lawsuit”"),
        ("UPDATE kept SET held = 'x' WHERE id = 2", "record 2: held is “x”, but its events say “”"),
        ("UPDATE kept SET document = 1 WHERE id = 3", "record 3: digest is"),
        ("UPDATE documents SET name = 'x' WHERE id = 1", "record 1: what it says is not what was sealed"),
        ("UPDATE documents SET content = 'x' WHERE id = (SELECT document FROM kept WHERE id = 3)", "was changed"),
        ("DELETE FROM documents WHERE content IS NULL", "the document of record 2 was removed"),
        ("DELETE FROM kept_parts", "record 2: others is “None”"),
        ("DELETE FROM kept WHERE id = 3", "record 3 was removed, and no elimination is in the journal"),
        ("UPDATE kept SET id = 4 WHERE id = 3", "record 4 is there, but its elimination is in the journal"),
        ("UPDATE kept SET id = 9 WHERE id = 3", "record 9 has no event: it was inserted"),
        ("UPDATE jobs SET kept = 8", "job 1 belongs to a record that is not there"),
        ("UPDATE jobs SET user = 'bob'", "job 1: who has printed it"),
        ("UPDATE nights SET note = 'bad'", f"the night of {DATE}: what is said of it is not"),
        ("DELETE FROM nights", f"the night of {DATE}: what was said of it was removed"),
        (
            "UPDATE events SET body = replace(body, '\"seal\"', '\"other\"') WHERE kind = 'document-kept' AND seq = 1",
            "event 1 (document-kept, no job) was changed",
        ),
    ],
)
def test_what_was_spoiled_is_named(path: Path, statement: str, finding: str) -> None:
    tamper(path, statement)
    for report in (verify(path), verify_archive(path)):
        assert any(finding in one for one in report.findings), report.findings


def test_a_file_that_is_gone_or_another_is_named(path: Path) -> None:
    (file,) = [one for one in (path.parent / "documents").rglob("*") if one.is_file()]
    file.write_bytes(b"another")
    assert verify_archive(path).findings == ["the document of record 2 was changed"]
    file.unlink()
    (finding,) = verify_archive(path).findings
    assert "the document of record 2" in finding
    assert "is missing" in finding


def test_pages_and_searches_are_nobodys_promise(path: Path) -> None:
    tamper(path, "UPDATE kept SET pages = 99")
    assert verify(path).findings == []


def test_a_job_that_went_with_its_document_is_not_missed(archive: Path, tmp_path: Path) -> None:
    async def eliminate(folder: Path) -> None:
        journal = await SqliteJournal.open("", folder, FakeClock())
        await journal.keeping.hold([1], "", "bob")
        assert await journal.keeping.eliminate([1], "bob", "why") == 1
        await journal.close()

    shutil.copytree(archive, tmp_path / "copy")
    asyncio.run(eliminate(tmp_path / "copy"))
    assert verify(tmp_path / "copy" / "journal.db").findings == []


def test_damage_of_any_kind_is_a_finding_and_not_the_end(path: Path) -> None:
    db = opened(path)
    columns = [row[1] for row in db.execute("PRAGMA table_info(kept)") if row[1] not in ("id", "others")]
    db.close()
    for column in columns:
        tampered = path.with_name(f"{column}.db")
        shutil.copy(path, tampered)
        tamper(tampered, f"UPDATE OR REPLACE kept SET {column} = x'ff00' WHERE id = 3")
        if column != "pages":
            assert verify(tampered, documents=path.parent / "documents").findings, column


@pytest.mark.parametrize("also", ["", "DELETE FROM kept WHERE id = 1; DELETE FROM jobs"])
def test_a_changed_event_proves_nothing_of_its_document(path: Path, also: str) -> None:
    change = "UPDATE events SET body = replace(body, 'office', 'cellar') WHERE seq = 1"
    tamper(path, change, *filter(None, also.split("; ")))
    found = verify_archive(path).findings
    assert found == ["event 1 (document-kept, no job) was changed, or does not follow the one before it"]


@pytest.mark.parametrize("body", ['{"kept": [[1], "x", null, {}], "reason": 5}', '{"kept": 1}', "[]", "{"])
def test_a_hold_of_nonsense_is_a_finding(path: Path, body: str) -> None:
    tamper(path, "UPDATE events SET body = ? WHERE kind = 'document-held'", values=(body,))
    assert any("(document-held, no job) was changed" in one for one in verify_archive(path).findings)
