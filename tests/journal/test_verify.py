"""Is the journal as it was written? Whoever changes anything is found, and the place is named."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from tests.journal.conftest import LARGE, findings, tamper
from tests.peers.clock import FakeClock
from tests.peers.papers import submission

from comptoir.core.errors import JournalError
from comptoir.core.job import Change
from comptoir.core.record import link
from comptoir.journal import open_journal
from comptoir.journal import verify as verify_module
from comptoir.journal.sqlite import SqliteJournal
from comptoir.journal.verify import MOST, TOLD, Report, events, verify


def test_a_journal_as_it_was_written(path: Path) -> None:
    report = verify(path)
    assert (report.findings, report.events, report.documents) == ([], 6, 3)
    last = list(events(path))[-1]
    assert report.head == last.hash.hex()


async def test_a_journal_in_use(tmp_path: Path) -> None:
    journal = await open_journal("", tmp_path, FakeClock())
    await journal.accept(submission())
    assert (await asyncio.to_thread(verify, tmp_path / "journal.db")).findings == []
    await journal.close()


def test_a_changed_event_is_named(path: Path) -> None:
    tamper(path, "UPDATE events SET body = replace(body, 'completed', 'canceled') WHERE seq = 4")
    assert "event 4 (job-completed, job 1) was changed" in findings(path)


@pytest.mark.parametrize("column", ["at", "kind", "job", "hash"])
def test_every_part_of_an_event_counts(path: Path, column: str) -> None:
    tamper(path, f"UPDATE events SET {column} = 7 WHERE seq = 3")
    assert "event 3 " in findings(path)


def test_a_removed_event_is_named(path: Path) -> None:
    tamper(path, "DELETE FROM events WHERE seq IN (3)")
    assert "event 3 removed" in findings(path)


def test_several_removed_events_are_named(path: Path) -> None:
    tamper(path, "DELETE FROM events WHERE seq IN (3, 4)")
    assert "events 3 to 4 removed" in findings(path)


def test_the_removed_end_is_named(path: Path) -> None:
    tamper(path, "DELETE FROM events WHERE seq >= 5", "DELETE FROM jobs WHERE id = 3")
    assert "events 5 to 6 removed from the end" in findings(path)


def test_an_event_inserted_in_the_middle_breaks_the_chain(path: Path) -> None:
    tamper(
        path,
        "UPDATE events SET seq = seq + 100 WHERE seq > 4",
        "UPDATE events SET seq = seq - 99 WHERE seq > 100",
        "INSERT INTO events VALUES (5, 1, 'note', NULL, '{}', zeroblob(32))",
    )
    assert "event 5 (note, no job) was changed, or does not follow" in findings(path)


def test_an_event_added_at_the_end_with_a_right_hash_is_found(path: Path) -> None:
    last = list(events(path))[-1]
    forged = link(last.hash, 7, 1, "note", None, "{}")
    tamper(path, "INSERT INTO events VALUES (7, 1, 'note', NULL, '{}', ?)", values=(forged,))
    assert "event 7 inserted at the end" in findings(path)


def test_a_rewritten_last_event_with_a_right_hash_is_found(path: Path) -> None:
    before = list(events(path))[-2]
    forged = link(before.hash, 6, 1, "note", None, "{}")
    tamper(
        path,
        "UPDATE events SET at = 1, kind = 'note', job = NULL, body = '{}', hash = ? WHERE seq = 6",
        values=(forged,),
    )
    assert "event 6 is not the one that was written last" in findings(path)


def test_a_changed_job_is_named(path: Path) -> None:
    tamper(path, "UPDATE jobs SET state = 'canceled' WHERE id = 1")
    assert "job 1 is “canceled”, but its last event says “completed”" in findings(path)


@pytest.mark.parametrize("column", TOLD)
def test_every_column_that_the_events_tell_counts(path: Path, column: str) -> None:
    tamper(path, f"UPDATE jobs SET {column} = 7 WHERE id = 1")
    assert f"job 1: {column} is “" in findings(path)


def test_columns_are_told_by_the_first_or_the_last_event(path: Path) -> None:
    told = {key for event in events(path) if event.job_id == 1 for key in json.loads(event.body)}
    assert told | {"updated_at"} == {*TOLD, "state", "document", "size", "by"}


def test_evidence_that_was_removed_or_written_in_is_named(path: Path) -> None:
    tamper(
        path,
        """UPDATE jobs SET evidence = '{"kind":"person","detail":"","unprintable":""}' WHERE id = 3""",
        "UPDATE jobs SET evidence = '' WHERE id = 1",
    )
    assert "job 3: evidence is “{'kind': 'person'" in findings(path)
    assert "job 1: evidence is “None”, but its events say “{'kind': 'processed'" in findings(path)


def test_what_a_changed_event_says_is_not_held_against_the_job(path: Path) -> None:
    """The event is named; the job's row is as it was."""
    tamper(path, "UPDATE events SET body = replace(body, 'TICKET', 'OTHER') WHERE seq = 1")
    assert verify(path).findings == ["event 1 (job-accepted, job 1) was changed, or does not follow the one before it"]


def test_a_job_that_only_a_changed_event_names_is_not_missed(path: Path) -> None:
    tamper(path, "UPDATE events SET job = 7 WHERE seq = 3")
    assert "job 7 was removed" not in findings(path)


def test_evidence_that_is_no_evidence_is_named(path: Path) -> None:
    tamper(path, "UPDATE jobs SET evidence = ? WHERE id = 3", values=("[" * 100_000,))
    assert "job 3: evidence is" in findings(path)


