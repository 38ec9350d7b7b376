"""Whose data a folder has: a newer version's are refused, and nothing in them is touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.command import refused

from comptoir.cli.data_version import check, note, noted, order
from comptoir.clock import SystemClock
from comptoir.core.errors import ConfigError
from comptoir.journal import open_journal

NUMBERS = st.lists(st.integers(0, 40), min_size=1, max_size=4)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_versions_are_compared_as_versions() -> None:
    rising = ["0.9", "0.10.0", "1.0.dev3", "1.0a1", "1.0b2", "1.0rc1", "1.0rc2", "1.0", "1.0.1", "1.1"]
    assert sorted(rising, key=order) == rising
    assert order("1.0") == order("1.0.0")
    for none in ("", "x", "1.", "1.0-2", "v1"):
        with pytest.raises(ValueError, match="no version"):
            order(none)


@given(NUMBERS, NUMBERS)
def test_numbers_count_before_stages(one: list[int], other: list[int]) -> None:
    def text(numbers: list[int]) -> str:
        return ".".join(map(str, numbers))

    wide = max(len(one), len(other))
    padded = [[*numbers, *[0] * (wide - len(numbers))] for numbers in (one, other)]
    assert (order(text(one)) < order(text(other))) == (padded[0] < padded[1])
    assert order(f"{text(one)}rc1") < order(text(one))


def test_a_newer_versions_data_are_refused(tmp_path: Path) -> None:
    check(tmp_path, "1.2")
    assert noted(tmp_path) == ""
    note(tmp_path, "1.2")
    check(tmp_path, "1.2")
    check(tmp_path, "1.10")
    with pytest.raises(ConfigError, match=r"written by Comptoir 1\.2, and this is Comptoir 1\.1") as refusal:
        check(tmp_path, "1.1")
    assert "1.2" in refusal.value.hint


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"soon\n"])
def test_a_note_that_says_nothing_stops_nobody(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "version.txt").write_bytes(text)
    check(tmp_path, "0.1")
    note(tmp_path, "0.1")
    assert (tmp_path / "version.txt").read_bytes() == b"0.1\n"


@pytest.mark.parametrize("role", ["station", "hub"])
async def test_so_is_a_journal_of_a_schema_to_come(tmp_path: Path, role: str) -> None:
    journal = await open_journal("", tmp_path / role, SystemClock())
    await journal.close()
    check(tmp_path)
    with closing(sqlite3.connect(tmp_path / role / "journal.db")) as db:
        db.execute("PRAGMA user_version = 999")
    with pytest.raises(ConfigError, match="newer version"):
        check(tmp_path)


@pytest.mark.parametrize("command", [["station"], ["hub"], ["up"], ["import-config", "x.ini"]])
def test_nothing_is_touched(tmp_path: Path, command: list[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "version.txt").write_text("999.1\n")
    (data / "comptoir.toml").write_text("[of_a_version_to_come]\n")
    before = contents(data)
    assert "were written by Comptoir 999.1" in refused(*command, "--data", data)
    assert contents(data) == before
