"""The driver's process from the outside: asked, refused, crashed, hanging, ended. The process is a real one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from comptoir.windows.driver import Request, packed
from comptoir.windows.driver_process import Died, DriverProcess, Said

LOOK = packed(Request(task="look", printer="OFFICE"))


def process(folder: Path, trouble: str = "", patience: float = 30) -> DriverProcess:
    return DriverProcess((sys.executable, "-m", "tests.peers.driver", str(folder), trouble), patience)


async def test_it_answers_and_ends_with_its_document(tmp_path: Path) -> None:
    async with process(tmp_path) as one:
        answer = await one.ask(LOOK)
        assert answer.can is not None
        assert (await one.ask(packed(Request(task="begin", title="x")))).job == 12
        inner = one._process
    assert inner is not None
    assert inner.returncode == 0
    assert (tmp_path / "asked").read_text().splitlines() == ["look OFFICE", "begin x", "abort"]


async def test_what_windows_refuses_has_its_number(tmp_path: Path) -> None:
    async with process(tmp_path, "look") as one:
        with pytest.raises(Said, match="Access is denied") as caught:
            await one.ask(LOOK)
        assert caught.value.error == 5


async def test_a_driver_that_crashes(tmp_path: Path) -> None:
    async with process(tmp_path, "crash-look") as one:
        with pytest.raises(Died, match="crashed"):
            await one.ask(LOOK)
        with pytest.raises(Died):
            await one.ask(LOOK)


async def test_a_driver_that_hangs_is_ended(tmp_path: Path) -> None:
    async with process(tmp_path, "slow-look", 0.5) as one:
        with pytest.raises(Died, match="longer than"):
            await one.ask(LOOK)
        inner = one._process
    assert inner is not None
    assert inner.returncode not in (0, None)


async def test_a_program_that_is_not_there() -> None:
    with pytest.raises(Died, match="no process"):
        async with DriverProcess(("/nowhere/python",)):
            pass


async def test_it_knows_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_TOKEN", "secret")
    monkeypatch.setattr("comptoir.windows.driver_process.command", lambda module: (sys.executable, "-c", SHOW, module))
    async with DriverProcess() as one:
        inner = one._process
        assert inner is not None
        assert inner.stdout is not None
        assert (await inner.stdout.read()).split() == [b"[]", b"comptoir.windows.driver_main"]


SHOW = "import os, sys; print([name for name in os.environ if name.startswith('COMPTOIR_')], sys.argv[1])"
