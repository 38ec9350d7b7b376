"""`comptoir doctor` on installations that are in order and such as are not, as a person types it."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.peers.command import comptoir, port_of, running
from tests.peers.databases import opened
from tests.peers.programs import installed
from tests.peers.services import free_port
from tests.peers.tls import authority

from comptoir.cli import main
from comptoir.station.stores import Home
from comptoir.station.trust import Machine


@pytest.fixture
def certutil() -> str:
    return installed("certutil")


needs_certutil = pytest.mark.usefixtures("certutil")


def examined(folder: Path, port: int | str, home: Path | None = None) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The exit code, and what was found by check."""
    environ = {"HOME": str(home)} if home else {}
    run = comptoir("doctor", "--data", folder, "--port", str(port), "--json", environ=environ)
    told = json.loads(run.stdout)
    assert told["right"] is (run.returncode == 0)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in told["checks"]:
        found.setdefault(one["check"], []).append(one)
    return run.returncode, found


def states(found: dict[str, list[dict[str, Any]]], check: str) -> list[str]:
    return [one["state"] for one in found.get(check, [])]


def test_a_station_that_runs_is_in_order(tmp_path: Path) -> None:
    with running(tmp_path) as station:
        run = comptoir("doctor", "--data", tmp_path, "--port", port_of(station))
        said = run.stdout.decode()
        assert run.returncode == 0, said
        assert f"station caisse-1: running at http://127.0.0.1:{port_of(station)}" in said
        assert "printer TICKET (virtual:): ready" in said
        assert "Everything is in order." in said
        code, found = examined(tmp_path, port_of(station))
        assert code == 0
        for check in ("folder", "disk", "configuration", "clock", "journal", "port", "ipv6", "certificate", "printer"):
            assert states(found, check) == ["right"], check
        (certificate,) = found["certificate"]
        assert "localhost" in certificate["message"]


def test_french_is_spoken(tmp_path: Path) -> None:
    run = comptoir("doctor", "--data", tmp_path, "--port", str(free_port()), environ={"LC_ALL": "fr_FR.UTF-8"})
    assert "aucune station ne tourne" in run.stdout.decode()
    assert run.returncode == 1


def test_where_nothing_was_started_yet_the_start_is_what_is_missing(tmp_path: Path) -> None:
    code, found = examined(tmp_path / "new", free_port())
    assert code == 1
    assert states(found, "port") == ["wrong"]
    assert "Start it with: comptoir up" in found["port"][0]["todo"][0]
    assert [states(found, check) for check in ("folder", "journal", "certificate")] == [["note"]] * 3
    assert not (tmp_path / "new").exists(), "looking makes nothing"


def test_a_wrong_configuration_is_said_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "comptoir.toml").write_text("[station]\nprot = 1\n")
    code, found = examined(tmp_path, free_port())
    assert code == 1
    assert "line 2: station.prot" in found["configuration"][0]["message"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, found = examined(tmp_path / "file", free_port())
    assert (code, states(found, "folder")) == (1, ["wrong"])


@contextmanager
def answering(body: bytes | None, healthz: int = 404) -> Iterator[int]:
    """A program at a port: one that says `body` at /status; None: one that hangs up."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if body is None:
                self.close_connection = True
                return
            self.send_response(200 if self.path == "/status" else healthz)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


EARLIER = b'{"message":"Service actif","remote_addr":"127.0.0.1","scheme":"http","status":"running"}\n'


@pytest.mark.parametrize(("body", "said", "todo"), [
    (EARLIER, "the earlier till service has port", "import-config"),
    (b"Apache", "another program has port", "another port"),
    (None, "has port", "another port"),
])  # fmt: skip
def test_who_has_the_port_is_told(tmp_path: Path, body: bytes | None, said: str, todo: str) -> None:
    with answering(body) as port:
        code, found = examined(tmp_path, port)
    assert code == 1
    (finding,) = found["port"]
    assert said in finding["message"]
    assert todo in finding["todo"][0]


def test_what_is_bound_and_says_nothing_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # without listening: nobody can connect
        code, found = examined(tmp_path, taken.getsockname()[1])
    assert code == 1
    assert "does not speak HTTP" in found["port"][0]["message"]


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a station that ran."""
    folder = tmp_path_factory.mktemp("ran") / "data"
    with running(folder):
        pass
    return folder


@pytest.fixture
def ran(run_once: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return shutil.copytree(run_once, tmp_path / "data")


def test_a_changed_journal_is_said(ran: Path) -> None:
    path = ran / "station" / "journal.db"
    with opened(path) as db:
        db.execute("DROP TRIGGER IF EXISTS events_are_final")
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE events SET body = body || ' ' WHERE seq = (SELECT max(seq) FROM events)")
    db.close()
    code, found = examined(ran, free_port())
    assert (code, states(found, "journal")) == (1, ["wrong"])
    assert "comptoir journal verify" in found["journal"][0]["todo"][0]


@pytest.mark.parametrize("damage", ["half", "gone"])
def test_a_damaged_certificate_is_said(ran: Path, damage: str) -> None:
    path = ran / "certificates" / "server.pem"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:300])
    _, found = examined(ran, free_port())
    assert states(found, "certificate") == ["note" if damage == "gone" else "wrong"]


