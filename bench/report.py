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
    from archive import Figures as ArchiveFigures
    from drawer import All as DrawerFigures
    from folders import Figures as FolderFigures
    from hub import Figures
    from paper import Case
    from start import Both as StartFigures

median = statistics.median

#: what is measured, in what unit; decimals; ours and the peer's, a value a round (none: ours alone); the ratio that is
#: aimed at, or the value
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
* `GET /open-cash-drawer` on a new connection each, as the tills call it. From just before the till connects until it
  has the whole answer, and until the printer reads the bytes of the pulse; all on one machine, on one clock. Servers on
  core 0; the till and the printers on core 1.
* Ours is `comptoir station` with its defaults and a journal on disk; it answers when the printer has processed the
  pulse and the disk has who asked and what came of it. The earlier service is `peers/earlier.py`: Flask on its
  development server, a new connection to the printer and a line in a log for each pulse. Waitress is
  `peers/drawer.py`: the same without a log, on the server that Flask's documentation advises. Both answer when they
  have written the pulse, and know nothing more.
* {servers} servers of each kind, called in turn, since ours does not open a drawer twice in a second: each is called
  once in {pace:g} s and has slept before, as in a shop. Medians of {rounds} rounds of {calls} calls of each kind; in
  brackets the smallest and the largest round.
* While it prints: one station, {printing} calls in all, while another of its printers gets an invoice of {pages} pages
  again as soon as it has the last one ({invoices} in all; that printer takes everything at once, so that pages are
  drawn all the time), and {readers} pages of the console hear of it. The slowest call took {slowest:.1f} ms.
* On the loopback a new connection to the printer costs 0.1 ms; on a network what the network and the printer take.
"""

START_METHOD = """\
* From just before the process is started until `GET /healthz` has been answered. Both on core 0; the clock runs in
  another process.
* Ours is `comptoir station` with its defaults, on a folder in which it has run before: journal and certificate are
  there, and the virtual printer. The peer is `peers/bare.py`: aiohttp with this one address and nothing else. Python's
  bytecode and the disk's cache are warm.
* Medians of {rounds} rounds of {starts} starts of each kind, in turn; in brackets the smallest and the largest round.
  The processor's time is the process's own, in steps of 10 ms.
* Memory is what is resident when a server that has answered once has been idle for a second and a half.
"""

FOLDERS_METHOD = """\
* Ours is `comptoir station` on core 0, with a folder that is quiet for {quiet} ms before a file is taken.
* Taken: {files:,} files of {size:,} bytes come at once, by a rename of their directory, until the station says that it
  has the last one: looked at, read, hashed, on disk in the store, in the journal. The quiet time is in it. The floor
  writes the same number of bytes, which it holds in memory: file, fsync, rename, fsync of the folder, one by one.
* Close → taken: one file after the other, from when its writer has closed it until the journal has it, less the quiet
  time; {single} files a round.
* A look: {many:,} files in {directories} directories that were there before and are left alone; from the question
  until the answer. The floor is scandir and stat of all of them.
* To the archive: {burst} files of 20 kB in each of {folders} folders at once, the same names in each, while {slow}
  files of 200 kB in each stay open until the burst is over. First the archive answers all, which gives the rate: right
  documents, until the last one came. Then it answers two deposits with 500, after the first 20, and it is counted:
  right is an archive of one file, whole, that was not there before; wrong is any other. The earlier script is
  `peers/earlier_folders.py`: an observer a folder, a file taken when it is created, one list of what is pending, one
  post at a time. The archive is the same process for both.
* {large:.0f} GB: how much more memory is resident at the most while the archive gets a file of that size than before.
* Medians of {rounds} rounds, the look and the large file once; in brackets the smallest and the largest.
"""

ARCHIVE_METHOD = """\
* Searching: {documents:,} documents of {words} words of a vocabulary of {vocabulary:,}, frequent ones as frequent as
  in a language; {text:,.0f} MB of text, an index of {size:,.0f} MB. Ours is `Archive.search`: what a person types is
  parsed, asked in another thread, and comes back as the newest fifty documents, each with its line of text and all
  places that are to be marked. The floor is the same FTS5 statement on the same file, with FTS5's own snippet,
  run by itself. Checked: both find the same documents. p50 of {repeats} repeats of each search, in turn.
