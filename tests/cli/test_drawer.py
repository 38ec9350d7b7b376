"""`comptoir drawer open` at a running station: what it says, and what it exits with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.command import comptoir, port_of, refused, running
from tests.peers.services import Service

#: a drawer a test: one is not opened twice within a second
CONFIG = """
[[printer]]
name = "TICKET"
device = "virtual:"
[[printer]]
name = "BAR"
device = "virtual:"
[[printer]]
name = "EMPTY"
device = "virtual:?faults=paper"
[[printer]]
name = "FILE"
device = "file:out.bin"
[[printer]]
name = "RAW"
device = "virtual:"
language = "raw"
"""


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("station"), config=CONFIG) as one:
        yield one


def here(station: Service, folder: Path) -> list[str]:
    return ["--data", str(folder), "--port", port_of(station)]


def test_it_opens_and_says_what_is_known(station: Service, tmp_path: Path) -> None:
    run = comptoir("drawer", "open", "--reason", "change", "--order", "42", *here(station, tmp_path))
    assert (run.returncode, run.stdout.decode()) == (0, "The printer TICKET has sent the pulse.\n")


def test_for_programs(station: Service, tmp_path: Path) -> None:
    run = comptoir("drawer", "open", "--printer", "BAR", "--json", *here(station, tmp_path))
    assert (run.returncode, json.loads(run.stdout)) == (0, {"printer": "BAR", "outcome": "processed"})


def test_a_printer_that_cannot_answer(station: Service, tmp_path: Path) -> None:
    run = comptoir("drawer", "open", "--printer", "FILE", *here(station, tmp_path))
    assert (run.returncode, "cannot confirm more" in run.stdout.decode()) == (0, True)


def test_in_french(station: Service, tmp_path: Path) -> None:
    said = refused("drawer", "open", "--printer", "NADA", *here(station, tmp_path), environ={"LC_ALL": "fr_FR.UTF-8"})
    assert "aucune imprimante ne s’appelle « NADA »" in said.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("printer", "code", "said"),
    [("EMPTY", 1, "was not opened"), ("NADA", 2, "no printer is called"), ("RAW", 1, "has no command for a drawer")],
)
def test_what_keeps_it_shut_is_said(station: Service, tmp_path: Path, printer: str, code: int, said: str) -> None:
    assert said in refused("drawer", "open", "--printer", printer, *here(station, tmp_path), code=code)
