"""What is refused of a destination is said in French, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from comptoir.settings import Set, Settings, WrongField
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))
ARCHIVE = '[[destination]]\nkind="maarch"\nname="a"\nurl="https://rm.example.com"\ntoken_file="t"\n'


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("url", "rm", "« rm » n’est pas une adresse comme https://rm.example.com."),
        ("url", "https://a:b@rm", "ni utilisateur ni mot de passe"),
        ("archive_name", "{nom}", "Il n’y a pas de champ « nom ». Champs connus : date"),
        ("archive_name", "{", "Il y a un « { » seul"),
        ("archive_name", "{date:%A}", "Un moment s’écrit avec %Y %m %d"),
        ("archive_name", "{name:%Y}", "Un moment s’écrit avec %Y %m %d"),
        ("archive_name", "{name|upper}", "« upper » n’est pas un filtre"),
        ("description", {"titre": "{nom}"}, "Il n’y a pas de champ « nom »."),
        ("extract", {"a": "x"}, "a : dites où chercher"),
        ("extract", {"é": "name: x"}, "« é » n’est pas un nom de champ"),
        ("extract", {"name": "name: x"}, "« name » est déjà un champ"),
        ("extract", {"a": "text: (a+)+"}, "a : cette expression pourrait prendre trop de temps"),
    ],
)
def test_what_is_refused_is_said_in_french(tmp_path: Path, key: str, value: Any, said: str) -> None:
    (tmp_path / "comptoir.toml").write_text(ARCHIVE, "utf-8")
    with pytest.raises(WrongField) as refused:
        Settings(None, tmp_path, {}).check([Set(("destination", "a", key), value)])
    assert said in FRENCH.refusal(refused.value.sentence).replace("\u00a0", " ").replace("\u202f", " ")
