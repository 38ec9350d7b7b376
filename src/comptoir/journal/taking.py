"""Takes what was copied: the operation that writes documents, originals and jobs of many files in one commit.

Everything that could fail for one file is done in `prepared`, before the commit that others take part in. What routes
make of a file is not decided here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from comptoir.core.document import Document, Origin, Submission
from comptoir.core.intake import Delivery, OriginalState, Plan, Stamp, Take, Unit, identity
from comptoir.core.job import Job
from comptoir.core.kept import Kept
from comptoir.core.lot import LOT, manifest
from comptoir.journal.intake_rows import number_in, path_in, stamp_in
from comptoir.journal.kept_rows import add_kept, storable
from comptoir.journal.rows import SQL, add_document, add_job, attributes_in, readable
from comptoir.journal.settling import replaced
from comptoir.journal.writer import Batch

FORMATS = {"text/": "message", "image/": "image", "application/pdf": "pdf", LOT: "lot"}


@dataclass(frozen=True, slots=True)
class Row:
    """A file or a lot, ready to be written. `deliveries`: what of it goes somewhere, with the attributes as JSON.

    `kept`: the record of a file that the archive keeps, but for the numbers that the commit gives.
    """

    source: str
    path: str
    stamp: Stamp
    document: Document
    plan: Plan
    deliveries: tuple[tuple[Delivery, str], ...]
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A unit, ready to be written: its files, and its lot where it is one."""

    files: tuple[Row, ...]
    lot: Row | None

    @property
    def documents(self) -> list[Document]:
        return [row.document for row in (*self.files, *((self.lot,) if self.lot else ()))]


def prepared(unit: Unit) -> Ready:
    """All that can be known before the commit. Files that could not be copied must not be among them: ValueError."""
    plan = unit.plan or Plan(())
    files = tuple(_file(unit, take, plan if unit.lot else take.plan) for take in unit.takes)
    if not unit.lot:
        return Ready(files, None)
    names = [row.path.removeprefix(f"{unit.lot}/") for row in files]
    members = [
        replace(row.document, name=(take.plan.name and row.document.name) or readable(name))
        for row, take, name in zip(files, unit.takes, names, strict=True)
    ]
    name = readable(plan.name or unit.lot.rpartition("/")[2])
    document = Document.of(manifest(members), LOT, name)
    stamp = Stamp(document.size, max(row.stamp.mtime_ns for row in files), 0)
    return Ready(files, Row(unit.source, unit.lot, stamp, document, plan, _deliveries(plan)))


def _file(unit: Unit, take: Take, keeping: Plan) -> Row:
    """`keeping`: the plan that says how long it is kept; in a lot that of the lot."""
    document, plan = take.copied.document, take.plan
    if document is None:
        raise ValueError(f"{take.copied.path} was not copied: {take.copied.error}")
    name = readable(plan.name or document.name)
    row = Row(unit.source, take.copied.path, take.copied.stamp, replace(document, name=name), plan, _deliveries(plan))
    return row if keeping.keep is None else replace(row, kept=_record(row, keeping))


def _record(row: Row, keeping: Plan) -> Kept:
    """What the archive says of a file. It was printed, as far as anybody knows, when it was last written to.

    `keep_until` is counted from 0 here; the commit knows its time.
    """
    path = PurePosixPath(row.path)
    known = {"path": row.path, "folder": path.parent.name}
    first = next((one for one, _ in row.deliveries), Delivery("", attributes=known))
    return storable(
        Kept(
            id=0,
            uid=identity(row.source, row.path, row.document.digest, row.stamp.mtime_ns, ""),
            origin=Origin(row.source),
            document=row.document,
            title=row.document.name,
            printer="",
            received_at=0,
            printed_at=row.stamp.mtime_ns // 1_000_000,
            business_date=keeping.business_date,
            keep_until=keeping.keep,
            copies=first.copies,
            attributes=first.attributes,
        )
    )


def _deliveries(plan: Plan) -> tuple[tuple[Delivery, str], ...]:
    """One for each destination: the first that names it has said how."""
    found: dict[str, Delivery] = {}
    for one in plan.deliveries:
        found.setdefault(one.destination, one)
    return tuple((one, attributes_in(one.attributes)) for one in found.values())


def take(units: Sequence[Ready]) -> Callable[[Batch], list[list[Job] | None]]:
    """The operation that takes units: the new jobs of each; None where it was taken before."""
    return lambda batch: [_take(batch, unit) for unit in units]


