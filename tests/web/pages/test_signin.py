"""Signing in and out: the cookie, the first password, and where it leads."""

from __future__ import annotations

from typing import Any

from comptoir.core.errors import NotAllowed
from comptoir.web.access import COOKIE


async def test_the_right_password_gives_a_cookie_that_no_script_reads(hub: Any) -> None:
    hub.access.password = "secret word"
    answer = await hub.client.post("/signin", data={"password": "secret word", "next": "/jobs"}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/jobs")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=cookie-value")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


async def test_a_wrong_password_is_said_and_gives_nothing(hub: Any) -> None:
    hub.access.password = "secret word"
    answer = await hub.client.post("/signin", data={"password": "guess"}, headers={"Accept-Language": "fr"})
    assert answer.status == 403
    assert "Le mot de passe est faux" in await answer.text()
    assert COOKIE not in answer.headers.get("Set-Cookie", "")


async def test_it_leads_nowhere_else(hub: Any) -> None:
    hub.access.password = "secret word"
    for following in ("https://evil.example/", "//evil.example", "/\\evil.example", ""):
        status, location, _ = await hub.post("/signin", password="secret word", next=following)
        assert (status, location) == (303, "/")


async def test_the_first_password_is_chosen_here(hub: Any) -> None:
    page = await hub.get("/signin?next=/access")
    assert "Choisir un mot de passe" in page
    assert 'autocomplete="new-password"' in page
    assert 'name="code"' not in page, "from this machine no code is needed"
    assert 'value="/access"' in page
    status, location, _ = await hub.post("/signin", password="a new one here", next="/access")
    assert (status, location) == (303, "/access")
    assert hub.access.asked == [("password", "a new one here", "")]


async def test_a_refused_first_password_signs_nobody_in(hub: Any) -> None:
    hub.access.refusal = NotAllowed("the start code is wrong", "")
    status, _, page = await hub.post("/signin", password="a new one here", code="X")
    assert status == 403
    assert "Le code de démarrage est faux" in page


async def test_signing_out_ends_the_session_and_forgets_the_cookie(hub: Any) -> None:
    answer = await hub.client.post("/signout", allow_redirects=False)
    assert answer.headers["Location"] == "/signin"
    assert hub.access.asked == [("out",)]
    assert f'{COOKIE}=""' in answer.headers["Set-Cookie"]


async def test_somebody_unknown_sees_no_navigation_and_no_stream(hub: Any) -> None:
    page = await hub.get("/signin")
    assert "<nav" not in page
    assert 'data-events=""' in page
