"""Who has the port already: the earlier service is told from ours, and from anybody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.peers.command import port_of, refused, running
from tests.peers.services import free_port

from comptoir.cli.neighbour import comptoir_answers, comptoir_comes, earlier_service

STATUS = b'{"message":"Service actif","remote_addr":"127.0.0.1","scheme":"http","status":"running"}\n'


@contextmanager
def answering(pages: dict[str, bytes]) -> Iterator[int]:
    """A server on a port that has these pages."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *arguments: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_the_earlier_service_is_known_by_what_it_says(host: str) -> None:
    with answering({"/status": STATUS}) as port:
        assert earlier_service(host, port)


@pytest.mark.parametrize(
    "pages",
    [
        {},
        {"/status": b"ok"},
        {"/status": b"[]"},
        {"/status": b'{"status":"running"}'},
        {"/status": STATUS, "/healthz": b"{}"},
    ],
)
def test_others_are_not(pages: dict[str, bytes]) -> None:
    with answering(pages) as port:
        assert not earlier_service("127.0.0.1", port)


def test_nobody_is_nobody() -> None:
    assert not earlier_service("127.0.0.1", free_port())


def test_ours_is_none(tmp_path: Path) -> None:
    with running(tmp_path) as station:
        assert not earlier_service("127.0.0.1", int(port_of(station)))


@pytest.mark.parametrize("command", [["station"], ["up", "--no-browser", "--hub-port", "0"]])
def test_a_start_says_who_has_the_port(tmp_path: Path, command: list[str]) -> None:
    with answering({"/status": STATUS}) as port:
        said = refused(*command, "--data", tmp_path, "--port", str(port))
    assert f"the earlier till service runs on this machine and has the port {port}" in said
    assert "comptoir import-config" in said


@pytest.mark.parametrize(("pages", "ours"), [({}, False), ({"/status": STATUS}, False), ({"/healthz": b"{}"}, True)])
def test_a_comptoir_is_known_by_its_health(pages: dict[str, bytes], ours: bool) -> None:
    with answering(pages) as port:
        assert comptoir_answers("0.0.0.0", port) == ours


def test_one_that_has_just_been_started_is_waited_for() -> None:
    with answering({"/healthz": b"ok"}) as port:
        assert comptoir_comes("0.0.0.0", port)
    assert not comptoir_comes("127.0.0.1", free_port(), patience=0.3)
