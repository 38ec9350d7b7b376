"""The drawer's settings, and trying it: what is known of the outcome is said, and the journal has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.owner import SHOP, Counter, Owner


async def test_the_drawer_is_set_up(owner: Owner) -> None:
    given = {
        "drawer.printer": "CUISINE",
        "drawer.pin": "5",
        "drawer.on": "100 ms",
        "drawer.pulse": "1B 70 00 1a fa",
        "drawer.sensor": "low",
    }
    status, location, _ = await owner.post("/config/drawer", **given)
    assert (status, location) == (303, "/config/drawer?saved")
    drawer = owner.station.configuring.config.drawer
    assert (drawer.printer, drawer.pin, drawer.on, drawer.sensor) == ("CUISINE", 5, "100 ms", "low")
    assert bytes.fromhex(drawer.pulse) == bytes.fromhex("1b70001afa")
    page = await owner.get("/config/drawer")
    assert "Prendra effet au prochain démarrage :</strong> le tiroir." in page
    assert '<option value="5" selected>' in page


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("drawer.pulse", "1b7", "Des paires de chiffres"),
        ("drawer.pulse", "open", "Des paires de chiffres"),
        ("drawer.on", "2 s", "De 2 ms à 510 ms"),
        ("drawer.off", "lang", "De 2 ms à 510 ms"),
        ("drawer.pin", "3", "Cette valeur ne convient pas."),
        ("drawer.printer", "NADA", "Aucune imprimante ne s’appelle « NADA »."),
    ],
)
async def test_a_wrong_value_is_said_at_its_field(owner: Owner, key: str, text: str, said: str) -> None:
    assert said in await owner.refused("/config/drawer", key, **{"drawer.sensor": "high", key: text})


async def test_trying_it_opens_it_and_says_what_is_known(owner: Owner) -> None:
    status, location, _ = await owner.post("/config/drawer/try")
    assert status == 303
    page = await owner.get(location)
    assert "Sans capteur, on n’en sait pas plus." in page
    (opened,) = owner.notes("drawer-opened")
    assert (opened["printer"], opened["reason"], opened["user"]) == ("TICKET", "essai depuis les réglages", "owner")


async def test_what_could_not_be_done_is_said(owner: Owner) -> None:
    owner.station.set_faults("TICKET", ["off"])
    for action in ("try", "learn"):
        status, _, page = await owner.post(f"/config/drawer/{action}")
        assert status == 503
        assert 'role="alert"' in page
        owner.site.clock.advance(2_000)


async def test_the_sensor_is_learned(tmp_path: Path) -> None:
    async with Counter(tmp_path, SHOP.replace('"virtual:"', '"virtual:?drawer=high"')) as owner:
        _, location, _ = await owner.post("/config/drawer/learn")
        assert "Le tiroir a un capteur" in await owner.get(location)


async def test_a_printer_without_a_drawer_offers_nothing_to_try(tmp_path: Path) -> None:
    shop = '[station]\nport = 0\n[[printer]]\nname = "LABEL"\ndevice = "socket://127.0.0.1:9"\nlanguage = "zpl"\n'
    async with Counter(tmp_path, shop) as owner:
        assert "/config/drawer/try" not in await owner.get("/config/drawer")


async def test_an_invented_outcome_is_told_nowhere(owner: Owner) -> None:
    assert 'role="status" tabindex' not in await owner.get("/config/drawer?told=gold")
