"""What becomes of originals after they were taken: the operations that write how their jobs ended and what was done.

Every change of a state has an event, so that `verify` can tell a row that somebody has changed. When a step is due and
what it does is not decided here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from comptoir.core.intake import AT_REST, REPLACED, Original, OriginalState, Stamp, StepDone
from comptoir.core.job import FINAL
from comptoir.journal.intake_rows import path_in, path_of, read_original, stamp_in
from comptoir.journal.rows import SQL, readable
from comptoir.journal.writer import Batch

OPEN: Final[frozenset[OriginalState]] = frozenset({"waiting", "failed"})
#: in these, nothing is known to lie at the path any more
AWAY: Final[frozenset[OriginalState]] = frozenset({"deleted", "moved", "changed", "gone"})

_EVENTS: Final[dict[OriginalState, str]] = {
    "waiting": "file-waiting",
    "failed": "file-failed",
    "due": "original-waits",
    "going": "original-going",
    "kept": "original-kept",
    "deleted": "original-deleted",
    "moved": "original-moved",
    "changed": "original-left",
    "gone": "original-left",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of `unit` or `unit_rows`."""

    id: int
    lot: int | None
    follows: int | None
    is_lot: int
    state: OriginalState
    message: str
    step: str
    after: int
    due_at: int | None
    deliveries: int
    delivered_at: int | None
    source: str
    path: str | bytes


def settle(number: int) -> Callable[[Batch], Original | None]:
    """The operation that looks at the jobs of an original's unit: waiting, failed, or delivered and so due or kept.

    Of each delivery the last job counts, known by its uid: so a retry heals a failure. A person's reprint counts once
    it has come out. The answer is the unit's row.
    """

    def operation(batch: Batch) -> Original | None:
        row = _row(batch.db, number)
        if row is None:
            return None
        unit = _row(batch.db, row.lot or row.follows or row.id)
        if unit is not None and unit.state in OPEN:
            _settle(batch, unit)
        return read_original(batch.db, row.lot or row.id)

    return operation


def settle_jobs(jobs: Sequence[int]) -> Callable[[Batch], list[Original]]:
    """The operation that does the same for the originals of these jobs: each unit once; their rows."""

    def operation(batch: Batch) -> list[Original]:
        units: dict[int, None] = {}
        for job in jobs:
            found = batch.db.execute(SQL["unit_of_job"], (job,)).fetchone()
            if found is not None:
                units[found[0]] = None
        settled = [settle(unit)(batch) for unit in units]
        return [one for one in settled if one is not None]

    return operation


def _settle(batch: Batch, unit: _Row) -> None:
    state, message = _verdict(batch.db, unit)
    if (state, message) == (unit.state, unit.message):
        return
    for row in _rows(batch.db, unit.id):
        if row.state not in OPEN:
            continue
        if state == "due":
            _delivered(batch, row)
        else:
            _write(batch, row, state, message, _EVENTS[state])


def _verdict(db: sqlite3.Connection, unit: _Row) -> tuple[OriginalState, str]:
    """How it is with the jobs of a unit, and the sentence of the first one that failed."""
    last: dict[str, tuple[str, str]] = {}
    uids: dict[int, str] = {}
    for number, uid, state, message, reprint_of in db.execute(SQL["unit_jobs"], (unit.id, unit.id)):
        uids[number] = uids.get(reprint_of, uid)
        # A print that a person wished for a second time proves the first one's delivery, and no failure of it.
        if reprint_of is None or (state == "completed" and uids[number] in last):
            last[uids[number]] = (state, message)
    for state, message in last.values():
        if state in FINAL and state != "completed":
            return "failed", message
    # Counted, not only looked at: jobs that are not there any more prove no delivery.
    completed = sum(state == "completed" for state, _ in last.values())
    return ("due", "") if completed == len(last) >= unit.deliveries else ("waiting", "")


def _delivered(batch: Batch, row: _Row) -> None:
    """Every destination has it: its step is due, or there is none."""
    if row.step != "keep" and batch.db.execute(SQL["superseded"], (row.source, row.path, row.id)).fetchone():
        return _write(batch, row, "changed", REPLACED, "original-left", delivered_at=batch.now)
    state: OriginalState = "kept" if row.step == "keep" else "due"
    due_at = None if state == "kept" else batch.now + row.after
    return _write(batch, row, state, "", "file-delivered", due_at=due_at, delivered_at=batch.now)


def replaced(batch: Batch, place: tuple[str, str | bytes]) -> None:
    """Another file has come to where one lay that was to leave: that one's step is none any more.

    Else the first of three contents, of which the third is the same, would take the third with it.
    """
    for (number,) in batch.db.execute(SQL["due_here"], place).fetchall():
        row = _row(batch.db, number)
        if row is not None:
            _write(batch, row, "changed", REPLACED, "original-left", delivered_at=row.delivered_at)


