"""The stations of a hub: for people a table, for programs JSON; pairing and revoking."""

from __future__ import annotations

from typing import Any

from comptoir.web.desk import Place


async def test_programs_get_json_at_the_same_address(hub: Any) -> None:
    answer = await hub.client.get("/stations", headers={"Accept": "application/json"})
    assert (await answer.json())["stations"][0]["name"] == "caisse-1"


async def test_people_get_the_table(hub: Any) -> None:
    hub.access.know("station", "caisse-1", seen_at=1_795_176_000_000)
    hub.access.know("station", "terrasse")
    hub.places[:] = [Place("TICKET", "caisse-1", ready=False, reason="media-empty-error", waiting=4)]
    page = await hub.get("/stations")
    row = page.split('<th scope="row">caisse-1')[1].split("</tr>")[0]
    assert "Reliée" in row
    assert "n’a plus de papier" in row
    assert ">4<" in row
    assert "jamais connectée encore" in page.split('<th scope="row">terrasse')[1].split("</tr>")[0]


async def test_an_absent_station_is_not_called_ready(hub: Any) -> None:
    hub.places[:] = [Place("TICKET", "caisse-1", connected=False)]
    page = await hub.get("/stations")
    assert "Pas reliée" in page
    assert "Prête" not in page


async def test_an_empty_hub_says_what_comes_here(hub: Any) -> None:
    hub.places.clear()
    assert "Ici apparaissent les stations" in await hub.get("/stations")


async def test_a_code_is_shown_large_with_its_time_and_the_command(hub: Any) -> None:
    status, _, page = await hub.post("/stations/pair", name="bar")
    assert status == 200
    assert hub.access.asked == [("code", "bar")]
    assert "ABCD 2345" in page
    assert "10 minutes" in page
    host = f"http://127.0.0.1:{hub.client.port}"
    assert f"comptoir pair {host} ABCD2345" in page
    assert 'data-here="/stations"' in page, "looking again must not make another code"


async def test_a_name_that_cannot_be_is_refused(hub: Any) -> None:
    for name in ("a/b", "x" * 65, "a\tb"):
        status, _, _ = await hub.post("/stations/pair", name=name)
        assert status == 400
    assert hub.access.asked == []


async def test_revoking_is_asked_once_naming_the_station(hub: Any) -> None:
    hub.access.know("station", "caisse-1")
    assert "Révoquer caisse-1" in (await hub.get("/stations")).split('<details class="ask">')[1]
    status, location, _ = await hub.post("/stations/revoke", name="caisse-1")
    assert (status, location) == (303, "/stations")
    assert not hub.access.known
