"""The values of the configuration: what holds where nothing is set."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.config import Config, PrinterConfig, default_folder


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
