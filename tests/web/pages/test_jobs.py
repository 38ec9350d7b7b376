"""The list of jobs: what the address asks for is what is shown."""

from __future__ import annotations

import re
from typing import Any

from comptoir.core.job import OUTCOME_UNKNOWN
from comptoir.web.pages.jobs import PAGE


def rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li><a href="/jobs/(\d+)">', page)]


async def test_an_empty_list_says_what_will_be_there(station: Any) -> None:
    page = await station.get("/jobs")
    assert "Ici apparaît tout ce qui est envoyé" in page
    assert 'href="/printers"' in page


async def test_the_newest_is_first(station: Any) -> None:
    for text in ("un", "deux", "trois"):
        await station.job(text)
    assert rows(await station.get("/jobs")) == [3, 2, 1]


async def test_a_status_filters_and_is_counted(station: Any) -> None:
    await station.held()
    await station.job("attend")
    page = await station.get("/jobs?status=unknown")
    assert rows(page) == [1]
    assert re.search(r'href="/jobs\?status=unknown" aria-current="true">.*À vérifier <span class="count">1<', page)
    assert "?status=failed" not in page, "an empty filter leads nowhere"


async def test_pages_follow_one_another_without_a_gap(station: Any) -> None:
    for number in range(PAGE + 2):
        await station.job(f"n {number}")
    first = await station.get("/jobs?status=queued")
    assert len(rows(first)) == PAGE
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = await station.get(following[1].replace("&amp;", "&"))
    assert rows(second) == [2, 1]
    assert 'rel="next"' not in second


async def test_a_full_last_page_has_no_next(station: Any) -> None:
    for number in range(PAGE):
        await station.job(f"n {number}")
    assert 'rel="next"' not in await station.get("/jobs")


async def test_what_is_no_status_is_refused_in_words(station: Any) -> None:
    for query in ("status=burnt", "before=x", "before=" + "9" * 30):
        answer = await station.client.get(f"/jobs?{query}", headers={"Accept-Language": "fr"})
        assert answer.status == 400
        assert "La demande ne peut pas être faite telle quelle." in await answer.text()


async def test_a_row_tells_why_it_waits(station: Any) -> None:
    await station.job()
    station.troubles["TICKET"] = ("cover-open-error", "")
    assert "L’imprimante TICKET a le capot ouvert." in await station.get("/jobs")


async def test_a_filter_that_finds_nothing_offers_the_way_back(station: Any) -> None:
    assert "Rien ici avec ce filtre." in await station.get(f"/jobs?status={OUTCOME_UNKNOWN.split('-')[1]}")
