"""Side by side with the peers, into RESULTS.md: `make bench` (for a look: `run.py --quick`; a part: `run.py paper`).

Each part measures us and its peers in turn, in the same run, several rounds. A part that is not run keeps what
RESULTS.md says of it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import archive
import drawer
import folders
import hub
import machine
import paper
import report
import start
from servers import missing

HERE: Final = Path(__file__).parent


def run_hub(folder: Path, options: argparse.Namespace) -> str:
    flushes = [machine.flushes(folder)]
    figures = hub.measure(folder, options)
    flushes.append(machine.flushes(folder))
    return report.hub(figures["comptoir"], figures["peer"], options, flushes)


def run_paper(folder: Path, options: argparse.Namespace) -> str:
    return report.paper(paper.measure(options.rounds, options.seconds / 10), options)


def run_drawer(folder: Path, options: argparse.Namespace) -> str:
    return report.drawer(drawer.measure(folder, options.rounds, options.calls), options)


def run_start(folder: Path, options: argparse.Namespace) -> str:
    return report.start(start.measure(folder, options.rounds), options)


def run_folders(folder: Path, options: argparse.Namespace) -> str:
    flushes = [machine.flushes(folder)]
    figures = folders.measure(folder, options.rounds)
    flushes.append(machine.flushes(folder))
    return report.folders(figures, options, flushes)


def run_archive(folder: Path, options: argparse.Namespace) -> str:
    documents = archive.FEW if options.quick else archive.DOCUMENTS
    return report.archive(archive.measure(folder, options.rounds, documents), options, documents)


PARTS: Final[dict[str, Callable[[Path, argparse.Namespace], str]]] = {
    "hub": run_hub,
    "paper": run_paper,
    "drawer": run_drawer,
    "start": run_start,
    "folders": run_folders,
    "archive": run_archive,
}


def main() -> None:
    options = _options()
    if what := missing():
        raise SystemExit(what)
    results = HERE / "RESULTS.md"
    for part in options.part or PARTS:
        with tempfile.TemporaryDirectory(prefix="comptoir-bench-", dir=options.folder) as name:
            section = PARTS[part](Path(name), options)
        print(f"\n{section}", flush=True)
        if not options.quick:
            results.write_text(report.placed(results.read_text("utf-8"), section), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all, where none is named")
    parser.add_argument("--quick", action="store_true", help="two short rounds, nothing written")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, default=3.0, help="of each measurement of the hub; a tenth of it for paper"
    )
    parser.add_argument("--warm-up", type=float, default=2.0, help="seconds, of the hub")
    parser.add_argument("--stations", type=int, default=1000, help="idle ones")
    parser.add_argument("--calls", type=int, default=200, help="of the drawers of each kind, in a round")
    parser.add_argument("--folder", type=Path, help="where the databases go: a folder on the disk that is meant")
    options = parser.parse_args()
    if unknown := set(options.part) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    if options.quick:
        options.rounds, options.seconds, options.warm_up, options.calls = 2, 1.0, 1.0, 80
    return options


if __name__ == "__main__":
    main()
