"""Orders, and what the archive keeps of them, statement by statement; the contract suites have the whole of it."""

from __future__ import annotations

import json

import pytest
from tests.peers.batches import new_batch
from tests.peers.papers import submission

from comptoir.core.document import Keep
from comptoir.core.errors import JournalError, KeyConflict
from comptoir.journal.accepting import accept, accept_all, longest
from comptoir.journal.writer import Batch

DAY = "2026-11-18"


@pytest.fixture
def batch() -> Batch:
    return new_batch()


@pytest.mark.parametrize(
    ("until", "expected"), [((), "none"), ((1,), 1), ((1, 3, 2), 3), ((1, None, 3), None), ((0, 0), 0)], ids=str
)
def test_the_longest_keep_wins(until: tuple[int | None, ...], expected: int | str | None) -> None:
    found = longest([Keep(one, DAY) for one in until])
    assert ("none" if found is None else found.until) == expected


def test_a_refused_order_has_written_nothing(batch: Batch) -> None:
    accept(submission(key="k"), b"Hello world")(batch)
    before = batch.db.total_changes
    with pytest.raises(KeyConflict):
        accept(submission("other", key="k", keep=Keep(None, DAY)), b"other")(batch)
    with pytest.raises(JournalError, match=r"no document .* in the archive"):
        accept_all((submission("other"), submission("other", kept=7)), b"other")(batch)
    assert (batch.db.total_changes, len(batch.events)) == (before, 1)


def test_who_has_printed_is_in_the_event_of_what_is_not_kept_alone(batch: Batch) -> None:
    accept(submission(user="anna", host="pc"), b"Hello world")(batch)
    job = accept(submission(user="anna", host="pc", keep=Keep(None, DAY)), b"Hello world")(batch).job
    again = submission(user="bob", host="desk", kept=job.kept, reprint_of=job.id)
    accept(again, b"Hello world")(batch)
    told = [json.loads(event.body) for event in batch.events if event.kind == "job-accepted"]
    assert [(one.get("user"), one.get("host"), one.get("kept")) for one in told] == [
        ("anna", "pc", None), (None, None, 1), ("bob", "desk", 1)]  # fmt: skip
