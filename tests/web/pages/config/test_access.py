"""Who may use the station: lists, sites that wait for a decision, sessions; a decision counts at once."""

from __future__ import annotations

import pytest
from tests.peers.owner import NASTY, Owner, plain

SITE = "https://shop.example.com"


async def from_site(owner: Owner, site: str = SITE) -> int:
    """The status of what a page of this site asks for."""
    answer = await owner.site.ask("GET", "/api/printers", headers={"Origin": site, "Sec-Fetch-Site": "cross-site"})
    return answer.status


async def test_a_site_that_was_refused_waits_and_is_allowed_with_one_click(owner: Owner) -> None:
    assert await from_site(owner) == 403
    assert await from_site(owner) == 403
    page = await owner.get("/config/access")
    assert f"<h3>{SITE}</h3>" in page
    assert "2 demandes" in page
    assert f"Autoriser {SITE}" in page
    status, location, _ = await owner.post("/config/access/allow", site=SITE)
    assert (status, location) == (303, "/config/access?saved")
    assert await from_site(owner) == 200
    page = await owner.get(location)
    assert f"<h3>{SITE}</h3>" not in page
    assert "C’est déjà en vigueur." in page
    assert owner.notes("settings-changed")[0]["keys"] == ["station.allowed_origins"]
    assert owner.notes("site-allowed") == [{"site": SITE, "user": "owner", "host": "127.0.0.1"}]


async def test_a_page_that_does_not_say_whose_it_is_is_told_with_what_can_be_done(owner: Owner) -> None:
    assert "qui ne dit pas d’où elle vient" not in await owner.get("/config/access")
    hidden = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"}
    assert (await owner.site.ask("GET", "/open-cash-drawer", headers=hidden)).status == 403
    page = await owner.get("/config/access")
    assert "Une page qui ne dit pas d’où elle vient a demandé /open-cash-drawer." in page
    await owner.post("/config/access", **{"till.unnamed": "1"})
    assert owner.station.configuring.config.till.unnamed


async def test_allowing_twice_names_it_once(owner: Owner) -> None:
    for _ in range(2):
        await owner.post("/config/access/allow", site=SITE)
    assert owner.station.configuring.config.station.allowed_origins == (SITE,)


async def test_a_site_is_dismissed_and_stays_refused(owner: Owner) -> None:
    await from_site(owner)
    await owner.post("/config/access/dismiss", site=SITE)
    assert SITE not in await owner.get("/config/access")
    assert await from_site(owner) == 403


async def test_what_is_no_site_is_not_allowed(owner: Owner) -> None:
    status, _, page = await owner.post("/config/access/allow", site=NASTY)
    assert status >= 400
    assert 'role="alert"' in page
    assert owner.station.configuring.config.station.allowed_origins == ()


async def test_the_lists_are_saved_and_shown_a_line_each(owner: Owner) -> None:
    given = {
        "station.allowed_origins": "https://a.example\r\n\r\n https://b.example:443 ",
        "station.allowed_addresses": "192.168.1.20\n192.168.7.0/24",
        "station.allowed_hosts": "caisse.lan",
        "station.network_logs": "1",
    }
    assert (await owner.post("/config/access", **given))[0] == 303
    station = owner.station.configuring.config.station
    assert station.allowed_origins == ("https://a.example", "https://b.example")
    assert station.allowed_addresses == ("192.168.1.20/32", "192.168.7.0/24")
    assert (station.allowed_hosts, station.network_logs) == (("caisse.lan",), True)
    page = await owner.get("/config/access")
    assert ">\nhttps://a.example\nhttps://b.example</textarea>" in page


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("station.allowed_origins", "https://a.example/path", "rien derrière"),
        ("station.allowed_origins", "a.example", "rien derrière"),
        ("station.allowed_addresses", "192.168.1.300", "une adresse comme 192.168.1.20"),
        ("station.allowed_hosts", "http://caisse", "sans http://"),
    ],
)
async def test_a_wrong_line_is_said_at_its_list(owner: Owner, key: str, text: str, said: str) -> None:
    assert said in await owner.refused("/config/access", key, **{"station.network_logs": "1", key: text})


async def test_it_is_said_where_other_computers_do_not_reach_the_station(owner: Owner) -> None:
    assert "les autres ordinateurs n’atteignent pas cette station" in await owner.get("/config/access")


async def test_everybody_is_signed_out_at_once(owner: Owner) -> None:
    assert "Déconnecter partout" in await owner.get("/config/access")
    status, location, _ = await owner.post("/config/access/sign-out")
    assert (status, location) == (303, "/config/login")
    answer = await owner.look("/config")
    assert answer.status == 302, plain(answer)
