"""Units made ready and written, without a disk."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.batches import copied, new_batch

from comptoir.core.intake import Copied, Delivery, Plan, Stamp, Take, Unit
from comptoir.core.lot import LOT, members
from comptoir.journal.intake_rows import read_original
from comptoir.journal.taking import format_of, prepared, take
from comptoir.journal.writer import Batch

TO = Plan((Delivery("T"),))


@pytest.fixture
def batch() -> Batch:
    return new_batch()


def unit(*paths: str, lot: str = "", made: Plan = TO, plan: Plan | None = None) -> Unit:
    return Unit("s", tuple(Take(copied(path), made) for path in paths), lot, plan)


def test_what_was_not_copied_cannot_be_taken() -> None:
    lost = Take(Copied("a", Stamp(0, 0, 0), None, "It cannot be read."), TO)
    with pytest.raises(ValueError, match="It cannot be read"):
        prepared(Unit("s", (lost,)))


def test_members_are_named_as_they_stand_in_the_lot_or_as_their_plan_says() -> None:
    named = replace(TO, name="Invoice 1")
    takes = (Take(copied("x/lot/a.txt"), TO), Take(copied("x/lot/sub/b.txt"), TO), Take(copied("x/lot/c.txt"), named))
    ready = prepared(Unit("s", takes, "x/lot", Plan((), name="")))
    assert ready.lot is not None
    assert ready.lot.document.content is not None
    assert [one.name for one in members(ready.lot.document.content)] == ["Invoice 1", "a.txt", "sub/b.txt"]
    assert (ready.lot.document.name, ready.lot.document.media_type) == ("lot", LOT)
    assert ready.lot.stamp.mtime_ns == 1


def test_a_lot_is_the_same_whatever_the_order_of_its_files() -> None:
    one, other = prepared(unit("l/a", "l/b", lot="l")), prepared(unit("l/b", "l/a", lot="l"))
    assert one.lot is not None
    assert other.lot is not None
    assert one.lot.document.digest == other.lot.document.digest


def test_the_events_of_a_lot_name_it(batch: Batch) -> None:
    take([prepared(unit("l/a", "l/b", lot="l", plan=TO))])(batch)
    told = [(event.kind, json.loads(event.body)) for event in batch.events if event.job_id is None]
    assert [(kind, body["path"], body.get("lot"), body.get("files")) for kind, body in told] == [
        ("lot-taken", "l", None, 2),
        ("file-taken", "l/a", 1, None),
        ("file-taken", "l/b", 1, None),
    ]


def test_a_lot_whose_content_was_brought_before_is_not_delivered_again(batch: Batch) -> None:
    once = replace(TO, once=True)
    (first,) = take([prepared(unit("l/a", lot="l", plan=once))])(batch)
    assert first
    second = Unit("s", (Take(replace(copied("m/a"), document=copied("l/a").document), TO),), "m", once)
    assert take([prepared(second)])(batch) == [[]]
    lot = read_original(batch.db, 3)
    assert lot is not None
    assert (lot.is_lot, lot.state, lot.duplicate_of) == (True, "waiting", 1)


def test_a_member_that_was_brought_before_is_not_printed_again(batch: Batch) -> None:
    once = replace(TO, once=True)
    take([prepared(unit("a", made=once))])(batch)
    same = Take(replace(copied("l/a"), document=copied("a").document), once)
    other = Take(copied("l/b"), once)
    (jobs,) = take([prepared(Unit("s", (same, other), "l", Plan((Delivery("ARCHIVE"),))))])(batch)
    assert jobs is not None
    assert [(job.destination, job.document.name) for job in jobs] == [("ARCHIVE", "l"), ("T", "b")]
    (deliveries,) = batch.db.execute("SELECT deliveries FROM originals WHERE is_lot = 1").fetchone()
    assert deliveries == 2


def test_a_unit_that_cannot_be_written_undoes_nobody_elses(batch: Batch) -> None:
    """Whatever a name holds, it does not fail within the commit."""
    hostile = ["\udcff", "a\0b", "\ud800/x", "é" * 300, "'; DROP TABLE originals; --"]
    made = Plan((Delivery("T", attributes={"path\udcff": "\udcff"}),), name="\udcff")
    jobs = take([prepared(unit(path, made=made)) for path in hostile])(batch)
    assert all(jobs)
    assert batch.db.execute("SELECT count(*) FROM originals").fetchone() == (5,)


@given(st.text())
def test_every_media_type_has_a_format(media_type: str) -> None:
    assert format_of(media_type) in {"message", "image", "pdf", "lot", "raw"}


def test_a_manifest_is_nothing_that_a_printer_prints() -> None:
    assert format_of(LOT) == "lot"
