"""How long a drawer takes: from an HTTP call on a new connection to the pulse at the printer, ours beside Flask.

The till calls, one call after the other; `printers.py` notes when the pulse arrives. A drawer is not opened twice in a
second, so there are many printers, used in turn. Ours is `comptoir station` with its defaults: it stays connected to
its printers, and asks them for their state now and then. The peer connects to the printer for every pulse.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from servers import LOAD_CORE, PATIENCE, PEERS, line, pinned, start

HERE: Final = Path(__file__).parent
PRINTERS: Final = 40
#: s between two calls: PRINTERS of them take longer than the second in which a drawer is not opened twice
PACE: Final = 0.030
WARM_UP: Final = PRINTERS


@dataclass
class Figures:
    """Of one server, a value a round; in ms."""

    pulse: list[float] = field(default_factory=list)
    pulse_99: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)


def measure(folder: Path, rounds: int, calls: int) -> tuple[Figures, Figures]:
    """Both servers in turn, each started anew in every round."""
    figures = {start_ours: Figures(), start_peer: Figures()}
    for number in range(rounds):
        for begin, column in figures.items():
            place = folder / f"drawer-{number}-{begin.__name__}"
            place.mkdir()
            with _printers() as printers, begin(place, printers.ports) as port:
                called = [_call(port, at % PRINTERS) for at in range(WARM_UP + calls)]
            _note(column, called[WARM_UP:], printers.pulses[WARM_UP:])
            print(
                f"drawer, round {number + 1}, {begin.__name__:10} p50 {column.pulse[-1]:.3f} ms, "
                f"p99 {column.pulse_99[-1]:.3f} ms, answered {column.answer[-1]:.3f} ms",
                flush=True,
            )
    return figures[start_ours], figures[start_peer]


def _note(figures: Figures, called: list[tuple[int, int]], pulses: list[int]) -> None:
    if len(called) != len(pulses):
        raise SystemExit(f"{len(called)} calls, but {len(pulses)} pulses")
    taken = sorted((pulse - start) / 1e6 for (start, _), pulse in zip(called, pulses, strict=True))
    figures.pulse.append(taken[len(taken) // 2])
    figures.pulse_99.append(taken[len(taken) * 99 // 100])
    figures.answer.append(sorted((end - start) / 1e6 for start, end in called)[len(called) // 2])


def _call(port: int, printer: int) -> tuple[int, int]:
    """Open the drawer of this printer; when the call began and when it was answered, in ns."""
    time.sleep(PACE)
    body = json.dumps({"printer": str(printer)}).encode()
    request = (
        f"POST /api/drawer/open HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    start = time.monotonic_ns()
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(request)
        answer = connection.recv(4096)
        end = time.monotonic_ns()
        while more := connection.recv(4096):
            answer += more
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"refused: {answer[:300]!r}")
    return start, end


@dataclass
class Printers:
    ports: list[int]
    pulses: list[int] = field(default_factory=list)  # ns


@contextlib.contextmanager
def _printers() -> Iterator[Printers]:
    """The process of the printers; their pulses are known once it has ended."""
    command = pinned(LOAD_CORE, sys.executable, str(HERE / "printers.py"), str(PRINTERS))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printers = Printers(json.loads(process.stdout.readline()))
        yield printers
        told, _ = process.communicate()
        printers.pulses = json.loads(told)


@contextlib.contextmanager
def start_ours(folder: Path, ports: list[int]) -> Iterator[int]:
    """The port of `comptoir station` with these printers, once it has reached them all."""
    printers = [f'[[printer]]\nname = "{name}"\ndevice = "socket://127.0.0.1:{at}"' for name, at in enumerate(ports)]
    (folder / "comptoir.toml").write_text("\n".join(["[station]\nport = 0", *printers]))
    process = start([sys.executable, "-m", "comptoir", "station", "--data", str(folder)])
    try:
        yield int(line(process, r"http://127\.0\.0\.1:(\d+)/"))
    finally:
        _end(process)


@contextlib.contextmanager
def start_peer(folder: Path, ports: list[int]) -> Iterator[int]:
    process = start([sys.executable, str(PEERS / "drawer.py"), "127.0.0.1", *map(str, ports)])
    try:
        yield int(line(process, r"^listening on (\d+)"))
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(PATIENCE)
    assert process.stdout is not None
    process.stdout.close()
