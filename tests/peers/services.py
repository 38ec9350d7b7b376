"""The real commands as subprocesses: started, asked, killed and started again, as a machine would do it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 30.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(url: str, body: Any = None, method: str = "", headers: dict[str, str] | None = None) -> Any:
    """The JSON behind an address; HTTP errors are raised."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url, data, {"Content-Type": "application/json", **(headers or {})}, method=method or None
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


@dataclass
class Service:
    """One command that runs until it is stopped or killed. `says` holds what it has printed."""

    arguments: list[str]
    url: str
    environ: dict[str, str] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None
    #: what is run with the arguments
    program: tuple[str, ...] = ("-m", "comptoir")
    #: seconds
    patience: float = PATIENCE
    _spoke: threading.Condition = field(default_factory=threading.Condition)

    def start(self, ready: str) -> None:
        """Returns when it has printed a line with `ready` in it."""
        before = len(self.says)
        self.process = subprocess.Popen(
            [sys.executable, *self.program, *self.arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", **self.environ},
        )  # fmt: skip
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        self.wait_for(ready, before)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                with self._spoke:
                    self.says.append(line)
                    self._spoke.notify_all()
        with self._spoke:
            self._spoke.notify_all()

    def wait_for(self, words: str, since: int = 0) -> str:
        """The line that has these words, as soon as it is printed."""
        with self._spoke:
            found: list[str] = []

            def spoken() -> bool:
                found[:] = [line for line in self.says[since:] if words in line]
                return bool(found) or (self.process is not None and self.process.poll() is not None)

            if not self._spoke.wait_for(spoken, self.patience) or not found:
                raise AssertionError(f"no line with {words!r} in:\n" + "".join(self.says[since:]))
            return found[0]

    def kill(self) -> None:
        """As a power cut does it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As the system does it; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(self.patience)


def stop_all(services: Iterable[Service]) -> None:
    for service in services:
        if service.process is not None and service.process.poll() is None:
            service.kill()


@dataclass
class Pair:
    """A hub and a station in two processes, paired."""

    hub: Service
    station: Service

    @classmethod
    def make(cls, folder: Path, printers: str) -> Pair:
        """`printers`: TOML. Both are running and linked when this returns."""
        hub_port, station_port = free_port(), free_port()
        (folder / "a").mkdir(parents=True)
        (folder / "b").mkdir()
        (folder / "b" / "comptoir.toml").write_text(printers, "utf-8")
        hub = Service(["hub", "--data", str(folder / "a"), "--hub-port", str(hub_port)], f"http://127.0.0.1:{hub_port}")
        station = Service(
            ["station", "--data", str(folder / "b"), "--port", str(station_port)],
            f"http://127.0.0.1:{station_port}",
        )
        pair = cls(hub, station)
        try:
            hub.start("No station is paired")
            code = hub.wait_for("No station is paired").rsplit(maxsplit=1)[1]
            station.start("Station ")
            ask(f"{station.url}/api/pair", {"hub": hub.url, "code": code})
            station.wait_for("linked to the hub")
        except BaseException:
            stop_all([hub, station])
            raise
        return pair
