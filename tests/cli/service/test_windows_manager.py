"""The service manager of Windows, asked for real: a service that nobody starts, made, changed, seen, removed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from comptoir.cli.service import windows_manager
from comptoir.cli.service.installation import State, WindowsService
from comptoir.core.errors import ComptoirError, RequestError

windows = pytest.mark.skipif(sys.platform != "win32", reason="the manager of Windows")

OURS = WindowsService(r'"C:\my folder\comptoir.exe" --service hub --data D:\x', name="ComptoirTest", title="Test")


def test_who_has_no_right_is_told_what_to_do() -> None:
    assert isinstance(windows_manager.denied(), RequestError)
    assert "Run as administrator" in windows_manager.denied().hint


if sys.platform == "win32":
    import win32evtlog

    from comptoir.cli.service.windows_manager import control, is_administrator, last_words, register, state, unregister

    @pytest.fixture
    def name() -> Iterator[str]:
        yield OURS.name
        unregister(OURS.name)

    def test_it_is_made_seen_changed_and_removed(name: str) -> None:
        assert state(name) == State()
        register(OURS)
        found = state(name)
        assert (found.status, found.role, found.data, found.enabled) == ("stopped", "hub", r"D:\x", True)
        assert found.command[0] == r"C:\my folder\comptoir.exe"
        register(WindowsService(OURS.command.replace("hub", "up"), name=name))
        assert state(name).role == "up"
        control(name, start=False)  # it does not run: nothing to do
        unregister(name)
        unregister(name)
        assert state(name) == State()

    def test_what_is_not_there_is_not_started(name: str) -> None:
        with pytest.raises(RequestError, match="not installed"):
            control(name, start=True)
        control(name, start=False)

    def test_a_program_that_is_not_there_is_an_error_in_words(name: str) -> None:
        register(OURS)
        with pytest.raises(ComptoirError, match="ComptoirTest"):
            control(name, start=True)

    def test_who_asks_has_rights_and_the_log_may_be_silent() -> None:
        assert isinstance(is_administrator(), bool)
        assert isinstance(last_words(0), str)

    def test_what_it_said_another_day_is_not_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
        def events(*_: object) -> list[SimpleNamespace]:
            when = datetime.fromtimestamp(1000, UTC)
            one = {"SourceName": "Comptoir", "EventType": win32evtlog.EVENTLOG_ERROR_TYPE, "StringInserts": ("why",)}
            return [SimpleNamespace(TimeGenerated=when, **one)]

        monkeypatch.setattr(win32evtlog, "OpenEventLog", lambda *_: None)
        monkeypatch.setattr(win32evtlog, "ReadEventLog", events)
        assert last_words(999) == "why"
        assert last_words(1001) == ""
