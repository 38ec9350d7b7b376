"""The commands that run: they say where they are, stop in time, and answer what is wrong with a sentence."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.command import comptoir, port_of, refused, running
from tests.peers.services import Service, ask, free_port, stop_all


@pytest.fixture
def services() -> Iterator[list[Service]]:
    started: list[Service] = []
    yield started
    stop_all(started)


def test_up_runs_everything_and_prints(tmp_path: Path, services: list[Service]) -> None:
    port, hub_port = free_port(), free_port()
    arguments = [
        "up",
        "--data",
        str(tmp_path),
        "--port",
        str(port),
        "--hub-port",
        str(hub_port),
        "--no-browser",
    ]
    up = Service(arguments, f"http://127.0.0.1:{hub_port}")
    services.append(up)
    up.start("Ctrl+C")
    said = "".join(up.says)
    assert f"http://127.0.0.1:{hub_port}/" in said
    assert f"http://127.0.0.1:{port}/" in said
    assert "TICKET (virtual:)" in said
    job = ask(f"{up.url}/print", {"content": "Hello world"})
    assert job["station"] == "caisse-1"
    run = comptoir("status", "--port", str(port))
    assert (run.returncode, b"running" in run.stdout) == (0, True)
    assert up.stop() == 0
    assert "Traceback" not in "".join(up.says)
    up.start("Ctrl+C")
    assert ask(f"{up.url}/print/{job['id']}")["content"] == "Hello world", "after a restart it is there"
    assert up.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_within_five_seconds(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as station:
        with socket.create_connection(("127.0.0.1", int(port_of(station)))) as open_stream:
            open_stream.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert open_stream.recv(100).startswith(b"HTTP/1.1 200")
            assert station.process is not None
            station.process.send_signal(number)
            assert station.process.wait(5) == 0
        assert "Traceback" not in "".join(station.says)


@pytest.mark.parametrize("command", ["station", "hub", "up"])
def test_a_port_in_use_is_a_sentence(tmp_path: Path, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        option = "--hub-port" if command == "hub" else "--port"
        more = ["--no-browser", "--hub-port", "0"] if command == "up" else []
        said = refused(command, "--data", tmp_path, option, port, *more)
    assert f"127.0.0.1:{port} is in use" in said


def test_two_services_with_one_folder(tmp_path: Path) -> None:
    with running(tmp_path):
        assert "works with the data" in refused("station", "--data", tmp_path, "--port", "0")


@pytest.mark.parametrize("command", ["station", "hub", "up"])
def test_a_broken_configuration_stops_the_start(tmp_path: Path, command: str) -> None:
    (tmp_path / "comptoir.toml").write_text("[station]\nprot = 1\n")
    said = refused(command, "--data", tmp_path)
    assert "comptoir.toml, line 2" in said
    assert "→" in said
    assert [path.name for path in tmp_path.iterdir()] == ["comptoir.toml"], "nothing was started or changed"


def test_a_variable_that_is_wrong_stops_the_start(tmp_path: Path) -> None:
    said = refused("station", "--data", tmp_path, environ={"COMPTOIR_STATION__PORT": "many"})
    assert "COMPTOIR_STATION__PORT" in said


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused("station", "--data", tmp_path / "file" / "data")
    assert "--data" in said


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """/proc is a folder that refuses even root."""
    assert "--data" in refused("station", "--data", "/proc/comptoir")


def test_a_journal_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "station").mkdir()
    (tmp_path / "station" / "journal.db").write_bytes(b"no journal " * 1000)
    assert "cannot be opened" in refused("station", "--data", tmp_path, "--port", "0", code=1)


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_a_damaged_link_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "relay.json").write_text(content)
    (tmp_path / "relay.token").write_text("x")
    assert "pair" in refused("station", "--data", tmp_path, "--port", "0")


def test_the_log_is_kept(tmp_path: Path) -> None:
    with running(tmp_path, config='[[printer]]\nname = "T"\ndevice = "virtual:?faults=paper"\n') as station:
        ask(f"{station.url}/api/print", {"content": "x"})
        station.wait_for("media-empty-error")
    assert "media-empty-error" in (tmp_path / "logs" / "station.log").read_text("utf-8")


def test_it_runs_without_a_terminal_and_when_nobody_reads(tmp_path: Path) -> None:
    """As a service: standard output is closed."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "comptoir", "station", "--data", str(tmp_path), "--port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ.copy(),
    )
    try:
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert process.poll() is None
                signal.sigtimedwait([], 0.02)
        assert ask(f"http://127.0.0.1:{port}/healthz")["status"] == "ok"
    finally:
        process.terminate()
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert b"Traceback" not in said


def test_a_hub_without_its_token_is_a_sentence_and_nothing_more(tmp_path: Path) -> None:
    """The start fails late, when the journal is open already: that is closed again, too."""
    (tmp_path / "comptoir.toml").write_text('[relay]\nurl = "ws://127.0.0.1:1/relay"\n')
    for _ in range(3):
        said = refused("station", "--data", tmp_path, "--port", "0")
        assert "comptoir pair" in said
        assert "Exception" not in said
