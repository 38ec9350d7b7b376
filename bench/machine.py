"""What the measurements were made on: processor, memory, kernel, disk, versions; nothing to name it by."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

PEERS = Path(__file__).parent / "peers"


def flushes(folder: Path, seconds: float = 1.0) -> float:
    """Flushes a second that the disk of this folder does, 8 kB overwritten each time."""
    path = folder / "flushes"
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        page, count = bytes(8192), 0
        os.pwrite(handle, page, 0)
        os.fsync(handle)
        start = time.perf_counter()
        while time.perf_counter() < start + seconds:
            os.pwrite(handle, page, 0)
            os.fdatasync(handle)
            count += 1
        return count / (time.perf_counter() - start)
    finally:
        os.close(handle)
        path.unlink()


def wait_until_idle(cpu: Callable[[], float], patience: float = 20.0) -> None:
    """Return when a process has used no processor time to speak of for a second and a half."""
    until = time.monotonic() + patience
    before = cpu()
    while time.monotonic() < until:
        time.sleep(1.5)
        if cpu() - before < 0.03:
            return
        before = cpu()


def description(packages: Sequence[str], peers: Sequence[str]) -> list[str]:
    """Lines about the machine and the software: these packages of Python, these of Node.js."""
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    python = ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)])
    node = ", ".join([f"Node {_node()}", *(f"{name} {_peer(name)}" for name in peers)])
    return [
        f"{os.cpu_count()} × {model[1] if model else platform.machine()}, "
        f"{int(memory[1]) / 1e6 if memory else 0:.0f} GB, Linux {platform.release().partition('-')[0]}",
        python,
        *([node] if peers else []),
    ]


def _node() -> str:
    return subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip("v\n")


def _peer(name: str) -> str:
    found: str = json.loads((PEERS / "node_modules" / name / "package.json").read_text())["version"]
    return found
