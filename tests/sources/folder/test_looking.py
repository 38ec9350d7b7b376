"""The eyes of a folder: how it is watched, and what happens to what it is watched by."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.sources.folder.conftest import Shop

from comptoir.sources.folder import looking, mount
from comptoir.sources.folder.mount import Mode


async def test_the_mode_and_its_reason_are_shown(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.open(watch="auto")
    for kind, mode in (("ext4", "events"), ("cifs", "poll")):
        monkeypatch.setattr(mount, "_file_system", lambda path, kind=kind: (kind, False))
        state = await shop.look()
        assert (state.mode, kind in state.why_mode) == (mode, True)


async def test_without_events_scans_do(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(looking, "Events", refuse)
    shop.open(watch="events", quiet=0)
    shop.put("a.txt")
    state = await shop.look()
    assert (state.mode, state.taken) == ("poll", 1)
    assert state.why_mode == "the system gives no events here: No space left on device"


async def test_another_directory_in_its_place_is_listened_to_anew(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Fake] = []

    class Fake:
        alive = True

        def __init__(self, *args: Any) -> None:
            made.append(self)

        def stop(self) -> None:
            self.alive = False

    monkeypatch.setattr(looking, "Events", Fake)
    shop.open(watch="events")
    await shop.look()
    await shop.look()
    assert len(made) == 1
    shop.path.rename(shop.path.with_name("aside"))
    shop.path.mkdir()
    await shop.look()
    assert [one.alive for one in made] == [False, True]
    made[-1].alive = False
    await shop.look()
    assert len(made) == 3


async def test_a_share_that_hangs_is_said_to_and_goes_on_when_it_answers(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE", 0.01)
    source = shop.open(quiet=0)
    shop.put("a.txt")
    answers, told = threading.Event(), asyncio.Event()
    judge = mount.mode_of

    def hang(*args: Any) -> Mode:
        answers.wait(20)
        return judge(*args)

    monkeypatch.setattr(mount, "mode_of", hang)
    source.on_change.append(told.set)
    working = asyncio.create_task(source.work())
    await asyncio.wait_for(told.wait(), 20)
    state = source.state()
    assert (state.reachable, state.trouble) == (False, f"{shop.path} does not answer")
    answers.set()
    await working
    assert (source.state().reachable, source.state().trouble, shop.ledger.taken) == (True, "", ["a.txt"])


async def test_files_are_compared_as_the_file_system_that_is_mounted_wants_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.open(quiet=0, watch="auto")
    shop.put("a.txt")
    await shop.look()
    monkeypatch.setattr(mount, "_file_system", lambda path: ("cifs", False))
    state = await shop.look()
    assert (state.taken, shop.ledger.taken, shop.ledger.copying) == (1, ["a.txt"], ["a.txt"])
    file = shop.path / "a.txt"
    again = shop.path / "b.txt"
    again.write_bytes(file.read_bytes())
    mtime = file.stat().st_mtime_ns
    again.replace(file)
    _touch(file, mtime)
    assert (await shop.look()).taken == 1
    assert shop.ledger.copying == ["a.txt"]


def _touch(file: Path, mtime_ns: int) -> None:
    os.utime(file, ns=(mtime_ns, mtime_ns))


async def test_a_disk_that_is_mounted_later_has_a_first_look_of_its_own(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lay there before is left alone, although the empty folder below it was looked through first."""
    shop.open(quiet=0, existing="ignore")
    await shop.look()
    shop.put("old.txt")
    identity = looking.scanner.identity
    monkeypatch.setattr(looking.scanner, "identity", lambda place: (99, identity(place)[1]))
    assert (await shop.look()).ignored == {"existing": 1}


async def test_an_empty_folder_in_place_of_a_share_is_no_folder_in_which_all_is_well(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.open(quiet=0)
    file = shop.put("a.txt")
    assert (await shop.look()).trouble == ""
    aside = file.rename(shop.path.with_name("aside"))
    identity = looking.scanner.identity
    with monkeypatch.context() as patch:
        patch.setattr(looking.scanner, "identity", lambda place: (99, identity(place)[1]))
        state = await shop.look()
        assert (state.reachable, state.trouble) == (True, f"nothing of what was known is in {shop.path}")
        await shop.look()
        assert shop.source.state().trouble
    aside.rename(file)
    state = await shop.look()
    assert (state.trouble, state.taken, shop.ledger.told_missing) == ("", 1, [])


async def test_a_lot_is_looked_through_again_when_its_folder_is_back(shop: Shop) -> None:
    source = shop.open(lot="directory")
    shop.put("L/a.txt")
    await shop.look()
    aside = shop.path.with_name("aside")
    shop.path.rename(aside)
    shop.now += 2_000
    await source.work()
    assert not source.state().reachable
    aside.rename(shop.path)
    for _ in range(3):
        await shop.after(2_000)
    assert [unit.lot for unit in shop.ledger.units] == ["L"]


async def test_too_many_hints_are_one_look_through_the_folder(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.sources.folder.events.MOST", 1)
    source = shop.open(quiet=0)
    await shop.look()
    for name in ("a.txt", "b.txt", "c.txt"):
        shop.put(name)
        source.hint(name)
    await source.work()
    assert sorted(shop.ledger.taken) == ["a.txt", "b.txt", "c.txt"]
