"""Work on a ledger in a process that dies right before its n-th step to the disk: for n = 1, 2, 3 … until it lives.

Run as a program: `python -m tests.peers.crashing CASE FOLDER ELSEWHERE`. For each n a child takes or removes, and dies;
another one, as after a restart, ends the work; a line of JSON says what there is then. `ELSEWHERE` is on another file
system. The steps are calls that bring something to the disk or take it away, and the commits of the journal.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

from tests.peers.filings import capture, filing
from tests.peers.papers import pieces
from tests.peers.takings import LARGE, SOURCE, Taking, plan

from comptoir.clock import SystemClock
from comptoir.core.intake import OriginalQuery, Plan, Take, Unit
from comptoir.core.job import Change
from comptoir.core.record import JobQuery
from comptoir.journal.sqlite import SqliteJournal
from comptoir.journal.verify import verify
from comptoir.journal.writer import Writer
from comptoir.station.originals import Originals

STEPS: Final = ("fsync", "rename", "replace", "link", "unlink", "rmdir", "mkdir")
FILES: Final = {"sub/a.pdf": LARGE, "sub/b.txt": b"small"}
DIED: Final = 9
MOST: Final = 300

Result = dict[str, Any]


def crashes(case: str, folder: Path, elsewhere: Path) -> list[Result]:
    """What there was after each crash and its restart; the last one had none."""
    command = [sys.executable, "-m", "tests.peers.crashing", case, str(folder), str(elsewhere)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(case: str, base: str, elsewhere: str) -> None:
    """Print a line for each crash."""
    for number in range(1, MOST):
        folder, away = Path(base) / f"{number}", Path(elsewhere) / f"{number}"
        away.mkdir(parents=True)
        for path, content in FILES.items():
            file = folder / "in" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        died = _dies(case, folder, away, number)
        _child(lambda folder=folder, away=away: told(folder, away))  # type: ignore[misc]
        print((folder / "told.json").read_text(), flush=True)
        if not died:
            return


def _dies(case: str, folder: Path, away: Path, number: int) -> bool:
    """Whether the work of this case dies; then it is ended, as after a restart."""
    if case in PLANS:
        _child(lambda: delivered(folder, PLANS[case](away), case == "lot"))
    work = {"take": taken, "print": printed, "eliminate": eliminated}.get(case, left)
    if case == "eliminate":
        _child(lambda: printed(folder))
    died = _child(lambda: work(folder), number)
    _child(lambda: work(folder))
    return died


def _child(work: Callable[[], Coroutine[Any, Any, None]], fatal: int = 0) -> bool:
    """Do it in a process of its own, which dies before its step `fatal`; whether it has died."""
    child = os.fork()
    if child == 0:
        try:
            if fatal:
                _arm(fatal)
            asyncio.run(work())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, DIED), f"a child ended with {code}"
    return code == DIED


def _arm(fatal: int) -> None:
    lock, count = threading.Lock(), 0

    def step() -> None:
        nonlocal count
        with lock:
            count += 1
            if count == fatal:
                os._exit(DIED)

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def calls(*arguments: Any, **more: Any) -> Any:
            step()
            return call(*arguments, **more)

        return calls

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    commit = Writer._commit

    def commits(self: Writer, items: Any) -> Any:
        step()
        found = commit(self, items)
        step()
        return found

    Writer._commit = commits  # type: ignore[method-assign]


# -- the work ---------------------------------------------------------------------------------------------------------


async def taken(folder: Path) -> None:
    """Take what is not known, as a source does."""
    journal = await SqliteJournal.open("", folder / "data", SystemClock())
    taking = Taking(journal, folder / "in")
    known = await journal.ledger.known(SOURCE)
    new = [path for path in FILES if path not in known]
    copied = taking.copy(*new)
    assert not [one.error for one in copied if one.error]
    await journal.ledger.take([Unit(SOURCE, (Take(one, plan("T", "ARCHIVE")),)) for one in copied])
    await journal.close()


async def printed(folder: Path) -> None:
    """File what was printed, as a source does that does not know whether it was told so."""
    journal = await SqliteJournal.open("", folder / "data", SystemClock())
    for path, content in FILES.items():
        document = await journal.keep(pieces(content), "", path)
        print_of_it = capture(uid=path, document=document, others=(content,), title=path)
        await journal.keeping.file(filing(print_of_it, "T", "ARCHIVE", title=path))
    await journal.close()


async def eliminated(folder: Path) -> None:
    """Let go what is kept; the purge ends what was begun."""
    journal = await SqliteJournal.open("", folder / "data", SystemClock())
    await journal.record([Change(job.id, "canceled") for job in await journal.jobs(JobQuery())])
    await journal.keeping.eliminate([one.id for one in await journal.keeping.after(0, 10)], "anna", "why")
    await journal.purge(0)
    await journal.close()


PLANS: Final[dict[str, Callable[[Path], Plan]]] = {
    "delete": lambda away: plan("T", original="delete"),
    "lot": lambda away: plan("T", original="delete"),
    "move": lambda away: plan("T", original="move:done"),
    "move-away": lambda away: plan("T", original=f"move:{away}"),
}


async def delivered(folder: Path, made: Plan, as_lot: bool) -> None:
    """Everything is taken, and every destination has it."""
    journal = await SqliteJournal.open("", folder / "data", SystemClock())
    taking = Taking(journal, folder / "in")
    if as_lot:
        jobs = await taking.take_lot("sub", [path for path in FILES if path.startswith("sub/")], made)
    else:
        jobs = [job for path in FILES for job in await taking.take(path, made)]
    for job in jobs:
        await taking.end(job)
    await journal.close()


async def left(folder: Path) -> None:
    """Carry out what is due."""
    journal = await SqliteJournal.open("", folder / "data", SystemClock())
    originals = Originals({SOURCE: folder / "in"}, journal.ledger, SystemClock())
    while due := await journal.ledger.due(SystemClock().now(), 500):
        await originals.carry_out(due)
    await originals.close()
    await journal.close()


async def told(folder: Path, away: Path) -> None:
    """Write down what there is now."""
    journal = await SqliteJournal.open("", folder / "data", SystemClock())
    jobs = await journal.jobs(JobQuery(limit=1000))
    for job in jobs:
        assert await journal.content(job.document) in FILES.values() or job.document.name == "sub"
    stored = {path.name for path in (folder / "data" / "documents").glob("*/*")}
    found = {
        "states": dict(await journal.ledger.tally(SOURCE)),
        "kept": len(await journal.keeping.after(0, 1000)),
        "jobs": sorted(f"{job.attributes.get('path', job.title)} {job.destination}" for job in jobs),
        "unneeded": len(stored - {job.document.digest for job in jobs} - await _members(journal)),
        "in": _files(folder / "in"),
        "away": _files(away),
        "whole": all(
            path.read_bytes() in FILES.values()
            for base in (folder / "in", away)
            for path in base.rglob("*.*")
            if path.is_file()
        ),
    }
    await journal.close()
    found["findings"] = verify(folder / "data" / "journal.db").findings
    (folder / "told.json").write_text(json.dumps(found))


async def _members(journal: SqliteJournal) -> set[str]:
    return {one.document.digest for one in await journal.ledger.originals(OriginalQuery(limit=1000))}


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main(*sys.argv[1:])
