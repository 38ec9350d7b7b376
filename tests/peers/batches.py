"""A journal in memory and what is taken into it, without a disk or a thread: for the tests of operations."""

from __future__ import annotations

from tests.peers.databases import opened

from comptoir.core.document import Document
from comptoir.core.intake import Copied, Delivery, Plan, Stamp, Take, Unit
from comptoir.core.job import Change, Job
from comptoir.core.record import GENESIS
from comptoir.journal.migrate import migrate
from comptoir.journal.rows import record
from comptoir.journal.taking import prepared, take
from comptoir.journal.writer import Batch


def new_batch() -> Batch:
    """An empty journal; the clock says 1000."""
    db = opened(isolation_level=None)
    migrate(db)
    return Batch(db, 1000, 0, GENESIS)


def copied(path: str, content: bytes | None = None, mtime_ns: int = 1) -> Copied:
    """A file that was copied; its content is its path, unless given."""
    data = path.encode("utf-8", "surrogatepass") if content is None else content
    return Copied(path, Stamp(len(data), mtime_ns, 7), Document.of(data, "", path.rpartition("/")[2]))


def taken(batch: Batch, *destinations: str, path: str = "a", original: str = "delete") -> list[Job]:
    """The jobs of a file that was taken just now."""
    plan = Plan(tuple(Delivery(name) for name in destinations), original=original)
    (jobs,) = take([prepared(Unit("s", (Take(copied(path), plan),)))])(batch)
    assert jobs is not None
    return jobs


def end(batch: Batch, number: int, state: str) -> None:
    """The job ends so."""
    assert record([Change(number, state)])(batch) == [True]  # type: ignore[arg-type]
