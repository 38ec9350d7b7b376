"""What every record of the archive must do: a print is filed once, whole, with its jobs, and found again."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.filings import DATE, KEEP, capture, filed, filing, number
from tests.peers.journals import LARGE, OPENERS, Again
from tests.peers.papers import pieces

from comptoir.core.document import Document, Origin, digest_of
from comptoir.core.errors import JournalError
from comptoir.core.kept import Filed, Kept, Part
from comptoir.core.ports import Journal
from comptoir.core.record import JobQuery


async def kept(journal: Journal, found: int | None) -> Kept:
    assert found is not None
    one = await journal.keeping.kept(found)
    assert one is not None
    return one


def files(folder: Path) -> int:
    return len([path for path in (folder / "data" / "documents").rglob("*") if path.is_file()])


# -- filing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"small", LARGE], ids=["empty", "small", "large"])
async def test_what_is_filed_is_what_is_found(journal: Journal, again: Again, clock: FakeClock, content: bytes) -> None:
    more = {
        "title": "Arrivals “É$”",
        "printer": "HP",
        "printed_at": START - 5,
        "copies": 2,
        "user": "anna",
        "host": "pc",
    }
    attributes = {"sides": "one-sided"}
    done = await filed(journal, "T", "U", content=content, name="a.bin", attributes=attributes, **more)
    assert done.fresh
    assert [(job.destination, job.kept) for job in done.jobs] == [("T", done.number), ("U", done.number)]
    journal = await again()
    found = await kept(journal, done.number)
    assert (found.uid, found.origin, found.document.name) == ("1", Origin("office", "anna", "pc"), "a.bin")
    assert (found.title, found.printer, found.copies, found.attributes) == ("Arrivals “É$”", "HP", 2, attributes)
    assert (found.received_at, found.printed_at) == (START, START - 5)
    assert (found.business_date, found.keep_until) == (DATE, KEEP.until)
    assert (found.partial, found.pages, found.held, found.original, found.others) == ("", None, "", None, ())
    assert await journal.content(found.document) == content
    jobs = await journal.keeping.jobs_of(found.id)
    assert [replace(job, document=done.jobs[0].document) for job in jobs] == list(done.jobs)
    assert [await journal.content(job.document) for job in jobs] == [content, content]
    assert {(job.origin, job.kept) for job in jobs} == {(found.origin, found.id)}


async def test_a_stream_that_was_kept_is_filed(journal: Journal, tmp_path: Path) -> None:
    for uid, whole in (("small", b"%PDF-1.7 small"), ("large", b"%PDF-1.7 " + LARGE)):
        document = await journal.keep(pieces(whole[:9], whole[9:]), "", "a.pdf")
        found = await kept(journal, await number(journal, document=document, uid=uid))
        assert (found.document.media_type, found.document.digest) == ("application/pdf", digest_of(whole))
        assert await journal.content(found.document) == whole


async def test_all_documents_of_a_print_are_kept_in_their_order(journal: Journal, again: Again) -> None:
    done = await number(journal, content="document", others=(LARGE, b"printed", b"printed"))
    journal = await again()
    found = await kept(journal, done)
    assert [part.role for part in found.others] == ["printed"] * 3
    assert [await journal.content(part.document) for part in found.others] == [LARGE, b"printed", b"printed"]
    assert [one.others for one in await journal.keeping.after(0, 10)] == [found.others]


async def test_what_no_person_may_lose_is_one_commit(journal: Journal) -> None:
    seen: list[list[str]] = []
    journal.subscribe(lambda events: seen.append([event.kind for event in events]))
    await filed(journal, "T", "U")
    assert seen == [["document-kept", "job-accepted", "job-accepted"]]


async def test_the_event_names_no_person_and_the_record_is_sealed(journal: Journal) -> None:
    personal = {"title": "Martin", "user": "anna", "host": "pc-12", "name": "Martin.pdf", "printer": "laser-2"}
    first = await kept(journal, await number(journal, "T", partial="", others=(b"printed",), **personal))
    second = await kept(journal, await number(journal, uid="2", partial="The sender went away.", **personal))
    events = await journal.events()
    assert not any(word in event.body for event in events for word in personal.values())
    body = json.loads(events[0].body)
    document = first.document
    assert body == {
        "kept": first.id, "source": "office", "digest": document.digest, "size": document.size,
        "media_type": "text/plain", "business_date": DATE, "keep_until": KEEP.until, "seal": first.seal,
        "others": [digest_of(b"printed")],
    }  # fmt: skip
    assert json.loads(events[-1].body)["partial"] is True
    assert len(first.seal) == 64
    assert first.seal != second.seal


async def test_the_same_print_again_changes_nothing(journal: Journal, again: Again, tmp_path: Path) -> None:
    first = await filed(journal, "T", content=LARGE)
    journal = await again()
    before, count = await journal.events(), files(tmp_path)
    other = await filed(journal, "T", "U", content=b"another content", title="another")
    assert (other.number, other.fresh) == (first.number, False)
    assert [job.id for job in other.jobs] == [job.id for job in first.jobs]
    await filed(journal, "T", document=await journal.keep(pieces(b"third" * 10_000), "", ""))
    await journal.jobs(JobQuery())  # the reader has had its turn
    assert await journal.events() == before
    assert files(tmp_path) == count
    assert (await kept(journal, first.number)).title == ""


async def test_the_same_print_at_once_is_filed_once(journal: Journal) -> None:
    done = await asyncio.gather(*(filed(journal, "T", content=LARGE) for _ in range(8)))
    assert sorted(one.fresh for one in done) == [False] * 7 + [True]
    assert {one.number for one in done} == {1}
    assert len(await journal.jobs(JobQuery())) == 1
    assert await journal.content((await kept(journal, 1)).document) == LARGE


async def test_another_source_has_prints_of_its_own(journal: Journal) -> None:
    one = await number(journal)
    other = await number(journal, source="bar")
    assert one != other
    found = await journal.keeping.kept_by_uid("bar", "1")
    assert found is not None
    assert found.id == other
    assert await journal.keeping.kept_by_uid("cellar", "1") is None
    assert await journal.keeping.kept(99) is None


async def test_what_is_not_to_be_kept_has_only_its_jobs(journal: Journal, tmp_path: Path) -> None:
    first = await filed(journal, "T", "U", keep=None, content=LARGE)
    assert (first.number, first.fresh, [job.kept for job in first.jobs]) == (None, True, [None, None])
    again = await filed(journal, "T", "U", keep=None, content=LARGE)
    assert (again.number, again.fresh) == (None, False)
    assert [job.id for job in again.jobs] == [job.id for job in first.jobs]
    assert await journal.keeping.after(0, 10) == []
    assert await filed(journal, keep=None, uid="2", content=b"x" * 50_000) == Filed(None, fresh=True)
    await journal.jobs(JobQuery())
    assert files(tmp_path) == 1, "of what neither is kept nor goes anywhere nothing is left"


async def test_an_identity_that_is_the_same_wherever_it_is_filed(journal: Journal) -> None:
    """A destination that has the document already knows it by this, where a journal was lost."""
    first = await filed(journal, "T", "T", "U")
    other = await filed(journal, "T", source="bar")
    assert len({job.uid for job in (*first.jobs, *other.jobs)}) == 4
    assert first.jobs[0].uid == (await filed(journal, "T")).jobs[0].uid


async def test_texts_that_are_no_unicode_and_numbers_that_no_database_holds(journal: Journal) -> None:
    odd = "caf\udce9"
    more = {"uid": odd, "title": odd, "printer": odd, "user": odd, "host": odd, "attributes": {odd: odd}}
    numbers = {"copies": 10**30, "printed_at": -(10**30)}
    document = Document.of(b"x", "", odd)
    done = await journal.keeping.file(filing(capture(document=document, **more, **numbers), "T", title=odd))
    found = await kept(journal, done.number)
    assert (found.title, found.document.name, found.attributes) == ("caf\\udce9",) * 2 + ({"caf\\udce9": "caf\\udce9"},)
    assert (found.copies, found.printed_at) == (2**31 - 1, START)
    assert (await journal.keeping.kept_by_uid("office", odd)) == found
    assert not (await filed(journal, **more)).fresh


async def test_a_document_that_is_gone_is_refused_and_leaves_nothing(journal: Journal, tmp_path: Path) -> None:
    one, gone = capture(LARGE), Document(digest_of(b"never"), 5, "text/plain")
    with pytest.raises(JournalError):
        await journal.keeping.file(filing(replace(one, parts=(*one.parts, Part(gone)))))
    await journal.jobs(JobQuery())
    assert await journal.events() == []
    assert files(tmp_path) == 0


CHILD = """
import asyncio, os, sys
from pathlib import Path
from tests.peers.filings import capture, filing
from comptoir.clock import SystemClock
from comptoir.journal import open_journal

