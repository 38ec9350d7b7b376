"""`comptoir archive`, on a data folder whose station is stopped, or runs."""

from __future__ import annotations

import asyncio
import builtins
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from filelock import FileLock
from tests.peers.command import comptoir
from tests.peers.shelf import LARGE, PDF, Shelf

from comptoir import cli
from comptoir.clock import SystemClock
from comptoir.core.kept import Kept
from comptoir.core.record import EventQuery

T = TypeVar("T")

CONFIG = """
[[source]]
kind = "folder"
name = "caisse"
path = "/tmp"

[[route]]
from = "caisse"
keep = "1 day"
hold = true
"""


def on_shelf(data: Path, work: Callable[[Shelf], Awaitable[T]]) -> T:
    """What is done with the journal of a station that is stopped."""

    async def do() -> T:
        shelf = await Shelf.at(data / "station", SystemClock())  # type: ignore[arg-type]  # nobody sets it
        try:
            return await work(shelf)
        finally:
            await shelf.journal.close()

    return asyncio.run(do())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    async def fill(shelf: Shelf) -> None:
        for date, source in (("2015-01-31", "audit"), ("2015-12-01", "audit"), ("2016-05-05", "caisse")):
            await shelf.file(f"Balance {date}", date=date, source=source, kept_for=-1000)
        await shelf.file("Facture", LARGE, date="2026-11-17")

    on_shelf(tmp_path / "data", fill)
    (tmp_path / "data" / "comptoir.toml").write_text(CONFIG)
    return tmp_path / "data"


def run(*arguments: object) -> int:
    return cli.main([str(one) for one in arguments])


def left(data: Path) -> list[Kept]:
    async def ask(shelf: Shelf) -> list[Kept]:
        return list(await shelf.journal.keeping.after(0, 99))

    return on_shelf(data, ask)


def events(data: Path, kind: str) -> list[Any]:
    async def ask(shelf: Shelf) -> list[Any]:
        return [json.loads(event.body) for event in await shelf.journal.history(EventQuery((kind,)))]

    return on_shelf(data, ask)


def test_what_is_due_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("archive", "due", "--data", data) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"2015  audit             2015-01-31 – 2015-12-01  2 documents, {2 * len(PDF)} bytes",
        "1 more stay: a route holds them.",
    ]
    assert run("archive", "due", "--data", data, "--json", "--year", "2016") == 0
    assert json.loads(capsys.readouterr().out) == {"documents": 0, "size": 0, "held": 1, "piles": []}
    assert len(left(data)) == 4


def test_an_elimination_asks_once(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(builtins, "input", lambda text: asked.append(text) or "n")
    assert run("archive", "eliminate", "--data", data) == 1
    assert asked == ["Delete 2 documents? This cannot be undone. [y/N] "]
    assert len(left(data)) == 4
    monkeypatch.setattr(builtins, "input", lambda text: "y")
    assert run("archive", "eliminate", "--data", data, "--reason", "ten years") == 0
    assert "2 documents were eliminated" in capsys.readouterr().out
    assert [kept.id for kept in left(data)] == [3, 4]
    (body,) = events(data, "documents-eliminated")
    assert (body["why"], body["count"]) == ("ten years", 2)
    assert body["by"]
    assert run("archive", "eliminate", "--data", data, "--yes") == 0, "there is nothing more"
    assert "Nothing has been kept for longer than it has to be." in capsys.readouterr().out


def test_nobody_at_the_terminal_eliminates_nothing(data: Path) -> None:
    assert comptoir("archive", "eliminate", "--data", data).returncode == 1
    assert len(left(data)) == 4


@pytest.mark.parametrize("action", ["eliminate", "reindex"])
def test_a_running_station_is_left_alone(data: Path, capsys: pytest.CaptureFixture[str], action: str) -> None:
    with FileLock(data / "station.lock"):
        assert run("archive", action, "--data", data, *(["--yes"] if action == "eliminate" else [])) == 2
    assert "the station works with the data in" in capsys.readouterr().err
    assert len(left(data)) == 4


def test_a_period_is_exported_and_checks_itself(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    given = ("--data", data, "--port", "1", "--since", "2015-01-01", "--until", "2016-12-31", "--to", out)
    assert run("archive", "export", *given) == 0
    told = capsys.readouterr().out
    assert f"3 documents are in {out}" in told
    check = subprocess.run([sys.executable, out / "verify.py"], capture_output=True, text=True, check=False, timeout=30)
    assert (check.returncode, check.stdout.split()[-1] in told) == (0, True)
    (body,) = events(data, "documents-exported")
    assert (body["documents"], body["since"], body["until"]) == (3, "2015-01-01", "2016-12-31")
    assert body["manifest"] in told
    assert run("archive", "export", *given) == 2
    assert "is there already" in capsys.readouterr().err


def test_an_export_that_the_journal_cannot_be_told_of_says_so(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FileLock(data / "station.lock"):  # it runs, and does not answer
        assert run("archive", "export", "--data", data, "--port", "1", "--to", tmp_path / "out", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["noted"], told["folder"]) == (4, False, str(tmp_path / "out"))


def test_a_document_that_is_damaged_is_named(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (kept,) = [kept for kept in left(data) if kept.title == "Facture"]
    path = data / "station" / "documents" / kept.document.digest[:2] / kept.document.digest
    path.write_bytes(LARGE[:-1] + b"!")
    assert run("archive", "export", "--data", data, "--port", "1", "--to", tmp_path / "out") == 1
    assert "named in the manifest: 4" in capsys.readouterr().out
    assert run("archive", "verify", "--data", data) == 1
    told = capsys.readouterr().out
    assert " 4 was changed" in told
    assert "not as it was written" in told


def test_an_archive_that_is_as_it_was_says_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("archive", "verify", "--data", data) == 0
    told = capsys.readouterr().out
    assert "4 documents of " in told
    assert "0 eliminated so far, as it was written; head " in told
    assert run("archive", "verify", "--data", data, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["findings"], told["documents"], len(told["head"])) == ([], 4, 64)


def test_reindex_drops_what_is_derived_only(data: Path) -> None:
    derived = data / "station" / "archive"
    derived.mkdir()
    (derived / "index.db").write_bytes(b"x")
    assert run("archive", "reindex", "--data", data) == 0
    assert not derived.exists()
    assert run("archive", "reindex", "--data", data) == 0, "twice is no error"
    assert len(left(data)) == 4


@pytest.mark.parametrize("action", ["verify", "due", "eliminate", "reindex", "export"])
def test_where_there_is_none_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], action: str) -> None:
    to = ["--to", tmp_path / "out"] if action == "export" else []
    assert run("archive", action, "--data", tmp_path / "none", *to) == 2
    assert "there is no archive in" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_year_is_four_digits(capsys: pytest.CaptureFixture[str]) -> None:
    """Another word would say that nothing is due."""
    assert cli.main(["archive", "due", "--year", "last"]) == 2
    assert "last is no year such as 2026" in capsys.readouterr().err
