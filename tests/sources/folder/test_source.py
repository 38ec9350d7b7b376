"""A folder source on real directories, with a clock that is set, and a ledger in memory."""

from __future__ import annotations

import asyncio
import errno
import os
from itertools import pairwise
from pathlib import Path

import pytest
from tests.peers.ledger import PRINT
from tests.sources.folder.conftest import Shop, append

from comptoir.core.intake import Plan
from comptoir.core.watch import FolderState
from comptoir.sources.folder import signs

MANY = 300


async def test_a_file_is_taken_once_it_was_quiet(shop: Shop) -> None:
    shop.open()
    shop.put("a.txt")
    assert (await shop.look()).waiting == {"quiet": 1}
    assert shop.ledger.taken == []
    state = await shop.after(2_000)
    assert (state.taken, state.waiting, shop.ledger.taken) == (1, {}, ["a.txt"])
    assert (len(shop.jobs), shop.ledger.held) == (1, [])
    assert shop.ledger.threads == {"folder factures"}


async def test_what_it_waits_for_is_when_it_works_again(shop: Shop) -> None:
    source = shop.open(scan=30_000)
    shop.put("a.txt")
    assert await source.work() == 2_000
    shop.now += 2_000
    assert await source.work() == 28_000
    assert shop.ledger.taken == ["a.txt"]


