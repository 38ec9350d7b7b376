"""What every ledger must know of what lies in a folder: lots, what was left alone, what is missing and comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.journals import Again
from tests.peers.papers import submission
from tests.peers.takings import LARGE, SOURCE, Taking, plan

from comptoir.core.intake import OriginalQuery, Plan, Stamp, StepDone
from comptoir.core.lot import LOT, members
from comptoir.core.ports import Journal
from comptoir.core.record import JobQuery

DELETE = plan("T", original="delete")
DAY = 86_400_000


@pytest.fixture
def taking(journal: Journal, tmp_path: Path) -> Taking:
    (tmp_path / "in").mkdir()
    return Taking(journal, tmp_path / "in")


async def done(taking: Taking, path: str, state: str) -> None:
    """Its step ends so."""
    number = (await taking.newest(path)).id
    await taking.journal.ledger.step([StepDone(number, state)])  # type: ignore[arg-type]


# -- what lies there --------------------------------------------------------------------------------------------------


async def test_what_lay_there_before_is_known_and_has_no_original(taking: Taking, again: Again) -> None:
    ledger = taking.journal.ledger
    assert await ledger.begun(SOURCE) is None
    stamps = {name: taking.put(name, name) for name in "ab"}
    await ledger.baseline(SOURCE, list(stamps.items()), "all")
    later = (await again()).ledger
    assert (await later.begun(SOURCE), await later.begun("other")) == ("all", None)
    assert await later.known(SOURCE) == stamps
    assert await later.left_alone(SOURCE) == {"a", "b"}
    assert await later.originals(OriginalQuery()) == []


async def test_a_folder_that_was_empty_has_begun_too(taking: Taking) -> None:
    ledger = taking.journal.ledger
    await ledger.baseline(SOURCE, [])
    assert await ledger.begun(SOURCE) == ""


async def test_a_file_in_the_ledger_may_be_left_alone_as_it_is_now(taking: Taking) -> None:
    ledger = taking.journal.ledger
    taking.put("a")
    await taking.take("a", plan("T"))
    await ledger.baseline(SOURCE, [], "another folder")
    await ledger.leave_alone(SOURCE, [("a", Stamp(7, 5, 6))])
    assert (await ledger.known(SOURCE), await ledger.begun(SOURCE)) == ({"a": Stamp(7, 5, 6)}, "another folder")
    assert await ledger.left_alone(SOURCE) == {"a"}


async def test_what_was_left_alone_and_changes_is_taken(taking: Taking) -> None:
    await taking.journal.ledger.baseline(SOURCE, [("a", taking.put("a", "one"))])
    stamp = taking.put("a", "other")
    assert len(await taking.take("a", plan("T"))) == 1
    assert await taking.journal.ledger.known(SOURCE) == {"a": stamp}
    assert await taking.journal.ledger.left_alone(SOURCE) == set()


async def test_what_was_touched_is_known_by_its_new_stamp(taking: Taking) -> None:
    ledger = taking.journal.ledger
    taking.put("a")
    await ledger.baseline(SOURCE, [("b", taking.put("b"))])
    await taking.take("a", plan("T"))
    for name in "ab":
        await ledger.touched(SOURCE, name, Stamp(7, 5, 6))
    assert await ledger.known(SOURCE) == {"a": Stamp(7, 5, 6), "b": Stamp(7, 5, 6)}


@pytest.mark.parametrize("state", ["deleted", "moved", "changed", "gone"])
async def test_what_has_left_is_not_known_any_more(taking: Taking, state: str) -> None:
    taking.put("a", "content", mtime_ns=10**18)
    (job,) = await taking.take("a", DELETE)
    await taking.end(job)
    await done(taking, "a", state)
    assert await taking.journal.ledger.known(SOURCE) == {}
    await done(taking, "a", "kept")
    assert (await taking.newest("a")).state == state, "what is at rest stays"


async def test_the_same_file_once_more_after_it_was_removed_is_delivered_again(taking: Taking) -> None:
    """As a person copies it there again: name, content and even time are the same."""
    taking.put("a", "content", mtime_ns=10**18)
    (job,) = await taking.take("a", DELETE)
    await taking.end(job)
    await done(taking, "a", "deleted")
    taking.put("a", "content", mtime_ns=10**18)
    (again,) = await taking.take("a", DELETE)
    assert again.id != job.id
    assert again.uid == job.uid, "an archive recognises it"


@pytest.mark.parametrize("step", ["keep", "delete"])
async def test_what_was_missing_and_comes_back_is_not_delivered_again(taking: Taking, step: str) -> None:
    """As on a share that was away."""
    ledger = taking.journal.ledger
    taking.put("a", "content", mtime_ns=10**18)
    (job,) = await taking.take("a", plan("T", original=step))
    await taking.end(job)
    await ledger.missing(SOURCE, ["a", "never there"])
    assert await ledger.known(SOURCE) == {}
    assert (await taking.newest("a")).state == "gone"
    (taking.folder / "a").unlink()
    stamp = taking.put("a", "content", mtime_ns=10**18)
    assert await taking.take("a", plan("T", original=step)) == []
    assert await ledger.known(SOURCE) == {"a": stamp}
    assert (await taking.newest("a")).state == {"keep": "kept", "delete": "due"}[step]


async def test_what_was_given_up_and_comes_back_stays(taking: Taking) -> None:
    taking.put("a", "content", mtime_ns=10**18)
    (job,) = await taking.take("a", DELETE)
    await taking.end(job, "aborted")
    await done(taking, "a", "kept")
    await taking.journal.ledger.missing(SOURCE, ["a"])
    assert await taking.take("a", DELETE) == []
    assert (await taking.newest("a")).state == "kept"


async def test_what_is_missing_while_it_is_delivered_goes_on(taking: Taking) -> None:
    taking.put("a", "content", mtime_ns=10**18)
    (job,) = await taking.take("a", DELETE)
    await taking.journal.ledger.missing(SOURCE, ["a"])
    assert (await taking.newest("a")).state == "waiting"
    assert await taking.journal.ledger.known(SOURCE) == {}
    assert await taking.take("a", DELETE) == []
    assert await taking.journal.ledger.known(SOURCE) == {"a": taking.stamp("a")}
    unit = await taking.end(job)
    assert unit is not None
    assert unit.state == "due"


async def test_what_is_about_to_leave_is_not_missing(taking: Taking) -> None:
    taking.put("a")
    (job,) = await taking.take("a", DELETE)
    await taking.end(job)
    await done(taking, "a", "going")
    await taking.journal.ledger.missing(SOURCE, ["a"])
    assert (await taking.newest("a")).state == "going"


async def test_a_step_that_cannot_be_done_is_due_again_later(taking: Taking) -> None:
    taking.put("a")
    (job,) = await taking.take("a", DELETE)
    unit = await taking.end(job)
    assert unit is not None
    ledger = taking.journal.ledger
    for turn in (1, 2):
        await ledger.step([StepDone(unit.id, "due", "No right.", at=START + turn)])
    found = await ledger.original(unit.id)
    assert found is not None
    assert (found.state, found.message, found.due_at) == ("due", "No right.", START + 2)
    kinds = [event.kind for event in await ledger.events_of(unit.id)]
    assert kinds == ["file-taken", "file-delivered", "original-waits"], "the same reason is said once"


# -- lots -------------------------------------------------------------------------------------------------------------


async def test_a_lot_is_one_document_that_names_its_files(taking: Taking) -> None:
    for path in ("lot/b.txt", "lot/sub/a.txt"):
        taking.put(path, path)
    jobs = await taking.take_lot("lot", ["lot/b.txt", "lot/sub/a.txt"], plan("ARCHIVE"), plan("T"))
    assert [(job.destination, job.document.media_type) for job in jobs] == [
        ("ARCHIVE", LOT),
        ("T", "text/plain"),
        ("T", "text/plain"),
    ]
    found = members(await taking.journal.content(jobs[0].document))
    assert [one.name for one in found] == ["b.txt", "sub/a.txt"]
    assert jobs[0].document.name == "lot"
    lot = await taking.newest("lot")
    assert (lot.is_lot, lot.state) == (True, "waiting")
    inside = await taking.journal.ledger.originals(OriginalQuery(lot=lot.id))
    assert [(one.path, one.lot) for one in reversed(inside)] == [("lot/b.txt", lot.id), ("lot/sub/a.txt", lot.id)]
    assert set(await taking.journal.ledger.known(SOURCE)) == {"lot/b.txt", "lot/sub/a.txt"}


async def test_a_lot_ends_when_all_jobs_of_all_of_its_files_have(taking: Taking) -> None:
    for path in ("lot/a", "lot/b"):
        taking.put(path, path)
    lot_plan = plan("ARCHIVE", original="delete")
    jobs = await taking.take_lot("lot", ["lot/a", "lot/b"], lot_plan, plan("T", original="keep"))
    for job in jobs[:-1]:
        unit = await taking.end(job)
        assert unit is not None
        assert (unit.path, unit.state) == ("lot", "waiting")
    await taking.end(jobs[-1])
    assert await taking.states() == {"due": 3}, "the lot's step holds for its files"
    ledger = taking.journal.ledger
    lot = await taking.newest("lot")
    assert [job.id for job in await ledger.jobs_of(lot.id)] == [job.id for job in jobs]
    assert [one.path for one in await ledger.due(START, 10)] == ["lot/a", "lot/b"]
    await done(taking, "lot/a", "deleted")
    await done(taking, "lot/b", "deleted")
    assert [one.path for one in await ledger.due(START, 10)] == ["lot"]


async def test_a_lot_that_fails_is_given_up_as_a_whole(taking: Taking) -> None:
    for path in ("lot/a", "lot/b"):
        taking.put(path, path)
    jobs = await taking.take_lot("lot", ["lot/a", "lot/b"], plan("ARCHIVE", original="delete"))
    await taking.end(jobs[0], "aborted", "No.")
    assert await taking.states() == {"failed": 3}
    await done(taking, "lot", "kept")
    assert await taking.states() == {"kept": 3}


async def test_a_lot_is_taken_once(taking: Taking) -> None:
    taking.put("lot/a")
    assert len(await taking.take_lot("lot", ["lot/a"], plan("ARCHIVE"))) == 1
    assert await taking.take_lot("lot", ["lot/a"], plan("ARCHIVE")) == []
    taking.put("lot/b")
    assert len(await taking.take_lot("lot", ["lot/b"], plan("ARCHIVE"))) == 1, "what comes later is a lot of its own"


async def test_a_lot_of_many_files_has_a_manifest_that_is_a_file(taking: Taking) -> None:
    paths = [f"lot/{number}" for number in range(300)]
    for path in paths:
        taking.put(path, path)
    (job,) = await taking.take_lot("lot", paths, plan("ARCHIVE"))
    assert job.document.content is None
    assert len(members(await taking.journal.content(job.document))) == 300


# -- forgetting -------------------------------------------------------------------------------------------------------


async def purge(taking: Taking, clock: FakeClock, days: int = 100) -> None:
    """After so many days, forget what is older than a day."""
    clock.advance(days * DAY)
    await taking.journal.purge(clock.now() - DAY)


async def test_what_is_not_at_rest_keeps_its_document_and_its_jobs(taking: Taking, clock: FakeClock) -> None:
    taking.put("a", LARGE)
    first, second = await taking.take("a", plan("T", "ARCHIVE"))
    await taking.end(first)
    await taking.end(second, "aborted")
    await purge(taking, clock)
    assert (await taking.newest("a")).state == "failed"
    assert await taking.journal.content(first.document) == LARGE
    assert len(await taking.journal.jobs(JobQuery())) == 2


async def test_a_clock_that_is_years_ahead_ends_no_keeping(taking: Taking, clock: FakeClock) -> None:
    taking.put("a")
    (job,) = await taking.take("a", plan("T", original="delete", keep=200 * DAY))
    await taking.end(job)
    await done(taking, "a", "deleted")
    sure = clock.now() + 100 * DAY
    clock.advance(3650 * DAY)
    await taking.journal.purge(sure - DAY, sure)
    original = await taking.newest("a")
    assert original.document.row is not None
    assert await taking.journal.content(original.document) == b"content"


@pytest.mark.parametrize("content", [b"small", LARGE], ids=["small", "large"])
async def test_a_document_is_kept_as_long_as_its_route_says(taking: Taking, clock: FakeClock, content: bytes) -> None:
    taking.put("a", content)
    (job,) = await taking.take("a", plan("T", original="delete", keep=200 * DAY))
    await taking.end(job)
    await done(taking, "a", "deleted")
    await purge(taking, clock)
    original = await taking.newest("a")
    assert await taking.journal.content(original.document) == content
    assert await taking.journal.jobs(JobQuery()) == []
    await purge(taking, clock, days=101)
    assert await taking.states() == {}
    (kept,) = await taking.journal.keeping.spent(clock.now())
    assert await taking.journal.content(kept.document) == content, "nobody has eliminated it"
    assert await taking.journal.keeping.eliminate([kept.id], "anna", "kept long enough") == 1
    assert not [path for path in taking.folder.parent.glob("data/documents/**/*") if path.is_file()]


async def test_what_still_lies_in_its_folder_is_never_forgotten(taking: Taking, clock: FakeClock) -> None:
    taking.put("a", LARGE)
    (job,) = await taking.take("a", plan("T"))
    await taking.end(job)
    await purge(taking, clock)
    assert await taking.take("a", plan("T")) == []
    assert (await taking.newest("a")).document.row is None, "the bytes are not kept"
    assert not [path for path in taking.folder.parent.glob("data/documents/**/*") if path.is_file()]


@pytest.mark.parametrize("reprinted", [False, True])
async def test_a_lot_keeps_its_files_as_long_as_a_job_needs_them(
    taking: Taking, clock: FakeClock, reprinted: bool
) -> None:
    taking.put("lot/a", LARGE)
    (job,) = await taking.take_lot("lot", ["lot/a"], plan("ARCHIVE", original="delete"))
    await taking.end(job)
    again = replace(submission(), document=job.document)
    if reprinted:
        await taking.journal.accept(again)
    await done(taking, "lot/a", "deleted")
    await done(taking, "lot", "deleted")
    await purge(taking, clock)
    left = [path.name for path in taking.folder.parent.glob("data/documents/**/*") if path.is_file()]
    assert bool(left) == reprinted
    assert await taking.states() == ({"deleted": 2} if reprinted else {})


async def test_what_a_crash_has_left_goes_with_a_purge(taking: Taking, clock: FakeClock, again: Again) -> None:
    taking.put("a", LARGE)
    taking.copy("a")
    journal = await again()
    await replace(taking, journal=journal).journal.purge(clock.now())
    assert not [path for path in taking.folder.parent.glob("data/documents/**/*") if path.is_file()]


# -- questions --------------------------------------------------------------------------------------------------------


async def test_originals_are_found_by_name_state_and_source(taking: Taking) -> None:
    for path in ("Été/Facture 1.pdf", "b/facture 2.pdf", "c"):
        taking.put(path, path)
    (job,) = await taking.take("Été/Facture 1.pdf", plan("T"))
    await taking.take("b/facture 2.pdf", plan("T"))
    await replace(taking, source="other").take("c", Plan(()))
    await taking.end(job)
    ledger = taking.journal.ledger

    async def paths(query: OriginalQuery) -> list[str]:
        return [one.path for one in await ledger.originals(query)]

    everything = ["c", "b/facture 2.pdf", "Été/Facture 1.pdf"]
    assert await paths(OriginalQuery()) == everything
    assert await paths(OriginalQuery(text="FACTURE")) == everything[1:]
    assert await paths(OriginalQuery(text="e\u0301tE\u0301")) == everything[2:]
    assert await paths(OriginalQuery(SOURCE, states=("kept",))) == everything[2:]
    assert await paths(OriginalQuery(states=("kept", "waiting"), limit=1)) == everything[:1]
    assert await paths(OriginalQuery(below=3)) == everything[1:]
    assert await paths(OriginalQuery(path="c")) == ["c"]
    assert await ledger.tally("other") == {"kept": 1}
