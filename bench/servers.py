"""The servers that are measured, each as its users start it: a process, on one core, on an empty folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from comptoir.journal.migrate import migrate
from comptoir.journal.sqlite import connect
from comptoir.web.access import hashed

PEERS = Path(__file__).parent / "peers"
SERVER_CORE, LOAD_CORE = 0, 1
PATIENCE = 30.0  # seconds for a server to start or to stop


def pinned(core: int, *command: str) -> list[str]:
    """The command on this core alone."""
    return ["taskset", "--cpu-list", str(core), *command]


def environment() -> dict[str, str]:
    """Ours, without any setting of Comptoir's: what is measured is what its users get."""
    others = ("COMPTOIR_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | {
        "LC_ALL": "C.UTF-8",
        "NODE_ENV": "production",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path[1:])),
    }


@dataclass
class Server:
    """A running one. `token`: what its station "counter" shows."""

    kind: str
    process: subprocess.Popen[str]
    port: int
    database: Path
    token: str = ""

    @property
    def memory(self) -> int:
        """Resident bytes."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found is not None, "the server has ended"
        return int(found[1]) * 1024

    @property
    def cpu(self) -> float:
        """Seconds of its core that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def printed(self) -> tuple[int, int]:
        """(jobs in the database, those of them that are printed); of a server that has ended."""
        table = "jobs" if self.kind == "comptoir" else "print_jobs"
        db = sqlite3.connect(self.database)
        try:
            sql = f"SELECT count(*), count(*) FILTER (WHERE status = 'printed') FROM {table}"
            total, printed = db.execute(sql).fetchone()
            return total, printed
        finally:
            db.close()


def start_comptoir(folder: Path, stations: int = 0) -> Server:
    """`comptoir hub` with the defaults, its station paired by the code that it shows; or with known ones."""
    if stations:
        _make_known(folder, stations)
    process = start([sys.executable, "-m", "comptoir", "hub", "--data", str(folder), "--hub-port", "0"])
    port = int(line(process, r"^Hub: http://127\.0\.0\.1:(\d+)/"))
    token = "" if stations else _pair(port, line(process, r" (\w{8})$"))
    return Server("comptoir", process, port, folder / "hub" / "journal.db", token)


def start_peer(folder: Path, stations: int = 0) -> Server:
    """Express, socket.io and SQLite; it asks no station for a token."""
    database = folder / "print.db"
    process = start(["node", str(PEERS / "server.js"), str(database)])
    return Server("peer", process, int(line(process, r"^listening on (\d+)")), database)


START = {"comptoir": start_comptoir, "peer": start_peer}


def missing() -> str:
    """What has to be installed before the bench can run; empty: nothing."""
    if shutil.which("node") is None:
        return "Node.js is needed for the peer (Debian: apt-get install nodejs npm)"
    if not (PEERS / "node_modules").exists():
        return "the peer is not installed: cd bench/peers && npm install (or: make bench)"
    if shutil.which("taskset") is None or (os.cpu_count() or 1) < 2:
        return "the bench needs taskset (util-linux) and two cores: one for the server, one for the load"
    return ""


def start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        pinned(SERVER_CORE, *command),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )


def line(process: subprocess.Popen[str], pattern: str) -> str:
    """Wait for a line like this; what stands in its first group."""
    assert process.stdout is not None
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and (line := process.stdout.readline()):
        if found := re.search(pattern, line.rstrip()):
            return found[1]
    raise RuntimeError(f"{process.args!r} did not say {pattern}; it ended with {process.poll()}")


def _pair(port: int, code: str) -> str:
    body = json.dumps({"code": code, "name": "counter"}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/pair", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        token: str = json.load(answer)["token"]
    return token


def _make_known(folder: Path, stations: int) -> None:
    """Stations as they stand in the journal once they have been paired."""
    (folder / "hub").mkdir()
    db = connect(folder / "hub" / "journal.db")
    migrate(db)
    rows = [(f"station-{number}", hashed(f"token-{number}")) for number in range(stations)]
    sql = "INSERT INTO credentials (kind, name, secret, created_at, data) VALUES ('station', ?, ?, 0, '')"
    db.execute("BEGIN")
    db.executemany(sql, rows)
    db.execute("COMMIT")
    db.close()