async def test_batches_are_taken_in_order_and_nothing_is_held_in_the_end(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.sources.folder.scanner.SLICE_SECONDS", 600)  # or what is seen first is taken first
    shop.open(quiet=0)
    for number in range(MANY):
        file = shop.put(f"{number % 7}/{number}.txt", f"{number}")
        os.utime(file, ns=(number * 100, number * 100))
    state = await shop.look()
    assert shop.ledger.taken == [f"{number % 7}/{number}.txt" for number in range(MANY)]
    assert (state.taken, shop.ledger.held, len(shop.jobs)) == (MANY, [], MANY)


async def test_the_next_files_are_copied_meanwhile_and_taken_afterwards(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.sources.folder.source.MOST_FILES", 1)
    shop.ledger.gate = asyncio.Event()
    source = shop.open(quiet=0)
    for name in ("a.txt", "b.txt", "c.txt"):
        shop.put(name)
    working = asyncio.create_task(source.work())
    async with asyncio.timeout(20):
        while len(shop.ledger.held) < 2:
            await asyncio.sleep(0)
    for _ in range(20):
        await asyncio.sleep(0)
    assert (len(shop.ledger.held), shop.ledger.taken) == (2, [])
    shop.ledger.gate.set()
    await working
    assert (len(shop.ledger.taken), source.state().failed) == (3, {})


async def test_what_no_route_takes_is_ignored_and_never_copied(shop: Shop) -> None:
    shop.planner.answers["a.txt"] = "no route takes it"
    shop.open(quiet=0)
    shop.put("a.txt")
    assert (await shop.look()).ignored == {"no route takes it": 1}
    assert shop.ledger.copying == []
    shop.planner.answers["a.txt"] = PRINT
    await shop.look()
    assert shop.ledger.taken == ["a.txt"]


async def test_routes_are_told_what_the_file_says_that_it_is(shop: Shop) -> None:
    shop.open(quiet=0)
    shop.put("x/a.bin", b"%PDF-1.7\n%%EOF")
    await shop.look()
    (asked,) = shop.planner.asked
    assert (asked.source, asked.path, asked.size, asked.media_type) == ("factures", "x/a.bin", 14, "application/pdf")


async def test_a_file_that_changes_during_the_copy_waits_again(shop: Shop) -> None:
    shop.open()
    file = shop.put("a.txt")
    await shop.look()
    shop.ledger.before_copy = lambda path: append(file)
    assert (await shop.after(2_000)).waiting == {"quiet": 1}
    assert (shop.ledger.taken, shop.ledger.held) == ([], [])
    shop.ledger.before_copy = lambda path: None
    await shop.after(2_000)
    await shop.after(2_000)
    assert [row.document.content for row in shop.ledger.rows] == [b"contentmore"]


async def test_a_file_that_cannot_be_read_is_shown_and_tried_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.open(quiet=0)
    shop.put("a.txt")

    def refuse(path: str) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(signs, "open_for_reading", refuse)
        assert (await shop.look()).failed == {"rights": 1}
    assert (await shop.look()).taken == 1


async def test_a_full_disk_stops_nothing_for_good(shop: Shop) -> None:
    source = shop.open(quiet=0)
    for name in ("a.txt", "b.txt"):
        shop.put(name)
    await shop.look()
    shop.ledger.full = "the disk of the data folder is full"
    shop.put("c.txt")
    state = await shop.look()
    assert (state.trouble, state.hint, state.waiting) == (shop.ledger.full, "Make room.", {"store": 1})
    assert (sorted(shop.ledger.taken), shop.ledger.held, state.reachable) == (["a.txt", "b.txt"], [], True)
    tried = shop.ledger.copies
    shop.put("d.txt")
    source.hint("d.txt")
    shop.now += 10
    await source.work()
    assert shop.ledger.copies == tried
    shop.ledger.full = ""
    shop.now += await source.work()
    await source.work()
    assert (source.state().trouble, sorted(shop.ledger.taken)[2:]) == ("", ["c.txt", "d.txt"])


async def test_a_journal_that_cannot_be_read_at_the_start_is_asked_again(shop: Shop) -> None:
    source = shop.open(quiet=0)
    shop.put("a.txt")
    shop.ledger.full = "the journal cannot be read"
    delay = await source.work()
    assert (delay, source.state().trouble, shop.ledger.taken) == (1_000, shop.ledger.full, [])
    shop.ledger.full = ""
    shop.now += delay
    await source.work()
    assert (source.state().trouble, shop.ledger.taken) == ("", ["a.txt"])


async def test_a_defect_with_one_file_keeps_no_other_waiting(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.open(quiet=0)
    for name in ("a.txt", "b.txt", "c.txt"):
        shop.put(name)

    def fails(path: str) -> None:
        if path == "b.txt":
            raise RuntimeError("a defect")

    shop.ledger.before_copy = fails
    state = await shop.look()
    assert (sorted(shop.ledger.taken), state.failed) == (["a.txt", "c.txt"], {"unreadable": 1})
    assert "b.txt cannot be taken" in caplog.text


# -- the same file, another file --------------------------------------------------------------------------------------


async def test_after_a_restart_nothing_is_taken_again_and_what_came_meanwhile_is(shop: Shop) -> None:
    shop.open(quiet=0)
    shop.put("a.txt")
    await shop.look()
    shop.put("b.txt")
    shop.open(quiet=0)
    state = await shop.look()
    assert (shop.ledger.taken, state.taken, shop.ledger.copying) == (["a.txt", "b.txt"], 2, ["a.txt", "b.txt"])


async def test_a_touched_file_is_no_new_one(shop: Shop) -> None:
    shop.open(quiet=0)
    file = shop.put("a.txt")
    await shop.look()
    os.utime(file, ns=(7, 7))
    state = await shop.look()
    assert (shop.ledger.taken, shop.ledger.told_touched, state.taken) == (["a.txt"], ["a.txt"], 1)
    assert shop.ledger.held == []
    await shop.look()
    assert shop.ledger.copying == ["a.txt", "a.txt"]


async def test_other_content_under_the_same_name_is_a_new_file(shop: Shop) -> None:
    shop.open(quiet=0)
    for content in ("one", "two", "one"):
        shop.put("a.txt", content)
        await shop.look()
    assert [row.document.content for row in shop.ledger.rows] == [b"one", b"two", b"one"]


async def test_a_file_that_was_gone_and_comes_anew_is_a_new_one(shop: Shop) -> None:
    shop.open(quiet=0)
    shop.put("keep.txt", "k")
    file = shop.put("a.txt")
    await shop.look()
    file.unlink()
    await shop.look()
    await shop.look()
    assert shop.ledger.told_missing == ["a.txt"]
    os.utime(shop.put("a.txt"), ns=(9, 9))
    await shop.look()
    assert sorted(shop.ledger.taken) == ["a.txt", "a.txt", "keep.txt"]


# -- the folder itself ------------------------------------------------------------------------------------------------


async def test_a_folder_that_goes_and_comes_back_empty_and_then_full_sends_nothing_twice(shop: Shop) -> None:
    shop.open(quiet=0)
    for number in range(5):
        shop.put(f"{number}.txt", f"{number}")
    await shop.look()
    aside = shop.path.with_name("aside")
    shop.path.rename(aside)
    state = await shop.look()
    assert (state.reachable, state.trouble, state.taken) == (False, f"{shop.path} is not there", 5)
    shop.path.mkdir()
    for _ in range(3):
        state = await shop.after(30_000)
    assert (state.reachable, state.seen, shop.ledger.told_missing) == (True, 0, [])
    shop.path.rmdir()
    aside.rename(shop.path)
    state = await shop.after(30_000)
    assert (state.taken, len(shop.ledger.taken), shop.ledger.told_missing) == (5, 5, [])
    assert len(shop.ledger.copying) == 5


async def test_a_folder_that_is_not_there_is_looked_for_ever_less_often(shop: Shop) -> None:
    shop.path.rmdir()
    source = shop.open(scan=30_000)
    delays = []
    for _ in range(7):
        delays.append(await source.work())
        shop.now += delays[-1]
    assert delays == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]


async def test_a_file_instead_of_a_folder(shop: Shop) -> None:
    shop.path.rmdir()
    shop.path.write_text("x")
    shop.open()
    assert (await shop.look()).trouble == f"{shop.path} is no folder"


# -- running ----------------------------------------------------------------------------------------------------------


async def test_run_takes_what_comes_and_ends_when_it_is_cancelled(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "watched", taken=asyncio.Event())
    shop.path.mkdir()
    source = shop.open(watch="events", quiet=0, real=True)
    states: list[FolderState] = []
    reached = asyncio.Event()

    def changed() -> None:
        states.append(source.state())
        if states[-1].reachable:
            reached.set()

    source.on_change.append(changed)
    running = asyncio.create_task(source.run())
    async with asyncio.timeout(20):
        await reached.wait()
        shop.put("a.txt")
        await shop.taken.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert shop.ledger.taken == ["a.txt"]
    assert [state.mode for state in states][-1] == "events"
    assert all(one != other for one, other in pairwise(states))


@pytest.mark.parametrize("turns", range(5))
async def test_it_ends_when_it_is_cancelled_just_as_something_wakes_it(shop: Shop, turns: int) -> None:
    source = shop.open(real=True)
    running = asyncio.create_task(source.run())
    async with asyncio.timeout(20):
        while source.state().scanned_at is None:
            await asyncio.sleep(0)
    for _ in range(50):  # until it has nothing to do
        await asyncio.sleep(0)
    source.rescan()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    assert (await asyncio.wait({running}, timeout=20))[0]
    assert running.cancelled()


async def test_a_hint_is_followed_without_a_look_through_the_folder(shop: Shop) -> None:
    source = shop.open(quiet=0)
    await shop.look()
    scanned = source.state().scanned_at
    shop.clock.advance(5)
    shop.put("x/a.txt")
    source.hint("x/a.txt")
    await source.work()
    shop.put("b.txt")
    source.hint(str(shop.path / "b.txt"))
    source.hint("/elsewhere/c.txt")
    await source.work()
    assert (shop.ledger.taken, source.state().scanned_at) == (["x/a.txt", "b.txt"], scanned)


async def test_entries_are_found_by_kind_and_by_a_part_of_their_name(shop: Shop) -> None:
    source = shop.open(quiet=0)
    for name in ("Facture-1.txt", "Facture-2.txt", "x.part"):
        shop.put(name)
    await shop.look()
    assert sorted(entry.path for entry in source.entries("taken", "facture")) == ["Facture-1.txt", "Facture-2.txt"]
    assert [(e.path, e.kind, e.reason, e.size) for e in source.entries("ignored")] == [
        ("x.part", "ignored", "*.part", 7)
    ]
    assert len(source.entries("", "", 2)) == 2


async def test_a_plan_that_sends_nothing_is_a_take_all_the_same(shop: Shop) -> None:
    shop.planner.answers["a.txt"] = Plan(())
    shop.open(quiet=0)
    shop.put("a.txt")
    assert (await shop.look()).taken == 1
