"""The commands that ask a running station."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.command import comptoir, port_of, refused, running
from tests.peers.services import Service, ask, free_port, stop_all

from comptoir.cli.client import _media_type

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


def printed(*arguments: str | Path, **more: Any) -> Any:
    """The job that became of it."""
    run = comptoir("print", "--json", *arguments, **more)
    assert run.returncode == 0, (run.stdout, run.stderr)
    return json.loads(run.stdout)


def test_print_waits_and_says_what_became_of_it(station: Service, tmp_path: Path) -> None:
    file = tmp_path / "ticket.txt"
    file.write_text("Hello world")
    run = comptoir("print", file, "--title", "Bar", *here(station, tmp_path))
    assert run.returncode == 0
    lines = run.stdout.decode().splitlines()
    assert re.search(r"printed \(process id \d{4}, \d\d:\d\d:\d\d\)$", lines[-1])


def test_print_from_standard_input_for_a_program(station: Service, tmp_path: Path) -> None:
    run = comptoir("print", "-", "--json", "--copies", "2", *here(station, tmp_path), given="é€ Hello".encode())
    job = json.loads(run.stdout)
    assert (run.returncode, job["status"], job["copies"], job["media_type"]) == (
        0,
        "printed",
        2,
        "text/plain",
    )


def test_a_key_prints_once(station: Service, tmp_path: Path) -> None:
    numbers = {
        json.loads(comptoir("print", "-", "--json", "--key", "order-1", *here(station, tmp_path), given=b"x").stdout)[
            "id"
        ]
        for _ in range(2)
    }
    assert len(numbers) == 1
    assert "order-1" in refused("print", "-", "--key", "order-1", *here(station, tmp_path), given=b"other")


def test_a_key_may_have_any_letter(station: Service, tmp_path: Path) -> None:
    job = printed("-", "--key", "clé-€-😀", *here(station, tmp_path), given=b"x")
    assert job["idempotency_key"] == "clé-€-😀"


@pytest.mark.parametrize("content", [b'{"content": "an order of the API"}', b"[1, 2]", b"no JSON"])
def test_a_file_of_json_is_a_document(station: Service, tmp_path: Path, content: bytes) -> None:
    """And not an order of the API, although it may look like one."""
    (tmp_path / "x.json").write_bytes(content)
    job = printed(tmp_path / "x.json", *here(station, tmp_path))
    assert (job["status"], job["media_type"], job["size"]) == ("printed", "text/plain", len(content))


ZIP = b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00"
TYPES = [
    # name, first bytes, what the station is told
    ("x.json", b"{}", "text/plain"),
    ("x.JSON", b"\xff\xfe{\0}\0", "text/plain"),
    ("x.sh", b"#!/bin/sh", "text/plain"),
    ("x", b"Hello", "text/plain"),
    ("x.txt", "Café crème".encode("latin-1"), "text/plain"),
    ("x.csv", "Café crème".encode("latin-1"), "text/csv"),
    ("x.txt", b"\x89PNG\r\n\x1a\n", "image/png"),
    ("x.pdf", b"%PDF-1.7", "application/pdf"),
    ("x.bin", b"\x1b@Hello", "application/octet-stream"),
    ("x", b"\x1b@Hello", "application/octet-stream"),
    ("x.txt.gz", b"\x1f\x8b\x08", "application/gzip"),
    ("x.zip", ZIP, "application/zip"),
    ("x.svg", b"<svg/>", "image/svg+xml"),
    ("x.rtf", b"{\\rtf1", "application/rtf"),
]


@pytest.mark.parametrize(("name", "head", "told"), TYPES)
def test_what_the_station_is_told_that_a_file_is(name: str, head: bytes, told: str) -> None:
    assert _media_type(name, head) == told


@pytest.mark.parametrize(
    ("name", "content"), [("x.zip", ZIP), ("x.txt.gz", b"\x1f\x8b\x08\0"), ("x.ps", b"%!PS-Adobe")]
)
def test_what_would_be_litter_on_paper_is_refused(station: Service, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert "cannot be printed yet" in refused("print", tmp_path / name, *here(station, tmp_path))


def test_a_pipe_is_read_to_its_end(station: Service, tmp_path: Path) -> None:
    """comptoir print <(command): it has no length."""
    assert printed("/dev/stdin", *here(station, tmp_path), given=b"x" * 100_000)["size"] == 100_000


def test_a_name_may_have_any_bytes(station: Service, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff&=?%.txt"))
    path.write_text("x")
    assert printed(path, "--title", path.name, *here(station, tmp_path))["status"] == "printed"


def test_json_for_a_terminal_of_few_letters(station: Service, tmp_path: Path) -> None:
    few = {"PYTHONIOENCODING": "ascii"}
    assert printed("-", "--title", "é😀", *here(station, tmp_path), given=b"x", environ=few)["title"] == "é😀"
    run = comptoir("jobs", *here(station, tmp_path), environ=few)
    assert (run.returncode, run.stdout.isascii()) == (0, True)


@pytest.mark.parametrize(
    ("printer", "code", "word"), [("EMPTY", 4, "media-empty-error"), ("TORN", 3, "outcome-unknown")]
)
def test_exit_codes_tell_what_is_known(station: Service, tmp_path: Path, printer: str, code: int, word: str) -> None:
    run = comptoir("print", "-", "--printer", printer, "--timeout", "2", *here(station, tmp_path), given=b"Hello " * 50)
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
        (["print", "-", "--copies", "0"], b"x", "copies"),
        (["print", "-", "--copies", "1000"], b"x", "copies"),
        (["print", "-", "--key", "k" * 300], b"x", "Idempotency-Key"),
        (["print", "-", "--key", "a\nb"], b"x", "printable"),
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
    comptoir("print", "-", "--printer", "TORN", "--timeout", "5", *here(station, tmp_path), given=b"Hello " * 50)
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
        comptoir("jobs", "--json", "--limit", "1", "--status", "printed,unknown", *here(station, tmp_path)).stdout
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


def test_a_stranger_at_the_port_is_called_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"220 mail.example.com ESMTP\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        said = refused("status", "--data", tmp_path, "--port", port, code=1)
        thread.join(5)
    assert f"127.0.0.1:{port} is no station" in said
    assert "--port" in said


def test_nobody_is_followed_elsewhere(station: Service, tmp_path: Path) -> None:
    """What answers sends on to a real station: a document goes where it was sent, or nowhere."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                where = f"Location: {station.url}/healthz\r\nContent-Length: 0\r\n\r\n"
                connection.sendall(b"HTTP/1.1 302 Found\r\n" + where.encode())

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        said = refused("status", "--data", tmp_path, "--port", str(server.getsockname()[1]))
        thread.join(5)
    assert "302" in said


