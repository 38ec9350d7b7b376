"""Between rows and values of the archive."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.peers.batches import new_batch
from tests.peers.clock import START

from comptoir.core.document import Document, Origin
from comptoir.core.kept import Kept, Part
from comptoir.journal import kept_rows
from comptoir.journal.kept_rows import add_kept, belongs_to, facts, read_kept, seal_of, storable
from comptoir.journal.rows import SQL, add_document
from comptoir.journal.writer import Batch


@pytest.fixture
def batch() -> Batch:
    return new_batch()


def with_rows(batch: Batch, kept: Kept) -> Kept:
    """As who writes a record has it: its documents have their rows."""

    def written(document: Document) -> Document:
        return replace(document, row=add_document(batch, document, document.content), content=None)

    others = tuple(Part(written(one.document), one.role) for one in kept.others)
    return replace(kept, document=written(kept.document), others=others)


def record(**more: object) -> Kept:
    fields = {"id": 0, "uid": "1", "origin": Origin("office"), "document": Document.of(b"x"), "title": "Arrivals",
              "printer": "HP", "received_at": 0, "printed_at": 5, "business_date": "2026-11-18",
              "keep_until": None}  # fmt: skip
    return Kept(**(fields | more))  # type: ignore[arg-type]


texts = st.text(st.characters(), max_size=8)
numbers = st.integers(-(2**70), 2**70)
documents = st.builds(Document.of, st.binary(max_size=20), texts, texts)
records = st.builds(
    Kept,
    id=st.just(0),
    uid=texts,
    origin=st.builds(Origin, texts, texts, texts),
    document=documents,
    title=texts,
    printer=texts,
    received_at=numbers,
    printed_at=numbers,
    business_date=st.just("2026-11-18"),
    keep_until=st.none() | st.integers(0, 2**70),
    copies=numbers,
    attributes=st.dictionaries(texts, texts, max_size=3),
    partial=texts,
    original=st.none() | st.integers(1, 2**40),
    others=st.lists(st.builds(Part, documents, st.sampled_from(["document", "printed"])), max_size=2).map(tuple),
)


@given(records)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_a_source_says_is_written_and_read_as_it_was_written(batch: Batch, given: Kept) -> None:
    batch.db.execute("DELETE FROM kept")
    written = add_kept(batch, with_rows(batch, storable(given)))
    read = read_kept(batch.db, written.id)
    assert read == written
    (salt,) = batch.db.execute("SELECT salt FROM kept WHERE id = ?", (written.id,)).fetchone()
    assert seal_of(read, salt) == read.seal == json.loads(batch.events[-1].body)["seal"]


def test_what_is_no_time_is_now_and_what_is_one_stays(batch: Batch) -> None:
    assert add_kept(batch, with_rows(batch, storable(record(printed_at=-1)))).printed_at == batch.now
    assert add_kept(batch, with_rows(batch, storable(record(uid="2")))).printed_at == 5


def test_a_seal_is_as_it_is_described() -> None:
    """Who checks one elsewhere has the salt and these facts, and needs nothing of ours."""
    one = record(title="Départs", received_at=START, others=(Part(Document.of(b"y"), "printed"),))
    assert json.loads(facts(one))["title"] == "Départs"
    assert b'"title":"D\xc3\xa9parts"' in facts(one)
    assert seal_of(one, b"salt") == hashlib.sha256(b"salt" + facts(one)).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"uid": "2"}, {"origin": Origin("bar")}, {"origin": Origin("office", "anna")}, {"title": "x"}, {"printer": "x"},
        {"origin": Origin("office", "", "pc")}, {"document": Document.of(b"y")}, {"received_at": 1}, {"printed_at": 1},
        {"document": Document.of(b"x", "", "name")}, {"document": Document.of(b"x", "a/b")}, {"keep_until": 1},
        {"business_date": "2026-11-19"}, {"copies": 2}, {"attributes": {"a": "b"}}, {"partial": "x"}, {"original": 1},
        {"others": (Part(Document.of(b"x")),)}, {"others": (Part(Document.of(b"x"), "printed"),)},
    ],
    ids=str,
)  # fmt: skip
def test_whatever_is_said_is_under_the_seal(change: dict[str, object]) -> None:
    assert facts(record(**change)) != facts(record())


def test_what_may_change_is_not_under_the_seal() -> None:
    assert facts(replace(record(), id=9, pages=3, held="why", seal="other")) == facts(record())


def test_a_document_belongs_by_its_number_and_its_digest(batch: Batch) -> None:
    kept = add_kept(batch, with_rows(batch, storable(record(others=(Part(Document.of(b"y"), "printed"),)))))
    assert belongs_to(batch.db, kept.document) == kept.id
    assert belongs_to(batch.db, kept.others[0].document) == kept.id
    assert belongs_to(batch.db, replace(kept.document, row=None)) is None
    assert belongs_to(batch.db, replace(kept.document, digest="0" * 64)) is None, "its number was given again"


def test_questions_use_an_index(batch: Batch) -> None:
    """What pages and programs ask must not read the whole table."""
    asked: list[str] = []
    batch.db.set_trace_callback(asked.append)
    add_kept(batch, with_rows(batch, storable(record(others=(Part(Document.of(b"y")),)))))
    read_kept(batch.db, 1)
    kept_rows.kept_by_uid(batch.db, "office", "1")
    kept_rows.after(batch.db, 5, 10)
    kept_rows.of_date(batch.db, "2026-11-18")
    kept_rows.jobs_of(batch.db, 1)
    kept_rows.spent(batch.db, 5, None, 10)
    batch.db.set_trace_callback(None)
    asked.append(f"{SQL['events_keeping']} AND kind IN (?) ORDER BY seq DESC LIMIT ?")
    named = ("kept_of_document", "events_of_kept", "to_eliminate", "documents_of_kept", "drop_jobs_of_kept",
             "copies_of_original", "was_eliminated", "purge_document", "drop_document", "file_needed")  # fmt: skip
    for sql in [*asked, *(SQL[name] for name in named)]:
        rows = batch.db.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))
        plan = [str(row[3]) for row in rows]
        assert not [step for step in plan if "SCAN" in step and "json_each" not in step], plan
        sorts = [step for step in plan if "TEMP B-TREE" in step]
        assert not sorts or any("kept_until" in step or "events_keeping" in step for step in plan), plan
