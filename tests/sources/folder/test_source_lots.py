"""Directories that are taken as one unit, on real directories."""

from __future__ import annotations

import os

from tests.peers.ledger import PRINT
from tests.sources.folder.conftest import Shop, append

MANY = 300


async def test_a_directory_is_taken_as_one_unit(shop: Shop) -> None:
    shop.open(lot="directory", recursive=False)
    for path in ("L/a.txt", "L/deep/b.txt", "L/x.part", "single.txt"):
        shop.put(path, path)
    await shop.look()
    state = await shop.after(2_000)
    lots = {unit.lot: [take.copied.path for take in unit.takes] for unit in shop.ledger.units}
    assert lots == {"": ["single.txt"], "L": ["L/a.txt", "L/deep/b.txt"]}
    assert (state.taken, state.ignored, shop.ledger.held) == (3, {"*.part": 1}, [])


async def test_a_large_lot_is_copied_in_batches_and_taken_at_once(shop: Shop) -> None:
    shop.open(lot="directory")
    for number in range(MANY):
        shop.put(f"L/{number:04}.txt", f"{number}")
    await shop.look()
    await shop.after(2_000)
    (unit,) = shop.ledger.units
    assert (len(unit.takes), unit.plan, shop.ledger.held) == (MANY, PRINT, [])


async def test_a_lot_of_which_one_file_changes_during_the_copy_waits_whole(shop: Shop) -> None:
    shop.open(lot="directory")
    shop.put("L/a.txt")
    file = shop.put("L/b.txt")
    await shop.look()
    shop.ledger.before_copy = lambda path: append(file) if path == "L/b.txt" else None
    await shop.after(2_000)
    assert (shop.ledger.units, shop.ledger.held) == ([], [])
    shop.ledger.before_copy = lambda path: None
    for _ in range(3):
        await shop.after(2_000)
    assert [len(unit.takes) for unit in shop.ledger.units] == [2]


async def test_a_lot_that_no_route_takes_is_ignored(shop: Shop) -> None:
    shop.planner.lots["L"] = "no route takes it"
    shop.open(lot="directory")
    shop.put("L/a.txt")
    await shop.look()
    assert (await shop.after(2_000)).ignored == {"no route takes it": 1}


async def test_of_a_lot_what_the_ledger_has_is_left_out(shop: Shop) -> None:
    shop.open(lot="directory")
    file = shop.put("L/a.txt")
    await shop.look()
    await shop.after(2_000)
    os.utime(file, ns=(5, 5))
    shop.put("L/b.txt", "b")
    await shop.look()
    await shop.after(2_000)
    assert [[take.copied.path for take in unit.takes] for unit in shop.ledger.units] == [["L/a.txt"], ["L/b.txt"]]
    assert shop.ledger.told_touched == ["L/a.txt"]
