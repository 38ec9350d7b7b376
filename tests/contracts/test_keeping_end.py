"""What every record of the archive must do with what it has: follow it, hold it, let it go, and nothing else."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.filings import DATE, KEEP, filed, number
from tests.peers.journals import LARGE, Again, accepted, finish
from tests.peers.papers import submission
from tests.peers.takings import Taking, plan

from comptoir.core.document import Keep
from comptoir.core.errors import JournalError
from comptoir.core.intake import Plan
from comptoir.core.job import Change
from comptoir.core.kept import Kept, Night, SavedSearch
from comptoir.core.ports import Journal
from comptoir.core.record import EventQuery, JobQuery

LATER = START + 10**9
WHY = "kept long enough"


async def kept(journal: Journal, found: int | None) -> Kept:
    assert found is not None
    one = await journal.keeping.kept(found)
    assert one is not None
    return one


async def numbers(journal: Journal) -> list[int]:
    return [one.id for one in await journal.keeping.after(0, 1000)]


def files(folder: Path) -> int:
    return len([path for path in (folder / "data" / "documents").rglob("*") if path.is_file()])


# -- reading ----------------------------------------------------------------------------------------------------------


async def test_those_after_a_number_come_in_order(journal: Journal) -> None:
    found = [await number(journal, uid=str(count)) for count in range(5)]
    assert [one.id for one in await journal.keeping.after(found[0], 3)] == found[1:4]
    assert await journal.keeping.after(found[-1], 3) == []


async def test_a_date_has_its_prints_in_the_order_of_their_printing(journal: Journal) -> None:
    first, second, third = [await number(journal, uid=str(at), printed_at=START + at) for at in (30, 10, 20)]
    await number(journal, uid="other", keep=Keep(None, "2026-11-19"))
    assert [one.id for one in await journal.keeping.of_date(DATE)] == [second, third, first]
    assert await journal.keeping.of_date("2026-01-01") == []
    assert await journal.keeping.first_date() == DATE


async def test_pages_are_counted_without_an_event(journal: Journal) -> None:
    found = await number(journal)
    before = await journal.events()
    await journal.keeping.counted({found: 12, 99: 1})
    assert (await kept(journal, found)).pages == 12
    assert await journal.events() == before


# -- orders -----------------------------------------------------------------------------------------------------------


async def test_an_order_that_is_kept_has_one_record_and_the_longest_keep_wins(journal: Journal) -> None:
    order = submission(LARGE, "T", title="Bar", user="anna", host="pc", keep=Keep(START + 5, DATE))
    several = (
        order,
        replace(order, destination="U", keep=Keep(START + 9, DATE)),
        replace(order, destination="V", keep=None),
    )
    done = await journal.accept_all(several)
    (found,) = await journal.keeping.after(0, 10)
    assert [one.job.kept for one in done] == [found.id] * 3
    assert (found.title, found.keep_until, found.uid) == ("Bar", START + 9, done[0].job.uid)
    assert (found.origin, found.printer, found.document.row) == (order.origin, "T", done[0].job.document.row)
    assert [job.id for job in await journal.keeping.jobs_of(found.id)] == [one.job.id for one in done]
    for_ever = replace(order, keep=Keep(None, DATE))
    await journal.accept_all((order, for_ever))
    assert (await journal.keeping.after(found.id, 10))[0].keep_until is None


async def test_the_same_order_again_has_no_other_record(journal: Journal) -> None:
    order = submission(key="k", keep=KEEP)
    first = await journal.accept(order)
    assert not (await journal.accept(order)).fresh
    other = replace(order, key="", uid=first.job.uid)
    assert (await journal.accept(other)).job.kept == first.job.kept, "the same job, sent again"
    changed = submission("other words", uid=first.job.uid, keep=KEEP)
    assert (await journal.accept(changed)).job.kept != first.job.kept
    assert len(await numbers(journal)) == 2


async def test_a_reprint_belongs_to_what_is_kept(journal: Journal) -> None:
    done = await filed(journal, "T", content=LARGE)
    found = await kept(journal, done.number)
    by_name = await journal.accept(replace(submission(kept=found.id), document=found.document))
    by_document = await journal.accept(replace(submission(keep=KEEP), document=found.document))
    job = await journal.job(done.jobs[0].id)
    assert job is not None
    by_job = await journal.accept(replace(submission(reprint_of=job.id), document=job.document))
    of_that = await journal.accept(replace(submission(), document=by_job.job.document))
    assert {one.job.kept for one in (by_name, by_document, by_job, of_that)} == {found.id}
    assert await numbers(journal) == [found.id]
    assert len(await journal.keeping.jobs_of(found.id)) == 5
    with pytest.raises(JournalError, match=r"no document .* in the archive"):
        await journal.accept(submission(kept=99))


# -- folders ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def taking(journal: Journal, tmp_path: Path) -> Taking:
    (tmp_path / "in").mkdir()
    return Taking(journal, tmp_path / "in")


async def test_a_file_that_its_route_keeps_is_in_the_archive(taking: Taking) -> None:
    taking.put("2026/a.pdf", LARGE, mtime_ns=(START - 50) * 10**6)
    (job,) = await taking.take("2026/a.pdf", replace(plan("T", keep=1_000, business_date=DATE), name="Invoice"))
    found = await kept(taking.journal, job.kept)
    assert (found.title, found.document.name, found.origin.source) == ("Invoice", "Invoice", "invoices")
    assert (found.keep_until, found.business_date) == (START + 1_000, DATE)
    assert (found.received_at, found.printed_at, found.original) == (START, START - 50, job.original)
    assert await taking.journal.content(found.document) == LARGE
    assert [one.id for one in await taking.journal.keeping.jobs_of(found.id)] == [job.id]
    assert await taking.take("2026/a.pdf", plan("T", keep=1_000)) == []
    assert await numbers(taking.journal) == [found.id]


async def test_a_file_that_goes_nowhere_is_in_the_archive_too(taking: Taking) -> None:
    taking.put("deep/in/a.pdf")
    await taking.take("deep/in/a.pdf", Plan((), keep=5))
    (found,) = await taking.journal.keeping.after(0, 10)
    assert found.attributes == {"path": "deep/in/a.pdf", "folder": "in"}


async def test_the_same_file_once_more_has_a_record_of_its_own(taking: Taking) -> None:
    taking.put("a", "same", mtime_ns=10**18)
    (first,) = await taking.take("a", plan("T", keep=5))
    taking.put("a", "other", mtime_ns=10**18 + 1)
    await taking.take("a", plan("T", keep=5))
    taking.put("a", "same", mtime_ns=10**18)
    await taking.end(first)
    (again,) = await taking.take("a", plan("T", keep=5))
    assert await numbers(taking.journal) == [1, 2, 3]
    assert (first.kept, again.kept) == (1, 3)


async def test_a_content_that_is_not_delivered_again_is_not_kept_again(taking: Taking) -> None:
    for name in "ab":
        taking.put(name, "same")
        await taking.take(name, plan("T", keep=5, once=True))
    assert await numbers(taking.journal) == [1]


async def test_of_a_lot_each_file_is_kept_and_the_list_of_them_is_not(taking: Taking) -> None:
    names = ["lot/a.pdf", "lot/b.pdf"]
    for name in names:
        taking.put(name, name)
    jobs = await taking.take_lot("lot", names, plan("ARCHIVE", keep=5, business_date=DATE), plan("T"))
    found = await taking.journal.keeping.after(0, 10)
    assert [(one.title, one.keep_until, one.business_date) for one in found] == [
        ("a.pdf", START + 5, DATE), ("b.pdf", START + 5, DATE)]  # fmt: skip
    assert [(job.destination, job.kept) for job in jobs] == [("ARCHIVE", None), ("T", 1), ("T", 2)]


# -- holding ----------------------------------------------------------------------------------------------------------


async def test_what_is_held_says_why_and_is_never_spent(journal: Journal) -> None:
    first, second = [await number(journal, uid=uid) for uid in "12"]
    for_ever = await number(journal, uid="3", keep=Keep(None, DATE))
    assert [one.id for one in await journal.keeping.spent(KEEP.until or 0)] == [second, first]
    assert await journal.keeping.spent((KEEP.until or 0) - 1) == []
    assert await journal.keeping.hold([first, for_ever, 99], "a lawsuit", "anna") == 2
    assert await journal.keeping.hold([first], "a lawsuit", "anna") == 0
    assert (await kept(journal, first)).held == "a lawsuit"
    assert [one.id for one in await journal.keeping.spent(LATER)] == [second]
    assert await journal.keeping.eliminate([first, for_ever], "anna", WHY) == 0
    assert await journal.keeping.hold([first], "", "bob") == 1
    assert [one.id for one in await journal.keeping.spent(LATER, below=second, limit=5)] == [first]
    held, released = [json.loads(event.body) for event in (await journal.keeping.events_of(first))[1:]]
    assert held == {"kept": [first, for_ever], "reason": "a lawsuit", "by": "anna"}
    assert released == {"kept": [first], "by": "bob"}


# -- letting go -------------------------------------------------------------------------------------------------------


async def test_what_is_kept_stays_when_its_jobs_are_forgotten(
    journal: Journal, clock: FakeClock, tmp_path: Path
) -> None:
    done = await filed(journal, "T", content=LARGE, others=(b"small", b"large" * 10_000))
    partial = await number(journal, uid="2", content=b"half " * 10_000, partial="The sender went away.")
    order = (await journal.accept(submission("order", keep=KEEP))).job
    for job in (*done.jobs, order):
        await finish(journal, job.id)
    clock.advance(LATER)
    assert await journal.purge(LATER) == 2
    assert await journal.keeping.jobs_of(done.number or 0) == []
    for found in [await kept(journal, one) for one in (done.number, partial, order.kept)]:
        for document in (found.document, *(part.document for part in found.others)):
            assert len(await journal.content(document)) == document.size
    assert files(tmp_path) == 3


async def test_elimination_leaves_a_trace_and_nothing_else(journal: Journal, again: Again, tmp_path: Path) -> None:
    done = await filed(journal, "T", title="Martin", user="anna", content=b"secret words", others=(LARGE,))
    found = await kept(journal, done.number)
    await finish(journal, done.jobs[0].id)
    other = await number(journal, uid="2", content=LARGE)
    assert await journal.keeping.eliminate([found.id, found.id, 99], "bob", WHY) == 1
    assert await journal.keeping.kept(found.id) is None
    assert await journal.job(done.jobs[0].id) is None
    assert files(tmp_path) == 1, "another has the same bytes"
    journal = await again()
    (event,) = await journal.history(EventQuery(kinds=("documents-eliminated", "document-held")))
    assert await journal.history(EventQuery(kinds=("documents-eliminated",), until=START)) == []
    assert await journal.history(EventQuery(kinds=("documents-eliminated",), below=event.seq)) == []
    assert json.loads(event.body) == {
        "by": "bob", "why": WHY, "count": 1, "jobs": [done.jobs[0].id],
        "documents": [{"kept": found.id, "digest": found.document.digest, "business_date": DATE,
                       "received_at": START, "keep_until": KEEP.until}],
    }  # fmt: skip
    assert [one.kind for one in await journal.keeping.events_of(found.id)] == ["document-kept", "documents-eliminated"]
    assert [one.kind for one in await journal.keeping.events_of(other)] == ["document-kept"]
    assert await journal.content((await kept(journal, other)).document) == LARGE
    assert await journal.keeping.eliminate([other], "bob", WHY) == 1
    assert files(tmp_path) == 0
    await journal.close()
    for path in (tmp_path / "data").glob("journal.db"):
        assert not any(word in path.read_bytes() for word in (b"secret words", b"Martin", b"anna"))


async def test_what_was_eliminated_does_not_come_back(journal: Journal) -> None:
    done = await filed(journal, content=LARGE)
    assert await journal.keeping.eliminate([done.number or 0], "bob", WHY) == 1
    again = await filed(journal, "T", content=LARGE)
    assert (again.number, again.fresh, again.jobs) == (None, False, ())
    assert await numbers(journal) == []
    assert await number(journal, uid="2") > (done.number or 0), "numbers are not given twice"


async def test_what_is_still_needed_is_not_eliminated_yet(journal: Journal) -> None:
    done = await filed(journal, "T")
    relayed = (await journal.accept(submission(source="relay", keep=KEEP))).job
    both = [done.number or 0, relayed.kept or 0]
    assert await journal.keeping.eliminate(both, "bob", WHY) == 0
    await journal.record([Change(done.jobs[0].id, "canceled"), Change(relayed.id, "canceled")])
    assert await journal.keeping.eliminate(both, "bob", WHY) == 1, "its hub does not know the outcome yet"
    await journal.reported([relayed.id])
    assert await journal.keeping.eliminate(both, "bob", WHY) == 1


async def test_a_file_is_eliminated_when_its_original_is_at_rest(taking: Taking, tmp_path: Path) -> None:
    for name in "ab":
        taking.put(name, LARGE)
    (job,) = await taking.take("a", plan("T", keep=5, once=True, original="delete"))
    await taking.take("b", plan("T", keep=5, once=True))
    await finish(taking.journal, job.id)
    eliminate = taking.journal.keeping.eliminate
    assert await eliminate([job.kept or 0], "bob", WHY) == 0, "its original waits"
    unit = await taking.journal.ledger.settle(job.original or 0)
    assert unit is not None
    assert unit.state == "due"
    assert await eliminate([job.kept or 0], "bob", WHY) == 0, "it is still to be read again"
    await taking.journal.ledger.missing(taking.source, ["a"])
    assert await eliminate([job.kept or 0], "bob", WHY) == 1
    assert files(tmp_path) == 0, "the one that fared as it did needs nothing, either"


async def test_a_reprint_of_a_lot_still_needs_its_files(taking: Taking) -> None:
    taking.put("lot/a")
    (job,) = await taking.take_lot("lot", ["lot/a"], plan("ARCHIVE", keep=5))
    await taking.end(job)
    again = replace(submission(reprint_of=job.id), document=job.document, original=job.original)
    reprint = (await taking.journal.accept(again)).job
    assert await taking.journal.keeping.eliminate([1], "bob", WHY) == 0
    await finish(taking.journal, reprint.id)
    assert await taking.journal.keeping.eliminate([1], "bob", WHY) == 1


async def test_many_are_eliminated_while_others_write(journal: Journal) -> None:
    found = [await number(journal, uid=str(count)) for count in range(30)]
    await asyncio.gather(journal.keeping.eliminate(found, "bob", WHY), accepted(journal), filed(journal, uid="new"))
    assert len(await numbers(journal)) == 1
    assert len(await journal.jobs(JobQuery())) == 1


# -- nights and searches ----------------------------------------------------------------------------------------------


async def test_a_night_says_what_people_have_said_of_it(journal: Journal, again: Again) -> None:
    assert await journal.keeping.night(DATE) == Night(DATE)
    noted = Night(DATE, "All is well.\nRoom 12 “É”", "anna", START)
    await journal.keeping.put_night(noted, "night-noted")
    signed = replace(noted, signed_by="bob", signed_at=START + 1, sent_at=START + 2)
    await journal.keeping.put_night(signed, "night-signed")
    await journal.keeping.put_night(Night("2026-12-01"), "night-sent")
    journal = await again()
    assert await journal.keeping.night(DATE) == signed
    assert await journal.keeping.nights("2026-11-01", "2026-11-30") == [signed]
    assert [one.date for one in await journal.keeping.nights(DATE, "2026-12-01")] == [DATE, "2026-12-01"]
    events = await journal.events()
    assert [event.kind for event in events] == ["night-noted", "night-signed", "night-sent"]
    assert [json.loads(event.body).get("by") for event in events] == ["anna", "bob", None]
    assert not any("well" in event.body for event in events)


async def test_searches_are_saved_by_their_names(journal: Journal, again: Again) -> None:
    for name, query in (("b", "1"), ("a", "2"), ("b", "3")):
        await journal.keeping.put_search(SavedSearch(name, query))
    journal = await again()
    assert await journal.keeping.searches() == [SavedSearch("a", "2"), SavedSearch("b", "3")]
    assert await journal.keeping.drop_search("a")
    assert not await journal.keeping.drop_search("a")
    assert await journal.events() == []
