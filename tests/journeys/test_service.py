"""The service as systemd starts it: the very command of the unit, with what systemd gives it, and nothing else."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.peers.services import free_port

from comptoir.cli.service import systemd
from comptoir.cli.service.managers import Systemd
from comptoir.cli.service.plan import Write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="systemd")

PATIENCE = 60


def test_what_the_unit_starts_answers_and_stops_as_systemd_expects(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "my data"
    data.mkdir()
    (data / "comptoir.toml").write_text(f"[station]\nport = {port}\n")
    there = Systemd(False)
    steps = there.install(there.wanted("station", data, None, "comptoir"), start=False)
    unit = next(step.content for step in steps if isinstance(step, Write))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE)
        given = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        process = subprocess.Popen(systemd.command_of(unit), cwd="/", env=given)
        try:
            assert manager.recv(100) == b"READY=1"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=10) as answer:
                assert b'"status":"running"' in answer.read()
            process.terminate()
            assert manager.recv(100) == b"STOPPING=1"
            assert process.wait(10) == 0
        finally:
            process.kill()
            process.wait()
    # What it has started is gone with it.
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
