"""Holding and letting go, statement by statement; the contract suite has the whole of it."""

from __future__ import annotations

import json

import pytest
from tests.peers.batches import copied, end, new_batch
from tests.peers.filings import capture, filing
from tests.peers.papers import submission

from comptoir.core.intake import Delivery, Plan, Take, Unit
from comptoir.core.job import Job
from comptoir.journal.accepting import accept
from comptoir.journal.eliminating import counted, eliminate, hold
from comptoir.journal.filing import file, prepared
from comptoir.journal.settling import settle
from comptoir.journal.taking import prepared as ready
from comptoir.journal.taking import take
from comptoir.journal.writer import Batch


@pytest.fixture
def batch() -> Batch:
    return new_batch()


def keep(batch: Batch, uid: str = "1", on_disk: bool = False) -> int:
    one = capture(f"content {uid}", uid=uid)
    inline = {} if on_disk else {one.document.digest: one.document.content or b""}
    number = file(prepared(filing(one)), inline)(batch).number
    assert number is not None
    return number


def rows(batch: Batch, table: str) -> int:
    (count,) = batch.db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def test_what_is_in_rows_goes_at_once_and_files_are_named(batch: Batch) -> None:
    small, large = keep(batch), keep(batch, "2", on_disk=True)
    gone = eliminate([small, large], "anna", "why")(batch)
    assert gone.count == 2
    assert len(gone.files) == rows(batch, "documents") == 1, "its row stays until the file is gone"
    assert rows(batch, "eliminated") == 2


def test_what_changed_nothing_has_no_event(batch: Batch) -> None:
    number = keep(batch)
    count = len(batch.events)
    assert hold([number], "", "anna")(batch) == 0
    assert hold([99], "why", "anna")(batch) == 0
    assert eliminate([99], "anna", "why")(batch).count == 0
    counted([(3, number)])(batch)
    assert len(batch.events) == count


def test_texts_that_are_no_unicode_undo_nothing(batch: Batch) -> None:
    assert hold([keep(batch)], "caf\udce9", "\ud800")(batch) == 1
    assert json.loads(batch.events[-1].body) == {"kept": [1], "by": "\\ud800", "reason": "caf\\udce9"}


def test_a_retention_of_zero_is_kept_until_somebody_eliminates_it(batch: Batch) -> None:
    plan = Plan((Delivery("T"),), keep=0)
    (jobs,) = take([ready(Unit("s", (Take(copied("a"), plan),)))])(batch)
    assert jobs is not None
    job: Job = jobs[0]
    assert job.kept is not None
    end(batch, job.id, "completed")
    assert eliminate([job.kept], "anna", "why")(batch).count == 0, "nobody has looked at its original yet"
    settle(job.original or 0)(batch)
    assert eliminate([job.kept], "anna", "why")(batch).count == 1
    assert (rows(batch, "jobs"), rows(batch, "documents"), rows(batch, "originals")) == (0, 0, 1)


def test_a_reprint_goes_with_what_it_repeats(batch: Batch) -> None:
    number = keep(batch)
    job = accept(submission("content 1", kept=number), b"content 1")(batch).job
    assert rows(batch, "documents") == 2
    end(batch, job.id, "completed")
    assert eliminate([number], "anna", "why")(batch).count == 1
    assert (rows(batch, "jobs"), rows(batch, "documents")) == (0, 0)


@pytest.mark.parametrize("lot", ["", "lot"])
def test_copies_that_fare_as_an_original_go_with_it(batch: Batch, lot: str) -> None:
    plan = Plan((Delivery("T"),), keep=0, once=True)
    for path in ("lot/a", "lot2/a"):
        directory = lot and path.partition("/")[0]
        files = (Take(copied(path, b"same"), Plan((), keep=0) if lot else plan),)
        (jobs,) = take([ready(Unit("s", files, directory, plan if lot else None))])(batch)
        for job in jobs or ():
            end(batch, job.id, "completed")
            settle(job.original or 0)(batch)
    assert rows(batch, "kept") == 1
    assert eliminate([1], "anna", "why")(batch).count == 1
    assert rows(batch, "documents WHERE content = CAST('same' AS BLOB)") == 0