def test_a_station_that_goes_while_one_waits_has_the_job(tmp_path: Path) -> None:
    with running(tmp_path, config=CONFIG) as station:
        command = ["print", "-", "--printer", "EMPTY", "--timeout", "3", *here(station, tmp_path)]
        waiting = subprocess.Popen(
            [sys.executable, "-m", "comptoir", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stdin is not None
        assert waiting.stdout is not None
        waiting.stdin.write("x")
        waiting.stdin.close()
        assert waiting.stdout.readline().startswith("job 1: queued")
        station.kill()
    with waiting:
        assert waiting.stderr is not None
        said = waiting.stderr.read()
    assert waiting.returncode == 4, "accepted, and it waits"
    assert "job 1 was accepted" in said
    assert "no station answers" in said


@pytest.mark.parametrize("folder", ["/proc/comptoir", "/proc"])
def test_a_code_is_not_used_up_where_its_token_cannot_be_kept(tmp_path: Path, folder: str) -> None:
    hub = Service(["hub", "--data", str(tmp_path), "--hub-port", "0"], "")
    hub.start("No station is paired")
    try:
        *_, url, code = hub.wait_for("No station is paired").split()
        nobody = ["--port", str(free_port())]
        assert "--data" in refused("pair", url, code, "--data", folder, *nobody)
        assert comptoir("pair", url, code, "--data", tmp_path / "station", *nobody).returncode == 0
    finally:
        stop_all([hub])


def test_pairing_a_running_station_and_one_that_does_not_run(tmp_path: Path) -> None:
    hub_port = free_port()
    hub = Service(["hub", "--data", str(tmp_path / "hub"), "--hub-port", str(hub_port)], f"http://127.0.0.1:{hub_port}")
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
