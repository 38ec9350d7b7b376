"""A `cupsd` of its own with our backend beside the real ones, and a printer on a socket that counts what it gets."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.peers.real_printers import Cups

import comptoir.capture_backend

REAL = Path("/usr/lib/cups")
PATIENCE = 20.0


def eventually(wanted: Callable[[], Any], otherwise: Callable[[], str] = lambda: "it did not come to be") -> Any:
    """What `wanted()` says as soon as it is something; gives way between two looks."""
    until = time.monotonic() + PATIENCE
    while not (found := wanted()):
        assert time.monotonic() < until, otherwise()
        time.sleep(0.02)
    return found


class Paper:
    """A printer on port 9100: a connection, a paper. `open`: False, it takes connections and reads nothing."""

    def __init__(self) -> None:
        self.papers: list[bytes] = []
        self.flowing = threading.Event()
        self.flowing.set()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.connected = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def uri(self) -> str:
        return f"socket://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._print, args=(connection,), daemon=True).start()

    def _print(self, connection: socket.socket) -> None:
        self.connected.set()
        with connection:
            self.flowing.wait(PATIENCE)
            content = b""
            while data := connection.recv(65536):
                content += data
            self.papers.append(content)


class WrappedCups(Cups):
    """`ServerBin` is a copy in which our backend stands; `spool` is where it writes."""

    def __init__(self, without_spool: str = "wait", server: str = "") -> None:
        # Backends run as another user, who must come through to them: not below pytest's own folder.
        self._home = tempfile.TemporaryDirectory(prefix="cups-", dir="/tmp")
        folder = Path(self._home.name)
        folder.chmod(0o755)
        # A retry that comes after five minutes would be no test.
        more = f"JobRetryInterval 1\nDirtyCleanInterval 0\n{server}"
        super().__init__(folder, f"ServerBin {folder}/bin\n", more)
        self.bin = folder / "bin"
        self.spool = folder / "comptoir"
        self.jobs = folder / "spool"
        self._without_spool = without_spool

    def __enter__(self) -> WrappedCups:
        for name in ("cgi-bin", "daemon", "driver", "filter", "monitor", "notifier"):
            self.bin.mkdir(exist_ok=True, parents=True)
            (self.bin / name).symlink_to(REAL / name)
        (self.bin / "backend").mkdir()
        for name in ("socket", "ipp"):
            shutil.copy2(REAL / "backend" / name, self.bin / "backend" / name)
        self.install()
        self.spool.mkdir(mode=0o700)
        (self.folder / "etc").mkdir()
        told = {"spool": str(self.spool), "without_spool": self._without_spool}
        (self.folder / "etc" / "comptoir.json").write_text(json.dumps(told))
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._home.cleanup()

    def install(self) -> None:
        """Our backend, as it is installed."""
        shutil.copyfile(comptoir.capture_backend.__file__, self.bin / "backend" / "comptoir")
        (self.bin / "backend" / "comptoir").chmod(0o700)

    def backend(self, name: str, script: str) -> str:
        """A backend of this name that is a shell script; its path."""
        path = self.bin / "backend" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        return str(path)

    def print(self, queue: str, file: Path, *options: str) -> int:
        """Print a file; the job's number."""
        command = ("lp", "-d", queue, *options, str(file))
        said = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=30, env={**os.environ, **self.environ}
        ).stdout
        (number,) = re.findall(rf"{queue}-(\d+)", said)
        return int(number)

    @property
    def environ(self) -> dict[str, str]:
        """For programs of CUPS, and for `comptoir capture`."""
        return {
            "CUPS_SERVER": str(self.socket),
            "CUPS_SERVERBIN": str(self.bin),
            "CUPS_SERVERROOT": str(self.folder / "etc"),
        }

    def said(self, *command: str) -> str:
        return subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=30, env={**os.environ, **self.environ}
        ).stdout

    def completed(self) -> list[int]:
        """Numbers of jobs that CUPS says are done."""
        return [
            int(one) for one in re.findall(r"^\S+-(\d+)\s", self.said("lpstat", "-W", "completed", "-o"), re.MULTILINE)
        ]

    def waiting(self) -> list[int]:
        return [
            int(one)
            for one in re.findall(r"^\S+-(\d+)\s", self.said("lpstat", "-W", "not-completed", "-o"), re.MULTILINE)
        ]

    def done(self, count: int = 1) -> None:
        """Returns when so many jobs are done."""
        eventually(lambda: len(self.completed()) >= count, lambda: f"{self.said('lpstat', '-t')}\n{self.log}")

    @property
    def log(self) -> str:
        """What CUPS has said of jobs."""
        said = (self.folder / "log" / "error_log").read_text(errors="replace")
        return "\n".join(line for line in said.splitlines() if "[Job" in line and "envp[" not in line)[-3000:]

    def entries(self) -> list[dict[str, Any]]:
        """What lies in the spool, in the order of their making."""
        found = [json.loads(path.read_text()) for path in self.spool.glob("*.json")]
        return sorted(found, key=lambda told: int(told["job"]))

    def states(self) -> list[str]:
        return sorted(json.loads(path.read_text())["state"] for path in self.spool.glob("*.state"))