async def main():
    journal = await open_journal(sys.argv[1], Path(sys.argv[2]), SystemClock())
    async def work(first):
        for number in range(first, 10_000, 8):
            content = b"%d " % number * (8_000 if number % 3 == 0 else 1)
            await journal.keeping.file(filing(capture(content, uid=str(number)), "T"))
            os.write(1, b"%d\\n" % number)
    await asyncio.gather(*(work(first) for first in range(8)))
asyncio.run(main())
"""


async def test_what_was_acknowledged_survives_a_kill_at_any_moment(
    again: Again, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """And what was not is filed once where it comes again."""
    opener = OPENERS[request.node.callspec.params["again"]]
    arguments = [sys.executable, "-c", CHILD, opener(tmp_path), str(tmp_path / "data")]
    child = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    said = [int(await child.stdout.readline()) for _ in range(50)]
    child.kill()
    said += [int(line) for line in (await child.stdout.read()).splitlines(keepends=True) if line.endswith(b"\n")]
    await child.wait()
    journal = await again()
    found = {int(one.uid): one for one in await journal.keeping.after(0, 20_000)}
    assert set(said) <= set(found)
    for count, one in found.items():
        expected = b"%d " % count * (8_000 if count % 3 == 0 else 1)
        assert await journal.content(one.document) == expected
        assert len(await journal.keeping.jobs_of(one.id)) == 1
    for count in range(max(found) + 9):
        assert (await filed(journal, "T", uid=str(count))).fresh == (count not in found)
