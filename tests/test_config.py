"""The values of the configuration: what holds where nothing is set."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from comptoir.config import Config, PrinterConfig, default_folder, folder_name, program_data


@pytest.mark.skipif(sys.platform == "win32", reason="there is one for all users there, and no root")
def test_the_folder_is_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert default_folder() == Path("/var/lib/comptoir")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert default_folder().name == "comptoir"


def test_nothing_is_open_to_others_unless_it_is_set() -> None:
    station = Config().station
    assert (station.host, station.allowed_origins, station.allowed_addresses) == ("127.0.0.1", (), ())
    assert not station.network_logs


def test_a_job_without_an_end_never_expires() -> None:
    assert PrinterConfig(name="A", device="virtual:").expires_ms() is None


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"PROGRAMDATA": "D:\\Données", "ALLUSERSPROFILE": "C:\\ProgramData"}, "D:\\Données"),
        ({"PROGRAMDATA": "", "ALLUSERSPROFILE": "D:\\All"}, "D:\\All"),
        ({"SYSTEMDRIVE": "E:"}, "E:\\ProgramData"),
        ({}, "C:\\ProgramData"),
    ],
)
def test_windows_has_a_place_for_all_users_whatever_is_set(environ: dict[str, str], folder: str) -> None:
    assert str(program_data(environ)) == folder


@pytest.mark.parametrize(
    ("name", "folder"),
    [("TICKET", "TICKET"), ("AUX", "_AUX"), ("com1", "_com1"), ("BAR.", "BAR"), ("Bar: 2", "Bar_ 2")],
)
def test_a_printer_may_be_called_what_windows_cannot_call_a_folder(name: str, folder: str) -> None:
    assert folder_name(name, windows=True) == folder
    assert folder_name(name, windows=False) == name
