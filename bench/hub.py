"""The hub beside the service that one writes today.

Every round starts each server anew on an empty folder, one after the other, so that a disturbance of the machine hits
both; medians over the rounds are compared. A run in which a job is lost, or counted twice, ends with an error.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

import machine
from load import Phase, Told
from servers import LOAD_CORE, START, Server, environment, pinned

KINDS = ("comptoir", "peer")
HERE = Path(__file__).parent


@dataclass
class Figures:
    """What the rounds of one server have measured; memory in bytes."""

    one: list[Phase] = field(default_factory=list)
    many: list[Phase] = field(default_factory=list)
    at_start: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    a_known_station: list[float] = field(default_factory=list)
    a_station: list[float] = field(default_factory=list)


def load(*arguments: str) -> list[str]:
    return pinned(LOAD_CORE, sys.executable, str(HERE / "load.py"), *arguments)


def measure_jobs(kind: str, folder: Path, options: argparse.Namespace, figures: Figures) -> None:
    """One round of jobs on a fresh server."""
    server = START[kind](folder)
    try:
        figures.at_start.append(server.memory)
        command = load(
            "jobs", kind, str(server.port), "--token", server.token,
            "--seconds", str(options.seconds), "--warm-up", str(options.warm_up),
        )  # fmt: skip
        done = subprocess.run(command, stdout=subprocess.PIPE, env=environment(), check=True)
        told = msgspec.json.decode(done.stdout, type=Told)
        figures.after.append(server.memory)
    finally:
        server.stop()
    if server.printed() != (told.ended, told.ended):
        raise SystemExit(f"{kind}: {told.ended} jobs ended, but (kept, printed) is {server.printed()}")
    for phase, column in zip(told.phases, (figures.one, figures.many), strict=True):
        column.append(phase)
        print(
            f"{kind:9} {phase.clients:3} clients: {phase.rate:7.0f} jobs/s, "
            f"recorded p50 {phase.recorded[0]:.2f} ms, p99 {phase.recorded[1]:.2f} ms, "
            f"generator {phase.busy:.0%} busy",
            flush=True,
        )


def measure_idle(kind: str, folder: Path, options: argparse.Namespace, figures: Figures) -> None:
    """What a connected station costs: the growth from 50 to 50 + N, all known to the server before."""
    count, first = options.stations, 50
    server = START[kind](folder, count + first)
    try:
        known = server.memory
        command = load("idle", kind, str(server.port), "--first", str(first), "--count", str(count))
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
        ) as stations:
            before = _settled(stations, server)
            after = _settled(stations, server)
        if stations.returncode:
            raise SystemExit(f"{kind}: the stations were not all connected")
    finally:
        server.stop()
    figures.a_station.append((after - before) / count)
    if figures.at_start:
        figures.a_known_station.append((known - statistics.median(figures.at_start)) / (count + first))
    print(f"{kind:9} {count} idle stations: {(after - before) / count / 1000:.1f} kB each", flush=True)


def _settled(stations: subprocess.Popen[str], server: Server) -> int:
    """The server's memory once this step's stations are connected and it has nothing left to do."""
    assert stations.stdout is not None
    assert stations.stdin is not None
    if stations.stdout.readline() != "ready\n":
        raise SystemExit("the stations could not connect")
    machine.wait_until_idle(lambda: server.cpu)
    memory = server.memory
    stations.stdin.write("\n")
    stations.stdin.flush()
    return memory


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Figures]:
    """Both servers in turn: jobs first, then idle stations."""
    figures = {kind: Figures() for kind in KINDS}
    for work in (measure_jobs, measure_idle):
        for number in range(options.rounds):
            print(f"hub, round {number + 1} of {options.rounds}", flush=True)
            for kind in KINDS:
                place = folder / f"{work.__name__}-{number}-{kind}"
                place.mkdir()
                work(kind, place, options, figures[kind])
    return figures
