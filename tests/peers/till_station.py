"""A real station with one virtual printer and its drawer, for browsers to call; what came of it is asked outside."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.services import Service, ask, free_port

SHOP = """
[station]
allowed_origins = {origins}
[till]
unnamed = {unnamed}
[[printer]]
name = "TICKET"
device = "virtual:TICKET?drawer=high{more}"
"""


@dataclass
class TillStation:
    """`url` is its address as tills write it: by the name localhost."""

    service: Service
    folder: Path

    @classmethod
    def started(cls, folder: Path, origins: tuple[str, ...] = (), more: str = "", unnamed: bool = False) -> TillStation:
        """`origins`: the sites that are allowed. `more`: of the printer's device URI. `unnamed`: as [till] has it."""
        (folder / "comptoir.toml").write_text(
            SHOP.format(origins=json.dumps(origins), unnamed=json.dumps(unnamed), more=more), "utf-8"
        )
        port = free_port()
        service = Service(["station", "--data", str(folder), "--port", str(port)], f"http://127.0.0.1:{port}")
        service.start(str(port))
        return cls(service, folder)

    @property
    def url(self) -> str:
        return self.service.url.replace("127.0.0.1", "localhost")

    @property
    def pulses(self) -> int:
        """How often its drawer was fired."""
        return int(self._printer()["pulses"])

    @property
    def lines(self) -> int:
        """How many lines are on its paper."""
        return int(self._printer()["lines"])

    @property
    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ask(f"{self.service.url}/api/jobs")["prints"]
        return found

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        """The bodies of what its journal has of these kinds, oldest first."""
        command = [sys.executable, "-m", "comptoir", "journal", "export", "--role", "station", "--data"]
        said = subprocess.run([*command, str(self.folder)], capture_output=True, text=True, check=True)
        found = [json.loads(line) for line in said.stdout.splitlines()]
        return [event["body"] for event in found if event["kind"] in kinds]

    def _printer(self) -> dict[str, Any]:
        printer: dict[str, Any] = ask(f"{self.service.url}/api/printers/TICKET/faults")
        return printer