def _take(batch: Batch, unit: Ready) -> list[Job] | None:
    away = [_before(batch.db, row) for row in unit.files]
    if all(number is not None for number in away):
        for row, number in zip(unit.files, away, strict=True):
            if number:
                _return(batch, row, number)
        return None
    if unit.lot is None:
        return _single(batch, unit.files[0])
    return _lot(batch, unit.lot, unit.files)


def _before(db: sqlite3.Connection, row: Row) -> int | None:
    """Whether this very file was taken: 0 it lies there still; a number: the original that was missing since."""
    here = db.execute(SQL["original_here"], (row.source, path_in(row.path))).fetchone()
    if here is not None and here[1:] == stamp_in(row.stamp):
        return 0
    found = db.execute(
        SQL["original_away"],
        (row.source, row.document.digest, path_in(row.path), number_in(row.stamp.mtime_ns)),
    ).fetchone()
    return None if found is None else int(found[0])


def _return(batch: Batch, row: Row, number: int) -> None:
    """A file that was missing is back, as it was: what is still to be done to it goes on."""
    place = (row.source, path_in(row.path))
    batch.db.execute(SQL["supersede"], place)
    batch.db.execute(SQL["no_longer_left_alone"], place)
    batch.db.execute(SQL["return_original"], (*stamp_in(row.stamp), batch.now, batch.now, number))
    state, message, _ = batch.db.execute(SQL["standing"], (number,)).fetchone()
    body = {"original": number, "source": row.source, "path": readable(row.path), "state": state}
    batch.event("file-returned", None, {**body, "message": message} if message else body)


def _single(batch: Batch, row: Row) -> list[Job]:
    alike = _alike(batch.db, row, is_lot=False)
    follows = alike.unit if row.plan.once else None
    deliveries = () if follows else row.deliveries
    standing = _follower(batch, follows, row.plan) if follows else _beginning(batch, row.plan, bool(deliveries))
    written = _Written(row, standing, alike.first, follows, None, False, len(deliveries), row.plan)
    number, document = _write(batch, written)
    kept = None if follows else _keep(batch, row, document, number)
    return _jobs(batch, row, document, (number, kept), deliveries)


def _lot(batch: Batch, lot: Row, files: Sequence[Row]) -> list[Job]:
    """The lot says how it is with all of its files: step, state and how long they are kept."""
    alike = _alike(batch.db, lot, is_lot=True)
    follows = alike.unit if lot.plan.once else None
    others = [_alike(batch.db, row, is_lot=False) for row in files]
    wanted = [
        () if follows or (row.plan.once and other.unit) else row.deliveries
        for row, other in zip(files, others, strict=True)
    ]
    own = () if follows else lot.deliveries
    count = len(own) + sum(map(len, wanted))
    standing = _follower(batch, follows, lot.plan) if follows else _beginning(batch, lot.plan, count > 0)
    number, document = _write(
        batch, _Written(lot, standing, alike.first, follows, None, True, count, lot.plan), files=len(files)
    )
    jobs = _jobs(batch, lot, document, (number, None), own)
    for row, other, deliveries in zip(files, others, wanted, strict=True):
        written = _Written(row, standing, other.first, None, number, False, 0, lot.plan)
        member, document = _write(batch, written)
        kept = None if follows else _keep(batch, row, document, member)
        jobs += _jobs(batch, row, document, (member, kept), deliveries)
    return jobs


# -- rows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Alike:
    """`first`: the first original with the same content. `unit`: of one that was delivered, or still may be."""

    first: int | None
    unit: int | None


@dataclass(frozen=True, slots=True)
class _Standing:
    state: OriginalState
    message: str = ""
    due_at: int | None = None
    delivered_at: int | None = None


@dataclass(frozen=True, slots=True)
class _Written:
    """What `_write` writes. `plan`: whose step and keeping hold."""

    row: Row
    standing: _Standing
    duplicate_of: int | None
    follows: int | None
    lot: int | None
    is_lot: bool
    deliveries: int
    plan: Plan


def _alike(db: sqlite3.Connection, row: Row, is_lot: bool) -> _Alike:
    values = (row.source, row.document.digest, is_lot)
    if found := db.execute(SQL["first_alike"], values).fetchone():
        return _Alike(*found)
    found = db.execute(SQL["any_alike"], values).fetchone()
    return _Alike(found[0] if found else None, None)


