"""Between rows and values."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.peers.databases import opened
from tests.peers.papers import submission

from comptoir.core.document import Document, Origin, Submission
from comptoir.core.errors import KeyConflict
from comptoir.core.job import OUTCOME_UNKNOWN, Change
from comptoir.core.record import GENESIS, Credential, EventQuery, JobQuery
from comptoir.journal.accepting import accept
from comptoir.journal.forgetting import drop_documents, file_needed, orphans, purge
from comptoir.journal.migrate import migrate
from comptoir.journal.rows import SQL, credential_of, read_job, record, select_history, select_jobs
from comptoir.journal.writer import Batch


@pytest.fixture
def batch() -> Batch:
    db = opened(isolation_level=None)
    migrate(db)
    return Batch(db, 1000, 0, GENESIS)


def test_every_named_statement_is_loaded_and_can_be_prepared(batch: Batch) -> None:
    text = (files("comptoir.journal") / "queries.sql").read_text("utf-8")
    assert text.count("-- name: ") == len(SQL)
    for name, sql in SQL.items():
        values = [None] * sql.count("?")
        batch.db.execute(f"EXPLAIN {sql}", values)
        assert ";" not in sql, f"{name} is more than one statement"


plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
submissions = st.builds(
    Submission,
    document=st.builds(Document.of, st.binary(max_size=50), plain, plain),
    origin=st.builds(Origin, plain, plain, plain),
    destination=plain,
    printer=plain,
    uid=plain,
    title=plain,
    format=plain,
    copies=st.integers(1, 100),
    expires_at=st.none() | st.integers(0, 2**50),
    created_at=st.none() | st.integers(1, 2**50),
    reprint_of=st.none() | st.integers(0, 2**50),
)


@given(submissions)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_accepted_is_what_is_read(batch: Batch, given: Submission) -> None:
    accepted = accept(given, given.document.content)(batch)
    read = read_job(batch.db, accepted.job.id)
    assert read is not None
    for field in fields(read):
        if field.name not in ("document", "uid"):
            assert getattr(read, field.name) == getattr(accepted.job, field.name), field.name
    assert read.document.digest == given.document.digest
    assert read.uid == accepted.job.uid != ""


def test_a_refused_submission_has_written_nothing(batch: Batch) -> None:
    accept(submission(key="k"), b"Hello world")(batch)
    before = batch.db.total_changes
    with pytest.raises(KeyConflict):
        accept(submission("other", key="k"), b"other")(batch)
    assert (batch.db.total_changes, len(batch.events)) == (before, 1)


def test_a_refused_change_has_no_event(batch: Batch) -> None:
    accept(submission(), b"Hello world")(batch)
    assert record([Change(1, "canceled"), Change(1, "completed")])(batch) == [True, False]
    assert [event.kind for event in batch.events] == ["job-accepted", "job-canceled"]


def test_a_held_job_is_told_as_held(batch: Batch) -> None:
    accept(submission(), b"Hello world")(batch)
    record([Change(1, "processing"), Change(1, "pending-held", OUTCOME_UNKNOWN)])(batch)
    assert batch.events[-1].kind == "job-held"


def test_no_more_than_five_hundred_go_in_one_commit(batch: Batch) -> None:
    for _ in range(501):
        accept(submission(), b"Hello world")(batch)
    record([Change(number, "canceled") for number in range(1, 502)])(batch)
    assert purge(1001)(batch) == 500
    assert purge(1001)(batch) == 1
    assert purge(1001)(batch) == 0
    assert orphans(batch.db) == []
    assert select_jobs(batch.db, JobQuery()) == []
    assert batch.db.execute("SELECT count(*) FROM documents").fetchone() == (0,)


def test_a_purge_names_the_jobs(batch: Batch) -> None:
    for _ in range(3):
        accept(submission(), b"Hello world")(batch)
    record([Change(number, "canceled") for number in (3, 1)])(batch)
    assert purge(1001)(batch) == 2
    assert (batch.events[-1].kind, batch.events[-1].job_id) == ("jobs-purged", None)
    told = {"count": 2, "last_changed_before": 1001, "jobs": [1, 3]}
    assert json.loads(batch.events[-1].body) == told


def test_a_document_that_is_a_file_keeps_its_row_until_the_file_is_gone(batch: Batch) -> None:
    first = accept(submission(), None)(batch).job
    second = accept(submission(), None)(batch).job
    digest = first.document.digest
    record([Change(first.id, "canceled")])(batch)
    assert purge(1001)(batch) == 1
    assert orphans(batch.db) == [(first.document.row, digest)]
    assert file_needed(batch.db, digest), "another job has the same file"
    record([Change(second.id, "canceled")])(batch)
    purge(1001)(batch)
    found = orphans(batch.db)
    assert sorted(found) == [(first.document.row, digest), (second.document.row, digest)]
    assert not file_needed(batch.db, digest)
    third = accept(submission(), None)(batch).job
    drop_documents([*found, (third.document.row, digest)])(batch)
    assert orphans(batch.db) == []
    assert read_job(batch.db, third.id) is not None, "the row of a job is no orphan"
    assert file_needed(batch.db, digest)


def test_the_bytes_in_a_row_are_no_file(batch: Batch) -> None:
    digest = accept(submission(), b"Hello world")(batch).job.document.digest
    assert not file_needed(batch.db, digest)


def test_credentials_stand_in_the_order_of_their_fields() -> None:
    assert credential_of(["station", "n", "s", 1, None, 2, "d"]) == Credential("station", "n", "s", 1, None, 2, "d")


def test_searches_use_an_index(batch: Batch) -> None:
    """What every request or restart asks must not read the whole table."""
    for sql in (
        SQL["job_by_key"],
        SQL["job_columns"] + " WHERE reported = 0 AND source = ? ORDER BY jobs.id",
        SQL["events_of_job"],
        SQL["file_needed"],
        SQL["drop_document"],
        SQL["credential"],
    ):
        plan = " / ".join(str(row[3]) for row in batch.db.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")))
        assert "SCAN" not in plan, plan


def test_a_day_is_found_without_reading_the_others() -> None:
    """By an index, and only events that belong to no job have entries in it."""
    db = opened(isolation_level=None)
    migrate(db)
    plans: list[str] = []
    db.set_trace_callback(plans.append)
    select_history(db, EventQuery(since=1, until=2, kinds=("drawer-opened",)))
    db.set_trace_callback(None)
    plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {plans[0]}"))
    assert "SEARCH events USING INDEX events_apart (at>? AND at<?)" in plan
