"""What may be forgotten, statement by statement; the contract suite has the whole of it."""

from __future__ import annotations

import json

import pytest
from tests.peers.batches import copied, end, new_batch, taken

from comptoir.core.intake import Delivery, Plan, StepDone, Take, Unit
from comptoir.journal.forgetting import drop_documents, file_needed, let_go, orphans, purge, purge_originals
from comptoir.journal.settling import missing, settle, step
from comptoir.journal.taking import prepared, take
from comptoir.journal.writer import Batch

LATER = 10**6


@pytest.fixture
def batch() -> Batch:
    return new_batch()


def delivered(batch: Batch, original: str = "delete") -> None:
    """Original 1 with its job is delivered, and its step is done."""
    (job,) = taken(batch, "T", original=original)
    end(batch, job.id, "completed")
    settle(1)(batch)
    if original == "delete":
        step([StepDone(1, "deleted")])(batch)


def documents(batch: Batch) -> int:
    (count,) = batch.db.execute("SELECT count(*) FROM documents").fetchone()
    return int(count)


def test_a_document_goes_with_the_last_who_needs_it(batch: Batch) -> None:
    delivered(batch)
    assert purge(LATER)(batch) == 1
    assert documents(batch) == 1, "its original needs it"
    assert let_go(LATER)(batch) == 1
    assert documents(batch) == 0
    assert purge_originals(LATER)(batch) == 1
    (event,) = [event for event in batch.events if event.kind == "originals-purged"]
    assert json.loads(event.body) == {"count": 1, "last_changed_before": LATER, "originals": [1]}


def test_the_other_way_round(batch: Batch) -> None:
    delivered(batch)
    assert let_go(LATER)(batch) == 1
    assert documents(batch) == 1, "its job needs it"
    assert purge_originals(LATER)(batch) == 0, "its job says where it went"
    assert purge(LATER)(batch) == 1
    assert documents(batch) == 0


def test_what_is_young_stays(batch: Batch) -> None:
    delivered(batch)
    assert (purge(1000)(batch), let_go(1000)(batch), purge_originals(1000)(batch)) == (0, 0, 0)


def test_what_lies_there_is_not_forgotten_but_what_was_missing_since_is(batch: Batch) -> None:
    delivered(batch, "keep")
    purge(LATER)(batch)
    let_go(LATER)(batch)
    assert purge_originals(LATER)(batch) == 0
    missing("s", ["a"])(batch)
    assert purge_originals(LATER)(batch) == 1


@pytest.mark.parametrize("state", ["waiting", "failed", "due", "going"])
def test_what_is_not_at_rest_is_needed(batch: Batch, state: str) -> None:
    taken(batch, "T")
    batch.db.execute("UPDATE originals SET state = ?", (state,))
    batch.db.execute("UPDATE documents SET content = NULL")
    batch.db.execute("DELETE FROM jobs")
    assert let_go(LATER)(batch) == 0
    assert orphans(batch.db) == []
    ((digest,),) = batch.db.execute("SELECT digest FROM documents")
    assert file_needed(batch.db, digest)
    drop_documents([(1, digest)])(batch)
    assert documents(batch) == 1


def test_a_document_is_kept_until_its_time(batch: Batch) -> None:
    plan = Plan((Delivery("T"),), original="keep", keep=500)
    take([prepared(Unit("s", (Take(copied("a"), plan),)))])(batch)
    end(batch, 1, "completed")
    settle(1)(batch)
    batch.now += 400
    assert let_go(LATER)(batch) == 0
    batch.now += 200
    assert let_go(LATER)(batch) == 1


def test_a_lot_goes_before_its_members(batch: Batch) -> None:
    takes = tuple(Take(copied(path), Plan(())) for path in ("l/a", "l/b"))
    take([prepared(Unit("s", takes, "l", Plan((Delivery("T"),), original="delete")))])(batch)
    end(batch, 1, "completed")
    settle(1)(batch)
    assert let_go(LATER)(batch) == 0
    step([StepDone(2, "deleted"), StepDone(3, "deleted")])(batch)
    assert let_go(LATER)(batch) == 0, "the lot itself is not at rest"
    step([StepDone(1, "deleted")])(batch)
    assert let_go(LATER)(batch) == 0, "a job needs the manifest, and that its members"
    purge(LATER)(batch)
    assert [let_go(LATER)(batch) for _ in range(3)] == [1, 2, 0]
    assert [purge_originals(LATER)(batch) for _ in range(3)] == [2, 1, 0]
    assert documents(batch) == 0
