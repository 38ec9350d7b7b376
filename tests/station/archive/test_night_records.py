"""What belongs to a night, what is expected of it, and when that is looked up anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from tests.peers.nights import House, house

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config, NightConfig, ReportConfig
from comptoir.station.archive.night_records import NightRecords

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)
#: ms
NOON = 1_795_176_000_000  # 2026-11-20 12:00 UTC


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


async def titles(hotel: House, day: date = FRIDAY) -> list[str]:
    return [one.title for one in await hotel.nights.records.documents(day)]


async def test_a_night_has_what_was_captured_and_nothing_from_folders_or_programs(hotel: House) -> None:
    hotel.config = Config(source=(FolderSourceConfig(name="factures", path="/x"),))
    for source in ("audit", "factures", "api", "night", "gone"):
        await hotel.hotel.prints(FRIDAY, source, source=source)
    assert await titles(hotel) == ["audit", "gone"]
    hotel.config = replace(hotel.config, night=NightConfig(sources=("factures",)))
    assert await titles(hotel) == ["factures"]


async def test_documents_stand_in_the_order_of_printing(hotel: House) -> None:
    for at in ("02:10", "23:00", "01:00"):
        await hotel.hotel.prints(FRIDAY, at, at)
    assert await titles(hotel) == ["23:00", "01:00", "02:10"]


async def test_what_is_written_down_comes_before_what_is_learned(hotel: House) -> None:
    await hotel.hotel.nights(FRIDAY - DAY, 4, ("Flash {d}", "Balance {d}"))
    hotel.config = Config(report=(ReportConfig(title="balance", name="Balance clients", by="04:00", copies=2),))
    found = await hotel.nights.records.expected(FRIDAY)
    assert [(one.name, one.by, one.copies) for one in found] == [
        ("Balance clients", time(4), 2),
        ("Flash", time(2), 1),
    ]
    hotel.config = replace(hotel.config, night=NightConfig(learn=False))
    assert [one.name for one in await hotel.nights.records.expected(FRIDAY)] == ["Balance clients"]


async def test_a_document_that_comes_late_and_one_that_goes_are_learned_from(hotel: House) -> None:
    records, told = hotel.nights.records, list[str]()
    records.on_change.append(told.append)
    await hotel.hotel.nights(FRIDAY - DAY, 4, ("Flash {d}",))
    (report,) = await records.learned(FRIDAY)
    assert (report.came, report.of) == (4, 4)
    filed = await hotel.hotel.prints(FRIDAY - 5 * DAY, "Flash {d}")
    assert (await records.learned(FRIDAY))[0].came == 5
    assert told[-1] == "2026-11-15"
    assert filed.number is not None
    assert await hotel.journal.keeping.eliminate([filed.number], "marie", "test")
    assert (await records.learned(FRIDAY))[0].came == 4
    assert told[-1] == ""


async def test_what_was_read_is_not_read_again(hotel: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await hotel.hotel.nights(FRIDAY, 4, ("Flash {d}",))
    await hotel.nights.records.learned(FRIDAY)
    read = list[str]()
    of_date = hotel.journal.keeping.of_date

    async def counted(day: str) -> Any:
        read.append(day)
        return await of_date(day)

    monkeypatch.setattr(hotel.journal.keeping, "of_date", counted)
    await hotel.nights.records.learned(FRIDAY)
    await hotel.nights.records.learned(FRIDAY - DAY)
    assert read == ["2026-10-22"]  # one night further back
    hotel.config = replace(hotel.config, night=NightConfig(sources=("other",)))
    assert await hotel.nights.records.learned(FRIDAY) == []


async def test_what_is_not_whole_teaches_nothing(hotel: House) -> None:
    for back in range(1, 5):
        await hotel.hotel.prints(FRIDAY - back * DAY, "Flash", partial="the sender hung up")
    assert await hotel.nights.records.learned(FRIDAY) == []


@pytest.mark.parametrize(("at", "day"), [("2026-11-20T05:59", "2026-11-19"), ("2026-11-20T06:00", "2026-11-20")])
async def test_the_clock_on_the_wall_is_that_of_the_place(hotel: House, at: str, day: str) -> None:
    paris = ZoneInfo("Europe/Paris")
    records = NightRecords(hotel.journal, lambda: hotel.config, paris)
    instant = int(datetime.fromisoformat(at).replace(tzinfo=paris).timestamp() * 1000)
    assert records.wall(instant) == datetime.fromisoformat(at)
    assert records.instant(datetime.fromisoformat(at)) == instant
    assert records.date_of(instant) == date.fromisoformat(day)


async def test_a_night_in_which_clocks_are_set_is_an_hour_longer(hotel: House) -> None:
    records = NightRecords(hotel.journal, lambda: hotel.config, ZoneInfo("Europe/Paris"))
    autumn = date(2026, 10, 24)
    assert records.begins(autumn + DAY) - records.begins(autumn) == 25 * 3_600_000
