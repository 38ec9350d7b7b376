"""POST /config/save, as programs filled in the earlier service's form: always 302, and /config says what came of it."""

from __future__ import annotations

import bcrypt
import pytest
from tests.peers.owner import Owner

from comptoir.core.record import Credential


async def test_its_fields_become_settings(owner: Owner) -> None:
    given = {"printer_name": "CUISINE", "drawer_command": "1b70001afa", "port": "22548", "retention_days": "60"}
    status, location, _ = await owner.post("/config/save", **given)
    assert (status, location) == (302, "/config?saved")
    config = owner.station.configuring.config
    assert (config.drawer.printer, config.drawer.pulse) == ("CUISINE", "1b70001afa")
    assert (config.station.port, config.log.keep) == (22548, "60 days")
    assert "C’est enregistré." in await owner.get(location)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"port": "x"}, "station.port"), ({"drawer_command": "xyz"}, ""), ({"printer_name": "NADA"}, "")],
)
async def test_what_is_refused_changes_nothing_and_is_said(owner: Owner, fields: dict[str, str], field: str) -> None:
    before = owner.toml
    status, location, _ = await owner.post("/config/save", **{"retention_days": "60", **fields})
    assert status == 302
    assert location.startswith("/config?refused=")
    assert owner.toml == before
    page = await owner.get(location)
    assert "Rien n’a été enregistré" in page
    assert (f'id="{field}-wrong"' in page) == bool(field)


async def test_password_and_settings_change_both_or_neither(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda: cheap(4))
    secret = bcrypt.hashpw(b"correct horse", bcrypt.gensalt()).decode()
    await owner.station.access._put(Credential("password", "owner", secret, owner.site.clock.now()))
    before, new = owner.toml, "battery staple"
    for refused in (
        {"current_password": "wrong", "new_password": new, "confirm_new_password": new, "retention_days": "60"},
        {"current_password": "correct horse", "new_password": new, "confirm_new_password": "x", "retention_days": "60"},
        {"current_password": "correct horse", "new_password": new, "confirm_new_password": new, "port": "x"},
    ):
        _, location, _ = await owner.post("/config/save", **refused)
        assert "refused" in location
    assert owner.toml == before
    assert not owner.notes("password-set")
    given = {"current_password": "correct horse", "new_password": new, "confirm_new_password": new}
    _, location, _ = await owner.post("/config/save", retention_days="60", **given)
    assert location == "/config?saved&password"
    assert "Le mot de passe est changé." in await owner.get(location)
    assert owner.notes("password-set")


async def test_who_is_not_signed_in_saves_nothing(owner: Owner) -> None:
    before = owner.toml
    answer = await owner.site.ask("POST", "/config/save", "retention_days=60")
    assert answer.status in (302, 401)
    assert owner.toml == before
