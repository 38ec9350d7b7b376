"""A month at a glance: each night with its state in a word, its signature, and the way to it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.peers.nights import Hotel, House

from comptoir.config import ReportConfig
from comptoir.core.errors import RequestError
from comptoir.web.pages.nights import month_of

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.fixture
def hotel(station: Any, tmp_path: Path) -> House:
    """The nights of the station under test, on the morning of 2026-11-21."""
    one = House(station.journal, station.clock, Hotel(station.journal), tmp_path)
    one.at("2026-11-21 08:00")
    one.expects(ReportConfig(title="Manager Flash", by="04:00"), ReportConfig(title="Balance"))
    station.access.nights = one.nights
    return one


def night(page: str, day: date) -> str:
    """What is read of one night."""
    found = re.search(rf'<a href="/nights/{day}".*?</a>', page, re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


async def test_before_anything_is_captured_the_page_says_what_will_be_here(station: Any, hotel: House) -> None:
    hotel.expects()
    page = await station.get("/nights")
    assert "Chaque nuit apparaît ici" in page
    assert "Novembre 2026" in page


async def test_each_night_says_in_a_word_how_it_is(station: Any, hotel: House) -> None:
    for title in ("Manager Flash", "Balance"):
        await hotel.hotel.prints(FRIDAY - DAY, title)
        await hotel.hotel.prints(FRIDAY - 2 * DAY, title, "05:00")
    filed = await hotel.hotel.prints(FRIDAY, "Manager Flash")
    await hotel.hotel.prints(FRIDAY, "Manager Flash", "03:00")
    await hotel.nights.sign(FRIDAY - DAY, "Camille Roux", 3)
    page = await station.get("/nights")
    assert "Complète 2 documents" in night(page, FRIDAY - DAY)
    assert "Signée : Camille Roux" in night(page, FRIDAY - DAY)
    assert "1 en retard" in night(page, FRIDAY - 2 * DAY)
    assert "1 manquant 1 en trop 2 documents" in night(page, FRIDAY)
    assert "En cours" in night(page, FRIDAY + DAY)
    assert "/nights/2026-11-22" not in page, "what has not begun leads nowhere"
    assert filed.number == 5


async def test_what_came_after_a_signature_is_said(station: Any, hotel: House) -> None:
    await hotel.nights.sign(FRIDAY, "Camille Roux", 0)
    hotel.at("2026-11-21 09:00")
    await hotel.hotel.prints(FRIDAY, "Balance")
    assert "1 après signature" in night(await station.get("/nights"), FRIDAY)


async def test_a_signature_is_shown_as_text(station: Any, hotel: House) -> None:
    await hotel.nights.sign(FRIDAY, '<script>alert("1")</script>', 0)
    assert "<script>alert" not in await station.get("/nights")


async def test_months_lead_to_each_other_and_none_to_the_future(station: Any, hotel: House) -> None:
    page = await station.get("/nights?month=2026-10")
    assert 'href="/nights?month=2026-09"' in page
    assert 'href="/nights?month=2026-11"' in page
    assert "2026-12" not in await station.get("/nights?month=2027-03")


@pytest.mark.parametrize("month", ["2026", "2026-13", "x", "2026-1", "0001-01", "²026-01"])
async def test_what_is_no_month_is_refused(station: Any, hotel: House, month: str) -> None:
    answer = await station.client.get(f"/nights?month={month}", headers={"Accept-Language": "fr"})
    assert answer.status == 400
    assert "n’est pas un mois" in await answer.text()


def test_the_first_month_of_all_has_none_before() -> None:
    assert month_of("1970-01", FRIDAY).before == ""
    with pytest.raises(RequestError):
        month_of("1969-12", FRIDAY)
