"""What the configuration refuses is said to people: in both languages, whatever the check or the types say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from comptoir.core.errors import ConfigError
from comptoir.settings import Set, Settings, WrongField
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH, ENGLISH = Words(catalogue("fr")), Words(catalogue("en"))
SHOP = '[[printer]]\nname="A"\ndevice="virtual:"\n[[source]]\nname="s"\nkind="folder"\npath="x"\n'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "comptoir.toml").write_text(SHOP, "utf-8")
    return Settings(None, tmp_path, {"COMPTOIR_HUB__PORT": "1"})


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("station", "port"), 70_000, "Au plus 65535."),
        (("station", "port"), "x", "Un nombre entier."),
        (("printer", 0, "columns"), 5, "Au moins 16."),
        (("printer", 0, "columns"), "x", "Un nombre entier."),
        (("station", "name"), "", "Ce champ ne peut pas rester vide."),
        (("station", "name"), "x" * 80, "Au plus 64 caractères."),
        (("station", "name"), "a/b", "sans / ni \\."),
        (("retention",), "3 lunes", "« 3 lunes » n’en est pas."),
        (("retention",), "4000 years", "Au plus 1000 ans."),
        (("printer", 0, "device"), "foo", "comme socket://192.168.1.50:9100."),
        (("printer", 0, "device"), "socket://u:secret@host", "ni nom d’utilisateur ni mot de passe"),
        (("printer", 0, "code_pages"), {"400": "cp858"}, "« 400 »"),
        (("printer", 0, "code_pages"), {"4": "zz"}, "« zz »"),
        (("drawer", "pulse"), "zz", "hexadécimal"),
        (("drawer", "on"), "1 s", "De 2 ms à 510 ms."),
        (("station", "allowed_origins"), ["foo"], "« foo » n’est pas l’adresse d’un site"),
        (("station", "allowed_addresses"), ["foo"], "« foo » n’est pas une adresse"),
        (("station", "allowed_hosts"), ["a/b"], "« a/b » n’est pas un nom"),
        (("station", "certificate"), "x", "remplissez les deux"),
        (("till", "invoices"), "zz", "Aucune source ne s’appelle « zz »."),
        (("drawer", "printer"), "zz", "Aucune imprimante ne s’appelle « zz »."),
        (("hub", "port"), 2, "en dehors de ces pages : la variable COMPTOIR_HUB__PORT."),
    ],
)
def test_what_is_refused_is_said_in_french(settings: Settings, path: Any, value: Any, said: str) -> None:
    with pytest.raises(WrongField) as refused:
        settings.check([Set(path, value)])
    french = FRENCH.refusal(refused.value.sentence).replace("\u00a0", " ").replace("\u202f", " ")
    assert said in french
    assert "secret" not in french + refused.value.sentence + refused.value.message
    assert "`" not in ENGLISH.refusal(refused.value.sentence), "no types of a program"


def test_a_line_that_somebody_wrote_by_hand_is_said_with_its_place(settings: Settings) -> None:
    settings.file.write_text("[station]\nport = 70000\n", "utf-8")
    with pytest.raises(ConfigError) as refused:
        settings.reload()
    said = FRENCH.refusal(refused.value.message).replace("\u00a0", " ")
    assert said.endswith("comptoir.toml, ligne 2, station.port : Au plus 65535.")
    settings.file.write_text("[station]\nport = \n", "utf-8")
    with pytest.raises(ConfigError) as refused:
        settings.reload()
    said = FRENCH.refusal(refused.value.message).replace("\u00a0", " ")
    assert said.endswith("comptoir.toml : la ligne 2 ne peut pas être lue.")


def test_what_is_known_already_is_said_as_everywhere() -> None:
    assert FRENCH.refusal("Try again.") == FRENCH.known("Try again.")
    assert FRENCH.refusal("whatever it is") == "whatever it is"
