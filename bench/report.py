"""RESULTS.md from the figures: medians, their spread over the rounds, the ratios beside what was aimed at."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import machine

if TYPE_CHECKING:
    from run import Figures

median = statistics.median

#: what is measured, in what unit and with how many decimals, where it stands, and the ratio that is aimed at
Measure = tuple[str, int, Callable[["Figures"], Sequence[float]], str]

MEASURES: list[Measure] = [
    ("32 clients, durable web → recorded, jobs/s", 0, lambda f: [p.rate for p in f.many], "≥ 5"),
    ("32 clients, POST → recorded, p50, ms", 2, lambda f: [p.recorded[0] for p in f.many], ""),
    ("32 clients, POST → recorded, p99, ms", 2, lambda f: [p.recorded[1] for p in f.many], ""),
    ("32 clients, POST → accepted, p50, ms", 2, lambda f: [p.accepted[0] for p in f.many], ""),
    ("1 client, durable web → recorded, jobs/s", 0, lambda f: [p.rate for p in f.one], ""),
    ("1 client, POST → recorded, p50, ms", 3, lambda f: [p.recorded[0] for p in f.one], "≤ 1.0"),
    ("1 client, POST → recorded, p99, ms", 2, lambda f: [p.recorded[1] for p in f.one], "≤ 0.3"),
    ("1 client, POST → accepted, p50, ms", 3, lambda f: [p.accepted[0] for p in f.one], ""),
    ("memory for each idle connected station, kB", 1, lambda f: [b / 1000 for b in f.a_station], "≤ 1.0"),
    ("memory of the server after its start, MB", 0, lambda f: [b / 1e6 for b in f.at_start], ""),
    ("memory of the server after the jobs, MB", 0, lambda f: [b / 1e6 for b in f.after], ""),
]

METHOD = """\
* The hub is `comptoir hub` with its defaults. The peer is `peers/server.js`: Express, socket.io and
  better-sqlite3 as one writes such a service today, with the same durability (WAL, `synchronous = FULL`).
  Both are started anew on an empty folder in every round, one after the other, pinned to core 0.
* The load generator is one process, pinned to core 1, with the same HTTP client and the same WebSocket
  client for both. Closed loop: a client posts {size} bytes, waits for the answer and until the one
  station has heard that the result is on the server's disk ("recorded"), then posts the next. The station
  confirms a job as soon as it has it.
* Checked in every round: every job ended, none twice; the server's database has exactly these jobs, all
  printed.
* Figures are medians of {rounds} rounds; in brackets the smallest and the largest. Ratios are of medians.
* A station's memory: growth of the server's resident memory from 50 to {all} connected stations, divided
  by {stations}; WebSocket only, on both. What a station costs the hub by being known, connected or not,
  comes on top: {known:.1f} kB.
* The generator was busy for {busy_hub:.0%} (hub) and {busy_peer:.0%} (peer) of the time at 32 clients.
"""


def text(hub: Figures, peer: Figures, options: argparse.Namespace, flushes: Sequence[float]) -> str:
    """The whole document."""
    from load import BODY  # noqa: PLC0415 - only what it says, not the generator, is needed here

    method = METHOD.format(
        size=len(BODY),
        rounds=options.rounds,
        all=options.stations + 50,
        stations=options.stations,
        known=median(hub.a_known_station) / 1000,
        busy_hub=median(p.busy for p in hub.many),
        busy_peer=median(p.busy for p in peer.many),
    )
    rows = "\n".join(_row(measure, hub, peer) for measure in MEASURES)
    about = "\n".join(f"* {line}" for line in machine.description())
    rate = " and ".join(f"{count:,.0f}" for count in flushes)
    return f"""\
# The hub beside Express + socket.io + SQLite

Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`, which repeats it on your machine (three minutes;
Linux, two cores, Node.js). Absolute figures are those of one machine and one disk; the ratios are what is
promised.

| | hub | peer | ratio | aim | |
|---|---|---|---|---|---|
{rows}

## On what

{about}
* disk: {rate} flushes a second (8 kB, before and after)

## How

{method}"""


def _row(measure: Measure, hub: Figures, peer: Figures) -> str:
    name, digits, column, aim = measure
    ours, theirs = column(hub), column(peer)
    ratio = median(ours) / median(theirs)
    verdict = ""
    if aim:
        sign, number = aim.split()
        verdict = "reached" if (ratio >= float(number)) == (sign == "≥") or ratio == float(number) else "**missed**"
    return f"| {name} | {_spread(ours, digits)} | {_spread(theirs, digits)} | {ratio:.2f} | {aim} | {verdict} |"


def _spread(values: Sequence[float], digits: int) -> str:
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