def step(done: Sequence[StepDone]) -> Callable[[Batch], None]:
    """The operation that writes what happened to originals. What is at rest stays as it is."""

    def operation(batch: Batch) -> None:
        for one in done:
            row = _row(batch.db, one.original)
            if row is None or row.state in AT_REST:
                continue
            rows = [row]
            if one.state == "kept":  # a person gives up: what fares as this one does is given up, too
                rows = [other for other in _rows(batch.db, row.id) if other.state not in AT_REST]
            for other in rows:
                _step(batch, other, one)

    return operation


def _step(batch: Batch, row: _Row, done: StepDone) -> None:
    due_at = row.due_at if done.at is None else done.at
    if done.state == "due" and done.message in ("", row.message):
        # It waits on, for the same reason or for none of its own: that alone is no event.
        batch.db.execute(SQL["put_off"], (due_at, row.id))
        return
    message, to = readable(done.message), readable(done.to)
    _write(
        batch, row, done.state, message, _EVENTS[done.state], due_at=due_at, delivered_at=row.delivered_at, to=to,
        place=done.place,
    )  # fmt: skip


def release(source: str) -> Callable[[Batch], int]:
    """The operation that makes the step of all that was printed and still lies there: remove it, now; how many files.

    Printed, and delivered to whatever else it was to go to. What a person has given up was not delivered, and stays.
    """

    def operation(batch: Batch) -> int:
        rows = [_Row(*found) for found in batch.db.execute(SQL["released"], (source,)).fetchall()]
        for row in rows:
            batch.db.execute(SQL["set_step"], ("delete", row.id))
            now_removed = replace(row, step="delete")
            _write(batch, now_removed, "due", "", _EVENTS["due"], due_at=batch.now, delivered_at=row.delivered_at)
        return sum(not row.is_lot for row in rows)

    return operation


def missing(source: str, paths: Sequence[str]) -> Callable[[Batch], None]:
    """The operation that notes what is not at its path any more. What is still being delivered goes on."""
    found = [path_in(path) for path in paths]

    def operation(batch: Batch) -> None:
        for path in found:
            batch.db.execute(SQL["no_longer_left_alone"], (source, path))
            for number, _ in batch.db.execute(SQL["missing"], (source, path)).fetchall():
                row = _row(batch.db, number)
                if row is not None and row.state in ("kept", "due"):
                    _write(batch, row, "gone", row.message, _EVENTS["gone"], delivered_at=row.delivered_at)
                else:
                    batch.db.execute(SQL["supersede"], (source, path))

    return operation


def touched(source: str, path: str, stamp: Stamp) -> Callable[[Batch], None]:
    """The operation that notes another stamp of the same content."""
    values = (*stamp_in(stamp), source, path_in(path))

    def operation(batch: Batch) -> None:
        batch.db.execute(SQL["touch_original"], values)
        batch.db.execute(SQL["touch_left_alone"], values)

    return operation


def baseline(source: str, files: Sequence[tuple[str, Stamp]]) -> Callable[[Batch], None]:
    """The operation that leaves some files alone. What was taken stays taken."""
    rows = [(source, path_in(path), *stamp_in(stamp)) for path, stamp in files]

    def operation(batch: Batch) -> None:
        batch.db.executemany(SQL["leave_alone"], rows)

    return operation


def begin(source: str, files: int, scope: str) -> Callable[[Batch], None]:
    """The operation that notes that a folder is watched from now on, and what is looked for there."""

    def operation(batch: Batch) -> None:
        if batch.db.execute(SQL["begin"], (source, batch.now, scope)).rowcount:
            batch.event("folder-begun", None, {"source": source, "left_alone": files})

    return operation


# -- rows -------------------------------------------------------------------------------------------------------------


def _row(db: sqlite3.Connection, number: int) -> _Row | None:
    found = db.execute(SQL["unit"], (number,)).fetchone()
    return None if found is None else _Row(*found)


def _rows(db: sqlite3.Connection, unit: int) -> list[_Row]:
    """A unit: its row, its members, and whatever fares as it does."""
    return [_Row(*found) for found in db.execute(SQL["unit_rows"], (unit, unit, unit)).fetchall()]


def _write(
    batch: Batch,
    row: _Row,
    state: OriginalState,
    message: str,
    kind: str,
    *,
    due_at: int | None = None,
    delivered_at: int | None = None,
    to: str = "",
    place: str = "",
) -> None:
    batch.db.execute(
        SQL["set_original"],
        (state, message, state not in AWAY, due_at, to, place, delivered_at, batch.now, row.id),
    )
    body: dict[str, object] = {"original": row.id, "source": row.source, "path": readable(path_of(row.path))}
    body |= {name: value for name, value in (("to", to), ("message", message)) if value}
    if kind in ("original-going", "original-waits"):
        body["step"] = readable(row.step)
    batch.event(kind, None, {**body, "state": state})
