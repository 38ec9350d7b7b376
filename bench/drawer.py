"""How long a drawer takes: `GET /open-cash-drawer` on a new connection, ours beside the earlier service and waitress.

The till calls, one call after the other, each server in turn; `printers.py` notes when the pulse arrives. A drawer is
not opened twice in a second, so there are several servers of each kind, each with its printer. Ours is `comptoir
station` with its defaults: it stays connected to its printer, and asks it for its state now and then. The peers connect
to the printer for every pulse.

Then ours alone, while an invoice of 20 pages prints on another printer again and again and 10 pages of the console are
open.
"""

from __future__ import annotations

import contextlib
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from console import Console, Prints
from servers import LOAD_CORE, PATIENCE, PEERS, line, pinned, start

HERE: Final = Path(__file__).parent
#: servers of each kind
SERVERS: Final = 5
#: s between two calls of the same drawer: more than the second in which it is not opened twice
PACE: Final = 1.05
WARM_UP: Final = 2
PAGES: Final = 20
READERS: Final = 10

#: (called, answered), ns
Call = tuple[int, int]


@dataclass
class Figures:
    """Of one kind of server, a value a round; in ms."""

    answer: list[float] = field(default_factory=list)
    answer_99: list[float] = field(default_factory=list)
    pulse: list[float] = field(default_factory=list)
    pulse_99: list[float] = field(default_factory=list)
    #: every call of every round
    answers: list[float] = field(default_factory=list)


@dataclass
class All:
    """The kinds of servers, and ours while it prints."""

    ours: Figures = field(default_factory=Figures)
    earlier: Figures = field(default_factory=Figures)
    waitress: Figures = field(default_factory=Figures)
    printing: Figures = field(default_factory=Figures)
    #: invoices printed meanwhile, a value a round
    invoices: list[int] = field(default_factory=list)


def measure(folder: Path, rounds: int, calls: int) -> All:
    """Every server started anew in each round. `calls`: of each kind in a round."""
    figures = All()
    for number in range(rounds):
        place = folder / f"drawer-{number}"
        _side_by_side(place, calls, figures)
        _while_it_prints(place, calls // SERVERS, figures)
        for name in ("ours", "earlier", "waitress", "printing"):
            one: Figures = getattr(figures, name)
            print(
                f"drawer, round {number + 1}, {name:8} answered p50 {one.answer[-1]:.3f} p99 {one.answer_99[-1]:.3f} "
                f"ms, pulse p50 {one.pulse[-1]:.3f} p99 {one.pulse_99[-1]:.3f} ms",
                flush=True,
            )
    return figures


def _side_by_side(place: Path, calls: int, figures: All) -> None:
    kinds = (start_ours, start_earlier, start_waitress)
    with ExitStack() as ends:
        printers = ends.enter_context(_printers(SERVERS * len(kinds)))
        ports: list[int] = []
        for number, at in enumerate(printers.ports):
            home = place / str(number)
            home.mkdir(parents=True)
            ports.append(ends.enter_context(kinds[number % len(kinds)](home, at)))
        called = [_in_turn(ports) for _ in range(WARM_UP + calls // SERVERS)]
    columns = (figures.ours, figures.earlier, figures.waitress)
    taken = _with_pulses(called, printers)
    for kind, column in enumerate(columns):
        _note(column, [one for turn in taken for one in turn[kind :: len(kinds)]])


def _while_it_prints(place: Path, calls: int, figures: All) -> None:
    with ExitStack() as ends:
        printers = ends.enter_context(_printers(2))
        home = place / "printing"
        home.mkdir()
        port = ends.enter_context(start_ours(home, *printers.ports))
        ends.enter_context(Console(port, READERS))
        prints = ends.enter_context(Prints(port, "1", PAGES))
        called = [_in_turn([port]) for _ in range(WARM_UP + calls)]
        figures.invoices.append(prints.done())
    _note(figures.printing, [turn[0] for turn in _with_pulses(called, printers)])


def _in_turn(ports: Sequence[int]) -> list[Call]:
    """Call each of them once, at even distances."""
    turn = []
    for port in ports:
        time.sleep(PACE / len(ports))
        turn.append(_call(port))
    return turn


def _with_pulses(called: Sequence[Sequence[Call]], printers: Printers) -> list[list[tuple[Call, int]]]:
    """The calls of each turn after those to warm up, with the pulses that they brought: one each, in their order."""
    count = sum(len(turn) for turn in called)
    if len(printers.pulses) != count:
        raise SystemExit(f"{count} calls, but {len(printers.pulses)} pulses")
    pulses = iter(printers.pulses)
    return [[(call, next(pulses)) for call in turn] for turn in called][WARM_UP:]


def _note(figures: Figures, taken: Sequence[tuple[Call, int]]) -> None:
    answers = [(end - start) / 1e6 for (start, end), _ in taken]
    pulses = [(pulse - start) / 1e6 for (start, _), pulse in taken]
    figures.answers += answers
    figures.answer.append(statistics.median(answers))
    figures.answer_99.append(percentile_99(answers))
    figures.pulse.append(statistics.median(pulses))
    figures.pulse_99.append(percentile_99(pulses))


def percentile_99(values: Sequence[float]) -> float:
    return sorted(values)[len(values) * 99 // 100]


def _call(port: int) -> Call:
    """Open the drawer; when the call began and when it was answered whole, in ns."""
    request = f"GET /open-cash-drawer HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    start = time.monotonic_ns()
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(request)
        answer = b""
        while not answer.endswith(b"}\n"):
            if not (more := connection.recv(4096)):
                raise SystemExit(f"answered in part: {answer!r}")
            answer += more
        end = time.monotonic_ns()
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"refused: {answer[:300]!r}")
    return start, end


@dataclass
class Printers:
    ports: list[int]
    pulses: list[int] = field(default_factory=list)  # ns


@contextlib.contextmanager
def _printers(count: int) -> Iterator[Printers]:
    """The process of the printers; their pulses are known once it has ended."""
    command = pinned(LOAD_CORE, sys.executable, str(HERE / "printers.py"), str(count))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printers = Printers(json.loads(process.stdout.readline()))
        yield printers
        told, _ = process.communicate()
        printers.pulses = json.loads(told)


@contextlib.contextmanager
def start_ours(folder: Path, *ports: int) -> Iterator[int]:
    """The port of `comptoir station` with these printers, once it has reached them all."""
    printers = [f'[[printer]]\nname = "{name}"\ndevice = "socket://127.0.0.1:{at}"' for name, at in enumerate(ports)]
    (folder / "comptoir.toml").write_text("\n".join(["[station]\nport = 0", *printers]))
    process = start([sys.executable, "-m", "comptoir", "station", "--data", str(folder)])
    try:
        yield int(line(process, r"http://127\.0\.0\.1:(\d+)/"))
    finally:
        _end(process)


@contextlib.contextmanager
def start_earlier(folder: Path, printer: int) -> Iterator[int]:
    process = start([sys.executable, str(PEERS / "earlier.py"), "127.0.0.1", str(printer), str(folder / "till.log")])
    try:
        yield int(line(process, r"^listening on (\d+)"))
    finally:
        _end(process)


@contextlib.contextmanager
def start_waitress(folder: Path, printer: int) -> Iterator[int]:
    process = start([sys.executable, str(PEERS / "drawer.py"), "127.0.0.1", str(printer)])
    try:
        yield int(line(process, r"^listening on (\d+)"))
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(PATIENCE)
    assert process.stdout is not None
    process.stdout.close()
