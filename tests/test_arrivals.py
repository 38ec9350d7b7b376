"""The configuration of sources: one struct a kind."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from comptoir.arrivals import FolderSourceConfig, SourceConfig
from comptoir.config_file import load
from comptoir.core.errors import ConfigError
from comptoir.sources import CAPTURING, SOURCES

KINDS = {str(one.__struct_config__.tag) for one in SourceConfig.__args__}


def test_each_kind_has_its_implementation() -> None:
    assert {*CAPTURING, *SOURCES} - {"relay"} == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS - {"folder"}))
def test_a_source_that_captures_needs_a_name_only(kind: str, tmp_path: Path) -> None:
    (tmp_path / "comptoir.toml").write_text(f'[[source]]\nkind = "{kind}"\nname = "audit"\n')
    (source,) = load(None, tmp_path, {}).source
    assert source.name == "audit"
    assert source.__struct_config__.tag == kind


def test_folders_are_those_that_watch_one(tmp_path: Path) -> None:
    text = '[[source]]\nkind = "folder"\nname = "in"\npath = "/in"\n[[source]]\nkind = "lpd"\nname = "audit"\n'
    (tmp_path / "comptoir.toml").write_text(text)
    config = load(None, tmp_path, {})
    assert config.folders == (FolderSourceConfig(name="in", path="/in"),)


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ('kind = "fax"\nname = "a"', "source"),
        ('kind = "ipp_printer"\nname = "archive"', "source[0].name"),
        ('kind = "ipp_printer"\nname = "a"\nlargest = "many"', "source[0].largest"),
        ('kind = "ipp_printer"\nname = "a"\nuser = "anna"', "source[0].user"),
        ('kind = "port9100"\nname = "a"\nidle = "soon"', "source[0].idle"),
        ('kind = "lpd"\nname = "a"\nport = 700\n[[source]]\nkind = "port9100"\nname = "b"\nport = 700', "already"),
    ],
)
def test_what_is_wrong_is_named(lines: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "comptoir.toml").write_text(f"[[source]]\n{lines}\n")
    with pytest.raises(ConfigError) as caught:
        load(None, tmp_path, {})
    assert what in caught.value.sentences


def test_a_kind_is_told_apart_by_its_name() -> None:
    found = msgspec.convert({"kind": "folder", "name": "a", "path": "/a"}, SourceConfig)
    assert isinstance(found, FolderSourceConfig)