def test_an_own_certificate_that_is_missing_is_said(tmp_path: Path) -> None:
    (tmp_path / "comptoir.toml").write_text('[station]\ncertificate = "a.crt"\nprivate_key = "a.key"\n')
    code, found = examined(tmp_path, free_port())
    assert (code, states(found, "certificate"), states(found, "trust")) == (1, ["wrong"], [])
    assert "a.crt cannot be read" in found["certificate"][0]["message"]


def test_a_clock_that_is_behind_the_journal_is_said(ran: Path) -> None:
    with opened(ran / "station" / "journal.db") as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE events SET at = at + 400000000")
    db.close()
    _, found = examined(ran, free_port())
    assert states(found, "clock") == ["wrong"]


def test_a_printer_that_cannot_print_is_wrong(tmp_path: Path) -> None:
    config = f'[[printer]]\nname = "BAR"\ndevice = "socket://127.0.0.1:{free_port()}"\n'
    with running(tmp_path, config=config) as station:
        ask = comptoir("print", "-", "--port", port_of(station), "--timeout", "2", given=b"hello")
        assert ask.returncode == 4
        code, found = examined(tmp_path, port_of(station))
    assert code == 1
    assert "BAR" in found["printer"][0]["message"]


# -- --trust and --untrust, on a machine of the test's --------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data of a station that was started once."""
    (tmp_path / "data/certificates").mkdir(parents=True)
    (tmp_path / "data/certificates/authority.crt").write_bytes(authority().certificate)
    return tmp_path / "data"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A user with Chromium and no rights, on a Debian."""
    for name in ("home", "root/usr/local/share/ca-certificates", "root/etc/ssl/certs"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "root/etc/ssl/certs/ca-certificates.crt").write_text("")
    tools = frozenset({"certutil", "chromium", "update-ca-certificates"})
    one = Machine("linux", False, tools, (Home("marie", tmp_path / "home"),), tmp_path / "root")
    monkeypatch.setattr("comptoir.station.trust.this_machine", lambda: one)
    return one


@needs_certutil
def test_trust_is_installed_where_that_is_asked_for_and_the_rest_is_shown(
    folder: Path, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--data", str(folder), "--trust"]) == 1, "the system's own store is left to somebody else"
    said = capsys.readouterr().out
    assert "Debian, Ubuntu: this user cannot. Type:" in said
    assert f"    sudo install -m 644 {folder}/certificates/authority.crt /usr/local/share/ca-certificates/" in said
    assert "Chromium, marie: trusts the certificate now; start its browser anew" in said
    main(["doctor", "--data", str(folder), "--trust"])
    assert "Chromium, marie: nothing to do" in capsys.readouterr().out
    main(["doctor", "--data", str(folder), "--port", str(free_port())])
    assert "✓ Chromium, marie: trusts the certificate" in capsys.readouterr().out
    assert main(["doctor", "--data", str(folder), "--untrust"]) == 0
    said = capsys.readouterr().out
    assert "Chromium, marie: has forgotten the certificate" in said
    assert "Debian, Ubuntu: nothing to do" in said


def test_what_cannot_be_installed_is_said_and_the_others_are_tried(
    folder: Path, machine: Machine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["doctor", "--data", str(folder), "--trust"]) == 1
    said = capsys.readouterr().out
    assert "Chromium, marie: mkdir: " in said
    assert "By hand: mkdir -p" in said


def test_without_an_authority_there_is_nothing_to_trust(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--data", str(tmp_path), "--trust"]) == 2
    assert "there is no authority in" in capsys.readouterr().err


def test_trust_and_untrust_are_not_asked_for_together() -> None:
    assert comptoir("doctor", "--trust", "--untrust").returncode == 2
