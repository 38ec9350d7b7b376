"""Access: tokens are shown once, an old name is not overwritten, the password's errors are told."""

from __future__ import annotations

from typing import Any

from comptoir.core.errors import NotAllowed


async def test_a_token_is_shown_once(hub: Any) -> None:
    status, _, page = await hub.post("/access/clients", name="shop.example.com")
    assert status == 200
    assert "token-of-shop.example.com" in page
    again = await hub.get("/access")
    assert "token-of" not in again
    assert "shop.example.com" in again.split("<tbody>")[1]


async def test_a_token_is_never_kept_by_a_browser(hub: Any) -> None:
    answer = await hub.client.post("/access/clients", data={"name": "shop"})
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_name_in_use_keeps_its_token(hub: Any) -> None:
    hub.access.know("client", "shop")
    before = hub.access.known["client", "shop"]
    status, _, page = await hub.post("/access/clients", name="shop")
    assert status == 400
    assert "Un programme porte déjà ce nom" in page
    assert hub.access.known["client", "shop"] is before


async def test_a_name_is_needed(hub: Any) -> None:
    for name in ("", "   ", "x" * 65):
        assert (await hub.post("/access/clients", name=name))[0] == 400
    assert not hub.access.known


async def test_revoking_names_the_program(hub: Any) -> None:
    hub.access.know("client", "shop")
    assert "Révoquer shop" in await hub.get("/access")
    assert (await hub.post("/access/revoke", name="shop"))[1] == "/access"
    assert not hub.access.known


async def test_setting_the_password(hub: Any) -> None:
    assert (await hub.post("/access/password", password="long enough"))[1] == "/access?password"
    assert hub.access.password == "long enough"
    assert "Le mot de passe est en place." in await hub.get("/access?password")
    hub.access.refusal = NotAllowed("a password is set already", "Sign in with it first.")
    status, _, page = await hub.post("/access/password", password="long enough")
    assert status == 403
    assert "Connectez-vous d’abord avec lui." in page


async def test_a_hub_on_this_machine_only_says_that_no_token_is_needed(hub: Any) -> None:
    assert "ne répond que sur cet ordinateur" in await hub.get("/access")
    hub.access.secured = True
    assert "ne répond que sur cet ordinateur" not in await hub.get("/access")
