"""Where a command works."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from comptoir.cli.place import configuration, configuration_file, data_folder, here
from comptoir.core.errors import ConfigError


def options(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{"data": None, "config": None, **given})


def test_the_folder_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/anna")
    assert data_folder(options(data=Path("mine"))) == tmp_path / "mine"
    assert data_folder(options(data=Path("~/mine"))) == Path("/home/anna/mine")
    assert data_folder(options()).is_absolute()


def test_the_configuration_is_in_the_folder_unless_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "comptoir.toml").write_text('language = "en"')
    (tmp_path / "other.toml").write_text('retention = "1 day"')
    assert configuration(options(), tmp_path).language == "en"
    assert configuration(options(config=tmp_path / "other.toml"), tmp_path).retention == "1 day"
    assert configuration_file(options()) is None
    monkeypatch.setenv("HOME", str(tmp_path))
    assert configuration_file(options(config=Path("~/other.toml"))) == tmp_path / "other.toml"
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    monkeypatch.setenv("COMPTOIR_LOG", "DEBUG")
    assert configuration(options(), tmp_path).language == "fr", "and the variable of the log is no key"
    with pytest.raises(ConfigError):
        configuration(options(config=tmp_path / "none.toml"), tmp_path)
    monkeypatch.setenv("COMPTOIR_NONSENSE", "1")
    with pytest.raises(ConfigError, match="COMPTOIR_NONSENSE"):
        configuration(options(), tmp_path)


def test_a_home_is_expanded_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.toml").write_text('language = "en"')
    assert configuration(options(config=Path("~/mine.toml")), tmp_path / "data").language == "en"
    for given in (options(data=Path("~nobody-of-this-name/x")), options(config=Path("~nobody-of-this-name/x"))):
        with pytest.raises(ConfigError, match="no user") as caught:
            configuration(given, data_folder(given))
        assert caught.value.hint


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("fd00::2", "[fd00::2]"),
        ("192.168.1.5", "192.168.1.5"),
    ],
)
def test_where_a_service_is_found_on_this_machine(host: str, address: str) -> None:
    assert here(host) == address
