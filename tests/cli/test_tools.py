"""The commands that work alone."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.peers.command import comptoir, port_of, refused, running
from tests.peers.databases import opened
from tests.peers.services import Service, ask, free_port, stop_all

STREAM = b"\x1b@Hello \xe9\n\x1dV\x00"


# -- render ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "begins"), [("text", b"Hello"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("json", b"")])
def test_a_captured_stream_is_shown(tmp_path: Path, kind: str, begins: bytes) -> None:
    (tmp_path / "x.bin").write_bytes(STREAM)
    run = comptoir("render", tmp_path / "x.bin", "--as", kind)
    assert (run.returncode, run.stdout.startswith(begins)) == (0, True)
    if kind == "json":
        json.loads(run.stdout)
    assert comptoir("render", tmp_path / "x.bin", "--as", kind, "-o", tmp_path / "out").returncode == 0
    assert (tmp_path / "out").read_bytes().startswith(begins)


def test_a_text_is_shown_as_it_would_be_printed(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("word " * 30)
    lines = comptoir("render", tmp_path / "x.txt").stdout.decode().splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= 48


def test_the_model_says_how_wide_the_paper_is_and_which_letters_it_has(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("word " * 30)
    lines = comptoir("render", tmp_path / "x.txt", "--profile", "58mm").stdout.decode().splitlines()
    assert max(map(len, lines)) <= 32
    (tmp_path / "x.bin").write_bytes(b"\x1b@\xba\xcf\xbc\xc6\n\x1dVB\x00")
    assert comptoir("render", tmp_path / "x.bin", "--profile", "xp-80").stdout.decode() == "合计\n"
    assert "TM-T88V" in refused("render", tmp_path / "x.txt", "--profile", "TM-T88W")


def test_a_ticket_is_shown_as_it_would_be_printed(tmp_path: Path) -> None:
    (tmp_path / "x.ticket").write_text('"Total" | 2,50\n{code: 3017620422003; option: ean}\n')
    shown = comptoir("render", tmp_path / "x.ticket", "--format", "ticket").stdout.decode()
    assert shown.split()[:2] == ["Total", "2,50"]
    assert "EAN13" in shown
    (tmp_path / "x.ticket").write_text("Total\n{code: 1; option: klingon}\n")
    assert "ine 2" in refused("render", tmp_path / "x.ticket", "--format", "ticket", code=1)


def test_what_cannot_be_rendered_is_a_sentence(tmp_path: Path) -> None:
    assert "cannot be read" in refused("render", tmp_path / "none")
    assert "cannot be read" in refused("render", tmp_path)
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    assert refused("render", tmp_path / "x.png", code=1)
    (tmp_path / "x.txt").write_text("x")
    assert "cannot be written" in refused("render", tmp_path / "x.txt", "-o", tmp_path / "no" / "out")


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x1dv0\x00\xff\xff\xff\xff", b"\x1b" * 100, bytes(range(256)) * 4])
def test_any_bytes_can_be_rendered(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert comptoir("render", tmp_path / "x").returncode in (0, 1)


# -- virtual-printer -------------------------------------------------------------------------------------


def test_the_virtual_printer_prints_what_comes(tmp_path: Path) -> None:
    port = free_port()
    printer = Service(["virtual-printer", "--listen", f"127.0.0.1:{port}", "--out", str(tmp_path)], "")
    printer.start("Virtual printer: socket://127.0.0.1:")
    try:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(STREAM)
        printer.wait_for("paper 1:")
        assert (tmp_path / "000001.bin").read_bytes() == STREAM
        assert (tmp_path / "000001.png").read_bytes().startswith(b"\x89PNG")
        assert printer.process is not None
        printer.process.send_signal(signal.SIGTERM)
        assert printer.process.wait(5) == 0
        assert "Traceback" not in "".join(printer.says)
    finally:
        stop_all([printer])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--listen", "localhost"], "address"),
        (["--listen", "127.0.0.1:x"], "address"),
        (["--listen", "127.0.0.1:²"], "address"),
        (["--listen", "127.0.0.1:-1"], "address"),
        (["--listen", "127.0.0.1:99999"], "address"),
        (["--listen", "192.0.2.77:0"], "listen"),
        (["--listen", "host.invalid:0"], "listen"),
        (["--profile", "A4"], "80mm"),
        (["--listen", "127.0.0.1:0", "--faults", "fire"], "fire"),
    ],
)
def test_a_virtual_printer_that_cannot_be(tmp_path: Path, arguments: list[str], word: str) -> None:
    assert word in refused("virtual-printer", "--out", tmp_path, *arguments)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "another port" in refused("virtual-printer", "--out", tmp_path, "--listen", f"127.0.0.1:{port}")


@pytest.mark.parametrize("folder", ["file", "file/papers", "/proc/papers"])
def test_papers_that_cannot_be_kept_are_told_before_the_first(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    said = refused("virtual-printer", "--listen", "127.0.0.1:0", "--out", tmp_path / folder, patience=10)
    assert "papers cannot be kept in" in said
    assert "--out" in said


def test_the_virtual_printer_goes_on_when_nobody_reads_what_it_says(tmp_path: Path) -> None:
    """comptoir virtual-printer | head -1"""
    port = free_port()
    command = ["virtual-printer", "--listen", f"127.0.0.1:{port}", "--out", str(tmp_path)]
    printer = subprocess.Popen(
        [sys.executable, "-m", "comptoir", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with printer:
        assert printer.stdout is not None
        assert printer.stderr is not None
        assert printer.stdout.readline().startswith(b"Virtual printer: ")
        printer.stdout.close()
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(STREAM)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)  # it has closed: the paper is out
        printer.send_signal(signal.SIGTERM)
        assert printer.stderr.read() == b""
    assert printer.returncode == 0
    assert (tmp_path / "000002.png").exists()


# -- journal ---------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a station that has printed something."""
    folder = tmp_path / "data"
    with running(folder) as station:
        comptoir("print", "-", "--data", folder, "--port", port_of(station), given=b"Hello world")
        assert comptoir("journal", "verify", "--data", folder).returncode == 0, "while it is in use"
        assert station.stop() == 0
    return folder


