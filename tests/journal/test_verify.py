"""Is the journal as it was written? Whoever changes anything is found, and the place is named."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers.clock import FakeClock
from tests.peers.papers import submission

from comptoir.core.errors import JournalError
from comptoir.core.job import Change
from comptoir.core.record import link
from comptoir.journal import open_journal
from comptoir.journal.sqlite import SqliteJournal
from comptoir.journal.verify import MOST, Report, events, verify

LARGE = b"a large document " * 2_000


async def write(folder: Path) -> None:
    journal = await SqliteJournal.open("", folder, FakeClock())
    await journal.accept(submission("Hello world"))
    await journal.accept(submission(LARGE))
    await journal.record([Change(1, "processing"), Change(1, "completed")])
    await journal.note("pairing", {"station": "caisse-1"})
    await journal.accept(submission("third"))
    await journal.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    asyncio.run(write(folder))
    return folder


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled. It has 6 events: 1, 2 accepted, 3, 4 of job 1, 5 a note, 6 accepted."""
    shutil.copytree(written, tmp_path / "copy")
    return tmp_path / "copy" / "journal.db"


def tamper(path: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    """What somebody with a database program does, triggers or not."""
    db = sqlite3.connect(path)
    for trigger in ("events_no_update", "events_no_delete"):
        db.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        db.execute(statement, values if "?" in statement else ())
    db.commit()
    db.close()


def findings(path: Path) -> str:
    report = verify(path)
    assert report.findings, "nothing was found"
    return "\n".join(report.findings)


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


def test_a_document_whose_row_is_gone_is_named(path: Path) -> None:
    """A job without its document is not as it was written."""
    tamper(path, "DELETE FROM documents WHERE id = 1")
    assert "job 1" in findings(path)


def test_a_removed_job_is_named_unless_a_purge_is_on_record(path: Path) -> None:
    """What leaves the journal leaves by the retention rule, with a trace."""
    tamper(path, "DELETE FROM jobs WHERE id = 3")
    assert "job 3" in findings(path)


@pytest.mark.parametrize("table", ["head", "identity", "jobs", "documents", "events"])
def test_a_missing_table_or_an_empty_one_is_no_traceback(path: Path, table: str) -> None:
    tamper(path, f"DELETE FROM {table}")
    if table != "identity":
        findings(path)
    db = sqlite3.connect(path)
    db.execute(f"DROP TABLE {table}")
    db.close()
    verify(path)


def test_there_is_an_end_to_the_findings() -> None:
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


def check(path: Path, spoil: Callable[[bytearray], None]) -> None:
    """Reports or raises JournalError; any other error fails the test."""
    content = bytearray(path.read_bytes())
    spoil(content)
    other = path.parent / "spoilt.db"
    other.write_bytes(content)
    try:
        verify(other)
    except JournalError as error:
        assert error.hint
    for left in ("spoilt.db-wal", "spoilt.db-shm"):
        (path.parent / left).unlink(missing_ok=True)


@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_a_flipped_byte_is_never_a_traceback(written: Path, place: float, mask: int) -> None:
    def flip(content: bytearray) -> None:
        content[int(place * len(content))] ^= mask

    check(written / "journal.db", flip)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_a_torn_file_is_never_a_traceback(written: Path, seed: int) -> None:
    luck = random.Random(seed)

    def tear(content: bytearray) -> None:
        for _ in range(luck.randint(1, 40)):
            at = luck.randrange(len(content))
            content[at : at + 8] = luck.randbytes(8)
        del content[luck.randrange(len(content)) :]

    check(written / "journal.db", tear)


def test_every_byte_of_the_events_is_guarded(written: Path, path: Path) -> None:
    """One byte of each event's text is changed in the file itself: each time this is found."""
    content = path.read_bytes()
    for event in events(written / "journal.db"):
        at = content.find(event.body.encode())
        assert at > 0
        spoilt = bytearray(content)
        spoilt[at + len(event.body) // 2] ^= 1
        path.write_bytes(spoilt)
        assert verify(path).findings, f"event {event.seq}"
