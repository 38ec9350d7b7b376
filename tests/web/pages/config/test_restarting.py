"""Restarting from the page: it is answered, waited for at the port that will be, and done."""

from __future__ import annotations

import pytest
from tests.peers.owner import Owner
from tests.peers.watch import eventually

from comptoir.station import configuring


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuring, "FAREWELL", 0)


async def restart(owner: Owner) -> tuple[dict[str, str], str]:
    """Headers and body of the answer."""
    answer = await owner.send("/config/restart")
    assert answer.status == 200
    return answer.headers, answer.body.decode()


async def test_the_page_says_so_and_leads_back_without_a_script_too(owner: Owner) -> None:
    headers, page = await restart(owner)
    back = f"http://127.0.0.1:{owner.station.port}/config"
    assert "Le service redémarre" in page
    assert f'data-back="{back}">' in page
    assert f'<noscript><meta http-equiv="refresh" content="8; url={back}"></noscript>' in page
    assert "Refresh" not in headers, "the script goes on when the service is there, and not before"
    await eventually(lambda: owner.restarted)
    assert owner.notes("restart-asked")[0]["user"] == "owner"


async def test_a_changed_port_is_where_it_leads_and_is_not_asked_before(owner: Owner) -> None:
    await owner.post("/config", **{"station.port": "22999"})
    headers, page = await restart(owner)
    assert 'data-back="http://127.0.0.1:22999/config" data-moves>' in page
    assert "connect-src" not in headers["Content-Security-Policy"], "there it would be a page of another site"


async def test_no_other_page_can_ask_for_it(owner: Owner) -> None:
    status, _, _ = await owner.post("/config/restart", csrf="guessed")
    assert status == 403
    assert owner.restarted == []


async def test_a_service_that_cannot_says_so(owner: Owner) -> None:
    owner.station.restart = None
    owner.station.configuring = owner.station._settings()
    status, _, page = await owner.post("/config/restart")
    assert status == 500
    assert "Ce service ne peut redémarrer tout seul" in page
    await owner.post("/config", **{"station.port": "22999"})
    page = await owner.get("/config")
    assert 'action="/config/restart"' not in page
    assert "Arrêtez le service et relancez-le là où il a été lancé." in page
