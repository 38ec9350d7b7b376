"""The life of services: started anew with another configuration, or with the earlier one where that cannot be."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from comptoir.cli import running
from comptoir.cli.running import Life, Service
from comptoir.clock import SystemClock
from comptoir.config import Config
from comptoir.core.errors import ConfigError
from comptoir.settings import Set, Settings
from comptoir.station.app import Station

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")


class Recorded:
    """A service that tells what becomes of it."""

    def __init__(self, told: list[str], name: str) -> None:
        self._told = told
        self._name = name

    async def start(self) -> None:
        self._told.append(f"start {self._name}")

    async def stop(self) -> None:
        self._told.append(f"stop {self._name}")


class Shop:
    """Services whose name is the station's; `refuses` cannot be started."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(None, folder, {})
        self.told: list[str] = []
        self.refuses: Exception | None = None

    async def start(self, config: Config, life: Life) -> Sequence[Service]:
        service = Recorded(self.told, config.station.name)
        if self.refuses is not None and config.station.name != "caisse-1":
            self.told.append(f"refuse {config.station.name}")
            raise self.refuses
        await service.start()
        self.service = service
        return [service]

    def rename(self, name: str) -> None:
        self.settings.save([Set(("station", "name"), name)])

    async def told_of(self, words: str) -> None:
        async with asyncio.timeout(10):
            while words not in self.told:
                await asyncio.sleep(0)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


@pytest.fixture(autouse=True)
def nobody_ends_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_end_anyway", lambda supervisor: None)


async def test_it_is_started_anew_with_what_was_saved(shop: Shop) -> None:
    life = Life(shop.start, shop.settings)
    running_life = asyncio.create_task(life.run())
    await shop.told_of("start caisse-1")
    shop.rename("bar")
    assert shop.settings.needs_restart() == ("station.name",)
    life.restart()
    await shop.told_of("start bar")
    assert shop.settings.needs_restart() == ()
    send(signal.SIGTERM)
    assert await running_life == 0
    assert shop.told == ["start caisse-1", "stop caisse-1", "start bar", "stop bar"]


@pytest.mark.parametrize("error", [ConfigError("the port is taken", "Choose another."), OSError("no"), ValueError("x")])
async def test_what_cannot_start_leaves_the_earlier_one_and_says_why(
    shop: Shop, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    life = Life(shop.start, shop.settings)
    running_life = asyncio.create_task(life.run())
    await shop.told_of("start caisse-1")
    shop.refuses = error
    shop.rename("bar")
    life.restart()
    await shop.told_of("refuse bar")
    shop.told.remove("start caisse-1")
    await shop.told_of("start caisse-1")
    await asyncio.sleep(0)
    assert str(error) in life.trouble
    assert "could not start anew" in caplog.text
    assert shop.settings.config.station.name == "bar", "what was saved stays saved"
    assert shop.settings.needs_restart() == ("station.name",)
    shop.refuses = None
    life.restart()
    await shop.told_of("start bar")
    assert life.trouble == ""
    send(signal.SIGTERM)
    assert await running_life == 0


async def test_a_file_that_was_spoilt_stops_nothing(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    life = Life(shop.start, shop.settings)
    running_life = asyncio.create_task(life.run())
    await shop.told_of("start caisse-1")
    shop.settings.file.write_text("[station]\nport = 'x'\n", "utf-8")
    life.restart()
    async with asyncio.timeout(10):
        while not life.trouble:
            await asyncio.sleep(0)
    assert "line 2: station.port" in life.trouble
    assert shop.told == ["start caisse-1"]
    send(signal.SIGINT)
    assert await running_life == 0


async def test_a_start_that_fails_altogether_is_raised(shop: Shop) -> None:
    life = Life(shop.start, shop.settings)
    running_life = asyncio.create_task(life.run())
    await shop.told_of("start caisse-1")
    shop.rename("bar")

    async def refuse(config: Config, life: Life) -> Sequence[Service]:
        raise ConfigError(f"{config.station.name} is refused")

    life._start = refuse
    life.restart()
    with pytest.raises(ConfigError, match="caisse-1 is refused"):
        await running_life


async def test_a_signal_ends_the_wait_for_a_printer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    finishing = asyncio.Event()

    async def finished(services: Sequence[Service]) -> None:
        finishing.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(running, "_finished", finished)
    life = Life(shop.start, shop.settings)
    running_life = asyncio.create_task(life.run())
    await shop.told_of("start caisse-1")
    life.restart()
    await finishing.wait()
    send(signal.SIGTERM)
    assert await running_life == 0
    assert shop.told == ["start caisse-1", "stop caisse-1"]


async def test_a_signal_while_it_stops_ends_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    life = Life(shop.start, shop.settings)
    running_life = asyncio.create_task(life.run())
    await shop.told_of("start caisse-1")
    stop = shop.service.stop

    async def stop_slowly() -> None:
        send(signal.SIGTERM)
        await life._stopping.wait()
        await stop()

    monkeypatch.setattr(shop.service, "stop", stop_slowly)
    life.restart()
    assert await running_life == 0
    assert shop.told == ["start caisse-1", "stop caisse-1"]


async def test_a_printer_that_does_not_finish_keeps_nobody_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(running, "FINISHING", 0.01)
    station = Station(Config(), tmp_path, SystemClock())

    async def never() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(station, "finish", never)
    await running._finished([station])
    assert "a printer did not finish in time" in caplog.text


async def test_a_station_shows_why_the_restart_was_none(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(None, tmp_path, {})
        settings.save([Set(("station", "port"), 0)])
        stations: list[Station] = []
        started = asyncio.Event()

        async def start(config: Config, life: Life) -> Sequence[Service]:
            station = Station(config, tmp_path, SystemClock(), settings=settings, restart=life.restart)
            station.restart_trouble = life.trouble
            await station.start()
            stations.append(station)
            started.set()
            return [station]

        running_life = asyncio.create_task(Life(start, settings).run())
        await started.wait()
        settings.save([Set(("station", "port"), taken.getsockname()[1])])
        started.clear()
        assert stations[0].restart is not None
        stations[0].restart()
        await started.wait()
        assert "in use by another program" in stations[1].restart_trouble
        settings.file.write_text("port =", "utf-8")
        assert stations[1].restart is not None
        stations[1].restart()
        async with asyncio.timeout(10):
            while "comptoir.toml" not in stations[1].restart_trouble:
                await asyncio.sleep(0)
        send(signal.SIGTERM)
        assert await running_life == 0


async def test_a_certificate_that_has_gone_stops_no_service(tmp_path: Path) -> None:
    """Neither the new configuration nor the earlier one could start without it."""
    settings = Settings(None, tmp_path, {})
    settings.save([Set(("station", "port"), 0)])

    async def start(config: Config, life: Life) -> Sequence[Service]:
        station = Station(config, tmp_path, SystemClock(), settings=life.settings, restart=life.restart)
        await station.start()
        started.append(station)
        return [station]

    started: list[Station] = []
    life = Life(start, settings)
    running_life = asyncio.create_task(life.run())
    async with asyncio.timeout(20):
        while not started:
            await asyncio.sleep(0)
        settings.save([Set(("station", "certificate"), "gone.crt"), Set(("station", "private_key"), "gone.key")])
        life.restart()
        while not life.trouble:
            await asyncio.sleep(0)
    assert "gone.crt cannot be read" in started[0].restart_trouble
    assert len(started) == 1, "it was never stopped"
    send(signal.SIGTERM)
    assert await running_life == 0
