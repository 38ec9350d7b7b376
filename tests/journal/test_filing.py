"""Prints, statement by statement; the contract suite has the whole of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.peers.batches import new_batch
from tests.peers.filings import KEEP, capture, filing

from comptoir.core.kept import Filed, Filing
from comptoir.journal.filing import file, prepared
from comptoir.journal.writer import Batch


@pytest.fixture
def batch() -> Batch:
    return new_batch()


def filed(batch: Batch, one: Filing) -> Filed:
    inline = {part.document.digest: part.document.content or b"" for part in one.capture.parts}
    return file(prepared(one), inline)(batch)


def documents(batch: Batch) -> int:
    (count,) = batch.db.execute("SELECT count(*) FROM documents").fetchone()
    return int(count)


def test_one_document_serves_the_record_and_all_jobs(batch: Batch) -> None:
    done = filed(batch, filing(capture(others=(b"printed",)), "T", "U"))
    assert documents(batch) == 2
    assert len({job.document.row for job in done.jobs}) == 1


def test_jobs_are_of_the_capture_whatever_they_said(batch: Batch) -> None:
    one = filing(capture(user="anna", uid="7"), "T", "T", key="mine", uid="mine")
    jobs = filed(batch, one).jobs
    assert [job.key for job in jobs] == ["print:7", "print:7#T"]
    assert {(job.origin.user, job.document.digest) for job in jobs} == {("anna", one.capture.document.digest)}
    assert "mine" not in {job.uid for job in jobs}


def test_what_was_only_delivered_is_known_by_its_first_job(batch: Batch) -> None:
    first = filed(batch, filing(capture(), "T", "U", keep=None))
    again = filed(batch, filing(capture("other"), "U", "V"))
    assert (again.fresh, again.number, [job.id for job in again.jobs]) == (False, None, [first.jobs[0].id])
    assert documents(batch) == 1


def test_a_print_that_is_known_has_written_nothing(batch: Batch) -> None:
    filed(batch, filing(capture(), "T"))
    before = (batch.db.total_changes, len(batch.events))
    for other in (filing(capture()), replace(filing(capture("x")), keep=None), filing(capture(partial="x"))):
        assert filed(batch, other).number == 1
    assert (batch.db.total_changes, len(batch.events)) == before


def test_what_is_neither_kept_nor_delivered_has_written_nothing(batch: Batch) -> None:
    before = batch.db.total_changes
    assert filed(batch, filing(capture(), keep=None)) == Filed(None, fresh=True)
    assert (batch.db.total_changes, batch.events) == (before, [])


def test_what_is_partial_is_kept_as_such(batch: Batch) -> None:
    filed(batch, Filing(capture(partial="The sender went away."), KEEP))
    assert batch.db.execute("SELECT partial FROM kept").fetchone() == ("The sender went away.",)