def test_a_journal_as_it_was_written_and_one_that_is_not(data: Path) -> None:
    run = comptoir("journal", "verify", "--data", data)
    assert (run.returncode, b"as it was written" in run.stdout) == (0, True)
    with opened(data / "station" / "journal.db") as db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET body = replace(body, 'TICKET', 'OTHER') WHERE kind = 'job-accepted'")
    db.close()
    run = comptoir("journal", "verify", "--data", data, "--role", "station")
    assert run.returncode == 1
    assert re.search(rb"event \d+ \(job-accepted, job 1\) was changed", run.stdout)
    told = json.loads(comptoir("journal", "verify", "--json", "--data", data).stdout)
    assert told["journal"] == "station"
    assert len(told["findings"]) == 1
    (data / "station" / "journal.db").write_bytes(b"junk " * 5000)
    assert comptoir("journal", "verify", "--data", data).returncode == 1


def test_all_events_as_json(data: Path, tmp_path: Path) -> None:
    lines = comptoir("journal", "export", "--data", data).stdout.decode().splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [e["kind"] for e in events if e["job"]] == ["job-accepted", "job-processing", "job-completed"]
    assert len(events[0]["hash"]) == 64
    comptoir("journal", "export", "--data", data, "-o", tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text("utf-8").splitlines() == lines
    assert "cannot be written" in refused("journal", "export", "--data", data, "-o", tmp_path / "no" / "out")


def test_a_damaged_journal_is_exported_as_far_as_it_goes(data: Path) -> None:
    with opened(data / "station" / "journal.db") as db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET body = 'no json\x9b31m' WHERE kind = 'job-processing'")
    db.close()
    run = comptoir("journal", "export", "--data", data)
    assert b"\xc2\x9b" not in run.stdout, "what would steer a terminal is written out"
    assert run.returncode == 1
    assert b"1 events are damaged" in run.stderr
    events = [json.loads(line) for line in run.stdout.splitlines()]
    *_, accepted, processing, completed = events
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert processing["body"] == "no json\x9b31m", "as it is"
    assert isinstance(accepted["body"], dict)
    assert isinstance(completed["body"], dict)
    (data / "station" / "journal.db").write_bytes(b"junk " * 5000)
    refused("journal", "export", "--data", data, code=1)


def test_a_time_that_is_none_is_exported_as_it_is(data: Path) -> None:
    with opened(data / "station" / "journal.db") as db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET at = 9000000000000000000 WHERE seq = 1")
    db.close()
    run = comptoir("journal", "export", "--data", data)
    assert run.returncode == 1
    assert json.loads(run.stdout.splitlines()[0])["at"] == "9000000000000000000"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a hub whose database is elsewhere, with a document in the database and one beside it."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "data").mkdir()
    (folder / "my.toml").write_text(f'[hub]\ndatabase = "sqlite:{folder}/big.db"\n')
    port = free_port()
    arguments = ["--data", str(folder / "data"), "--config", str(folder / "my.toml"), "--hub-port", str(port)]
    up = Service(["up", *arguments, "--port", "0", "--no-browser"], f"http://127.0.0.1:{port}")
    up.start("Ctrl+C")
    try:
        for size in (10, 100_000):
            assert ask(f"{up.url}/print", {"content": "x" * size})["id"]
        assert up.stop() == 0
    finally:
        stop_all([up])
    return folder


@pytest.mark.parametrize("how", ["--config", "in the folder", "a variable"])
def test_the_journal_that_the_configuration_names(elsewhere: Path, how: str) -> None:
    data = elsewhere / "data"
    place, environ = ["--data", str(data), "--role", "hub"], {}
    (data / "comptoir.toml").unlink(missing_ok=True)
    if how == "--config":
        place += ["--config", str(elsewhere / "my.toml")]
    elif how == "in the folder":
        (data / "comptoir.toml").write_text((elsewhere / "my.toml").read_text())
    else:
        environ = {"COMPTOIR_HUB__DATABASE": f"sqlite:{elsewhere}/big.db"}
    run = comptoir("journal", "verify", *place, environ=environ)
    assert (run.returncode, b" 2 documents, as it was written" in run.stdout) == (0, True), run.stdout
    lines = comptoir("journal", "export", *place, environ=environ).stdout.splitlines()
    assert "job-accepted" in [json.loads(line)["kind"] for line in lines]


def test_a_document_that_is_missing_is_found_wherever_the_database_is(elsewhere: Path, tmp_path: Path) -> None:
    shutil.copytree(elsewhere, tmp_path / "copy")
    config = tmp_path / "copy" / "my.toml"
    config.write_text(f'[hub]\ndatabase = "sqlite:{tmp_path}/copy/big.db"\n')
    (document,) = (tmp_path / "copy" / "data" / "hub" / "documents").glob("??/*")
    document.unlink()
    run = comptoir("journal", "verify", "--role", "hub", "--data", tmp_path / "copy" / "data", "--config", config)
    assert (run.returncode, b"is missing" in run.stdout) == (1, True), run.stdout


def test_a_journal_that_the_configuration_names_and_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "comptoir.toml").write_text(f'[hub]\ndatabase = "sqlite:{tmp_path}/none.db"\n')
    assert f"{tmp_path}/none.db" in refused("journal", "verify", "--data", tmp_path)
    (tmp_path / "comptoir.toml").write_text("[hub]\ndatabse = 1\n")
    assert "line 2" in refused("journal", "verify", "--data", tmp_path)


def test_no_journal_there(tmp_path: Path) -> None:
    assert "--data" in refused("journal", "verify", "--data", tmp_path)
    assert "--data" in refused("journal", "export", "--data", tmp_path, "--role", "hub")


def test_the_hubs_journal_too(tmp_path: Path) -> None:
    port = free_port()
    hub = Service(["hub", "--data", str(tmp_path), "--hub-port", str(port)], f"http://127.0.0.1:{port}")
    hub.start("Hub: ")
    try:
        assert ask(f"{hub.url}/healthz")["role"] == "hub"
        assert hub.stop() == 0
    finally:
        stop_all([hub])
    assert comptoir("journal", "verify", "--data", tmp_path, "--role", "hub").stdout.startswith(b"hub: ")
