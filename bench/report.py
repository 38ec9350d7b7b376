"""RESULTS.md from the figures: medians, their spread over the rounds, the ratios beside what was aimed at.

A section for each part of the bench; each says itself when and on what it was measured.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import machine

if TYPE_CHECKING:
    from drawer import Figures as DrawerFigures
    from hub import Figures
    from paper import Case

median = statistics.median

#: what is measured, in what unit; decimals; ours and the peer's, a value a round; the ratio that is aimed at
Row = tuple[str, int, Sequence[float], Sequence[float], str]
#: the same of the hub, and where it stands in its figures
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

HUB_METHOD = """\
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


PAPER_METHOD = """\
* Peers: python-escpos (`Dummy`), receiptline and @point-of-sale/receipt-printer-encoder as their manuals show them
  (`receipt.py`, `peers/receipts.mjs`); for PDF the least that anybody has to do with pypdfium2. All warm. One after
  the other in every round, {seconds:g} s each.
* In Python it is the processor time of one call, one thread; Node.js tells the time on the wall. Figures are medians
  of {rounds} rounds of medians; in brackets the smallest and the largest.
* The receipt: {lines} lines, most of them with accents or €, bold, double size, two columns, a CODE128 and a QR
  code that the printer draws (profile TM-T88V). Ours makes the pages and encodes them. python-escpos gets a new
  object for each receipt. One object for all is faster, but its bytes are those of its second receipt: they lack the
  first code page, and a printer that has been reset prints wrong accents.
* In markup: from the ReceiptLine text to bytes, ours by `formats.ticket`. receiptline computes the QR code itself and
  sends it as dots.
* Checked: what is read on the paper, by our interpreter of ESC/POS, is the same for every library.
* The photo: octaves of noise, dithered by Floyd-Steinberg on both sides; decoding the PNG is the same Pillow on both.
* The invoice: A4 by reportlab, a JPEG and 35 rows. “Margins kept” draws the same 576 dots as the peer; ours then makes
  black and white dots of them, the peer stops at greys. “As users get it” cuts the margins off and draws larger; its
  peer is pypdfium2, Pillow's `convert("1")` and one GS v 0.
"""

DRAWER_METHOD = """\
* From just before the till connects (HTTP, a new connection a call) until the bytes of the pulse are read by the
  printer; all on one machine, on one clock. Server on core 0; the till and the printers on core 1.
* Ours is `comptoir station` with its defaults and a journal on disk; it answers when the printer has processed the
  pulse and the journal has it. The peer is `peers/drawer.py`: Flask on waitress, a new connection to the printer a
  pulse; it answers when it has written the pulse, and knows nothing more.
* {printers} printers in turn, since ours does not open a drawer twice in a second; a call every {pace:.0f} ms. Ours
  asks each of them for its state every two seconds besides.
* Medians of {rounds} rounds of {calls} calls; in brackets the smallest and the largest. On the loopback a new
  connection costs 0.1 ms; to a printer on a network it costs what the network and the printer take.
"""


def placed(document: str, section: str) -> str:
    """The document with this section in the place of the one with its title; at the end where there is none."""
    title = section.partition("\n")[0]
    sections = re.split(r"(?m)^(?=## )", document)
    for at, old in enumerate(sections):
        if old.partition("\n")[0] == title:
            sections[at] = section
            break
    else:
        sections.append(section)
    return "\n\n".join(one.strip() for one in sections) + "\n"


def hub(ours: Figures, peer: Figures, options: argparse.Namespace, flushes: Sequence[float]) -> str:
    from load import BODY  # noqa: PLC0415 - only what it says, not the generator, is needed here

    rows = [(name, digits, column(ours), column(peer), aim) for name, digits, column, aim in MEASURES]
    packages = ("aiohttp", "uvloop", "msgspec")
    about = machine.description(packages, ("express", "socket.io", "better-sqlite3"))
    rate = " and ".join(f"{count:,.0f}" for count in flushes)
    about += [f"SQLite {sqlite3.sqlite_version}", f"disk: {rate} flushes a second (8 kB, before and after)"]
    method = HUB_METHOD.format(
        size=len(BODY),
        rounds=options.rounds,
        all=options.stations + 50,
        stations=options.stations,
        known=median(ours.a_known_station) / 1000,
        busy_hub=median(p.busy for p in ours.many),
        busy_peer=median(p.busy for p in peer.many),
    )
    return _section("The hub beside Express + socket.io + SQLite", "hub", rows, about, method)


def paper(cases: Sequence[Case], options: argparse.Namespace) -> str:
    from receipt import LINES  # noqa: PLC0415 - it loads what is measured

    rows = [(f"{case.name}, ms", 2, case.times, case.peer_times, case.aim) for case in cases]
    packages = ("numpy", "pillow", "pypdfium2", "python-escpos")
    about = machine.description(packages, ("receiptline", "@point-of-sale/receipt-printer-encoder"))
    method = PAPER_METHOD.format(rounds=options.rounds, seconds=options.seconds / 10, lines=LINES)
    return _section("Paper beside python-escpos, receiptline, pypdfium2", "ours", rows, about, method)


def drawer(ours: DrawerFigures, peer: DrawerFigures, options: argparse.Namespace) -> str:
    from drawer import PACE, PRINTERS  # noqa: PLC0415 - as above

    rows: list[Row] = [
        ("call → pulse, p50, ms", 3, ours.pulse, peer.pulse, "≤ 0.6"),
        ("call → pulse, p99, ms (ours to be under 5)", 2, ours.pulse_99, peer.pulse_99, ""),
        ("call → answer, p50, ms", 3, ours.answer, peer.answer, ""),
    ]
    about = machine.description(("aiohttp", "uvloop", "flask", "waitress"), ())
    method = DRAWER_METHOD.format(printers=PRINTERS, pace=PACE * 1000, rounds=options.rounds, calls=options.calls)
    return _section("The drawer beside Flask", "station", rows, about, method)


def _section(title: str, ours: str, rows: Sequence[Row], about: Sequence[str], method: str) -> str:
    table = "\n".join(_row(*row) for row in rows)
    lines = "\n".join(f"* {line}" for line in about)
    return f"""\
## {title}

Measured on {datetime.now(UTC):%Y-%m-%d}.

| | {ours} | peer | ratio | aim | |
|---|---|---|---|---|---|
{table}

### On what

{lines}

### How

{method}"""


def _row(name: str, digits: int, ours: Sequence[float], theirs: Sequence[float], aim: str) -> str:
    ratio = median(ours) / median(theirs)
    verdict = ""
    if aim:
        sign, number = aim.split()
        verdict = "reached" if (ratio >= float(number)) == (sign == "≥") or ratio == float(number) else "**missed**"
    return f"| {name} | {_spread(ours, digits)} | {_spread(theirs, digits)} | {ratio:.2f} | {aim} | {verdict} |"


def _spread(values: Sequence[float], digits: int) -> str:
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
