"""The link of a station to its hub: begun by a pairing, there again after a restart, ended by a person."""

from __future__ import annotations

from pathlib import Path

from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.station.pairing import LINK_FILE, TOKEN_FILE


async def test_it_is_begun_and_there_again_and_ended(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        code, _ = await hub.access.pairing_code()
        async with Site.station(tmp_path / "bar", name="bar") as bar:
            assert await bar.service.pair(hub.url, code) == "bar"
            await eventually(lambda: bar.service.desk.link.connected)
        async with Site.station(tmp_path / "bar", name="bar") as bar:
            await eventually(lambda: bar.service.desk.link.connected)
            await bar.service.configuring.unlink("owner", "127.0.0.1")
            assert not bar.service.desk.link.url
        assert not {path.name for path in (tmp_path / "bar").iterdir()} & {LINK_FILE, TOKEN_FILE}


async def test_a_station_without_a_hub_has_no_link(tmp_path: Path) -> None:
    async with Site.station(tmp_path / "bar") as bar:
        assert not bar.service.desk.link.connected
