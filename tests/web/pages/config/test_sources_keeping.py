"""How long a route keeps, and whether it holds, as its page sets them; the page of keeping says the same at once."""

from __future__ import annotations

from html import unescape

from tests.peers.owner import Owner


async def test_a_route_says_from_when_it_is_counted_and_whether_it_holds(owner: Owner) -> None:
    given = {"from": "api", "printer": "TICKET", "keep": "10 ans", "keep_from": "year-end", "hold": "1"}
    status, _, page = await owner.post("/config/sources/routes/add", **given)
    assert status == 303, page
    (route,) = owner.station.configuring.config.route
    assert (route.keep, route.keep_from, route.hold) == ("10 years", "year-end", True)
    page = await owner.get("/config/sources/routes/0")
    assert '<option value="year-end" selected>' in page
    assert 'name="hold" aria-describedby="hold-help " value="1" checked' in page
    told = await owner.get("/archive/keeping")
    assert "10 ans, à compter de la fin de l’année" in told
    was = unescape(page.split('name="was" value="')[1].split('"')[0])
    assert (await owner.post("/config/sources/routes/0", **{**given, "was": was, "hold": ""}))[0] == 303
    assert owner.station.configuring.config.route[0].hold is False
    assert not owner.station.keeping.rules()[0].hold, "it holds from now on, without a restart"


async def test_what_is_no_beginning_is_refused(owner: Owner) -> None:
    given = {"from": "api", "printer": "TICKET", "keep": "10 ans", "keep_from": "tomorrow"}
    status, _, page = await owner.post("/config/sources/routes/add", **given)
    assert status == 400
    assert 'id="keep_from-wrong"' in page
    assert owner.station.configuring.config.route == ()
