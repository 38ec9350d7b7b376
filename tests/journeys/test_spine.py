"""What the first version promises, with the real commands: one job a key, a dead printer in nobody's way, large
documents, and a record that shows when it was touched."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.peers.listener import Listener
from tests.peers.services import Pair, Service, ask, free_port, stop_all

pytestmark = pytest.mark.xdist_group("journeys")

MEGABYTE = 1_048_576
ENGLISH = {**os.environ, "LC_ALL": "C.UTF-8"}
DEAD = '[[printer]]\nname = "DEAD"\ndevice = "socket://127.0.0.1:{}"\n'


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as one:
        yield one


@pytest.fixture
def pair(tmp_path: Path, listener: Listener) -> Iterator[Pair]:
    """A hub and a station with a live printer, a dead one, and one that is a file."""
    printers = (
        f'[[printer]]\nname = "TICKET"\ndevice = "socket://127.0.0.1:{listener.port}"\n'
        + DEAD.format(free_port())
        + '[[printer]]\nname = "FILE"\ndevice = "file:out.bin"\nlanguage = "raw"\n'
    )
    one = Pair.make(tmp_path, printers)
    yield one
    stop_all([one.hub, one.station])


def ends(pair: Pair, job: int) -> dict[str, Any]:
    """The job once it is in a final state, or held. The stream of events says when to look again."""
    with urllib.request.urlopen(f"{pair.hub.url}/events", timeout=60) as stream:
        while True:
            told: dict[str, Any] = ask(f"{pair.hub.url}/print/{job}")
            if told["status"] not in ("queued", "sent"):
                return told
            while not stream.readline().startswith(b"event: job"):
                pass


def peak(service: Service) -> int:
    """The most memory that the process has had, in MB."""
    assert service.process is not None
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) // 1024


def test_a_key_is_one_job_and_one_paper_however_often_it_comes(pair: Pair, listener: Listener) -> None:
    def post(_: int) -> int:
        job: int = ask(f"{pair.hub.url}/print", {"content": "once <1>"}, headers={"Idempotency-Key": "order-42"})["id"]
        return job

    with ThreadPoolExecutor(10) as clients:
        assert set(clients.map(post, range(50))) == {1}
    assert ends(pair, 1)["status"] == "printed"
    assert ends(pair, ask(f"{pair.hub.url}/print", {"content": "the next <2>"})["id"])["evidence"]["kind"] == "sent"
    assert (listener.printed(b"<1>"), listener.printed(b"<2>")) == (1, 1)
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(f"{pair.hub.url}/print", {"content": "something else"}, headers={"Idempotency-Key": "order-42"})
    with refused.value as answer:
        assert answer.code == 422


def test_a_dead_printer_says_why_expires_and_is_in_nobodys_way(pair: Pair, listener: Listener) -> None:
    stale = [
        ask(f"{pair.hub.url}/print", {"content": "x", "printer": "DEAD", "expires_in": 3})["id"] for _ in range(20)
    ]
    live = [ask(f"{pair.hub.url}/print", {"content": f"<{n}>", "printer": "TICKET"})["id"] for n in range(100)]
    assert {ends(pair, job)["status"] for job in live} == {"printed"}
    assert [listener.printed(b"<%d>" % n, least=1) for n in range(100)] == [1] * 100
    waiting = ask(f"{pair.hub.url}/print/{stale[0]}")
    if waiting["status"] != "expired":
        assert waiting["reason"] == "connecting-to-device", "it says why it waits"
    assert {ends(pair, job)["status"] for job in stale} == {"expired"}
    printers = {p["name"]: p for p in ask(f"{pair.station.url}/api/printers")["printers"]}
    assert not printers["DEAD"]["ready"]
    assert printers["TICKET"]["ready"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_fifty_megabytes_pass_whole_and_hold_up_nobody(pair: Pair, listener: Listener, tmp_path: Path) -> None:
    content = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(50 * MEGABYTE // 32))
    ask(f"{pair.hub.url}/print", {"content": "warm"})
    before = peak(pair.hub), peak(pair.station)
    url = f"{pair.hub.url}/print?printer=FILE&format=raw"
    request = urllib.request.Request(url, content, {"Content-Type": "application/octet-stream"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        large = int(answer.headers["Location"].rpartition("/")[2])
    small = [ask(f"{pair.hub.url}/print", {"content": f"<{n}>"})["id"] for n in range(20)]
    assert {ends(pair, job)["status"] for job in small} == {"printed"}
    told = ends(pair, large)
    assert (told["status"], told["size"]) == ("printed", len(content))
    printed = tmp_path / "b" / "printers" / "FILE" / "out.bin"
    assert hashlib.sha256(printed.read_bytes()).hexdigest() == told["digest"] == hashlib.sha256(content).hexdigest()
    grown = peak(pair.hub) - before[0], peak(pair.station) - before[1]
    assert grown[0] < 25, "MB; the hub only passes it on"
    assert grown[1] < 130, "MB; the station holds it at most twice, to check and to print it"


def test_a_byte_changed_in_the_journal_is_found(pair: Pair, tmp_path: Path) -> None:
    for number in range(3):
        ends(pair, ask(f"{pair.hub.url}/print", {"content": f"<{number}>"})["id"])
    assert pair.hub.stop() == 0
    db = tmp_path / "a" / "hub" / "journal.db"
    command = [sys.executable, "-m", "comptoir", "journal", "verify", "--data", str(tmp_path / "a")]
    told = subprocess.run(command, capture_output=True, text=True, check=False, env=ENGLISH)
    assert told.returncode == 0, told.stdout + told.stderr
    with sqlite3.connect(db) as tampered:
        # Whoever can write the file can also drop the trigger that forbids it: the chain is what tells.
        for (name,) in tampered.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            tampered.execute(f"DROP TRIGGER {name}")
        tampered.execute('UPDATE events SET body = replace(body, \'"by":"\', \'"by":"X\') WHERE seq = 4')
    told = subprocess.run(command, capture_output=True, text=True, check=False, env=ENGLISH)
    assert told.returncode == 1
    assert re.search(r"event 4\b", told.stdout + told.stderr), told.stdout + told.stderr
