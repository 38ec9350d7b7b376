"""The commands that run: they say where they are, stop in time, and answer what is wrong with a sentence."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.peers.command import comptoir, port_of, refused, running
from tests.peers.services import Service, ask, free_port, stop_all

from comptoir.cli.place import here


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
    assert f" in {tmp_path}/comptoir.toml" in said
    job = ask(f"{up.url}/print", {"content": "Hello world"})
    assert job["station"] == "caisse-1"
    run = comptoir("status", "--port", str(port))
    assert (run.returncode, b"running" in run.stdout) == (0, True)
    assert up.stop() == 0
    assert "Traceback" not in "".join(up.says)
    up.start("Ctrl+C")
    assert ask(f"{up.url}/print/{job['id']}")["content"] == "Hello world", "after a restart it is there"
    assert up.stop() == 0


# -- the end ---------------------------------------------------------------------------------------------

#: command → how it is started on free ports, and what it says when it runs
START = {
    "up": (["--port", "0", "--hub-port", "0", "--no-browser"], "Ctrl+C"),
    "station": (["--port", "0"], "Station "),
    "hub": (["--hub-port", "0"], "Hub: "),
}


def started(command: str, folder: Path, services: list[Service], **environ: str) -> Service:
    """The command, running."""
    arguments, ready = START[command]
    service = Service([command, "--data", str(folder), *arguments], "", environ)
    services.append(service)
    service.start(ready)
    return service


def ended(service: Service, number: signal.Signals) -> int:
    """The exit code after a signal. Five seconds are the promise."""
    assert service.process is not None
    service.process.send_signal(number)
    return service.process.wait(5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", START)
def test_a_signal_ends_it_within_five_seconds(
    tmp_path: Path, services: list[Service], command: str, number: signal.Signals
) -> None:
    service = started(command, tmp_path, services)
    assert ended(service, number) == 0
    assert "Traceback" not in "".join(service.says)
    service.start(START[command][1])
    assert ended(service, number) == 0, "and it can be started again"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_open_stream_does_not_keep_it_from_ending(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as station:
        with socket.create_connection(("127.0.0.1", int(port_of(station)))) as open_stream:
            open_stream.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert open_stream.recv(100).startswith(b"HTTP/1.1 200")
            assert ended(station, number) == 0
        assert "Traceback" not in "".join(station.says)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_a_device_that_takes_nothing_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    """Nobody reads the pipe: the thread that opens it waits, and no signal wakes it."""
    os.mkfifo(tmp_path / "fifo")
    config = f'[[printer]]\nname = "T"\ndevice = "file://{tmp_path}/fifo"\n'
    with running(tmp_path, config=config) as station:
        assert ask(f"{station.url}/api/print", {"content": "x"})["status"] == "queued"
        for _ in range(3):  # it has had its turns to begin
            ask(f"{station.url}/healthz")
        assert ended(station, signal.SIGTERM) == 0


# -- what stops the start --------------------------------------------------------------------------------


def sentence(said: str) -> str:
    """The one sentence among what it says, with its hint."""
    lines = said.splitlines()
    (number,) = [number for number, line in enumerate(lines) if line.startswith("comptoir: ")]
    assert lines[number].endswith((".", "?", "!", "…"))
    assert lines[number + 1].startswith("  → ")
    assert len(lines) == number + 2, said
    return "\n".join(lines[number:])


@pytest.mark.parametrize("command", START)
def test_a_port_in_use_is_a_sentence(tmp_path: Path, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        option = "--hub-port" if command == "hub" else "--port"
        more = ["--no-browser", "--hub-port", "0"] if command == "up" else []
        said = refused(command, "--data", tmp_path, option, port, *more)
    assert f"127.0.0.1:{port} is in use" in sentence(said)


@pytest.mark.parametrize("second", START)
@pytest.mark.parametrize("first", START)
def test_two_services_with_one_folder(tmp_path: Path, services: list[Service], first: str, second: str) -> None:
    """A hub and a station may share a folder; two of the same may not."""
    started(first, tmp_path, services)
    if {first, second} == {"hub", "station"}:
        started(second, tmp_path, services)
        return
    said = refused(second, "--data", tmp_path, *START[second][0])
    assert "another Comptoir" in sentence(said)
    assert f"works with the data in {tmp_path} already" in said


@pytest.mark.parametrize("command", ["station", "hub", "up"])
def test_a_broken_configuration_stops_the_start(tmp_path: Path, command: str) -> None:
    (tmp_path / "comptoir.toml").write_text("[station]\nprot = 1\n")
    said = refused(command, "--data", tmp_path)
    assert "comptoir.toml, line 2" in said
    assert "→" in said
    assert [path.name for path in tmp_path.iterdir()] == ["comptoir.toml"], "nothing was started or changed"


@pytest.mark.parametrize("command", START)
def test_what_is_no_toml_stops_the_start(tmp_path: Path, command: str) -> None:
    (tmp_path / "mine.toml").write_text('[station]\nname = "bar\n')
    said = refused(command, "--data", tmp_path / "data", "--config", tmp_path / "mine.toml")
    assert f"{tmp_path}/mine.toml" in sentence(said)
    assert "line 2" in said
    assert not (tmp_path / "data").exists(), "nothing was started or changed"


@pytest.mark.parametrize("beside", [True, False])
def test_the_level_of_the_log_is_no_configuration(tmp_path: Path, services: list[Service], beside: bool) -> None:
    if beside:
        (tmp_path / ".env").write_text("COMPTOIR_LOG=DEBUG\n")
    service = started("station", tmp_path, services, **({} if beside else {"COMPTOIR_LOG": "DEBUG"}))
    assert service.stop() == 0


def test_a_variable_that_is_wrong_stops_the_start(tmp_path: Path) -> None:
    said = refused("station", "--data", tmp_path, environ={"COMPTOIR_STATION__PORT": "many"})
    assert "COMPTOIR_STATION__PORT" in said


@pytest.mark.parametrize("command", START)
@pytest.mark.parametrize("folder", ["file", "file/data"])
def test_a_folder_that_is_none(tmp_path: Path, command: str, folder: str) -> None:
    (tmp_path / "file").write_text("")
    said = sentence(refused(command, "--data", tmp_path / folder))
    assert "is no folder" in said
    assert "--data" in said


@pytest.mark.parametrize("command", START)
@pytest.mark.parametrize("folder", ["/proc", "/proc/comptoir"])
def test_a_folder_that_cannot_be_written(command: str, folder: str) -> None:
    """/proc is a folder that refuses even root."""
    said = sentence(refused(command, "--data", folder))
    assert f"the data folder {folder} cannot be written" in said
    assert "--data" in said


@pytest.mark.parametrize("name", ["logs", "station.lock", "logs/cashdrawer.log", "station"])
def test_a_part_of_the_folder_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    """Something else has the name."""
    where = tmp_path / name
    where.parent.mkdir(exist_ok=True)
    if name in ("logs", "station"):
        where.write_text("")
    else:
        where.mkdir()
    said = sentence(refused("station", "--data", tmp_path, "--port", "0", code=(1, 2)))
    assert str(tmp_path) in said
    assert "--data" in said


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
    assert "media-empty-error" in (tmp_path / "logs" / "cashdrawer.log").read_text("utf-8")


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


# -- addresses -------------------------------------------------------------------------------------------


def test_a_hub_that_is_open_to_all_says_its_name(tmp_path: Path, services: list[Service]) -> None:
    """The command for pairing is for another machine: 127.0.0.1 would be that machine itself."""
    (tmp_path / "comptoir.toml").write_text('[hub]\nhost = "0.0.0.0"\n')
    hub = started("hub", tmp_path, services)
    *_, url, code = hub.wait_for("No station is paired").split()
    name, _, port = url.removeprefix("http://").partition(":")
    assert name == socket.gethostname()
    assert f"http://{name}:{port}/signin" in hub.wait_for("start code")
    assert "127.0.0.1" not in "".join(hub.says)
    # By that name it can be called.
    told = ask(f"http://127.0.0.1:{port}/pair", {"code": code, "name": "bar"}, headers={"Host": f"{name}:{port}"})
    assert told["station"] == "bar"


@pytest.mark.parametrize("role", ["station", "up"])
def test_a_station_that_is_open_to_all_says_its_start_code(tmp_path: Path, services: list[Service], role: str) -> None:
    """Only who sees this screen may set the first password from elsewhere."""
    (tmp_path / "comptoir.toml").write_text('[station]\nhost = "0.0.0.0"\n')
    code = started(role, tmp_path, services).wait_for("The station is open to the network").split()[-1]
    assert len(code) == 8


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.2", "localhost", "::1", "::"])
def test_up_links_its_two_roles_wherever_the_hub_listens(tmp_path: Path, services: list[Service], host: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
    (tmp_path / "comptoir.toml").write_text(f'[hub]\nhost = "{host}"\n')
    up = started("up", tmp_path, services)
    up.wait_for("linked to the hub")
    assert f"http://{here(host)}:" in up.wait_for("Write a message here")
    assert up.stop() == 0


@pytest.mark.parametrize("content", ["", "{", '{"url": 5}'])
def test_up_makes_a_damaged_link_anew(tmp_path: Path, services: list[Service], content: str) -> None:
    (tmp_path / "relay.json").write_text(content)
    (tmp_path / "relay.token").write_text("x")
    started("up", tmp_path, services).wait_for("linked to the hub")


# -- a full disk -----------------------------------------------------------------------------------------


@contextmanager
def full(service: Service) -> Iterator[None]:
    """No file of the service can grow any more."""
    import resource  # noqa: PLC0415 - not to be had on Windows

    assert service.process is not None
    soft, hard = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is a call of Linux")
@pytest.mark.parametrize("size", [10, 100_000], ids=["small", "large"])
def test_a_full_disk_refuses_with_a_sentence_and_the_service_goes_on(tmp_path: Path, size: int) -> None:
    (tmp_path / "x.txt").write_text("x" * size)
    with running(tmp_path) as station:
        command = ["print", tmp_path / "x.txt", "--data", tmp_path, "--port", port_of(station)]
        with full(station):
            for body in ({"content": "x" * size}, {"content": "y" * size}):
                with pytest.raises(urllib.error.HTTPError) as caught:
                    ask(f"{station.url}/api/print", body)
                with caught.value as answer:
                    assert answer.status in (503, 507)
                    error = json.load(answer)["error"]
                assert error["code"] == "journal"
                assert error["message"]
                assert error["hint"]
            said = sentence(refused(*command, code=1))
            assert "cannot be" in said
            assert ask(f"{station.url}/healthz")["status"] == "ok"
            assert ask(f"{station.url}/api/jobs")["prints"] == [], "what was refused is not there"
        assert comptoir(*command, "--format", "text").returncode == 0, "there is room again"
        assert ended(station, signal.SIGTERM) == 0
        assert "Traceback" not in "".join(station.says)
    assert comptoir("journal", "verify", "--data", tmp_path).returncode == 0
