"""The archive of `tests.peers.maarch` in a process of its own: it outlives the station, and can be away for a while."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.peers.maarch import TOKEN

ROOT = Path(__file__).parent.parent.parent


class MaarchProcess:
    """Use as `with`. `url` and `token` stay the same when it is stopped and started again, and so do its archives."""

    def __init__(self, folder: Path, token: str = TOKEN) -> None:
        self.token = token
        self.port = 0
        self._ports = folder / "maarch.port"
        self._state = folder / "maarch.jsonl"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> MaarchProcess:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Returns when it answers; at the same port as before."""
        self._ports.unlink(missing_ok=True)
        arguments = ["--port-file", self._ports, "--state-file", self._state, "--port", self.port]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.peers.maarch", *map(str, arguments), "--token", self.token],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline(), "the archive did not start"
        self.port = int(self._ports.read_text())

    def stop(self) -> None:
        """Gone at once, as by a power cut. What is stored stays."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    def lie(self, *modes: str) -> None:
        """So are the next deposits answered, one each; see `tests.peers.maarch`."""
        self._post("lie", modes)

    def always(self, mode: str) -> None:
        """So is every deposit answered from now on; "": honestly."""
        self._post("always", mode)

    def archives(self) -> list[dict[str, Any]]:
        """What is stored, in the order in which it came, whether or not the process runs."""
        if not self._state.is_file():
            return []
        return [json.loads(line) for line in self._state.read_text("utf-8").splitlines()]

    def _post(self, path: str, value: object) -> None:
        request = urllib.request.Request(f"{self.url}/peer/{path}", json.dumps(value).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
