"""The folders of a station, put together: files come in, are printed and leave, and no folder stops another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.peers.site import Site
from tests.peers.taken import tallied
from tests.peers.watch import eventually

from comptoir.arrivals import FolderSourceConfig
from comptoir.clock import SystemClock
from comptoir.config import Config, PrinterConfig, RouteConfig, StationConfig
from comptoir.core.intake import OriginalQuery
from comptoir.core.record import JobQuery
from comptoir.destinations import FolderConfig
from comptoir.station.app import Station
from comptoir.station.folders import watching as module
from comptoir.station.folders.watching import SCAN, settings_of

PRINTERS = (PrinterConfig(name="TICKET", device="virtual:"), PrinterConfig(name="BAR", device="virtual:"))


def source(path: Path, name: str = "in", **more: Any) -> FolderSourceConfig:
    return FolderSourceConfig(name=name, path=str(path), **{"quiet": "20 ms", "scan": "200 ms", **more})


def configured(folder: Path, *routes: RouteConfig, **more: Any) -> Config:
    (folder / "in").mkdir(exist_ok=True)
    usual: dict[str, Any] = {"source": (source(folder / "in"),), "printer": PRINTERS}
    return Config(station=StationConfig(port=0), route=routes, **{**usual, **more})


def route(*to: str, **more: Any) -> RouteConfig:
    return RouteConfig(source="in", to=to, **{"original": "delete", **more})


def site(config: Config, folder: Path) -> Site:
    return Site(Station(config, folder / "data", SystemClock()), None)  # type: ignore[arg-type]


async def test_a_file_is_printed_and_leaves_its_folder(tmp_path: Path) -> None:
    async with site(configured(tmp_path, route("TICKET", "BAR")), tmp_path) as shop:
        (tmp_path / "in" / "a.txt").write_text("hello")
        await tallied(shop.service.folders, {"deleted": 1})
        jobs = await shop.journal.jobs(JobQuery())
        assert sorted((job.destination, job.status) for job in jobs) == [("BAR", "printed"), ("TICKET", "printed")]
        assert {job.attributes["path"] for job in jobs} == {"a.txt"}
        assert not list((tmp_path / "in").iterdir())


async def test_a_directory_that_is_one_unit_goes_as_one(tmp_path: Path) -> None:
    copies = FolderConfig(name="copies", path=str(tmp_path / "copies"), create=True)
    config = configured(
        tmp_path, route("copies"), route("TICKET", match=("*.txt",)), destination=(copies,),
        source=(source(tmp_path / "in", lot="directory"),),
    )  # fmt: skip
    async with site(config, tmp_path) as shop:
        (tmp_path / "lot").mkdir()
        (tmp_path / "lot" / "a.txt").write_text("hello")
        (tmp_path / "lot" / "b.bin").write_bytes(bytes(10))
        (tmp_path / "lot").rename(tmp_path / "in" / "lot")
        await tallied(shop.service.folders, {"deleted": 3})
        jobs = await shop.journal.jobs(JobQuery())
        assert sorted((job.destination, job.document.name) for job in jobs) == [("TICKET", "a.txt"), ("copies", "lot")]
        assert {path.name for path in (tmp_path / "copies").rglob("*") if path.is_file()} >= {"a.txt", "b.bin"}
        assert not list((tmp_path / "in").iterdir())


async def test_a_moved_original_is_not_taken_again(tmp_path: Path) -> None:
    config = configured(
        tmp_path, route("TICKET", original="move:done"), source=(source(tmp_path / "in", recursive=True),)
    )
    async with site(config, tmp_path) as shop:
        (tmp_path / "in" / "a.txt").write_text("hello")
        await tallied(shop.service.folders, {"moved": 1})
        await eventually(lambda: shop.service.folders.folders()[0].ignored == {"this station has put it there": 1})
        assert (tmp_path / "in" / "done" / "a.txt").read_text() == "hello"
        assert len(await shop.journal.jobs(JobQuery())) == 1


@pytest.mark.parametrize("lot", ["file", "directory"])
async def test_what_was_moved_is_not_taken_when_originals_are_to_be_kept_later(tmp_path: Path, lot: str) -> None:
    folders = (source(tmp_path / "in", recursive=True, lot=lot),)
    async with site(configured(tmp_path, route("TICKET", original="move:done"), source=folders), tmp_path) as shop:
        (tmp_path / "x").mkdir()
        (tmp_path / "x" / "a.txt").write_text("hello")
        (tmp_path / "x").rename(tmp_path / "in" / "x")
        await tallied(shop.service.folders, {"moved": 1} if lot == "file" else {"moved": 2})
    async with site(configured(tmp_path, route("TICKET", original="keep"), source=folders), tmp_path) as shop:
        await eventually(lambda: shop.service.folders.folders()[0].seen == 1)
        await eventually(lambda: not shop.service.folders.folders()[0].waiting)
        assert shop.service.folders.folders()[0].taken == 0
        assert len(await shop.journal.jobs(JobQuery())) == 1


async def test_a_folder_that_is_not_there_stops_nobody(tmp_path: Path) -> None:
    sources = (source(tmp_path / "missing", "missing"), source(tmp_path / "in"))
    async with site(configured(tmp_path, route("TICKET"), source=sources), tmp_path) as shop:
        (tmp_path / "in" / "a.txt").write_text("hello")
        await tallied(shop.service.folders, {"deleted": 1})
        missing, there = shop.service.folders.folders()
        assert (missing.name, missing.reachable, there.reachable) == ("missing", False, True)
        assert missing.trouble


async def test_routes_hold_at_once(tmp_path: Path) -> None:
    config = configured(tmp_path, route("TICKET", match=("*.pdf",)))
    async with site(config, tmp_path) as shop:
        (tmp_path / "in" / "a.txt").write_text("hello")
        await eventually(lambda: shop.service.folders.folders()[0].ignored == {"no route takes it": 1})
        shop.service.apply(replace(config, route=(route("BAR"),)))
        await tallied(shop.service.folders, {"deleted": 1})
        (job,) = await shop.journal.jobs(JobQuery())
        assert job.destination == "BAR"


async def test_what_failed_can_be_tried_again(tmp_path: Path) -> None:
    async with site(configured(tmp_path, route("TICKET")), tmp_path) as shop:
        (tmp_path / "in" / "a.zip").write_bytes(b"PK\5\6" + bytes(18))
        await tallied(shop.service.folders, {"failed": 1})
        assert (tmp_path / "in" / "a.zip").exists()
        (failed,) = await shop.service.folders.originals(OriginalQuery(source="in"))
        assert await shop.service.folders.retry(failed.id, "anna") == 1
        await shop.watch.until(lambda: sum(event.kind == "job-aborted" for event in shop.watch.events) == 2)
        await tallied(shop.service.folders, {"failed": 1})
        assert len(await shop.journal.jobs(JobQuery())) == 2


async def test_what_was_taken_goes_on_after_a_restart(tmp_path: Path) -> None:
    config = configured(tmp_path, route("TICKET", original_after="1 h"))
    async with site(config, tmp_path) as shop:
        (tmp_path / "in" / "a.txt").write_text("hello")
        await tallied(shop.service.folders, {"due": 1})
    async with site(config, tmp_path) as shop:
        assert await shop.service._folders.purge("in") == 1
        await tallied(shop.service.folders, {"deleted": 1})
        assert len(await shop.journal.jobs(JobQuery())) == 1


async def test_an_error_of_ours_does_not_end_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.0)
    runs = []

    async def part() -> None:
        runs.append(len(runs))
        if len(runs) < 3:
            raise ZeroDivisionError

    await module._kept_running(part, "part")
    assert runs == [0, 1, 2]


def test_what_a_source_is_told(tmp_path: Path) -> None:
    told = settings_of(
        source(tmp_path, match=("*.pdf",), ignore=("x*",), recursive=True, existing="ignore", marker="{file}.ok",
               duplicates="once", watch="poll", lot="directory")
    )  # fmt: skip
    assert (told.quiet, told.scan, told.once, told.watch, told.lot) == (20, 200, True, "poll", "directory")
    assert (told.match, told.ignore, told.recursive, told.existing) == (("*.pdf",), ("x*",), True, "ignore")
    assert settings_of(source(tmp_path, scan="", quiet="")).scan == SCAN
    assert settings_of(source(tmp_path, quiet="")).quiet == 0
