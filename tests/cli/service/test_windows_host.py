"""What the service manager of Windows starts; that it does is shown under Wine (tests/journeys/wine)."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from comptoir.cli import services
from comptoir.cli.service import acting, windows_host
from comptoir.cli.service.managers import MAIN
from comptoir.cli.service.plan import Run
from comptoir.cli.service.windows_host import (
    RUNNING,
    START_PENDING,
    STOP_PENDING,
    STOPPED,
    Hosted,
    arguments_parser,
    carry_out,
)
from comptoir.config import Config, StationConfig
from comptoir.core.errors import ConfigError, JournalError


def test_started_by_hand_it_says_who_starts_it() -> None:
    command = [sys.executable, "-I", str(MAIN), "--service", "station", "--data", "x"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "comptoir service start" in done.stderr


def test_it_can_be_tried(tmp_path: Path) -> None:
    command = [sys.executable, "-I", str(MAIN), "--service", "--check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_environment_is_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "Lib" / "site-packages"
    (packages / "win32").mkdir(parents=True)
    (packages / "pywin32.pth").write_text("win32\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "executable", "base")
    windows_host._enter(tmp_path)
    assert {str(packages), str(packages / "win32")} <= set(sys.path)
    assert sys.executable == str(tmp_path / "Scripts" / "python.exe"), "its children are of the environment"


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    monkeypatch.setattr(windows_host, "tell_windows", lambda: None)
    return arguments_parser().parse_args(["station", "--data", "x"])


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError("line 3 is wrong", "Correct it."), 2, "the service cannot start: line 3 is wrong. Correct it."),
        (JournalError("the disk is full"), 1, "the service cannot start: the disk is full"),
        (RuntimeError("a mistake of ours"), 1, "the service has failed"),
    ],
)
def test_why_it_does_not_run_is_said(
    options: argparse.Namespace,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    code: int,
    words: str,
) -> None:
    def station(options: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(services, "station", station)
    assert carry_out(options) == code
    assert words in caplog.text
    assert ("Traceback" in caplog.text) == isinstance(error, RuntimeError)


def test_it_ends_as_its_role_does(options: argparse.Namespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "station", lambda options: 0)
    assert carry_out(options) == 0


def test_the_firewall_is_told_each_time_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    monkeypatch.setitem(acting._DO, Run, lambda step: told.append(step.shown))
    caplog.set_level("INFO")
    options = arguments_parser().parse_args(["station", "--data", str(tmp_path)])
    windows_host.arrange(Config(), options)
    assert [line.split()[3] for line in told] == ["delete"], "closed: what an earlier start has opened"
    windows_host.arrange(Config(station=StationConfig(host="0.0.0.0", port=22000)), options)
    assert [line.split()[3] for line in told] == ["delete", "delete", "add"]
    assert "localport=22000" in told[-1]
    assert "22000" in caplog.text


class Spoken:
    """The manager's side: what it was told, and how the process ended."""

    def __init__(self, options: argparse.Namespace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[tuple[int, ...]] = []
        self.hosted = Hosted(options, lambda *what: self.told.append(what))
        monkeypatch.setattr(windows_host.logging, "shutdown", lambda: None)
        monkeypatch.setattr(windows_host.os, "_exit", lambda code: self.told.append((code,)))
        monkeypatch.setattr(windows_host, "arrange", lambda config, options: None)


@pytest.fixture
def spoken(options: argparse.Namespace, monkeypatch: pytest.MonkeyPatch) -> Spoken:
    return Spoken(options, monkeypatch)


def test_the_manager_hears_of_each_change(spoken: Spoken, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def station(options: argparse.Namespace) -> int:
        options.supervisor.hear(lambda: asked.append("end"))
        options.supervisor.started(Config())
        spoken.hosted.SvcStop()
        options.supervisor.ending()
        return 0

    monkeypatch.setattr(services, "station", station)
    spoken.hosted.SvcRun()
    assert asked == ["end"]
    assert [what[0] for what in spoken.told] == [START_PENDING, RUNNING, STOP_PENDING, STOP_PENDING, STOPPED, 0]


def test_a_stop_that_comes_too_early_is_remembered(spoken: Spoken) -> None:
    asked: list[str] = []
    spoken.hosted.SvcShutdown()
    spoken.hosted.hear(lambda: asked.append("end"))
    assert asked == ["end"]


def test_a_failure_is_one_for_the_manager_too(spoken: Spoken, monkeypatch: pytest.MonkeyPatch) -> None:
    def station(options: argparse.Namespace) -> int:
        raise ConfigError("line 3 is wrong")

    monkeypatch.setattr(services, "station", station)
    spoken.hosted.SvcRun()
    assert spoken.told[-2:] == [(STOPPED, 0, 1066, 2), (2,)], "ERROR_SERVICE_SPECIFIC_ERROR, and ours"
