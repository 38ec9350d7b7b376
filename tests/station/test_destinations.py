"""Sinks from the configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.clock import FakeClock

from comptoir.core.errors import ConfigError
from comptoir.destinations import DestinationConfig, EmailConfig, FolderConfig, HttpConfig, MaarchConfig
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import DESTINATIONS
from comptoir.station.destinations import assemble


async def test_each_has_a_sink_of_its_kind(tmp_path: Path) -> None:
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    configs: tuple[DestinationConfig, ...] = (
        FolderConfig(name="copies", path=str(tmp_path)),
        HttpConfig(name="service", url="http://127.0.0.1:9/"),
        MaarchConfig(name="archives", url="http://127.0.0.1:9", token_file="token"),
    )
    sinks = assemble(configs, journal, tmp_path, FakeClock())
    assert list(sinks) == ["copies", "service", "archives"]
    for sink in sinks.values():
        assert isinstance(sink.repeatable, bool)
        await sink.close()
    await journal.close()


async def test_what_is_not_installed_stops_the_start_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    monkeypatch.setitem(DESTINATIONS, "email", "no_such_library:make")
    mail = EmailConfig(name="mail", host="smtp.example.com", sender="a@example.com", to=("b@example.com",))
    with pytest.raises(ConfigError, match="the destination mail cannot be used here") as refused:
        assemble((mail,), journal, tmp_path, FakeClock())
    assert refused.value.hint == "Install it with: pip install comptoir[email]"
    await journal.close()
