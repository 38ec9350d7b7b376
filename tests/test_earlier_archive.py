"""The earlier script's file, as people leave such files; and what its settings are here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.earlier_config import TEXT as CONFIG_INI
from tests.peers.earlier_env import TEXT, TOKEN

from comptoir.config import Config
from comptoir.destinations import MaarchConfig
from comptoir.earlier_archive import EarlierArchive, edits_of, is_archive, read, source_names, token_file
from comptoir.settings import Settings

ALL = read(TEXT.encode())


def saved(earlier: EarlierArchive, folder: Path, text: str = "") -> Config:
    (folder / "comptoir.toml").write_text(text, "utf-8")
    ours = Settings(None, folder, {})
    return ours.save(edits_of(earlier, ours.config))


def archive(config: Config) -> MaarchConfig:
    (one,) = config.destination
    assert isinstance(one, MaarchConfig)
    return one


def test_its_file_is_known_by_what_stands_in_it() -> None:
    assert is_archive(TEXT.encode())
    assert is_archive(b"\xef\xbb\xbfexport LAABS_AUTH = x\r\n")
    assert not is_archive(CONFIG_INI.encode())
    assert not is_archive(b"[server]\nAPI_URL=x\n")
    assert not is_archive(b"COMPTOIR_STATION__PORT=1\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_it_is_read_however_it_was_saved(encoding: str) -> None:
    earlier = read(TEXT.replace("Factures", "Reçus").replace("\n", "\r\n").encode(encoding))
    assert earlier.directories == ["/srv/scans/Reçus", "C:\\\\Partage\\Contrats"]
    assert (earlier.url, earlier.token) == ("https://rm.example.com", TOKEN)
    assert "OTHER" not in earlier.variables
    assert TOKEN not in repr(earlier)


@pytest.mark.parametrize(
    "url", ["https://rm.example.com", "https://rm.example.com/", "https://rm.example.com/recordsManagement/archive/"]
)
def test_the_address_may_be_the_one_of_deposits(url: str) -> None:
    assert EarlierArchive({"API_URL": url}).url == "https://rm.example.com"


def test_a_usual_installation_moves_in(tmp_path: Path) -> None:
    config = saved(ALL, tmp_path)
    assert archive(config) == MaarchConfig(
        name="archives", url="https://rm.example.com", token_file="laabs.token", profile="FACTURE",
        service_level="serviceLevel_002", retention_rule="COMPTA", description_class="recordsManagement/log",
        description_level="item", archive_name="{name}", final_disposition="preservation", file_plan_level="item",
    )  # fmt: skip
    assert [(one.name, one.path, one.recursive, one.existing, one.ignore) for one in config.source] == [
        ("Factures", "/srv/scans/Factures", True, "ignore", ("*~",)),
        ("Contrats", "C:\\\\Partage\\Contrats", True, "ignore", ("*~",)),
    ]
    assert [(one.source, one.to, one.original) for one in config.route] == [
        ("Factures", ("archives",), "keep"), ("Contrats", ("archives",), "keep"),
    ]  # fmt: skip
    assert TOKEN not in (tmp_path / "comptoir.toml").read_text("utf-8")


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    config = saved(ALL, tmp_path)
    text = (tmp_path / "comptoir.toml").read_text("utf-8")
    assert saved(ALL, tmp_path, text) == config
    assert (tmp_path / "comptoir.toml").read_text("utf-8") == text


def test_what_is_here_stays_and_is_used(tmp_path: Path) -> None:
    text = """# ours
[[printer]]
name = "archives"
device = "virtual:"

[[source]] # scans
kind = "folder"
name = "Factures"
path = "/elsewhere"

[[destination]]
kind = "folder"
name = "copies"
path = "/copies"

[[destination]] # another archive
kind = "maarch"
name = "old"
url = "https://old.example.com"
token_file = "laabs.token"

[destination.description]
title = "{name}" # as it is called
"""
    config = saved(ALL, tmp_path, text)
    assert [one.name for one in config.source] == ["Factures", "Factures-2", "Contrats"]
    assert [one.name for one in config.destination] == ["copies", "old", "archives-2"]
    assert [getattr(one, "token_file", "") for one in config.destination] == ["", "laabs.token", "laabs-2.token"]
    assert [one.to for one in config.route] == [("archives-2",)] * 2
    written = (tmp_path / "comptoir.toml").read_text("utf-8")
    rest = iter(written.splitlines())
    assert all(line in rest for line in text.splitlines()), "every line is there, in its order"


def test_an_archive_that_is_here_already_gets_what_differs(tmp_path: Path) -> None:
    text = """[[destination]]
kind = "maarch"
name = "rm"
url = "https://rm.example.com/recordsManagement/archive"
token_file = "mine.token"
profile = "OTHER" # to change

[destination.description] # ours
title = "{name}"

[[source]]
kind = "folder"
name = "scans"
path = "/srv/scans/Factures"
"""
    config = saved(ALL, tmp_path, text)
    one = archive(config)
    assert (one.name, one.profile, one.token_file, one.description) == (
        "rm",
        "FACTURE",
        "mine.token",
        {"title": "{name}"},
    )
    assert token_file(ALL, config) == "mine.token"
    assert source_names(ALL, config) == {"/srv/scans/Factures": "scans", "C:\\\\Partage\\Contrats": "Contrats"}
    assert [one.source for one in config.route] == ["scans", "Contrats"]
    written = (tmp_path / "comptoir.toml").read_text("utf-8")
    assert 'profile = "FACTURE" # to change' in written
    assert "[destination.description] # ours" in written


def test_its_older_version_knew_one_directory_and_called_archives_as_it(tmp_path: Path) -> None:
    config = saved(read(TEXT.replace("WATCHED_DIRS=", "NONE=").encode()), tmp_path)
    assert [one.name for one in config.source] == ["entrant"]
    assert archive(config).archive_name == "{source}"


def test_full_text_indexation_is_taken_where_the_archive_knows_the_word(tmp_path: Path) -> None:
    config = saved(read(TEXT.replace("=fulltext", "=requested").encode()), tmp_path)
    assert archive(config).full_text_indexation == "requested"


@pytest.mark.parametrize("path", ["/", "C:\\", "..", ".", "/a/..", "//server/share/"])
def test_every_directory_has_a_name(path: str) -> None:
    (name,) = source_names(EarlierArchive({"WATCHED_DIRS": path}), Config()).values()
    assert name == ("share" if "share" in path else "dossier")


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    for whole in (data, TEXT.encode() + data, b"WATCHED_DIRS=" + data):
        is_archive(whole)
        edits_of(read(whole), Config())
