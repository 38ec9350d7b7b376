"""The link to the hub: pairing, its state, ending it."""

from __future__ import annotations

from pathlib import Path

from tests.peers.owner import NASTY, Owner, value
from tests.peers.site import Site


async def test_a_station_is_paired_and_unlinked(owner: Owner, tmp_path: Path) -> None:
    async with Site.hub(tmp_path / "hub") as hub:
        code, _ = await hub.access.pairing_code("reception")
        status, location, page = await owner.post("/config/hub", url=hub.url, code=code)
        assert (status, location) == (303, "/config/hub?paired"), page
        page = await owner.get(location)
        assert "Cette station est appairée." in page
        assert f"http://127.0.0.1:{hub.service.port}</code>" in page
        status, location, _ = await owner.post("/config/hub/unlink")
        assert (status, location) == (303, "/config/hub")
        page = await owner.get(location)
        assert "/relay</code>" not in page
        assert "/config/hub/unlink" not in page
        assert owner.notes("unlinked")


async def test_a_refused_pairing_says_why_and_keeps_the_address(owner: Owner, tmp_path: Path) -> None:
    async with Site.hub(tmp_path / "hub") as hub:
        status, _, page = await owner.post("/config/hub", url=hub.url, code="WRONGONE")
        assert status >= 400
        assert 'role="alert"' in page
        assert value(page.replace('type="text" inputmode="url" autocapitalize="none"', ""), "url") == hub.url


async def test_what_is_no_address_is_said(owner: Owner) -> None:
    status, _, page = await owner.post("/config/hub", url=NASTY, code="X")
    assert status == 400
    assert "n’est pas une adresse de hub" in page or 'role="alert"' in page
