"""A folder of Windows: what a program has open, what is in a cloud, names that only look strange."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from tests.sources.folder.conftest import Shop

from comptoir.sources.folder import signs
from comptoir.sources.folder.scanner import Place
from comptoir.windows.files import InCloud
from comptoir.windows.paths import extended

windows = pytest.mark.skipif(sys.platform != "win32", reason="Windows alone")


async def test_what_is_in_a_cloud_waits_and_is_not_opened(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.open(quiet=0)
    shop.put("a.pdf")
    shop.put("b.txt")

    def fetching(path: str) -> int:
        if path.endswith("a.pdf"):
            raise InCloud(path)
        return opened(path)

    opened = signs.open_for_reading
    with monkeypatch.context() as patch:
        patch.setattr(signs, "open_for_reading", fetching)
        state = await shop.look()
        assert (state.waiting, state.failed, shop.ledger.taken) == ({"cloud": 1}, {}, ["b.txt"])
        state = await shop.after(60_000)
        assert state.waiting == {"cloud": 1}
    state = await shop.look()  # it was fetched: nothing else about it has changed
    assert (state.waiting, sorted(shop.ledger.taken)) == ({}, ["a.pdf", "b.txt"])


async def test_a_lot_waits_for_what_is_in_a_cloud(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.open(quiet=0, lot="directory")
    shop.put("L/a.pdf")
    shop.put("L/b.txt")

    def fetching(path: str) -> int:
        raise InCloud(path)

    with monkeypatch.context() as patch:
        patch.setattr(signs, "open_for_reading", fetching)
        await shop.look()
        await shop.after(5_000)
        assert shop.ledger.units == []
    for _ in range(3):
        await shop.after(5_000)
    assert [unit.lot for unit in shop.ledger.units] == ["L"]


@windows
async def test_a_file_that_a_program_has_open_waits(shop: Shop) -> None:
    shop.open(quiet=0)
    with shop.put("a.txt").open("ab"):
        assert (await shop.look()).waiting == {"open": 1}
    assert (await shop.after(2_000)).taken == 1


@windows
async def test_a_program_that_opens_it_between_a_look_and_the_copy_is_waited_for(shop: Shop) -> None:
    """Its copy is made when the program has closed it: nothing has failed."""
    from comptoir.beneath import Beneath  # noqa: PLC0415

    shop.open(quiet=0)
    file = shop.put("a.txt")
    with Beneath(shop.path) as beneath, file.open("ab"), pytest.raises(PermissionError) as told:
        beneath.open("a.txt")
    assert told.value.winerror == 32


@windows
async def test_names_of_devices_and_ends_that_windows_drops_are_names(shop: Shop) -> None:
    shop.open(quiet=0)
    names = ["CON", "nul.txt", "point."]
    for name in names:
        with open(f"{extended(str(shop.path))}\\{name}", "wb") as file:
            file.write(name.encode())
    assert (await shop.look()).taken == 3
    assert sorted(shop.ledger.taken) == sorted(names)


@windows
async def test_long_paths_in_deep_directories(shop: Shop) -> None:
    shop.open(quiet=0)
    path = "/".join(["d" * 60] * 6) + "/a.txt"
    long = extended(str(shop.path)) + "\\" + path.replace("/", "\\")
    os.makedirs(os.path.dirname(long))
    with open(long, "wb") as file:
        file.write(b"deep")
    assert (await shop.look()).taken == 1
    assert shop.ledger.taken == [path]


@windows
async def test_a_hint_in_other_letters_is_the_same_file(shop: Shop) -> None:
    source = shop.open(quiet=0)
    await shop.look()
    shop.put("Sous/Été.pdf")
    for spelt in ("sous/été.PDF", "SOUS\\ÉTÉ.pdf", str(shop.path / "Sous" / "Été.pdf").upper()):
        source.hint(spelt)
    await source.work()
    assert shop.ledger.taken == ["Sous/Été.pdf"]


@windows
async def test_a_folder_in_which_something_happens_all_the_time_is_not_waited_for(shop: Shop) -> None:
    """Events come while others do: the file is taken long before the next look through the folder."""
    shop.taken = asyncio.Event()
    source = shop.open(real=True, quiet=0, watch="events", scan=600_000)
    running = asyncio.create_task(source.run())
    try:
        async with asyncio.timeout(30):
            busy = shop.path / "busy.part"
            while not source.state().scanned_at:
                await asyncio.to_thread(busy.write_bytes, b"x")
            shop.put("a.txt")
            while not shop.taken.is_set():
                await asyncio.to_thread(busy.write_bytes, b"x")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert shop.ledger.taken == ["a.txt"]


def test_directories_are_joined_as_the_system_joins_them() -> None:
    """The form for long paths takes no / between names."""
    place = Place("root", True, False, lambda path: "")
    assert place.at("a/b") == os.path.join("root", "a", "b")
    assert place.at("") == "root"


async def test_junctions_are_not_entered(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python calls them directories; only their tag tells."""
    shop.open(quiet=0)
    shop.put("away/secret.txt")
    shop.put("a.txt")

    class Entry:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name = entry.name
            self._entry = entry

        def stat(self, *, follow_symlinks: bool = True) -> Any:
            found = self._entry.stat(follow_symlinks=follow_symlinks)
            if self.name != "away":
                return found
            junction = {"st_mode": stat.S_IFDIR, "st_reparse_tag": 0xA0000003}
            return SimpleNamespace(**junction, st_size=0, st_mtime_ns=0, st_ino=0)

    class Entries:
        def __init__(self, path: str) -> None:
            self._entries = list(scandir(path))

        def __enter__(self) -> list[Entry]:
            return [Entry(one) for one in self._entries]

        def __exit__(self, *_: object) -> None: ...

    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", Entries)
    state = await shop.look()
    assert (state.ignored, shop.ledger.taken) == ({"link": 1}, ["a.txt"])
