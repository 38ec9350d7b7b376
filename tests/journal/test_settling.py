"""What jobs mean for their original: whatever happens to them in whatever order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.batches import copied, end, new_batch, taken

from comptoir.core.document import Origin, Submission
from comptoir.core.intake import Delivery, Plan, Stamp, StepDone, Take, Unit
from comptoir.core.job import Change, Evidence, Job
from comptoir.journal.accepting import accept
from comptoir.journal.forgetting import purge
from comptoir.journal.intake_rows import jobs_of, known, read_original
from comptoir.journal.rows import record
from comptoir.journal.settling import missing, release, settle, settle_jobs, step, touched
from comptoir.journal.taking import prepared, take
from comptoir.journal.writer import Batch


@pytest.fixture
def batch() -> Batch:
    return new_batch()


def again(batch: Batch, job: Job) -> Job:
    submission = Submission(job.document, Origin("s"), job.destination, uid=job.uid, original=job.original)
    return accept(submission, None)(batch).job


@pytest.mark.parametrize("delivered", ["before the next came", "at last"])
def test_an_original_takes_no_newer_one_with_the_same_content_along(batch: Batch, delivered: str) -> None:
    jobs: list[Job] = []
    for number, content in enumerate((b"one", b"two", b"one"), 1):
        plan = Plan((Delivery("T"),), original="delete")
        (made,) = take([prepared(Unit("s", (Take(copied("a", content, number), plan),)))])(batch)
        assert made is not None
        jobs += made
        if delivered != "at last" and number == 1:
            end(batch, jobs[0].id, "completed")
            settle_jobs([jobs[0].id])(batch)
    for job in jobs[:2] if delivered == "at last" else jobs[1:2]:
        end(batch, job.id, "completed")
    settle_jobs([job.id for job in jobs])(batch)
    states = batch.db.execute("SELECT state FROM originals ORDER BY id").fetchall()
    assert states == [("changed",), ("changed",), ("waiting",)]


ends = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["completed", "aborted", "canceled", "retry"])), max_size=20
)


@given(ends)
def test_an_original_is_what_the_last_job_of_each_delivery_says(happenings: list[tuple[int, str]]) -> None:
    batch = new_batch()
    last = list(taken(batch, "T", "U", "V"))
    states = ["pending"] * 3
    for which, what in happenings:
        if what == "retry" and states[which] in ("aborted", "canceled"):
            last[which], states[which] = again(batch, last[which]), "pending"
        elif what != "retry" and states[which] == "pending":
            end(batch, last[which].id, what)
            states[which] = what
        original = settle(1)(batch)
        assert original is not None
        if {"aborted", "canceled"} & set(states):
            assert original.state == "failed"
        else:
            assert original.state == ("due" if set(states) == {"completed"} else "waiting")
            if original.state == "due":
                return


@pytest.mark.parametrize(("reprinted", "state"), [("completed", "due"), ("aborted", "failed")])
def test_a_reprint_counts_where_it_comes_out(batch: Batch, reprinted: str, state: str) -> None:
    (job,) = taken(batch, "T")
    end(batch, job.id, "aborted")
    wish = Submission(job.document, Origin("web"), "T", reprint_of=job.id, original=job.original)
    end(batch, accept(wish, None)(batch).job.id, reprinted)
    assert settle(1)(batch).state == state  # type: ignore[union-attr]


def test_jobs_that_are_not_there_prove_no_delivery(batch: Batch) -> None:
    """Somebody has removed them, or a purge has gone wrong."""
    first, second = taken(batch, "T", "U")
    end(batch, first.id, "completed")
    batch.db.execute("DELETE FROM jobs WHERE id = ?", (second.id,))
    assert settle(1)(batch).state == "waiting"  # type: ignore[union-attr]
    batch.db.execute("DELETE FROM jobs")
    assert settle(1)(batch).state == "waiting"  # type: ignore[union-attr]


def test_a_purge_leaves_the_jobs_of_what_is_open(batch: Batch) -> None:
    first, second = taken(batch, "T", "U")
    end(batch, first.id, "completed")
    end(batch, second.id, "aborted")
    settle(1)(batch)
    assert purge(batch.now + 1)(batch) == 0
    step([StepDone(1, "kept")])(batch)
    assert purge(batch.now + 1)(batch) == 2


def test_the_steps_of_several_are_settled_each_once(batch: Batch) -> None:
    jobs = [job for path in "ab" for job in taken(batch, "T", "U", path=path)]
    for job in jobs:
        end(batch, job.id, "completed")
    assert [one.id for one in settle_jobs([job.id for job in jobs])(batch)] == [1, 2]
    assert len([event for event in batch.events if event.kind == "file-delivered"]) == 2


def test_what_is_at_rest_stays_whatever_is_said(batch: Batch) -> None:
    (job,) = taken(batch, "T")
    end(batch, job.id, "completed")
    settle(1)(batch)
    step([StepDone(1, "moved", to="/x/a")])(batch)
    before = read_original(batch.db, 1)
    step([StepDone(1, "due"), StepDone(1, "deleted"), StepDone(99, "deleted")])(batch)
    missing("s", ["a"])(batch)
    settle(1)(batch)
    assert read_original(batch.db, 1) == before
    assert before is not None
    assert before.moved_to == "/x/a"


def test_only_what_is_printed_is_released(batch: Batch) -> None:
    for path in "abc":
        taken(batch, "T", path=path, original="keep")
    end(batch, 1, "completed")
    end(batch, 2, "aborted")
    settle_jobs([1, 2])(batch)
    step([StepDone(2, "kept", "left by anna")])(batch)
    taken(batch, "archives", path="d", original="keep")
    record([Change(4, "completed", evidence=Evidence("archived"))])(batch)
    settle_jobs([4])(batch)
    assert release("s")(batch) == 1
    assert [read_original(batch.db, number).state for number in (1, 2, 3, 4)] == ["due", "kept", "waiting", "kept"]  # type: ignore[union-attr]
    assert read_original(batch.db, 1).step == "delete"  # type: ignore[union-attr]


def test_a_path_that_nobody_knows_is_neither_touched_nor_missing(batch: Batch) -> None:
    touched("s", "none", Stamp(1, 2, 3))(batch)
    missing("s", ["none", "\udcff"])(batch)
    assert known(batch.db, "s") == {}
    assert batch.events == []


def test_the_jobs_of_an_original_are_its_own(batch: Batch) -> None:
    first = taken(batch, "T")
    taken(batch, "T", path="b")
    assert [job.id for job in jobs_of(batch.db, 1)] == [job.id for job in first]
    assert replace(jobs_of(batch.db, 1)[0], document=first[0].document) == first[0]
