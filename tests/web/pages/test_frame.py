"""Errors as pages, ways back, who asks."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from comptoir.core.errors import JournalError
from comptoir.web.guard import USER, SignInNeeded
from comptoir.web.pages import PAGES, routes
from comptoir.web.pages.frame import failed, framed, local_path, person, wants_page
from comptoir.web.render import Renderer

#: what every page loads besides itself
STATIC = Path(str(files("comptoir.web"))) / "static"


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("/jobs?status=failed", True),
        ("/", True),
        ("", False),
        ("jobs", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("/a\r\nSet-Cookie: x", False),
        ("/" + "x" * 3000, False),
    ],
)
def test_a_way_back_stays_here(path: str, good: bool) -> None:
    assert local_path(path, "/default") == (path if good else "/default")


async def test_an_error_is_a_page_with_its_status_and_hint(station: Any) -> None:
    async def broken(request: web.Request) -> web.Response:
        raise JournalError("the disk is full", "Make room on /data.")

    request = make_mocked_request(
        "GET", "/x", headers={"Accept-Language": "fr", "Host": "h", "Referer": "http://h/jobs"}
    )
    answer = await framed(station.desk, Renderer(), broken)(request)
    assert isinstance(answer, web.Response)
    assert answer.status == 503
    assert answer.text
    assert "Rien ne peut être écrit sur le disque" in answer.text
    assert "Make room on /data." in answer.text
    assert 'href="/jobs"' in answer.text


def test_somebody_unknown_is_sent_to_sign_in_and_back(hub: Any) -> None:
    error = SignInNeeded("sign in, or send a token")
    answer = failed(hub.desk, Renderer(), make_mocked_request("GET", "/jobs?status=failed"), error)
    assert (answer.status, answer.headers["Location"]) == (303, "/signin?next=/jobs%3Fstatus%3Dfailed")
    assert failed(hub.desk, Renderer(), make_mocked_request("POST", "/jobs/1/cancel"), error).status == 401


def test_who_asks_is_the_session_or_whoever_sits_here() -> None:
    request = make_mocked_request("GET", "/")
    assert person(request) == "console"
    request[USER] = "owner"
    assert person(request) == "owner"


@pytest.mark.parametrize(("accept", "page"), [("text/html,*/*;q=0.8", True), ("*/*", False), ("", False)])
def test_a_browser_is_told_from_a_program(accept: str, page: bool) -> None:
    assert wants_page(make_mocked_request("GET", "/", headers={"Accept": accept})) is page


def check_routes(role: str, bench: Any) -> None:
    found = routes(role, bench.desk, Renderer(), bench.access)
    assert len(found) >= len(PAGES[role])
    assert len({(route.method, route.path) for route in found}) == len(found)


def test_every_page_of_the_hub_loads_and_no_address_is_twice(hub: Any) -> None:
    check_routes("hub", hub)


def test_every_page_of_the_station_loads_and_no_address_is_twice(station: Any) -> None:
    check_routes("station", station)


async def check_pages(bench: Any, to: str, *paths: str) -> None:
    for number in range(40):
        await bench.job(f"Commande {number} : " + "x" * 60, to)
    for path in paths:
        page = await bench.get(path)
        loaded = sum((STATIC / name).stat().st_size for name in set(re.findall(r"/static/([\w.]+)", page)))
        assert len(page.encode()) + loaded < 60_000, path
        assert page.count("<h1") == 1
        assert 'aria-current="page"' in page


async def test_every_page_of_the_hub_is_light_and_has_its_title(hub: Any) -> None:
    await check_pages(hub, "caisse-1", "/", "/jobs", "/jobs/1", "/stations", "/access")


async def test_every_page_of_the_station_is_light_and_has_its_title(station: Any) -> None:
    await check_pages(station, "TICKET", "/", "/jobs", "/jobs/1", "/printers")
