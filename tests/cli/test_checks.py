"""What the doctor looks at, where a whole installation is not needed to see it."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import START, FakeClock

from comptoir.cli import checks
from comptoir.config import Config, StationConfig
from comptoir.journal import open_journal
from comptoir.station.trust import StoreState


def test_a_disk_that_is_nearly_full_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 10**12 - 1, 1_000_000))  # type: ignore[attr-defined]
    _, disk = checks.folder(tmp_path)
    assert (disk.state, disk.said) == ("wrong", "1 MB are free on its disk")
    assert disk.todo


@pytest.mark.parametrize(("now", "state"), [(0, "wrong"), (checks.WRITTEN - 1, "wrong"), (START / 1000, "right")])
def test_no_clock_is_right_that_is_before_this_version(tmp_path: Path, now: float, state: str) -> None:
    assert checks.clock(now, tmp_path / "journal.db").state == state


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_station_that_does_not_answer_over_ipv6_is_wrong(host: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        station = StationConfig(host=host)
        assert checks.ipv6(station, number, runs=True).state == "wrong"
        assert checks.ipv6(station, number, runs=False).state == "right"
        assert checks.ipv6(StationConfig(host="192.0.2.1"), number, runs=True).state == "right"


def test_a_machine_without_ipv6_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*arguments: object) -> None:
        raise OSError

    monkeypatch.setattr(socket, "socket", none)
    assert checks.ipv6(StationConfig(), 1, runs=True).state == "note"


def store(state: Any, *, installable: bool = True, why: str = "") -> StoreState:
    return StoreState("Chromium, marie", state, why, installable, ("sudo this", "sudo that"), ())


class Told:
    def __init__(self, *stores: StoreState) -> None:
        self._stores = stores

    def look(self) -> tuple[StoreState, ...]:
        return self._stores


def test_a_store_that_does_not_trust_is_to_know_with_what_to_do() -> None:
    told: Any = Told(store("trusted"), store("not"), store("not", installable=False), store("unknown", why="no tool"))
    trusted, can, cannot, unknown = checks.trust(told)
    assert (trusted.state, trusted.todo) == ("right", ())
    assert (can.state, can.todo) == ("note", ("comptoir doctor --trust installs it.",))
    assert cannot.todo == ("Type:", "sudo this", "sudo that")
    assert "no tool" in unknown.said


def test_the_hub_is_told_where_there_is_one() -> None:
    link = {"url": "wss://hub/relay", "connected": False, "trouble": "nobody answers", "hint": "Check it."}
    (wrong,) = checks.hub({"name": "a", "hub": link}, Config())  # type: ignore[typeddict-item]
    assert (wrong.state, wrong.todo) == ("wrong", ("Check it.",))
    (right,) = checks.hub({"name": "a", "hub": {**link, "connected": True}}, Config())  # type: ignore[typeddict-item]
    assert right.state == "right"
    assert list(checks.hub({"name": "a", "hub": None}, Config())) == []


def test_a_journal_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    assert checks.journal(path).state == "note"
    path.write_bytes(os.urandom(5000))
    assert checks.journal(path).state == "wrong"


@pytest.mark.parametrize("seq", [1, 2, 3])
async def test_each_event_of_a_short_journal_is_looked_at(tmp_path: Path, seq: int) -> None:
    path, journal = tmp_path / "journal.db", await open_journal("", tmp_path, FakeClock())
    for number in range(3):
        await journal.note("signed-in", {"user": str(number)})
    await journal.close()
    assert checks.journal(path).state == "right"
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET body = '{}' WHERE seq = ?", (seq,))
        db.commit()
    assert checks.journal(path).state == "wrong"