def test_an_inserted_job_is_named(path: Path) -> None:
    columns = (
        "uid, document, source, user, host, key, destination, printer, title, format, copies, state, status, "
        "reason, "
        "message, evidence, expires_at, attempts, reprint_of, reported, created_at, updated_at"
    )
    tamper(path, f"INSERT INTO jobs ({columns}) SELECT {columns} FROM jobs WHERE id = 1")
    assert "job 4 has no event: it was inserted" in findings(path)


def test_a_changed_document_in_its_row_is_named(path: Path) -> None:
    tamper(path, "UPDATE documents SET content = CAST('Hello World' AS BLOB) WHERE id = 1")
    assert "the document of job 1 was changed" in findings(path)


def test_a_document_exchanged_with_its_digest_is_named(path: Path) -> None:
    tamper(path, "UPDATE jobs SET document = 3 WHERE id = 1")
    assert "the document of job 1 is not the one that was accepted" in findings(path)


def test_a_document_changed_on_disk_is_named(path: Path) -> None:
    (file,) = (entry for entry in (path.parent / "documents").rglob("*") if entry.is_file())
    file.write_bytes(LARGE[:-1] + b"!")
    assert "the document of job 2 was changed" in findings(path)
    file.unlink()
    assert "the document of job 2" in findings(path)
    assert "missing" in findings(path)


def test_the_documents_may_stand_elsewhere(path: Path) -> None:
    elsewhere = path.parent / "elsewhere"
    (path.parent / "documents").rename(elsewhere)
    assert "the document of job 2" in findings(path)
    assert verify(path, documents=elsewhere).findings == []


def test_a_document_whose_row_is_gone_is_named(path: Path) -> None:
    """A job without its document is not as it was written."""
    tamper(path, "DELETE FROM documents WHERE id = 1")
    assert findings(path) == "the document of job 1 was removed"


def test_a_removed_job_is_named_unless_a_purge_is_on_record(path: Path) -> None:
    """What leaves the journal leaves by the retention rule, with a trace."""
    tamper(path, "DELETE FROM jobs WHERE id = 3")
    assert "job 3" in findings(path)


async def purged(path: Path) -> None:
    """Jobs 1 and 2 are forgotten; 2 has a file."""
    clock = FakeClock()
    journal = await SqliteJournal.open("", path.parent, clock)
    await journal.record([Change(2, "canceled")])
    assert await journal.purge(clock.now() + 1) == 2
    await journal.close()


async def test_a_purge_is_as_it_was_written(path: Path) -> None:
    await purged(path)
    report = verify(path)
    assert (report.findings, report.events, report.documents) == ([], 8, 1)


async def test_a_purge_does_not_cover_for_another_removal(path: Path) -> None:
    await purged(path)
    tamper(path, "DELETE FROM jobs WHERE id = 3")
    assert findings(path) == "job 3 was removed, and no purge is on record"


async def test_a_job_that_is_back_after_its_purge_is_named(path: Path) -> None:
    await purged(path)
    tamper(path, "UPDATE jobs SET id = 2 WHERE id = 3")
    assert "job 2 is there, but its purge is on record" in findings(path)


@pytest.mark.parametrize("body", ["no json", "[]", '{"jobs": 3}', '{"jobs": [3]}', "[" * 100_000])
async def test_a_changed_purge_is_named(path: Path, body: str) -> None:
    await purged(path)
    tamper(path, "UPDATE events SET body = ? WHERE kind = 'jobs-purged'", values=(body,))
    found = findings(path)
    assert "event 8 (jobs-purged, no job) was changed" in found
    assert "job 1 was removed" in found
    assert "damaged" not in found


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE documents SET size = 12 WHERE id = 1",
        "UPDATE documents SET content = CAST(content || '!' AS TEXT) WHERE id = 1",
    ],
)
def test_every_part_of_a_document_counts(path: Path, sql: str) -> None:
    tamper(path, sql)
    assert "the document of job 1 was changed" in findings(path)


@pytest.mark.parametrize("digest", ["/dev/zero", "../../journal.db", "a\0b", "", 5, b"\xff", "é" * 64])
def test_a_digest_that_is_none_names_no_file(path: Path, digest: object) -> None:
    """A journal that somebody has written makes this machine read no other file, nor for ever."""
    tamper(path, "UPDATE documents SET content = NULL, digest = ? WHERE id = 1", values=(digest,))
    assert "the document of job 1 has no digest" in findings(path)


def test_an_event_before_the_first_is_named(path: Path) -> None:
    tamper(path, "INSERT INTO events VALUES (-3, 1, 'note', NULL, '{}', zeroblob(32))")
    assert "event -3 inserted at the beginning" in findings(path)


async def test_what_a_service_purges_meanwhile_is_no_finding(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check sees the journal as it was when it began; a file may be gone since."""
    whole = verify_module._structure

    def then_purge(db: sqlite3.Connection, report: Report) -> None:
        whole(db, report)
        asyncio.run(purged(path))

    monkeypatch.setattr(verify_module, "_structure", then_purge)
    report = await asyncio.to_thread(verify, path)
    assert (report.findings, report.events, report.documents) == ([], 6, 3)


def test_there_is_an_end_to_the_findings() -> None:
    report = Report()
    report.add("the same")
    report.add("the same")
    assert report.findings == ["the same"]
    report = Report()
    for number in range(MOST * 2):
        report.add(str(number))
    assert len(report.findings) == MOST


def test_no_journal_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be opened"):
        verify(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("Dear diary, " * 1000)
    assert "damaged" in findings(tmp_path / "text.db")
    with pytest.raises(JournalError):
        list(events(tmp_path / "text.db"))
