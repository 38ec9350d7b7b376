"""Which documents a person means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.shelf import Shelf

from comptoir.core.errors import RequestError
from comptoir.station.archive import selecting
from comptoir.station.archive.selecting import Selection, selected


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    shelf = await Shelf.at(tmp_path)
    for date in ("2026-11-18", "2026-11-16", "2026-11-17", "2024-02-29"):
        await shelf.file(date=date)
    yield shelf
    await shelf.journal.close()


async def numbers(shelf: Shelf, selection: Selection) -> list[int]:
    return [kept.id async for kept in selected(shelf.journal.keeping, selection)]


async def test_a_short_period_is_gone_through_by_its_days_and_a_long_one_by_all(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await numbers(shelf, Selection("2026-11-16", "2026-11-17")) == [2, 3]
    assert await numbers(shelf, Selection("2024-02-29", "2026-11-17")) == [2, 3, 4]
    monkeypatch.setattr(selecting, "STEP", 1)
    assert await numbers(shelf, Selection()) == [1, 2, 3, 4]
    assert await numbers(shelf, Selection(since="2026-11-17")) == [1, 3]
    assert await numbers(shelf, Selection(until="2026-11-16")) == [2, 4]
    assert await numbers(shelf, Selection("2026-11-17", "2026-11-16")) == []


async def test_numbers_are_these_and_no_others(shelf: Shelf) -> None:
    assert await numbers(shelf, Selection(numbers=(3, 99, 1, 3))) == [1, 3]
    assert await numbers(shelf, Selection(numbers=())) == []


@pytest.mark.parametrize("text", ["2026-13-01", "2025-02-29", "17/11/2026", "20261117", "x"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        Selection(since=text)
    with pytest.raises(RequestError):
        Selection(until=text)
