"""Settings of archive and nights: what is learned is taken over with a button, what is written is kept as typed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from tests.peers.nights import Hotel
from tests.peers.owner import SHOP, Counter, Owner, value, wrong

HERE = "/config/night"
HOTEL = (
    SHOP
    + """
[[printer]]
name = "BUREAU"
device = "file:/dev/null"
language = "pcl"
[[source]]
kind = "port9100"
name = "audit"
port = 0
[[source]]
kind = "folder"
name = "exports"
path = "/nowhere"
[[report]]
title = "Manager Flash"
by = "04:00"
"""
)


@pytest.fixture
async def owner(tmp_path: Path) -> AsyncIterator[Owner]:
    async with Counter(tmp_path, HOTEL) as one:
        yield one


async def some_nights(owner: Owner) -> None:
    """Two reports came on the last four nights, and one in any number."""
    today: date = owner.station.nights.today
    hotel = Hotel(owner.station.journal)
    for back in range(1, 5):
        day = today - timedelta(back)
        for title in ("Balance {d}", "Taux 30 jours"):
            await hotel.prints(day, title)
        for number in range(back):
            await hotel.prints(day, f"Facture {back}{number}")


async def test_the_settings_are_shown_and_saved(owner: Owner) -> None:
    page = await owner.get(HERE)
    assert "Manager Flash" in page
    assert "après trois nuits" in page
    given = {
        "archive.day_starts": "05:30", "archive.ocr": "never", "archive.ocr_languages": "fra", "night.learn": "1",
        "night.nights": "14", "night.send_to": "BUREAU", "night.send_at": "07:00", "source": "exports",
    }  # fmt: skip
    status, location, _ = await owner.post(HERE, **given)
    assert (status, location) == (303, f"{HERE}?saved")
    config = owner.station.configuring.config
    assert (config.archive.day_starts, config.archive.ocr, config.archive.ocr_languages) == ("05:30", "never", "fra")
    assert (config.night.nights, config.night.send_to, config.night.send_at) == (14, "BUREAU", "07:00")
    assert config.night.sources == ("exports",)
    page = await owner.get(HERE)
    assert re.search(r'value="exports" checked', page)
    await owner.post(HERE, **{**given, "source": "", "night.learn": ""})
    config = owner.station.configuring.config
    assert (config.night.sources, config.night.learn) == ((), False)
    assert "Appris des nuits passées" not in await owner.get(HERE)


@pytest.mark.parametrize(
    ("key", "given", "said"),
    [
        ("archive.day_starts", "25:00", "Une heure comme 06:00."),
        ("night.nights", "2", "Un nombre de 3 à 366."),
        ("night.nights", "x", "Un nombre de 3 à 366."),
        ("night.send_at", "7 h", "Une heure comme 07:30."),
    ],
)
async def test_a_value_that_is_none_is_refused_beside_its_field(owner: Owner, key: str, given: str, said: str) -> None:
    status, _, page = await owner.post(HERE, **{key: given})
    assert status == 400
    assert wrong(page)[key] == said
    assert value(page, key) == given


async def test_a_source_that_no_configuration_has_is_not_lost_by_saving(tmp_path: Path) -> None:
    async with Counter(tmp_path, HOTEL + '[night]\nsources = ["browser"]\n') as owner:
        assert re.search(r'value="browser" checked', await owner.get(HERE))


async def test_what_was_learned_is_written_down_with_a_button(owner: Owner) -> None:
    await some_nights(owner)
    page = await owner.get(HERE)
    assert re.search(r"Balance.*venu 4 fois sur les 4 dernières nuits · avant 02:45", re.sub(r"<[^>]+>|\s+", " ", page))
    assert "nombre d’exemplaires variable" in page
    forms = [unescape(one) for one in re.findall(r'name="form" value="([^"]*)"', page)]
    assert forms == ["balance*", "taux 30 jours"], "what comes in any number cannot be written down"
    status, location, _ = await owner.post(f"{HERE}/take", form="balance*")
    assert (status, location) == (303, f"{HERE}?saved#reports")
    report = owner.station.configuring.config.report[-1]
    assert (report.title, report.name, report.by, report.copies) == ("Balance", "", "02:45", 1)
    assert [one.name for one in await owner.station.nights.learned()] == ["Facture", "Taux 30 jours"]
    status, _, page = await owner.post(f"{HERE}/take", form="balance*")
    assert status == 409
    assert "n’est plus appris" in page


async def test_all_of_them_are_written_down_at_once(owner: Owner) -> None:
    await some_nights(owner)
    assert "Inscrire les 2 rapports" in await owner.get(HERE)
    await owner.post(f"{HERE}/take")
    written = [one.title for one in owner.station.configuring.config.report]
    assert written == ["Manager Flash", "Balance", "Taux 30 jours"]


async def test_a_report_is_added_changed_and_removed(owner: Owner) -> None:
    given = {"title": 'Main "courante" <é>*', "name": "Main courante", "by": "03:30", "copies": "2"}
    status, location, _ = await owner.post(f"{HERE}/reports/add", **given, day="mon")
    assert (status, location) == (303, f"{HERE}?saved#reports")
    report = owner.station.configuring.config.report[1]
    assert (report.title, report.by, report.copies, report.days) == (given["title"], "03:30", 2, ("mon",))
    page = await owner.get(f"{HERE}/reports/1")
    assert unescape(value(page, "title")) == given["title"]
    assert re.search(r'value="mon" checked', page)
    was = unescape(re.findall(r'name="was" value="([^"]*)"', page)[0])
    await owner.post(f"{HERE}/reports/1", **{**given, "by": "", "was": was})
    report = owner.station.configuring.config.report[1]
    assert (report.by, report.days) == ("", ())
    status, _, page = await owner.post(f"{HERE}/reports/1/remove", was=was)
    assert status == 409
    assert "Les rapports ont été modifiés entre-temps" in page
    page = await owner.get(f"{HERE}/reports/1")
    was = unescape(re.findall(r'name="was" value="([^"]*)"', page)[0])
    await owner.post(f"{HERE}/reports/1/remove", was=was)
    assert len(owner.station.configuring.config.report) == 1
    assert "Ce rapport n’existe plus" in await owner.get(f"{HERE}/reports/1", status=404)


async def test_a_report_without_a_title_or_with_a_wrong_time_is_refused(owner: Owner) -> None:
    assert "title" in wrong((await owner.post(f"{HERE}/reports/add", title="", copies="1"))[2])
    page = (await owner.post(f"{HERE}/reports/add", title="x", by="4", copies="1"))[2]
    assert wrong(page)["by"] == "Une heure comme 04:00, ou rien."


async def test_what_is_saved_holds_at_once(owner: Owner) -> None:
    nights = owner.station.nights
    assert [one.report.name for one in (await nights.night(nights.today)).audit.reports] == ["Manager Flash"]
    await owner.post(f"{HERE}/reports/add", title="Balance", copies="1")
    assert len((await nights.night(nights.today)).audit.reports) == 2
    assert datetime.fromtimestamp(owner.site.clock.now() / 1000, UTC).year == 2026
