"""General settings: saved whole, applied at once where that is possible, refused beside the field that is wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.peers.owner import NASTY, SHOP, Counter, Owner, value, wrong


async def test_a_value_that_can_applies_at_once_and_the_comment_of_the_file_stays(owner: Owner) -> None:
    status, location, _ = await owner.post("/config", **{"retention": "30 jours", "till.enabled": ""})
    assert (status, location) == (303, "/config?saved")
    assert "# the shop in the High Street" in owner.toml
    assert 'retention = "30 days"' in owner.toml
    page = await owner.get("/config?saved")
    assert "C’est enregistré. C’est déjà en vigueur." in page
    assert value(page, "retention") == "30 jours"
    assert value(await owner.get("/config", "en"), "retention") == "30 days"
    assert owner.notes("settings-changed") == [
        {"keys": ["retention", "till.enabled"], "user": "owner", "host": "127.0.0.1"}
    ]


async def test_the_language_counts_at_once_for_readers_who_ask_for_none(owner: Owner) -> None:
    assert "Réglages" in await owner.get("/config", "")
    await owner.post("/config", language="en")
    assert "Settings" in await owner.get("/config", "")


async def test_a_shorter_retention_counts_at_once(owner: Owner) -> None:
    job = (await owner.site.ask("POST", "/api/print", {"content": "Bonjour", "printer": "TICKET"})).json["id"]
    await owner.site.watch.status(job, "printed")
    await owner.site.ask("POST", "/api/print", {"content": "Bonsoir", "printer": "TICKET"})
    owner.site.clock.advance(3 * 86_400_000)
    await owner.sign_in()
    await owner.post("/config", retention="1 jour")
    async with asyncio.timeout(20):
        while (await owner.site.ask("GET", f"/api/jobs/{job}")).status != 404:
            await asyncio.sleep(0)


async def test_a_till_dialect_is_switched_off_at_once(owner: Owner) -> None:
    assert (await owner.site.ask("GET", "/status")).status == 200
    await owner.post("/config", **{"till.enabled": ""})
    assert (await owner.site.ask("GET", "/status")).status == 404


async def test_what_needs_a_restart_is_said_with_its_button_on_every_settings_page(owner: Owner) -> None:
    await owner.post("/config", **{"station.name": "caisse-2"})
    for path in ("/config?saved", "/config/printers"):
        page = await owner.get(path)
        assert "Prendra effet au prochain démarrage :</strong> le nom de la station." in page
        assert 'action="/config/restart"' in page
    assert "déjà en vigueur" not in await owner.get("/config?saved")


async def test_a_form_that_changes_nothing_leaves_the_file_alone(owner: Owner) -> None:
    before = owner.toml
    await owner.post("/config", **{"language": "fr", "retention": "90 days", "station.name": "caisse-1"})
    assert owner.toml == before
    assert owner.notes("settings-changed") == []


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("station.port", "70000", "Un nombre de 1 à 65535."),
        ("station.port", "huit", "Un nombre de 1 à 65535."),
        ("station.name", "a/b", "1 à 64 caractères, sans / ni \\."),
        ("station.name", "", "1 à 64 caractères, sans / ni \\."),
        ("retention", "bientôt", "Un nombre et une unité : min, h, jours, mois ou ans, comme « 90 jours »."),
        ("log.keep", "3 lunes", "Un nombre et une unité : min, h, jours, mois ou ans, comme « 90 jours »."),
        ("language", "tlh", "Cette valeur ne convient pas."),
        ("epos.printer", "NADA", "Aucune imprimante ne s’appelle « NADA »."),
    ],
)
async def test_a_wrong_value_is_said_at_its_field_and_nothing_is_saved(
    owner: Owner, key: str, text: str, said: str
) -> None:
    assert await owner.refused("/config", key, **{"retention": "1 year", key: text}) == said


async def test_what_was_typed_is_kept_where_one_value_is_refused(owner: Owner) -> None:
    _, _, page = await owner.post("/config", **{"station.name": "réception", "station.port": "x"})
    assert value(page, "station.name") == "réception"
    assert value(page, "station.port") == "x"
    assert 'aria-invalid="true"' in page
    assert "Rien n’a été enregistré" in page
    assert set(wrong(page)) == {"station.port"}


async def test_any_name_is_kept_as_it_was_typed(owner: Owner) -> None:
    name = NASTY.replace("/", "")
    assert (await owner.post("/config", **{"station.name": name}))[0] == 303
    assert owner.station.configuring.config.station.name == name


async def test_a_key_that_the_environment_fixes_is_shown_and_cannot_be_changed(tmp_path: Path) -> None:
    async with Counter(tmp_path, SHOP, {"COMPTOIR_STATION__NAME": "fixe"}) as owner:
        page = await owner.get("/config")
        assert "(la variable COMPTOIR_STATION__NAME)" in page
        assert 'name="station.name" disabled' in page
        status, _, _ = await owner.post("/config", **{"station.name": "autre"})
        assert status == 400
        assert "autre" not in owner.toml


async def test_the_address_for_odoo_is_bare_numbers(owner: Owner) -> None:
    await owner.post("/config", **{"station.port": "22548"})
    assert "<code>127.0.0.1:22548</code>" in await owner.get("/config")


async def test_a_restart_that_failed_is_shown(owner: Owner) -> None:
    owner.station.restart_trouble = "the address 127.0.0.1:80 is in use"
    page = await owner.get("/config")
    assert "Le dernier redémarrage n’a pas abouti" in page
    assert "127.0.0.1:80 is in use" in page
