"""What lay in a folder before it was watched: left alone for good, and on record before anything is taken."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sources.folder.conftest import Shop

from comptoir.core.errors import JournalError
from comptoir.core.resting import OURS


async def test_files_that_were_there_are_ignored_for_good_but_not_what_comes_while_the_service_is_down(
    shop: Shop,
) -> None:
    shop.put("old.txt")
    shop.open(quiet=0, existing="ignore")
    assert (await shop.look()).ignored == {"existing": 1}
    shop.put("new.txt")
    shop.open(quiet=0, existing="ignore")
    state = await shop.look()
    assert (state.ignored, shop.ledger.taken) == ({"existing": 1}, ["new.txt"])
    shop.put("old.txt", "and now something else")
    await shop.look()
    assert shop.ledger.taken == ["new.txt", "old.txt"]


async def test_nothing_is_taken_before_it_is_on_record_what_was_there(shop: Shop) -> None:
    source = shop.open(quiet=0, existing="ignore")
    shop.put("old.txt")
    await source.work()
    shop.open(quiet=0, existing="ignore")
    shop.ledger.begun_sources.clear()
    shop.ledger.baseline = _refused  # type: ignore[method-assign]
    state = await shop.look()
    assert (state.taken, shop.ledger.taken, state.waiting) == (0, [], {"quiet": 1})
    del shop.ledger.baseline  # type: ignore[method-assign]
    assert (await shop.after(5_000)).ignored == {"existing": 1}


async def _refused(*_: object) -> None:
    raise JournalError("the disk is full")


async def test_nothing_is_taken_while_the_first_look_is_under_way(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.sources.folder.scanner.SLICE_SECONDS", -1)
    for number in range(5):
        shop.put(f"{number}.txt")
    shop.open(quiet=0, existing="ignore")
    state = await shop.look()
    assert (state.ignored, shop.ledger.taken) == ({"existing": 5}, [])


@pytest.mark.parametrize("forgotten", [False, True])
async def test_a_folder_that_was_watched_before_has_no_first_look(shop: Shop, forgotten: bool) -> None:
    shop.open(quiet=0, existing="take")
    shop.put("a.txt")
    await shop.look()
    if forgotten:
        shop.ledger.begun_sources.clear()
    shop.put("b.txt")
    shop.open(quiet=0, existing="ignore")
    assert (await shop.look()).taken == 2


async def test_what_the_station_itself_puts_there_is_left_alone_whatever_routes_come_to_say(shop: Shop) -> None:
    shop.planner.answers["done/a.txt"] = OURS
    shop.open(quiet=0)
    file = shop.put("done/a.txt")
    assert (await shop.look()).ignored == {OURS: 1}
    shop.planner.answers.clear()
    assert (await shop.look()).ignored == {OURS: 1}
    aside = file.rename(shop.path.parent / "a.txt")
    await shop.look()
    aside.rename(file)
    assert (await shop.look()).taken == 0
    shop.open(quiet=0)
    assert (await shop.look()).taken == 0
    assert shop.ledger.taken == []


async def test_a_pattern_that_takes_more_leaves_alone_what_was_not_looked_for(shop: Shop) -> None:
    for name in ("FAC1.pdf", "old.pdf", "x/deep.pdf"):
        shop.put(name)
    narrow: dict[str, Any] = {"match": ("FAC*.pdf",), "recursive": False, "existing": "ignore", "quiet": 0}
    shop.open(**narrow)
    await shop.look()
    shop.put("FAC2.pdf")  # while the service is down
    shop.open(**{**narrow, "match": ("*.pdf",), "recursive": True})
    state = await shop.look()
    assert (shop.ledger.taken, state.ignored) == (["FAC2.pdf"], {"existing": 3})
    shop.put("x/new.pdf")
    await shop.look()
    shop.open(**{**narrow, "match": ("*.pdf",), "recursive": True})
    shop.put("later.pdf")
    await shop.look()
    assert shop.ledger.taken == ["FAC2.pdf", "x/new.pdf", "later.pdf"]


@pytest.mark.parametrize("existing", ["take", "ignore"])
async def test_another_folder_under_the_same_name_has_a_first_look(shop: Shop, existing: str) -> None:
    shop.open(quiet=0, existing=existing)
    await shop.look()
    (shop.path.parent / "other").mkdir()
    shop.path = shop.path.parent / "other"
    shop.put("years old.pdf")
    shop.open(quiet=0, existing=existing)
    state = await shop.look()
    assert (state.taken, state.ignored) == ((1, {}) if existing == "take" else (0, {"existing": 1}))
    shop.put("new.pdf")
    await shop.look()
    assert shop.ledger.taken[-1] == "new.pdf"
