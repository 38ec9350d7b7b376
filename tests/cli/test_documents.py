"""`comptoir documents search` and what `comptoir archive` does beside a real station; then without one."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.command import port_of, running
from tests.peers.services import Service

from comptoir import cli


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents") / "data"


@pytest.fixture(scope="module")
def station(data: Path) -> Iterator[Service]:
    with running(data) as service:
        for title, user in (("Balance du soir", "marie"), ("Facture été 1312", "paul"), ("Facture 1313", "marie")):
            hand_over(service, title, user)
        yield service


def hand_over(service: Service, title: str, user: str) -> None:
    """As a program does it that has captured a print."""
    query = urllib.parse.urlencode({"title": title, "user": user, "printer": "Bureau"})
    request = urllib.request.Request(f"{service.url}/api/documents?{query}", f"%PDF-1.4 {title}".encode())
    request.add_header("Content-Type", "application/pdf")
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status < 300


def search(station: Service, data: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert cli.main(["documents", "search", *words, "--data", str(data), "--port", port_of(station)]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_newest_come_first_with_all_that_is_asked_for(
    station: Service, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = search(station, data, "facture", capsys=capsys)
    assert [line.split()[0] for line in lines] == ["3", "2"]
    assert "Facture 1313" in lines[0]
    assert "Bureau · marie" in lines[0]
    assert len(search(station, data, "FACTURE", "ete", capsys=capsys)) == 1, "case and accents are ignored"
    assert len(search(station, data, "131", capsys=capsys)) == 2, "a part of a number"
    assert search(station, data, "nowhere", capsys=capsys) == ["Nothing in the archive fits."]
    assert len(search(station, data, "facture", "--limit", "1", capsys=capsys)) == 1


def test_programs_get_what_the_api_says(station: Service, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = search(station, data, "balance", "--json", capsys=capsys)
    (one,) = json.loads(line)
    assert (one["title"], one["user"], one["printer"]) == ("Balance du soir", "marie", "Bureau")


def test_an_export_beside_a_station_is_noted_by_it(
    station: Service, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    where = ["--data", str(data), "--port", port_of(station)]
    assert cli.main(["archive", "export", *where, "--search", "facture", "--to", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["noted"]) == (2, True)
    assert json.loads((out / "manifest.json").read_bytes())["query"] == "facture"
    run = subprocess.run([sys.executable, out / "verify.py"], capture_output=True, text=True, check=False, timeout=30)
    assert (run.returncode, told["manifest"] in run.stdout) == (0, True)
    assert cli.main(["journal", "export", "--data", str(data), "--role", "station"]) == 0
    events: list[Any] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (event,) = [event for event in events if event["body"].get("manifest") == told["manifest"]]
    assert event["kind"] == "documents-exported"
    assert "facture" not in json.dumps(event), "what was searched for may be a name"


def test_a_search_and_dates_narrow_each_other(
    station: Service, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["archive", "export", "--data", str(data), "--port", port_of(station), "--search", "facture"]
    assert cli.main([*given, "--until", "2000-01-01", "--to", str(tmp_path / "out")]) == 2
    assert "there is nothing to export" in capsys.readouterr().err
    assert cli.main([*given, "--since", "2000-01-01", "--to", str(tmp_path / "out")]) == 0
    assert "2 documents are in" in capsys.readouterr().out


def test_an_elimination_beside_a_station_is_refused(
    station: Service, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["archive", "eliminate", "--yes", "--data", str(data)]) == 2
    assert "the station works with the data" in capsys.readouterr().err
    assert cli.main(["archive", "due", "--data", str(data)]) == 0


def test_without_a_station_the_files_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    with running(data) as service:
        for title in ("Balance du soir", "Facture été 1312", "Facture 1313"):
            hand_over(service, title, "marie")
        search(service, data, "facture", capsys=capsys)  # it answers with all of them
    lines = search(service, data, "facture", capsys=capsys)
    assert ["Facture 1313" in lines[0], "Facture été 1312" in lines[1]] == [True, True]
    (line,) = search(service, data, "balance", "--json", capsys=capsys)
    assert json.loads(line)[0]["title"] == "Balance du soir"


def test_where_there_is_neither_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["documents", "search", "x", "--data", str(tmp_path), "--port", "1"]) == 2
    assert "there is no archive in" in capsys.readouterr().err
    (tmp_path / "station").mkdir()
    (tmp_path / "station" / "journal.db").touch()
    assert cli.main(["documents", "search", "x", "--data", str(tmp_path), "--port", "1"]) == 2
    assert "Start the station: it makes it anew." in capsys.readouterr().err
