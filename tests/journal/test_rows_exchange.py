"""One job ends and another takes its place: both, or neither."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.papers import submission

from comptoir.core.job import REDIRECTED, Change
from comptoir.journal.sqlite import SqliteJournal


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@pytest.mark.parametrize("size", [10, 100_000])
async def test_the_new_job_has_the_document_and_the_identity(journal: SqliteJournal, size: int) -> None:
    first = (await journal.accept(submission(b"x" * size, original=7, attributes={"path": "a"}))).job
    change = Change(first.id, "canceled", REDIRECTED, "B has it", by="fallback")
    wanted = submission(b"", uid=first.uid, destination="B", original=7, attributes={"path": "a"})
    new = await journal.exchange(change, replace(wanted, document=first.document))
    assert new is not None
    found = await journal.job(new.id)
    assert found is not None
    assert (found.uid, found.destination, found.state, found.original) == (first.uid, "B", "pending", 7)
    assert await journal.content(found.document) == b"x" * size
    ended = await journal.job(first.id)
    assert ended is not None
    assert (ended.state, ended.reason, ended.message) == ("canceled", REDIRECTED, "B has it")
    told = [(event.kind, event.job_id) for event in await journal.events()]
    assert told == [("job-accepted", 1), ("job-canceled", 1), ("job-accepted", 2)]


async def test_where_it_is_too_late_nothing_is_changed(journal: SqliteJournal) -> None:
    first = (await journal.accept(submission())).job
    await journal.record([Change(first.id, "completed")])
    change = Change(first.id, "canceled", REDIRECTED)
    assert await journal.exchange(change, replace(submission(destination="B"), document=first.document)) is None
    assert await journal.job(first.id + 1) is None
    assert await journal.exchange(replace(change, job_id=99), submission()) is None
