"""The plan before the script's settings are taken over: every value has its row, and the token is in none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.earlier_env import TEXT, TOKEN

from comptoir import moving_archive
from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config
from comptoir.earlier_archive import VARIABLES, read
from comptoir.moving import Plan, Row
from comptoir.moving_archive import plan, token_of
from comptoir.settings import Settings


def planned(old: str = "", new: str = "", config: Config | None = None) -> Plan:
    assert old in TEXT
    return plan(read(TEXT.replace(old, new).encode() if old else TEXT.encode()), config or Config())


def rows(made: Plan, setting: str) -> list[Row]:
    return [one for one in made.rows if one.setting == setting]


def test_every_setting_has_its_row_and_the_token_is_hidden() -> None:
    made = planned()
    assert {one.setting for one in made.rows} == {*VARIABLES, "description"}
    assert TOKEN not in repr(made)
    (token,) = rows(made, "LAABS_AUTH")
    assert (token.earlier, token.here, token.verdict) == ("••••••", "token_file = laabs.token", "taken")
    assert not made.takes_password


@pytest.mark.parametrize(
    ("old", "new", "setting", "verdict", "here", "note"),
    [
        ("", "", "API_URL", "taken", "destination archives (https://rm.example.com)", ""),
        ("", "", "TEMP_DIR", "not needed", "", moving_archive.TEMPORARY),
        ("", "", "WATCHED_DIR", "not needed", "", moving_archive.REPLACED),
        ("", "", "ARCHIVAL_PROFILE_REFERENCE", "taken", "profile = FACTURE", ""),
        ("", "", "RETENTION_RULE_CODE", "look at it", "retention_rule = COMPTA", moving_archive.RETENTION),
        ("", "", "DESCRIPTION_LEVEL", "look at it", "description_level = item", moving_archive.LEVEL),
        ("", "", "FULL_TEXT_INDEXATION", "differs", "", moving_archive.INDEXED),
        ("=fulltext", "=none", "FULL_TEXT_INDEXATION", "taken", "full_text_indexation = none", ""),
        ("", "", "description", "differs", "", moving_archive.INVENTED),
        (f"'{TOKEN}'", "", "LAABS_AUTH", "look at it", "token_file = laabs.token", moving_archive.ABSENT),
        (TOKEN, "a b", "LAABS_AUTH", "look at it", "token_file = laabs.token", moving_archive.STRANGE),
        ("https://rm", "rm", "API_URL", "look at it", "", moving_archive.ADDRESS),
    ],
)
def test_what_becomes_of_each(old: str, new: str, setting: str, verdict: str, here: str, note: str) -> None:
    (found,) = rows(planned(old, new), setting)
    assert (found.verdict, found.here, found.note) == (verdict, here, note)


def test_each_directory_has_its_row() -> None:
    config = Config(source=(FolderSourceConfig(name="scans", path="/srv/scans/Factures"),))
    found = rows(planned(config=config), "WATCHED_DIRS")
    assert [(one.earlier, one.here, one.note) for one in found] == [
        ("/srv/scans/Factures", "source scans → archives", moving_archive.HERE),
        ("C:\\\\Partage\\Contrats", "source Contrats → archives", moving_archive.EXISTING),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("https://rm", "https://ann:geheim@rm"), ("https://rm", "rm"), ("API_URL", "NONE"), ("WATCHED_DIR", "NONE")],
)
def test_without_an_address_or_a_directory_nothing_is_taken_over(old: str, new: str) -> None:
    made = planned(old, new)
    assert made.edits == ()
    assert all(not one.here for one in made.rows)
    assert "geheim" not in repr(made)


def test_the_token_is_written_where_it_is_one() -> None:
    assert token_of(read(TEXT.encode())) == TOKEN
    assert token_of(read(TEXT.replace(TOKEN, "a b").encode())) == ""


def test_all_of_it_can_be_saved(tmp_path: Path) -> None:
    config = Settings(None, tmp_path, {}).save(planned().edits)
    assert Settings(None, tmp_path, {}).check(plan(read(TEXT.encode()), config).edits) == config