def _beginning(batch: Batch, plan: Plan, deliveries: bool) -> _Standing:
    if deliveries:
        return _Standing("waiting")
    if plan.original == "keep":
        return _Standing("kept", delivered_at=batch.now)
    return _Standing("due", due_at=batch.now + plan.after, delivered_at=batch.now)


def _follower(batch: Batch, follows: int, plan: Plan) -> _Standing:
    """It fares as the unit with the same content does."""
    state, message, delivered_at = batch.db.execute(SQL["standing"], (follows,)).fetchone()
    return _Standing(state, message) if delivered_at is None else _beginning(batch, plan, deliveries=False)


def _write(batch: Batch, one: _Written, **more: object) -> tuple[int, Document]:
    """The rows of an original and of its document, and the event; its number, and the document with its own."""
    row, standing, document = one.row, one.standing, one.row.document
    document = replace(document, row=add_document(batch, document, document.content))
    keep_until = None if one.plan.keep is None else batch.now + one.plan.keep
    place = (row.source, path_in(row.path))
    if not one.is_lot:
        replaced(batch, place)
        batch.db.execute(SQL["supersede"], place)
        batch.db.execute(SQL["no_longer_left_alone"], place)
    number = batch.db.execute(
        SQL["add_original"],
        (*place, *stamp_in(row.stamp), not one.is_lot, document.row, document.digest, document.media_type,
         document.name, one.lot, one.is_lot, one.duplicate_of, one.follows, one.deliveries, standing.state,
         standing.message, one.plan.original, one.plan.after, standing.due_at, keep_until, standing.delivered_at,
         batch.now, batch.now),
    ).lastrowid  # fmt: skip
    assert number is not None
    body = {"original": number, "source": row.source, "path": readable(row.path), "size": document.size,
            "digest": document.digest, "step": readable(one.plan.original), "state": standing.state}  # fmt: skip
    optional = {"lot": one.lot, "duplicate_of": one.duplicate_of, "keep_until": keep_until,
                "message": standing.message or None, **more}  # fmt: skip
    body |= {name: value for name, value in optional.items() if value is not None}
    batch.event("lot-taken" if one.is_lot else "file-taken", None, body)
    return number, document


def _keep(batch: Batch, row: Row, document: Document, original: int) -> int | None:
    """The archive's record of a file; its number. None: it is not kept."""
    kept = row.kept
    if kept is None:
        return None
    if batch.db.execute(SQL["kept_by_uid"], (kept.origin.source, kept.uid)).fetchone():
        kept = replace(kept, uid=f"{kept.uid}:{original}")  # the same file once more, after the first was removed
    until = batch.now + (kept.keep_until or 0)
    printed_at = min(kept.printed_at, batch.now)
    return add_kept(
        batch, replace(kept, document=document, original=original, keep_until=until, printed_at=printed_at)
    ).id


def _jobs(
    batch: Batch,
    row: Row,
    document: Document,
    known: tuple[int, int | None],
    deliveries: Sequence[tuple[Delivery, str]],
) -> list[Job]:
    """`known`: the numbers of the original and of its record in the archive."""
    return [
        add_job(batch, _submission(batch, row, document, known, delivery), attributes)
        for delivery, attributes in deliveries
    ]


def _submission(
    batch: Batch, row: Row, document: Document, known: tuple[int, int | None], delivery: Delivery
) -> Submission:
    original, kept = known
    uid = identity(row.source, row.path, document.digest, row.stamp.mtime_ns, delivery.destination)
    key = f"take:{uid}"
    if batch.db.execute(SQL["job_by_key"], (row.source, key)).fetchone():
        # The same file once more, after the first was removed: by its uid an archive knows it.
        key = f"{key}:{original}"
    return Submission(
        document=document,
        origin=Origin(row.source),
        destination=delivery.destination,
        key=key,
        uid=uid,
        title=document.name,
        format=delivery.format or format_of(document.media_type),
        copies=delivery.copies,
        expires_at=None if delivery.expires_in is None else batch.now + delivery.expires_in,
        original=original,
        kept=kept,
    )


def format_of(media_type: str) -> str:
    """How a document of this type is read by a printer, where no route says it."""
    return next((name for start, name in FORMATS.items() if media_type.startswith(start)), "raw")
