"""Changing the password: the old one is asked for, the new one twice, and none of them is ever sent back."""

from __future__ import annotations

import bcrypt
import pytest
from tests.peers.owner import Owner, wrong

from comptoir.core.record import Credential

OLD, NEW = "correct horse", "battery staple"


@pytest.fixture
async def signed(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Owner:
    """With the password OLD, cheaply hashed."""
    cheap = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda: cheap(4))
    secret = bcrypt.hashpw(OLD.encode(), bcrypt.gensalt()).decode()
    await owner.station.access._put(Credential("password", "owner", secret, owner.site.clock.now()))
    return owner


async def may_sign_in(owner: Owner, password: str) -> bool:
    answer = await owner.site.ask("POST", "/config/login", f"password={password}", headers=FORM)
    return answer.status == 302


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_it_is_changed(signed: Owner) -> None:
    status, location, _ = await signed.post("/config/password", old=OLD, new=NEW, again=NEW)
    assert (status, location) == (303, "/config/password?changed")
    assert "Le mot de passe est changé." in await signed.get(location)
    assert await may_sign_in(signed, NEW)
    assert not await may_sign_in(signed, OLD)
    assert signed.notes("password-set")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"old": OLD, "new": NEW, "again": "another one"}, "again"),
        ({"old": "wrong", "new": NEW, "again": NEW}, ""),
        ({"old": OLD, "new": "short", "again": "short"}, ""),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_comes_back(
    signed: Owner, fields: dict[str, str], field: str
) -> None:
    status, _, page = await signed.post("/config/password", **fields)
    assert status >= 400
    assert 'role="alert"' in page
    assert (field in wrong(page)) == bool(field)
    assert not [typed for typed in set(fields.values()) if f'value="{typed}"' in page]
    assert await may_sign_in(signed, OLD)