* Taking in: {burst} invoices of one page, each with other bytes, filed in the journal by {senders} senders at once,
  while texts and pictures are made: until all are listed, until all can be found by their text, until all have a small
  picture.
* Alone: one invoice, from when the journal has it until it is found by a word of its text; then its page, 1,000 dots
  wide. p50 of {single} in a round.
* Medians of {rounds} rounds; in brackets the smallest and the largest.
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


def drawer(figures: DrawerFigures, options: argparse.Namespace) -> str:
    from drawer import PACE, PAGES, READERS, SERVERS, percentile_99  # noqa: PLC0415 - as above

    ours, earlier, waitress, printing = figures.ours, figures.earlier, figures.waitress, figures.printing
    rows: list[Row] = [
        ("call → answer, p50, ms: the earlier service", 3, ours.answer, earlier.answer, "≤ 0.6"),
        ("… Flask on waitress", 3, ours.answer, waitress.answer, ""),
        ("call → answer, p99, ms: the earlier service", 2, ours.answer_99, earlier.answer_99, ""),
        ("… Flask on waitress", 2, ours.answer_99, waitress.answer_99, ""),
        ("call → pulse, p50, ms: the earlier service", 3, ours.pulse, earlier.pulse, "≤ 0.6"),
        ("… Flask on waitress", 3, ours.pulse, waitress.pulse, ""),
        ("call → pulse, p99, ms: the earlier service", 2, ours.pulse_99, earlier.pulse_99, ""),
        ("… Flask on waitress", 2, ours.pulse_99, waitress.pulse_99, ""),
        ("while it prints: call → answer, p50, ms", 2, printing.answer, (), ""),
        ("… call → answer, p99 of all, ms", 1, [percentile_99(printing.answers)], (), "< 50"),
        ("… call → pulse, p50, ms", 2, printing.pulse, (), ""),
    ]
    about = machine.description(("aiohttp", "uvloop", "flask", "werkzeug", "waitress"), ())
    method = DRAWER_METHOD.format(
        servers=SERVERS,
        pace=PACE,
        rounds=options.rounds,
        calls=options.calls,
        printing=len(printing.answers),
        pages=PAGES,
        readers=READERS,
        invoices=sum(figures.invoices),
        slowest=max(printing.answers),
    )
    return _section("The drawer beside Flask", "station", rows, about, method)


def start(figures: StartFigures, options: argparse.Namespace) -> str:
    from start import STARTS  # noqa: PLC0415 - as above

    ours, bare = figures.ours, figures.bare
    rows: list[Row] = [
        ("start → first answer, s", 2, ours.answer, bare.answer, ""),
        ("… ours alone", 2, ours.answer, (), "≤ 0.5"),
        ("… processor time of it, s", 2, ours.cpu, bare.cpu, ""),
        ("memory when idle, MB", 0, ours.memory, bare.memory, ""),
        ("… ours alone", 0, ours.memory, (), "≤ 70"),
    ]
    about = machine.description(("aiohttp", "uvloop", "jinja2", "babel"), ())
    method = START_METHOD.format(rounds=options.rounds, starts=STARTS)
    return _section("The start beside a bare aiohttp", "station", rows, about, method)


