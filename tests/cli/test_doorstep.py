"""The double click: a page is shown, or Comptoir starts; what went wrong can be read."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.peers.command import port_of, running

from comptoir.cli import doorstep
from comptoir.cli.service.program import Program

opened: list[str] = []


@pytest.fixture(autouse=True)
def browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened.clear()
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr("comptoir.cli.place.default_folder", lambda: tmp_path)
    monkeypatch.setattr("builtins.input", opened.append)


def test_it_starts_and_says_what_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_STATION__PORT", "9")
    ran: list[Sequence[str]] = []

    def run(arguments: Sequence[str]) -> int:
        ran.append(arguments)
        return 130

    assert doorstep.enter(run) == 130
    assert ran == [["up"]]
    assert opened == [], "who has ended it need not press anything"
    assert "This is Comptoir" in capsys.readouterr().out


def test_the_window_stays_open_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_STATION__PORT", "9")
    assert doorstep.enter(lambda arguments: 2) == 2
    assert opened == ["Press Enter to close this window."]


def test_what_runs_already_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path / "other") as service:
        monkeypatch.setenv("COMPTOIR_STATION__PORT", port_of(service))
        assert doorstep.enter(lambda arguments: pytest.fail("it was started a second time")) == 0
        assert opened == [f"{service.url}/"]
    assert service.url in capsys.readouterr().out


@pytest.mark.parametrize(
    ("processes", "one_file", "alone"),
    [(0, False, False), (1, False, True), (2, False, False), (2, True, True), (3, True, False)],
)
def test_a_shell_in_the_window_is_no_double_click(
    monkeypatch: pytest.MonkeyPatch, processes: int, one_file: bool, alone: bool
) -> None:
    executable = Path("inside/comptoir.exe") if one_file else Path(sys.executable)
    monkeypatch.setattr(doorstep, "_processes", lambda: processes)
    monkeypatch.setattr(doorstep, "this_program", lambda: Program(executable, Path()))
    assert not doorstep.is_double_click(), "this is no program file"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert doorstep.is_double_click() == alone
