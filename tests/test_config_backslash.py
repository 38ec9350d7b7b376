"""Backslashes between double quotes: said in words, and never read as something else without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.config_backslash import HINT, SENTENCE, broken_values
from comptoir.config_check import WrongField
from comptoir.config_file import load
from comptoir.core.errors import ConfigError

FOLDER = '[[source]]\nkind = "folder"\nname = "a"\npath = '


def written(folder: Path, text: str) -> ConfigError | None:
    (folder / "comptoir.toml").write_bytes(text.encode())
    try:
        load(None, folder, {})
    except ConfigError as error:
        return error
    return None


@pytest.mark.parametrize(
    "path", [r'"D:\Unités\Public"', r'"C:\Windows"', r'"D:\Bons"', r'"C:\temp\"', r'"\\nas\Scan"  # "x"']
)
def test_what_toml_refuses_is_said_in_words(tmp_path: Path, path: str) -> None:
    error = written(tmp_path, f'{FOLDER}{path}\nmatch = ["*.pdf"]\n')
    assert error is not None
    assert (error.message, error.hint) == (f"{tmp_path / 'comptoir.toml'}, line 4: {SENTENCE}", HINT)


@pytest.mark.parametrize("path", [r'"C:\temp\new"', r'"D:\bons"', r'"\\nas\fax"', r'"\\\\nas\fax"'])
def test_what_toml_reads_as_something_else_is_said_too(tmp_path: Path, path: str) -> None:
    error = written(tmp_path, f"{FOLDER}{path}\n")
    assert isinstance(error, WrongField)
    assert (error.key, error.sentence, error.hint) == ("source[0].path", SENTENCE, HINT)
    assert "line 4" in error.message


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (r'[[printer]]' + "\n" + r'name = "A"' + "\n" + r'device = "file:///C:\temp"', "printer[0].device"),
        (r'[station]' + "\n" + r'certificate = "C:\new.crt"', "station.certificate"),
    ],
)  # fmt: skip
def test_devices_and_certificates_are_paths_too(tmp_path: Path, table: str, key: str) -> None:
    error = written(tmp_path, table)
    assert isinstance(error, WrongField)
    assert (error.key, error.sentence) == (key, SENTENCE)


def test_a_variable_in_the_file_beside_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b'COMPTOIR_STATION__CERTIFICATE="C:\\temp\\new.pem"\n')
    error = written(tmp_path, "")
    assert error is not None
    assert error.message.startswith("the variable COMPTOIR_STATION__CERTIFICATE in the file .env: station.certificate")


def test_lines_of_a_letter_are_no_path() -> None:
    assert list(broken_values({"destination": [{"text": "T: 05 61 00 00 00\nM: 06"}]})) == []
    assert list(broken_values({"destination": [{"path": "C:/Bons\new"}]})) == ["$.destination[0].path"]


@pytest.mark.parametrize("path", [r"'C:\temp\new'", r'"C:\\temp\\new"', '"C:/temp/new"', r"'\\nas\fax'"])
def test_what_is_right_is_read_as_it_is_meant(tmp_path: Path, path: str) -> None:
    assert written(tmp_path, f"{FOLDER}{path}\n") is None


@pytest.mark.parametrize("text", ["[station]\nport = 22548 22549", 'x = "C:/a', "[station", 'name = "a\\u12"'])
def test_other_mistakes_keep_their_own_words(tmp_path: Path, text: str) -> None:
    error = written(tmp_path, text)
    assert error is not None
    assert SENTENCE not in error.message or "\\" in text