def folders(figures: FolderFigures, options: argparse.Namespace, flushes: Sequence[float]) -> str:
    from folders import BURST, FILES, FOLDERS, LARGE, MANY, QUIET, SINGLE, SIZE, SLOW  # noqa: PLC0415 - as above

    ours, earlier = figures.ours, figures.earlier
    rows: list[Row] = [
        (f"{FILES:,} files of 100 kB taken, files/s: the floor", 0, figures.taken, figures.floor, "≥ 0.7"),
        ("… more memory meanwhile, MB", 0, figures.memory, (), ""),
        ("close → taken, beyond the quiet time, p50, ms", 1, figures.latency, (), ""),
        ("… p99, ms", 1, figures.latency_99, (), ""),
        (f"a look at {MANY:,} files, s: scandir and stat", 2, figures.look, figures.look_floor, ""),
        ("… memory with all of them known, MB", 0, figures.look_memory, (), ""),
        ("documents in the archive, right: the earlier script", 0, ours.right, earlier.right, ""),
        ("… wrong: cut, doubled, mixed", 0, ours.wrong, (), "≤ 0"),
        ("… wrong, by the earlier script", 0, earlier.wrong, (), ""),
        ("… missing", 0, ours.lost, (), "≤ 0"),
        ("… missing, by the earlier script", 0, earlier.lost, (), ""),
        ("… right ones a second: the earlier script", 0, ours.rate, earlier.rate, ""),
        (f"{LARGE / 1e9:.0f} GB to the archive: more memory, MB", 0, figures.large, (), "≤ 100"),
    ]
    about = machine.description(("aiohttp", "uvloop", "watchdog"), ())
    about += [f"disk: {' and '.join(f'{count:,.0f}' for count in flushes)} flushes a second (8 kB, before and after)"]
    method = FOLDERS_METHOD.format(
        quiet=QUIET,
        files=FILES,
        size=SIZE,
        single=SINGLE,
        many=MANY,
        directories=MANY // 1000,
        burst=BURST,
        folders=FOLDERS,
        slow=SLOW,
        large=LARGE / 1e9,
        rounds=options.rounds,
    )
    return _section("Folders beside the floor and the earlier script", "station", rows, about, method)


def archive(figures: ArchiveFigures, options: argparse.Namespace, documents: int) -> str:
    from archive import BURST, REPEATS, SENDERS, SINGLE, VOCABULARY, WORDS  # noqa: PLC0415 - as above

    rows: list[Row] = [
        (f"search in {documents:,} documents, all kinds, p50, ms", 2, figures.all_ours, figures.all_floor, "≤ 2"),
        *((f"… {name}", 2, ours, figures.floor[name], "") for name, ours in figures.ours.items()),
        ("… all kinds, p99, ms", 2, figures.all_99, (), ""),
        ("the newest fifty, p50, ms", 2, figures.newest, (), ""),
        ("what lists can be narrowed to, with counts, p50, ms", 2, figures.facets, (), ""),
        ("invoices taken in and listed, documents/s", 0, figures.listed, (), "≥ 100"),
        ("… taken in by the journal, without an archive", 0, figures.filed, (), ""),
        ("… found by their text, documents/s", 0, figures.read, (), ""),
        ("… with their pictures, documents/s", 0, figures.drawn, (), ""),
        ("one alone, filed → found by its text, p50, ms", 1, figures.found, (), "≤ 2000"),
        ("its page as a picture, p50, ms", 1, figures.page, (), ""),
    ]
    about = machine.description(("pypdfium2", "pillow", "numpy"), ())
    method = ARCHIVE_METHOD.format(
        documents=documents,
        words=WORDS,
        vocabulary=VOCABULARY,
        text=figures.text,
        size=figures.size,
        repeats=REPEATS,
        burst=BURST,
        senders=SENDERS,
        single=SINGLE,
        rounds=options.rounds,
    )
    return _section("The archive beside bare SQLite", "archive", rows, about, method)


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
    """Without a peer the aim is one for ours alone."""
    compared = median(ours) / median(theirs) if theirs else median(ours)
    peer, ratio = (_spread(theirs, digits), f"{compared:.2f}") if theirs else ("", "")
    return f"| {name} | {_spread(ours, digits)} | {peer} | {ratio} | {aim} | {_verdict(compared, aim)} |"


def _verdict(value: float, aim: str) -> str:
    if not aim:
        return ""
    sign, number = aim.split()
    return "reached" if (value >= float(number)) == (sign == "≥") or value == float(number) else "**missed**"


def _spread(values: Sequence[float], digits: int) -> str:
    if len(values) == 1:
        return f"{values[0]:,.{digits}f}"
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
