"""Who watches over the process: signals reach it, systemd hears of it, and nobody is no reason to fail."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from comptoir.cli.supervisor import Outside
from comptoir.config import Config

posix = pytest.mark.skipif(sys.platform == "win32", reason="sockets and signals of POSIX")


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_asks_for_the_end(number: signal.Signals) -> None:
    asked = asyncio.Event()
    Outside().hear(asked.set)
    os.kill(os.getpid(), number)
    async with asyncio.timeout(10):
        await asked.wait()


@posix
@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_hears_of_start_and_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool) -> None:
    name = f"@comptoir-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{name[1:]}" if abstract else name)
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        supervisor = Outside()
        supervisor.started(Config())
        assert manager.recv(100) == b"READY=1"
        supervisor.ending()
        assert manager.recv(100) == b"STOPPING=1"
        supervisor.ended(0)


def test_a_manager_that_is_gone_keeps_nothing_from_working(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    Outside().started(Config())
    monkeypatch.delenv("NOTIFY_SOCKET")
    Outside().started(Config())


@pytest.mark.skipif(sys.platform != "win32", reason="signals of Windows' console")
async def test_ctrl_break_asks_for_the_end() -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    Outside().hear(lambda: loop.call_soon_threadsafe(asked.set))
    signal.raise_signal(signal.SIGBREAK)  # type: ignore[attr-defined]
    async with asyncio.timeout(10):
        await asked.wait()
