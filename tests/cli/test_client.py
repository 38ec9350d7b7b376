"""The commands that ask a running station."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.command import comptoir, port_of, refused, running
from tests.peers.services import Service, ask, free_port, stop_all

CONFIG = """
[[printer]]
name = "TICKET"
device = "virtual:"
[[printer]]
name = "EMPTY"
device = "virtual:?faults=paper"
[[printer]]
name = "TORN"
device = "virtual:?faults=close"
"""


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("station"), config=CONFIG) as one:
        yield one


def here(station: Service, folder: Path) -> list[str]:
    return ["--data", str(folder), "--port", port_of(station)]


def test_print_waits_and_says_what_became_of_it(station: Service, tmp_path: Path) -> None:
    file = tmp_path / "ticket.txt"
    file.write_text("Hello world")
    run = comptoir("print", file, "--title", "Bar", *here(station, tmp_path))
    assert run.returncode == 0
    lines = run.stdout.decode().splitlines()
    assert lines[-1].endswith("printed (processed)")


def test_print_from_standard_input_for_a_program(station: Service, tmp_path: Path) -> None:
    run = comptoir(
        "print", "-", "--json", "--copies", "2", *here(station, tmp_path), given="é€ Hello".encode()
    )
    job = json.loads(run.stdout)
    assert (run.returncode, job["status"], job["copies"], job["media_type"]) == (
        0,
        "printed",
        2,
        "text/plain",
    )


def test_a_key_prints_once(station: Service, tmp_path: Path) -> None:
    numbers = {
        json.loads(
            comptoir("print", "-", "--json", "--key", "order-1", *here(station, tmp_path), given=b"x").stdout
        )["id"]
        for _ in range(2)
    }
    assert len(numbers) == 1
    assert "order-1" in refused("print", "-", "--key", "order-1", *here(station, tmp_path), given=b"other")


@pytest.mark.parametrize(
    ("printer", "code", "word"), [("EMPTY", 4, "media-empty-error"), ("TORN", 3, "outcome-unknown")]
)
def test_exit_codes_tell_what_is_known(
    station: Service, tmp_path: Path, printer: str, code: int, word: str
) -> None:
    run = comptoir(
        "print", "-", "--printer", printer, "--timeout", "2", *here(station, tmp_path), given=b"Hello " * 50
    )
    assert (run.returncode, word in run.stdout.decode()) == (code, True), run.stdout


def test_what_fails_is_one(station: Service, tmp_path: Path) -> None:
    run = comptoir("print", "-", "--format", "image", *here(station, tmp_path), given=b"no picture")
    assert (run.returncode, b"document-format-error" in run.stdout) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "given", "word"),
    [
        (["print", "/no/such/file"], None, "cannot be read"),
        (["print", "/"], None, "cannot be read"),
        (["print", "-"], b"", "empty"),
        (["print", "-", "--printer", "NOPE"], b"x", "TICKET"),
        (["print", "-", "--copies", "0"], b"x", ""),
        (["print", "-", "--copies", "1000"], b"x", "copies"),
        (["print", "-", "--key", "k" * 300], b"x", "Idempotency-Key"),
        (["print", "-", "--key", "clé"], b"x", ""),
        (["print", "-", "--key", "a\nb"], b"x", ""),
        (["print", "-", "--title", "x" * 300], b"x", "title"),
        (["jobs", "--status", "finished"], None, "finished"),
        (["pair", "ftp://hub", "CODE"], None, "address"),
        (["pair", "http://[", "CODE"], None, ""),
        (["pair", f"http://127.0.0.1:{free_port()}", "CODE"], None, "does not answer"),
    ],
)
def test_mistakes_are_sentences(
    station: Service, tmp_path: Path, arguments: list[str], given: bytes | None, word: str
) -> None:
    run = comptoir(*arguments, *here(station, tmp_path), given=given)
    if word or run.returncode:
        assert run.returncode in (1, 2)
        assert word in run.stderr.decode()


def test_status_says_what_needs_a_person(station: Service, tmp_path: Path) -> None:
    comptoir(
        "print", "-", "--printer", "TORN", "--timeout", "5", *here(station, tmp_path), given=b"Hello " * 50
    )
    run = comptoir("status", *here(station, tmp_path))
    said = run.stdout.decode()
    assert run.returncode == 1
    assert "printer TICKET (virtual:): ready" in said
    assert "needs you: job" in said
    told = json.loads(comptoir("status", "--json", *here(station, tmp_path)).stdout)
    assert told["station"]["status"] == "ok"
    assert told["held"]


def test_jobs(station: Service, tmp_path: Path) -> None:
    comptoir("print", "-", "--title", "find me", *here(station, tmp_path), given=b"x")
    assert b"find me" in comptoir("jobs", *here(station, tmp_path)).stdout
    found = json.loads(
        comptoir(
            "jobs", "--json", "--limit", "1", "--status", "printed,unknown", *here(station, tmp_path)
        ).stdout
    )
    assert [job["title"] for job in found] == ["find me"]
    assert comptoir("jobs", "--limit", "-5", *here(station, tmp_path)).returncode == 0


@pytest.mark.parametrize("command", [["status"], ["jobs"], ["print", "-"]])
def test_nobody_is_running(tmp_path: Path, command: list[str]) -> None:
    said = refused(*command, "--data", tmp_path, "--port", str(free_port()), code=1, given=b"x")
    assert "comptoir up" in said


ANSWERS = [
    b"SSH-2.0-OpenSSH\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
    b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
    b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n[]",
    b"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    b"",
]


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
@pytest.mark.parametrize(
    "command",
    [["status"], ["jobs"], ["print", "-"], ["pair", "http://127.0.0.1:1", "CODE"]],
    ids=lambda c: c[0],
)
def test_something_else_listens_at_the_port(tmp_path: Path, command: list[str], answer: bytes) -> None:
    """Another program: the command says so."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = str(server.getsockname()[1])
        refused(*command, "--data", tmp_path, "--port", port, code=(1, 2), given=b"x")
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_pairing_a_running_station_and_one_that_does_not_run(tmp_path: Path) -> None:
    hub_port = free_port()
    hub = Service(
        ["hub", "--data", str(tmp_path / "hub"), "--hub-port", str(hub_port)], f"http://127.0.0.1:{hub_port}"
    )
    hub.start("No station is paired")
    try:
        code = hub.wait_for("No station is paired").split()[-1]
        folder = tmp_path / "station"
        run = comptoir("pair", hub.url, code, "--data", folder, "--port", str(free_port()))
        assert (run.returncode, b"caisse-1" in run.stdout) == (0, True)
        with running(folder) as station:
            station.wait_for("linked to the hub")
            assert ask(f"{hub.url}/stations")["stations"][0]["connected"]
        assert "code" in refused(
            "pair", hub.url, code, "--data", tmp_path / "other", "--port", str(free_port()), code=1
        )
    finally:
        stop_all([hub])


def test_a_proxy_of_the_environment_is_not_asked(station: Service, tmp_path: Path) -> None:
    environ = {"http_proxy": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1"}
    assert comptoir("jobs", *here(station, tmp_path), environ=environ).returncode == 0
