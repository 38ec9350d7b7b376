"""A day and a night at the counter while the clock of the computer is changed: summer time ends, it is set back a day,
it is a year ahead for a while. A whole station lives through it; nothing is lost, and nobody locked out.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.peers.logged import logging_to
from tests.peers.signed_in import SignedIn
from tests.peers.site import Site

from comptoir.journal.verify import verify
from comptoir.logbook import Logbook
from comptoir.web.access import SESSION_LIFE

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of this process cannot be changed")

PARIS = ZoneInfo("Europe/Paris")
QUARTER, HOUR, DAY = 900_000, 3_600_000, 86_400_000


def at(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=PARIS).timestamp() * 1000)  # type: ignore[arg-type, misc]


@pytest.fixture(autouse=True)
def _in_paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class Counter:
    """A station with its log, and who works at it. `opened`: day of the clock → reasons of the openings."""

    def __init__(self, site: Site, book: Logbook, folder: Path) -> None:
        self.site, self.book, self.folder = site, book, folder
        self.opened: dict[date, list[str]] = {}
        self.count = 0

    async def open(self) -> None:
        self.count += 1
        reason = f"nr-{self.count:03d}"
        answer = await self.site.ask("POST", "/api/drawer/open", {"reason": reason})
        assert answer.status == 200, answer.body
        self.opened.setdefault(self.today, []).append(reason)

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.site.clock.at / 1000, PARIS).date()

    async def work(self, quarters: int) -> None:
        for _ in range(quarters):
            self.site.clock.advance(QUARTER)
            await self.open()

    async def set(self, moment: int) -> None:
        """Somebody, or the network, sets the clock."""
        self.site.clock.at = moment
        await self.site.service.certificates.check()

    async def told(self, day: date, owner: SignedIn) -> list[str]:
        answer = await owner.get(f"/api/drawer/openings?day={day}&format=json")
        assert answer.status == 200
        told: Any = answer.json
        assert told["opened"] == len(told["openings"])
        return [one["reason"] for one in told["openings"]]

    def lines(self) -> dict[str, list[str]]:
        """File → its lines."""
        self.book.flush()
        return {path.name: path.read_text("utf-8").splitlines() for path in self.book.files.path.parent.iterdir()}


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    site = Site.station(tmp_path)
    site.clock.at = at(2026, 10, 24, 20, 0)
    with logging_to(tmp_path, site.clock) as book:
        async with site:
            yield Counter(site, book, tmp_path)


async def through_a_day(counter: Counter) -> None:
    """From the evening before the longest day of the year to the night after it, with all that goes wrong."""
    await counter.work(40)  # over midnight, and twice through the hour from two to three
    now = counter.site.clock.at
    await counter.set(now - DAY)
    await counter.work(6)
    await counter.set(now + 6 * QUARTER)
    await counter.work(8)
    now = counter.site.clock.at
    await counter.set(now + 365 * DAY)
    await counter.work(4)
    await counter.set(now + 4 * QUARTER)
    await counter.work(44)
    assert counter.today == date(2026, 10, 25)
    await counter.work(8)


async def test_every_opening_is_on_its_day_and_the_journal_is_whole(counter: Counter) -> None:
    await through_a_day(counter)
    owner = await SignedIn.of(counter.site)
    assert len(counter.opened[date(2026, 10, 25)]) >= 80
    assert {day: await counter.told(day, owner) for day in counter.opened} == counter.opened
    report = verify(counter.folder / "station" / "journal.db")
    assert not report.findings


async def test_every_line_of_the_log_is_there_once_and_in_the_file_of_its_day(counter: Counter) -> None:
    await through_a_day(counter)
    files = counter.lines()
    said = sorted(found for lines in files.values() for line in lines for found in re.findall(r"nr-\d+", line))
    assert said == [f"nr-{number:03d}" for number in range(1, counter.count + 1)]
    for name, lines in files.items():
        days = {line[:10] for line in lines}
        assert len(days) == 1, (name, days)
        assert name in ("cashdrawer.log", f"cashdrawer.log.{days.pop()}")


async def test_a_clock_that_is_off_makes_no_file_of_the_log_old(counter: Counter) -> None:
    counter.site.service.books.keep(3 * DAY)
    counter.book.files.keep = 3
    first = counter.site.clock.at
    for number in range(3):
        await counter.set(first + number * DAY)
        await counter.open()
    await counter.set(first + 365 * DAY)
    await counter.open()
    assert {"cashdrawer.log", *(f"cashdrawer.log.2026-10-{day}" for day in (24, 25, 26))} == set(counter.lines())
    await counter.set(first + 3 * DAY)
    for number in range(3, 6):
        await counter.set(first + number * DAY)
        await counter.open()
    assert len(counter.lines()) <= 1 + 3


async def test_who_works_all_day_stays_signed_in_and_who_left_does_not(counter: Counter) -> None:
    here, left = await SignedIn.of(counter.site), await SignedIn.of(counter.site)
    for _ in range(30):  # through the hour that comes twice
        counter.site.clock.advance(QUARTER)
        assert (await here.get("/config/access")).status == 200
    assert (await left.get("/config/access")).status == 302
    await counter.set(counter.site.clock.at - DAY)
    assert (await here.get("/config/access")).status == 200, "set back, nobody is locked out"
    assert (await left.get("/config/access")).status == 302, "and nobody let in again"
    counter.site.clock.advance(SESSION_LIFE + 1)
    assert (await here.get("/config/access")).status == 302, "nor for longer"
    await counter.set(counter.site.clock.at + 365 * DAY)
    again = await SignedIn.of(counter.site)
    assert (await again.get("/config/access")).status == 200


async def test_the_authority_stays_and_the_certificate_holds_by_whatever_clock(counter: Counter) -> None:
    service, pem = counter.site.service, counter.site.service.certificates.authority_pem()
    start = counter.site.clock.at
    for days in (0, 380, 0, 3, 400, 0):
        await counter.set(start + days * DAY)
        shown = service.certificates.describe()
        assert shown.begins_at <= counter.site.clock.at <= shown.ends_at
        assert shown.trouble == ""
    assert service.certificates.authority_pem() == pem


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
async def test_a_day_of_another_length_is_exported_whole(counter: Counter, day: date, hours: int) -> None:
    await counter.set(at(day.year, day.month, day.day) - QUARTER)
    for _ in range(hours + 2):
        await counter.open()
        counter.site.clock.advance(HOUR)
    owner = await SignedIn.of(counter.site)
    assert len(counter.opened[day]) == hours
    assert await counter.told(day, owner) == counter.opened[day]
    sheet = (await owner.get(f"/api/drawer/openings?day={day}&format=csv")).body.decode("utf-8-sig")
    times = [line.split(";")[0][11:13] for line in sheet.splitlines()[1:]]
    assert len(times) == hours
    assert times.count("02") == (0 if hours == 23 else 2)
    assert (await owner.page(f"/journal?day={day - timedelta(1)}")).count("nr-001") >= 1
