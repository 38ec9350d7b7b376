"""Where a command works."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from comptoir.cli.place import configuration, data_folder
from comptoir.core.errors import ConfigError


def options(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{"data": None, "config": None, **given})


def test_the_folder_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/anna")
    assert data_folder(options(data=Path("mine"))) == tmp_path / "mine"
    assert data_folder(options(data=Path("~/mine"))) == Path("/home/anna/mine")
    assert data_folder(options()).is_absolute()


def test_the_configuration_is_in_the_folder_unless_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "comptoir.toml").write_text('language = "en"')
    (tmp_path / "other.toml").write_text('retention = "1 day"')
    assert configuration(options(), tmp_path).language == "en"
    assert configuration(options(config=tmp_path / "other.toml"), tmp_path).retention == "1 day"
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    monkeypatch.setenv("COMPTOIR_LOG", "DEBUG")
    assert configuration(options(), tmp_path).language == "fr", "and the variable of the log is no key"
    with pytest.raises(ConfigError):
        configuration(options(config=tmp_path / "none.toml"), tmp_path)
