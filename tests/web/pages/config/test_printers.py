"""Printers in the settings: the list, changing one with all that names it, removing one with what else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.owner import NASTY, SHOP, Counter, Owner, value

LINKED = (
    SHOP
    + """
[drawer]
printer = "CUISINE"
[[route]]
from = "api"
to = ["CUISINE"]
"""
)
CUISINE = "/config/printers/named/CUISINE"


def named(owner: Owner) -> list[str]:
    return [printer.name for printer in owner.station.configuring.config.printer]


async def test_the_list_says_what_works(owner: Owner) -> None:
    page = await owner.get("/config/printers")
    assert page.count("Prête") == 2
    assert 'href="/config/printers/add"' in page


async def test_without_a_printer_the_virtual_one_is_named(tmp_path: Path) -> None:
    async with Counter(tmp_path, "[station]\nport = 0\n") as owner:
        assert "une imprimante virtuelle nommée TICKET" in await owner.get("/config/printers")


async def test_a_printer_is_changed_whole(owner: Owner) -> None:
    given = {"columns": "42", "expires": "10 min", "code_pages": "19 = cp858", "kanji": "none", "buzzer": "no"}
    status, location, _ = await owner.post(CUISINE, **given)
    assert (status, location) == (303, "/config/printers?saved#CUISINE")
    printer = owner.station.configuring.config.printer[1]
    assert (printer.columns, printer.expires, printer.kanji, printer.buzzer) == (42, "10 min", "", False)
    assert printer.code_pages == {"19": "cp858"}
    page = await owner.get(CUISINE)
    assert value(page, "expires") == "10 min"
    assert '<details class="more" open>' in page, "what is not as usual is at hand"
    assert "les imprimantes" in page
    await owner.post(CUISINE, **dict.fromkeys(("columns", "code_pages", "kanji", "buzzer", "expires"), ""))
    assert owner.station.configuring.config.printer[1] == owner.station.configuring.config.printer[1].__class__(
        name="CUISINE", device="virtual:CUISINE", profile="TM-T20III"
    )


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("name", "TICKET", "qu’aucune autre imprimante ne porte"),
        ("name", "", "1 à 64 caractères"),
        ("device", "nowhere", "Une adresse comme socket://192.168.1.50:9100"),
        ("device", "pigeon://coop", "Une adresse comme socket://192.168.1.50:9100"),
        ("profile", "TM-T20IIII", "Choisissez un modèle de la liste"),
        ("columns", "4", "Un nombre de 16 à 128"),
        ("columns", "120", "qui tient dans la largeur du papier"),
        ("columns", "viele", "Un nombre de 16 à 128"),
        ("expires", "bald", "Un nombre et une unité"),
        ("code_pages", "19 cp858", "Des lignes comme « 19 = cp858 »"),
        ("code_pages", "900 = cp858", "Des lignes comme « 19 = cp858 »"),
        ("status", "perhaps", "Cette valeur ne convient pas."),
    ],
)
async def test_a_wrong_value_is_said_at_its_field(owner: Owner, key: str, text: str, said: str) -> None:
    given = {"name": "CUISINE", "device": "virtual:CUISINE", "strip": "64", key: text}
    assert said in await owner.refused(CUISINE, key, **given)


async def test_a_new_name_is_carried_to_drawer_and_routes(tmp_path: Path) -> None:
    async with Counter(tmp_path, LINKED) as owner:
        name = NASTY.replace("/", "")
        status, _, _ = await owner.post(CUISINE, name=name)
        assert status == 303
        config = owner.station.configuring.config
        assert (named(owner)[1], config.drawer.printer, config.route[0].to) == (name, name, (name,))


async def test_removing_one_says_first_what_else_changes(tmp_path: Path) -> None:
    async with Counter(tmp_path, LINKED) as owner:
        page = await owner.get(f"{CUISINE}/remove")
        assert "Le tiroir est branché dessus" in page
        assert "La route de api y mène : elle n’aura plus de destination." in page
        assert named(owner) == ["TICKET", "CUISINE"], "asking removes nothing"
        status, _, _ = await owner.post(f"{CUISINE}/remove")
        assert status == 303
        config = owner.station.configuring.config
        assert (named(owner), config.drawer.printer, config.route[0].to) == (["TICKET"], "", ())
        assert "C’est la seule imprimante" in await owner.get("/config/printers/named/TICKET/remove")


async def test_one_that_the_environment_names_is_not_removed_and_the_page_says_so(tmp_path: Path) -> None:
    async with Counter(tmp_path, SHOP, {"COMPTOIR_EPOS__PRINTER": "CUISINE"}) as owner:
        status, _, page = await owner.post(f"{CUISINE}/remove")
        assert status >= 400
        assert 'role="alert"' in page
        assert "Retirer l’imprimante CUISINE" in page
        assert named(owner) == ["TICKET", "CUISINE"]


async def test_removing_the_first_one_says_which_takes_its_place(owner: Owner) -> None:
    page = await owner.get("/config/printers/named/TICKET/remove")
    assert "Désormais, CUISINE imprimera" in page


async def test_one_that_is_not_there_cannot_be_changed(owner: Owner) -> None:
    assert "Aucune imprimante ne s’appelle « NADA »." in await owner.get("/config/printers/named/NADA", status=404)


async def test_the_printer_that_an_address_has_already_is_named(owner: Owner) -> None:
    status, location, _ = await owner.post("/config/printers/try", device="virtual:CUISINE")
    assert status == 303
    assert "Il y a déjà une imprimante à cette adresse : CUISINE." in await owner.get(location)


async def test_a_password_in_a_device_is_refused_and_not_repeated(owner: Owner) -> None:
    said = await owner.refused("/config/printers/named/TICKET", "device", device="socket://user:secret@192.168.1.50")
    assert said.startswith("L’adresse d’une imprimante ne contient ni nom d’utilisateur ni mot de passe")
    assert "secret" not in str(owner.site.watch.events)
    status, _, page = await owner.post("/config/printers/try", device="socket://user:secret@192.168.1.50")
    assert status == 400
    assert "ni nom d’utilisateur ni mot de passe" in page
