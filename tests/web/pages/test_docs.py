"""The API for reading, on both roles."""

from __future__ import annotations

from pathlib import Path

from tests.peers.site import Site

from comptoir.web.openapi import calls_of, fields_of

PAGE = {"Accept": "text/html", "Accept-Language": "fr"}


async def test_every_call_and_every_field_is_named(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub, Site.station(tmp_path) as station:
        for site, role in ((hub, "hub"), (station, "station")):
            page = (await site.ask("GET", "/docs", headers=PAGE)).body.decode()
            for call, path in calls_of(role):
                assert f"<code>{call.method.upper()} {path}</code>" in page
            for name, _ in fields_of(role):
                assert f"<code>{name}</code>" in page
            assert "Champs d’un ordre" in page


async def test_the_example_can_be_copied(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        page = (await hub.ask("GET", "/docs", headers=PAGE)).body.decode()
        assert f"curl {hub.url}/print" in page
        assert "Bearer" not in page, "on loopback no token is asked for"
