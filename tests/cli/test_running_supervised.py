"""The life of services and who watches over it: told of each start and of the end, heard from any thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from comptoir.cli import running
from comptoir.cli.running import Life, Service
from comptoir.config import Config
from comptoir.core.errors import ConfigError
from comptoir.settings import Set, Settings


class Watching:
    """A supervisor that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.ask: Callable[[], None] = lambda: None

    def hear(self, ask: Callable[[], None]) -> None:
        self.ask = ask
        self.told.append("hear")

    def started(self, config: Config) -> None:
        self.told.append(f"started {config.station.name}")

    def ending(self) -> None:
        self.told.append("ending")

    def ended(self, code: int) -> None:
        self.told.append(f"ended {code}")


async def nothing(config: Config, life: Life) -> Sequence[Service]:
    return []


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(None, tmp_path, {})


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)


async def test_it_is_told_of_each_start_and_of_the_end(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_end_anyway", lambda supervisor: None)
    watching = Watching()
    life = Life(nothing, settings, watching)
    living = asyncio.create_task(life.run())
    await until(lambda: "started caisse-1" in watching.told)
    settings.save([Set(("station", "name"), "caisse-2")])
    life.restart()
    await until(lambda: "started caisse-2" in watching.told)
    thread = threading.Thread(target=watching.ask)
    thread.start()
    assert await living == 0
    thread.join()
    assert watching.told == ["hear", "started caisse-1", "started caisse-2", "ending"]


async def test_asked_again_and_after_the_end_nothing_happens(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[object] = []
    monkeypatch.setattr(running, "_end_anyway", ends.append)
    watching = Watching()
    living = asyncio.create_task(Life(nothing, settings, watching).run())
    await until(lambda: len(watching.told) == 2)
    watching.ask()
    watching.ask()
    assert await living == 0
    await asyncio.sleep(0)
    assert ends == [watching]


def test_asked_when_all_is_over_it_is_silent(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_end_anyway", lambda supervisor: None)
    watching = Watching()

    async def live() -> None:
        living = asyncio.create_task(Life(nothing, settings, watching).run())
        await until(lambda: len(watching.told) == 2)
        watching.ask()
        await living

    asyncio.run(live())
    watching.ask()


async def test_a_start_that_fails_is_no_start(settings: Settings) -> None:
    async def fails(config: Config, life: Life) -> Sequence[Service]:
        raise ConfigError("the port is taken")

    watching = Watching()
    with pytest.raises(ConfigError):
        await Life(fails, settings, watching).run()
    assert watching.told == ["hear"]


def test_what_does_not_stop_is_ended_and_the_supervisor_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    watching, over = Watching(), threading.Event()

    def end(code: int) -> None:
        watching.told.append(f"exit {code}")
        over.set()

    monkeypatch.setattr(running, "LONGEST_STOP", 0.01)
    monkeypatch.setattr(running.logging, "shutdown", lambda: None)
    monkeypatch.setattr(running.os, "_exit", end)
    running._end_anyway(watching)
    assert over.wait(10)
    assert watching.told == ["ended 0", "exit 0"]
