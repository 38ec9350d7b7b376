"""Between pages and settings: all or nothing, applied, noted without values; a restart leaves time for the answer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.peers.owner import SHOP, Counter, Owner
from tests.peers.watch import eventually

from comptoir.config import Config, PrinterConfig
from comptoir.core.errors import ConfigError, UnknownName
from comptoir.settings import Append, Set, WrongField
from comptoir.station import configuring
from comptoir.station.configuring import Configuring, check_printers


@pytest.fixture
async def configured(tmp_path: Path) -> Any:
    async with Counter(tmp_path, SHOP) as owner:
        yield owner


async def test_what_was_saved_is_noted_by_key_and_never_by_value(configured: Owner) -> None:
    station: Configuring = configured.station.configuring
    await station.save([Set(("drawer", "pulse"), "1b7000"), Set(("language",), "en")], "owner", "192.168.1.9")
    (note,) = configured.notes("settings-changed")
    assert note == {"keys": ["language", "drawer.pulse"], "user": "owner", "host": "192.168.1.9"}
    assert station.waiting == ("drawer.pulse",)
    assert configured.station._config.language == "en", "what can applies at once"


async def test_one_wrong_edit_and_none_is_saved(configured: Owner) -> None:
    before = configured.toml
    with pytest.raises(WrongField) as refused:
        await configured.station.configuring.save(
            [Set(("language",), "en"), Append("printer", {"name": "X", "device": "virtual:", "profile": "nil"})], "", ""
        )
    assert refused.value.key == "printer[2].profile"
    assert configured.toml == before
    assert configured.notes("settings-changed") == []


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"profile": "TM-T2000"}, "profile"),
        ({"language": "latin"}, "language"),
        ({"device": "pigeon:"}, "device"),
        ({"device": "socket://host:port"}, "device"),
        ({"columns": 100}, "columns"),
    ],
)
def test_a_printer_that_could_not_be_set_up_at_the_next_start_is_refused_now(given: dict[str, Any], key: str) -> None:
    good = PrinterConfig(name="A", device="virtual:")
    bad = PrinterConfig(**{"name": "B", "device": "virtual:", **given})
    check_printers(Config(printer=(good,)))
    with pytest.raises(WrongField) as refused:
        check_printers(Config(printer=(good, bad)))
    assert refused.value.key == f"printer[1].{key}"


async def test_a_station_without_a_file_shows_its_settings_and_changes_none(tmp_path: Path) -> None:
    async with Counter(tmp_path, SHOP) as owner:
        station = owner.station
        station.settings = None
        bare = station._settings()
        assert bare.config is station._config
        assert (bare.fixed, bare.waiting) == ({}, ())
        await bare.check([])
        with pytest.raises(ConfigError):
            await bare.save([Set(("language",), "en")], "", "")


async def test_a_restart_is_noted_and_comes_after_the_answer(
    configured: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configuring, "FAREWELL", 0)
    station: Configuring = configured.station.configuring
    assert station.restartable
    await station.restart("owner", "127.0.0.1")
    assert configured.restarted == [], "whoever asked has an answer first"
    await eventually(lambda: configured.restarted)
    assert configured.notes("restart-asked") == [{"user": "owner", "host": "127.0.0.1"}]


async def test_a_station_that_cannot_restart_itself_says_so(tmp_path: Path) -> None:
    async with Counter(tmp_path, SHOP) as owner:
        owner.station.restart = None
        bare = owner.station._settings()
        assert not bare.restartable
        with pytest.raises(ConfigError):
            await bare.restart("", "")


async def test_the_link_to_the_hub_is_forgotten(configured: Owner) -> None:
    folder = configured.file.parent
    for name in ("relay.token", "relay.json"):
        (folder / name).write_text('{"url": "ws://127.0.0.1:9/relay"}')
    await configured.station._linking.connect()
    assert configured.station.desk.link.url
    await configured.station.configuring.unlink("owner", "127.0.0.1")
    assert not (folder / "relay.token").exists()
    assert not configured.station.desk.link.url
    assert configured.notes("unlinked") == [{"user": "owner", "host": "127.0.0.1"}]


async def test_one_search_at_a_time_and_none_by_itself(configured: Owner) -> None:
    setup = configured.station.configuring.setup
    assert setup.search is None
    asked = asyncio.Event()

    def nothing() -> dict[str, list[str]]:
        asked.set()
        return {}

    setup._ways = configuring.Ways(nothing, None, list)
    setup.begin_search()
    first = setup.search
    setup.begin_search()
    assert setup.search is first
    await first.ended()
    assert asked.is_set()
    setup.begin_search()
    assert setup.search is not first
    await setup.end_search()


async def test_a_test_is_printed_on_saved_printers_only(configured: Owner) -> None:
    setup = configured.station.configuring.setup
    number = setup.begin_trial("virtual:", "escpos")
    with pytest.raises(UnknownName):
        await setup.print_test(number, ["Bonjour"], "", "")
    with pytest.raises(UnknownName):
        await setup.print_test(number + 1, ["Bonjour"], "", "")
