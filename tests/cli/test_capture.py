"""The command that puts the CUPS backend in place: what it changes, it takes back, exactly."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.real_printers import missing
from tests.peers.wrapped_cups import Paper, WrappedCups

from comptoir.cli import capture, main

pytestmark = [
    pytest.mark.skipif(os.name == "nt" or bool(missing()), reason="needs CUPS, and root (.ci/peers)"),
    pytest.mark.xdist_group("cups backend"),
]

LOGIN = "socket://anna:secret@127.0.0.1:9/x?waiteof=false"


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    one = Paper()
    yield one
    one.close()


@pytest.fixture(scope="module")
def running(paper: Paper) -> Iterator[WrappedCups]:
    with WrappedCups() as one:
        one.queue("FACTURE", paper.uri)
        one.queue("CLEF", LOGIN)
        one.queue("ETIQUETTE", paper.uri, "-m", "drv:///sample.drv/generic.ppd")
        yield one


@pytest.fixture
def cups(running: WrappedCups, monkeypatch: pytest.MonkeyPatch) -> WrappedCups:
    for name, value in running.environ.items():
        monkeypatch.setenv(name, value)
    for name in ("backend/comptoir", "../etc/comptoir.json"):
        (running.bin / name).unlink(missing_ok=True)
    return running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a station that runs as somebody else."""
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    return folder


def carry_out(data: Path, *words: str) -> int:
    return main(["capture", *words, "--data", str(data)])


def status(data: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert carry_out(data, "status", "--json") == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_all_queues_and_back(cups: WrappedCups, data: Path, paper: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    before = cups.said("lpstat", "-v")
    spool = data.parent / "spool"
    assert carry_out(data, "install", "--all", "--spool", str(spool)) == 0
    said = capsys.readouterr().out
    assert "secret" not in said + cups.said("lpstat", "-v")
    assert f'spool = "{spool}"' in said
    assert (spool.stat().st_uid, spool.stat().st_mode & 0o777) == (65534, 0o700)
    file = cups.bin / "backend" / "comptoir"
    assert (file.stat().st_uid, file.stat().st_mode & 0o777) == (0, 0o700)
    (data.parent / "a.txt").write_bytes(b"x\n")
    cups.print("FACTURE", data.parent / "a.txt")
    cups.done(len(cups.completed()) + 1)
    assert paper.papers[-1] == b"x\n"
    owners = {path.stat().st_uid for path in spool.iterdir() if path.suffix != ".lock"}
    assert owners == {65534}
    told = status(data, capsys)
    assert (told["backend"], told["waiting"], told["taken"]) == ("current", 1, False)
    assert carry_out(data, "install", "--all", "--spool", str(spool)) == 0, "nothing is wrapped twice"
    assert carry_out(data, "uninstall") == 0
    assert cups.said("lpstat", "-v") == before
    assert LOGIN in (cups.folder / "etc" / "printers.conf").read_text()
    assert not file.exists()
    assert "wait in" in capsys.readouterr().out


def test_one_queue(cups: WrappedCups, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = cups.said("lpstat", "-v")
    spool = str(data.parent / "spool")
    assert carry_out(data, "install", "--queue", "FACTURE", "--spool", spool, "--without-spool", "stop") == 0
    assert json.loads((cups.folder / "etc" / "comptoir.json").read_text()) == {"spool": spool, "without_spool": "stop"}
    wrapped = {one["name"]: one["captured"] for one in status(data, capsys)["queues"]}  # type: ignore[attr-defined]
    assert wrapped == {"CLEF": False, "ETIQUETTE": False, "FACTURE": True}
    assert carry_out(data, "status") == 0
    assert "✓ FACTURE  comptoir:/socket://" in capsys.readouterr().out
    assert carry_out(data, "uninstall", "--queue", "FACTURE") == 0
    assert cups.said("lpstat", "-v") == before
    assert status(data, capsys)["backend"] == "current"
    assert carry_out(data, "install", "--queue", "NONE", "--spool", spool) == 2
    assert "there is no queue NONE" in capsys.readouterr().err


def test_an_old_backend_is_seen(cups: WrappedCups, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(data, capsys)["backend"] == "missing"
    assert carry_out(data, "install", "--spool", str(data.parent / "spool")) == 0
    file = cups.bin / "backend" / "comptoir"
    file.chmod(0o755)
    assert status(data, capsys)["backend"] == "old"
    file.chmod(0o700)
    file.write_bytes(file.read_bytes() + b"#\n")
    assert status(data, capsys)["backend"] == "old"


@pytest.mark.parametrize("what", ["full", "file", "link"])
def test_a_directory_of_somebody_elses_is_no_spool(
    cups: WrappedCups, data: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its rights would be changed, and its owner."""
    spool = data.parent / "home"
    if what == "file":
        spool.touch()
    else:
        spool.mkdir(mode=0o755)
        (spool / "letters").mkdir()
    if what == "link":
        (data.parent / "empty").mkdir()
        (data.parent / "way").symlink_to(data.parent / "empty")
        spool = data.parent / "way"
    assert carry_out(data, "install", "--spool", str(spool)) == 2
    assert "cannot be the spool directory" in capsys.readouterr().err
    assert spool.stat().st_uid == 0
    assert not (cups.bin / "backend" / "comptoir").exists()


def test_a_data_folder_is_needed(cups: WrappedCups, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert carry_out(tmp_path / "none", "install") == 2
    assert "--data DIR" in capsys.readouterr().err


def test_only_the_administrator(
    cups: WrappedCups, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert carry_out(data, "uninstall") == 2
    assert "sudo comptoir capture uninstall" in capsys.readouterr().err


def test_on_macos_a_printer_is_added(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(capture.sys, "platform", "darwin")
    assert carry_out(data, "install") == 0
    out = capsys.readouterr().out
    assert "-m everywhere" in out
    assert "127.0.0.1:22631/ipp/print" in out
