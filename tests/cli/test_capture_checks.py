"""What `doctor` says of the capture of CUPS queues."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from comptoir.arrivals import CupsBackendSourceConfig
from comptoir.cli import capture_checks
from comptoir.cli.capture import Backend
from comptoir.cli.checks import Finding
from comptoir.cli.queues import CupsError, Queue
from comptoir.config import Config

pytestmark = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="the backend is root's")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """A machine with a current backend that writes to `spool`, and one queue that prints through it."""
    ours = Backend(tmp_path / "backend", tmp_path / "comptoir.json")
    ours.file.write_bytes(ours.content)
    ours.file.chmod(0o700)
    (tmp_path / "spool").mkdir()
    ours.config.write_text(json.dumps({"spool": str(tmp_path / "spool")}))
    monkeypatch.setattr(capture_checks, "backend", lambda: ours)
    monkeypatch.setattr(
        capture_checks, "queues", lambda: [Queue("FACTURE", "comptoir:/socket://a"), Queue("B", "usb://b")]
    )
    return ours


def found(*spools: Path) -> list[Finding]:
    sources = tuple(CupsBackendSourceConfig(name=f"s{n}", spool=str(one)) for n, one in enumerate(spools))
    return list(capture_checks.capture(Config(source=sources)))


def test_all_in_order(machine: Backend, tmp_path: Path) -> None:
    (tmp_path / "spool" / "a.json").touch()
    findings = found(tmp_path / "spool")
    assert [one.state for one in findings] == ["right"] * 3
    assert "1 wait there" in findings[1].said
    assert findings[2].said == "captured queues: FACTURE"


def test_nobody_takes_it(machine: Backend, tmp_path: Path) -> None:
    *_, last = found()
    assert last.state == "wrong"
    assert last.said == f"FACTURE: what is printed waits in {tmp_path}/spool, and nobody takes it"


def test_an_old_backend_and_a_spool_that_is_not_there(machine: Backend, tmp_path: Path) -> None:
    machine.file.write_bytes(b"#\n")
    assert [one.state for one in found(tmp_path / "none")][:2] == ["wrong", "wrong"]


def test_not_installed(machine: Backend, tmp_path: Path) -> None:
    machine.file.unlink()
    assert found() == []
    (finding,) = found(tmp_path / "spool")
    assert (finding.state, finding.todo) == ("wrong", ("Type: sudo comptoir capture install",))


def test_no_queue(machine: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_checks, "queues", list)
    assert found(tmp_path / "spool")[-1].state == "note"


def test_no_cups(machine: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Backend:
        raise CupsError("CUPS is not installed on this computer", "Install it.")

    monkeypatch.setattr(capture_checks, "queues", none)
    assert found(tmp_path / "spool")[-1].state == "note"
    monkeypatch.setattr(capture_checks, "backend", none)
    assert found() == []
    assert found(tmp_path / "spool")[0].said == "CUPS is not installed on this computer"
