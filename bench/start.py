"""How long a start takes, until the first answer, and what memory it takes to be there: ours beside a bare aiohttp.

Ours is `comptoir station` with its defaults, on a data folder that it has made before, so that journal and certificate
are there. The bare one has one address and nothing behind it: what Python and aiohttp take by themselves.
"""

from __future__ import annotations

import statistics
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from machine import wait_until_idle
from servers import PATIENCE, PEERS, Server, line, start

#: starts of each kind in a round, after one that finds nothing in the system's cache
STARTS: Final = 3


@dataclass
class Figures:
    """Of one kind of server, a value a round."""

    answer: list[float] = field(default_factory=list)  # s
    cpu: list[float] = field(default_factory=list)  # s
    memory: list[float] = field(default_factory=list)  # MB


@dataclass
class Both:
    ours: Figures = field(default_factory=Figures)
    bare: Figures = field(default_factory=Figures)


def measure(folder: Path, rounds: int) -> Both:
    """Both in turn, start by start."""
    figures = Both()
    kinds = ((figures.ours, start_ours), (figures.bare, start_bare))
    for number in range(rounds):
        taken: list[list[tuple[float, float]]] = [[], []]
        for turn in range(STARTS + 1):
            for (_, begin), times in zip(kinds, taken, strict=True):
                server, answered = _answered(begin, folder)
                if turn:
                    times.append((answered, server.cpu))
                server.stop()
        for (column, begin), times in zip(kinds, taken, strict=True):
            column.answer.append(statistics.median(answered for answered, _ in times))
            column.cpu.append(statistics.median(cpu for _, cpu in times))
            column.memory.append(_idle(begin, folder))
        ours, bare = figures.ours, figures.bare
        print(
            f"start, round {number + 1}: {ours.answer[-1]:.3f} s, {ours.memory[-1]:.0f} MB; "
            f"bare {bare.answer[-1]:.3f} s, {bare.memory[-1]:.0f} MB",
            flush=True,
        )
    return figures


def start_ours(folder: Path) -> Server:
    command = [sys.executable, "-m", "comptoir", "station", "--data", str(folder), "--port", "0"]
    process = start(command)
    return Server("comptoir", process, int(line(process, r"http://127\.0\.0\.1:(\d+)/")), folder)


def start_bare(folder: Path) -> Server:
    process = start([sys.executable, str(PEERS / "bare.py")])
    return Server("bare", process, int(line(process, r"^listening on (\d+)")), folder)


def _answered(begin: Callable[[Path], Server], folder: Path) -> tuple[Server, float]:
    """A server and the seconds from the start of its process until it has said that it is well."""
    before = time.monotonic()
    server = begin(folder)
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=PATIENCE) as answer:
        if answer.status != 200:
            raise SystemExit(f"{server.kind} is not well: {answer.status}")
    return server, time.monotonic() - before


def _idle(begin: Callable[[Path], Server], folder: Path) -> float:
    """MB of one that has answered once and has nothing to do."""
    server, _ = _answered(begin, folder)
    wait_until_idle(lambda: server.cpu)
    memory = server.memory / 1e6
    server.stop()
    return memory
