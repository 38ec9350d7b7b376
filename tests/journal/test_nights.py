"""What is said of nights, and saved searches, statement by statement; the contract suite has the whole of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.peers.batches import new_batch

from comptoir.core.kept import Night, SavedSearch
from comptoir.journal.nights import drop_search, night, nights, put_night, put_search, seal_of, searches
from comptoir.journal.writer import Batch

SAID = Night("2026-11-18", "note", "anna", 1, "bob", 2, 3)


@pytest.fixture
def batch() -> Batch:
    return new_batch()


@pytest.mark.parametrize(
    "change",
    [{"note": "x"}, {"noted_by": "x"}, {"noted_at": 9}, {"signed_by": ""}, {"signed_at": None}, {"sent_at": 9},
     {"date": "2026-11-19"}],
    ids=str,
)  # fmt: skip
def test_whatever_is_said_is_under_the_seal(change: dict[str, object]) -> None:
    assert seal_of(replace(SAID, **change), b"salt") != seal_of(SAID, b"salt")  # type: ignore[arg-type]


def test_the_last_word_counts_and_each_is_on_record(batch: Batch) -> None:
    put_night(replace(SAID, note="first"), "night-noted")(batch)
    put_night(SAID, "night-noted")(batch)
    assert night(batch.db, SAID.date) == SAID
    bodies = [json.loads(event.body) for event in batch.events]
    assert [(one["date"], one["by"]) for one in bodies] == [(SAID.date, "anna")] * 2
    assert batch.db.execute("SELECT seal FROM nights").fetchone() == (bodies[-1]["seal"],)


def test_texts_that_are_no_unicode_undo_nothing(batch: Batch) -> None:
    put_night(Night(SAID.date, "caf\udce9", "\ud800"), "night-noted")(batch)
    put_search(SavedSearch("\ud800", "\udce9"))(batch)
    assert night(batch.db, SAID.date) == Night(SAID.date, "caf\\udce9", "\\ud800")
    assert searches(batch.db) == [SavedSearch("\\ud800", "\\udce9")]
    assert drop_search("\ud800")(batch)


def test_both_ends_of_a_time_are_in_it(batch: Batch) -> None:
    for day in ("2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"):
        put_night(Night(day), "night-sent")(batch)
    assert [one.date for one in nights(batch.db, "2026-11-18", "2026-11-19")] == ["2026-11-18", "2026-11-19"]
