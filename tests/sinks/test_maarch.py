"""The archive: each document once, whole, alone, with its own name; and every way in which it can lie about that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.far import Told, a_job, a_lot
from tests.peers.far_maarch import FarMaarch
from tests.peers.maarch import MODES, TOKEN, Maarch

from comptoir.core.errors import DeliveryError, NotSent, OutcomeUnknown, Refused
from comptoir.core.job import Evidence, Job
from comptoir.core.units import iso
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks.maarch import MOST_FAILURES, MaarchSink, make
from comptoir.wire.maarch import archive_id

CONTENT = b"%PDF-1.4 an invoice " * 30


class Bench:
    """The archive and a sink to it, which can die and come again."""

    def __init__(self, far: FarMaarch, journal: SqliteJournal, folder: Path) -> None:
        self.far = far
        self.archive: Maarch = far.archive
        self.journal = journal
        self.folder = folder
        self.keys: dict[str, object] = {}
        self.told = Told()
        self.sinks = [self.made()]

    def made(self) -> MaarchSink:
        return make(self.far.config(**self.keys), self.journal, self.folder, FakeClock())

    def again(self, **keys: object) -> None:
        """As after a restart, which remembers nothing but the journal; with these keys of the configuration."""
        self.keys |= keys
        self.sinks.append(self.made())

    async def deliver(self, job: Job) -> Evidence:
        return await self.sinks[-1].deliver(job, job.document, self.told)

    async def fails(self, job: Job, kind: type[DeliveryError]) -> DeliveryError:
        with pytest.raises(DeliveryError) as caught:
            await self.deliver(job)
        assert caught.type is kind, caught.value.sentences
        assert TOKEN not in caught.value.sentences
        return caught.value

    async def ends(self, job: Job) -> Evidence:
        """Tried again as often as the spooler would, for a while."""
        for _ in range(MOST_FAILURES + 2):
            try:
                return await self.deliver(job)
            except NotSent:
                job = replace(job, attempts=job.attempts + 1)
        raise AssertionError("it never arrives")

    @property
    def asked(self) -> list[str]:
        """The requests, in short."""
        words = {"POST": "deposit"}
        return [words.get(one.method) or one.path.rpartition("/")[2].partition("?")[0] for one in self.archive.seen]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    data = tmp_path / "data"
    data.mkdir()
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    async with FarMaarch(data) as far:
        one = Bench(far, journal, data)
        yield one
        for sink in one.sinks:
            await sink.close()
    await journal.close()


def only(bench: Bench) -> dict[str, object]:
    """What is stored: one archive, of one file, whole."""
    (archive,) = bench.archive.archives.values()
    (content,), (resource,) = archive.contents, archive.resources
    assert content == CONTENT
    return {"id": archive.id, **archive.values, **resource}


async def test_a_document_is_archived(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT, name="FAC 1.PDF")
    evidence = await bench.deliver(job)
    stored = only(bench)
    assert evidence.kind == "archived"
    assert evidence.detail == (f"archive {archive_id(job.uid)}, SHA-256 {job.document.digest}, {iso(START)}, read back")
    assert stored["id"] == archive_id(job.uid)
    assert (stored["archiveName"], stored["fileName"], stored["fileExtension"]) == ("FAC 1", "FAC 1.PDF", "pdf")
    assert (stored["mimetype"], stored["size"], stored["hash"]) == (
        job.document.media_type, len(CONTENT), job.document.digest,
    )  # fmt: skip
    assert bench.asked == ["deposit", "Exists"]
    assert bench.told.began == 1


async def test_a_request_says_who_it_is(bench: Bench) -> None:
    bench.archive.client_token = "robot-7"
    bench.again(client_token="robot-7")
    await bench.deliver(await a_job(bench.journal, CONTENT))
    headers = bench.archive.seen[0].headers
    assert headers["User-Agent"].startswith("Comptoir/")
    assert headers["User-Agent"].endswith(" robot-7")
    assert (headers["Content-Type"], headers["Accept"]) == ("application/json", "application/json")
    assert headers["Cookie"] == "LAABS-AUTH=bGFhYnM%2B%2FdG9rZW4%2F%2BYQ%3D%3D"
    assert headers["Content-Length"]


@pytest.mark.parametrize(
    "mode",
    ["cut", "cut-stored", "cut-late", "cut-body", "half-stored", "empty", "empty-stored", "sql", "sql-stored", "hash",
     "lost", "500", "503", "blocked", "html", "redirect"],
)  # fmt: skip
@pytest.mark.parametrize("restart", [False, True])
async def test_whatever_it_answers_it_has_the_document_once(bench: Bench, mode: str, restart: bool) -> None:
    job = await a_job(bench.journal, CONTENT)
    bench.archive.lie(mode)
    stored = mode in ("sql-stored", "empty-stored", "half-stored")
    if not stored:
        await bench.fails(job, NotSent)
        job = replace(job, attempts=1)
        if restart:
            bench.again()
    evidence = await bench.ends(job)
    assert evidence.kind == "archived"
    assert only(bench)["id"] == archive_id(job.uid)


async def test_an_answer_that_is_lost_is_asked_for_and_not_sent_again(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT)
    bench.archive.lie("cut-stored")
    error = await bench.fails(job, NotSent)
    assert "asked whether it has it" in error.hint
    evidence = await bench.deliver(job)
    assert evidence.detail.endswith(", known already, read back")
    assert bench.asked == ["deposit", "Exists"]


async def test_a_new_job_of_the_same_identity_finds_it_there(bench: Bench) -> None:
    """The journal was lost, or somebody tries again what was given up."""
    job = await a_job(bench.journal, CONTENT)
    await bench.deliver(job)
    bench.again()
    assert ", known already" in (await bench.deliver(job)).detail
    assert bench.asked == ["deposit", "Exists", "deposit", "Exists"]
    only(bench)


async def test_who_may_not_ask_relies_on_the_identity(bench: Bench) -> None:
    bench.archive.privileges = {"create"}
    job = await a_job(bench.journal, CONTENT)
    evidence = await bench.deliver(job)
    assert "read back" not in evidence.detail
    await bench.deliver(await a_job(bench.journal, CONTENT + b"2"))
    assert bench.asked == ["deposit", "Exists", "Finddocuments", "deposit"], "it is not asked a second time"
    bench.again()
    error = await bench.fails(replace(job, attempts=1), OutcomeUnknown)
    assert archive_id(job.uid) in error.hint
    assert "recordsManagement/archive/exists" in error.hint
    assert len(bench.archive.archives) == 2


async def test_who_may_only_search_searches(bench: Bench) -> None:
    bench.archive.privileges = {"create", "finddocuments"}
    job = await a_job(bench.journal, CONTENT)
    bench.archive.lie("cut-stored")
    await bench.fails(job, NotSent)
    assert ", known already" in (await bench.deliver(job)).detail
    only(bench)


async def test_who_may_not_ask_sends_again_what_was_cut(bench: Bench) -> None:
    bench.archive.privileges = {"create"}
    job = await a_job(bench.journal, CONTENT)
    bench.archive.lie("cut", "empty")
    await bench.fails(job, NotSent)
    await bench.fails(job, NotSent)
    await bench.deliver(job)
    only(bench)


@pytest.mark.parametrize(
    ("privileges", "end"), [({"create", "exists"}, Refused), ({"create"}, OutcomeUnknown)], ids=["asked", "not asked"]
)
async def test_one_document_that_always_breaks_off_does_not_hold_up_all_others(
    bench: Bench, privileges: set[str], end: type[DeliveryError]
) -> None:
    bench.archive.privileges = privileges
    bench.archive.always = "cut-body"
    job = await a_job(bench.journal, CONTENT)
    for _ in range(MOST_FAILURES + 1):
        await bench.fails(job, NotSent)
    await bench.fails(job, end)


async def test_an_archive_that_is_away_for_days_fails_no_document(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT)
    bench.archive.lie("cut-body")
    await bench.fails(job, NotSent)
    await bench.archive.stop()
    for _ in range(3 * MOST_FAILURES):
        await bench.fails(job, NotSent)
    await bench.archive.start()
    await bench.deliver(job)
    only(bench)


@pytest.mark.parametrize(
    ("mode", "kind", "words"),
    [
        ("400", Refused, "Metadata colour is not allowed"),
        ("404", Refused, "The archival profile reference not found"),
        ("413", Refused, "larger than the server before the archive lets through"),
        ("413-reset", Refused, "larger than the server"),
        ("401", NotSent, "refuses the token: Missing authentication credential"),
        ("403", NotSent, "recordsManagement/archive/create"),
        ("500", NotSent, "cannot take it now: status 500"),
        ("503", NotSent, "cannot take it now: status 503"),
        ("blocked", NotSent, "activity is disabled"),
        ("hash", NotSent, "did not arrive as it was sent: Invalid hash."),
        ("sql", NotSent, "database refused it: An error occured"),
        ("empty", NotSent, "did not answer clearly"),
        ("html", NotSent, "client_token"),
        ("redirect", NotSent, "a redirection (302)"),
        ("lost", NotSent, "does not know it when asked"),
        ("cut", NotSent, "did not answer"),
        ("cut-body", NotSent, "127.0.0.1"),
    ],
)
async def test_what_it_says_is_told(bench: Bench, mode: str, kind: type[DeliveryError], words: str) -> None:
    bench.archive.lie(mode)
    error = await bench.fails(await a_job(bench.journal, CONTENT), kind)
    assert words in error.sentences
    assert bench.archive.archives == {}


def test_every_lie_is_told_somewhere() -> None:
    told = Path(__file__).read_text("utf-8") + Path(__file__).with_name("test_maarch_large.py").read_text("utf-8")
    assert [mode for mode in MODES if f'"{mode}"' not in told] == []


async def test_a_document_that_it_cannot_take_gives_way_in_the_end(bench: Bench) -> None:
    """It answers whether it has it, so it is this document. While nobody answers, nothing is given up."""
    job = await a_job(bench.journal, CONTENT)
    bench.archive.always = "500"
    for _ in range(MOST_FAILURES - 1):
        await bench.fails(job, NotSent)
    assert "tried 8 times" in (await bench.fails(job, Refused)).hint
    bench.archive.always = "503"
    for _ in range(MOST_FAILURES + 2):
        await bench.fails(job, NotSent)
    bench.archive.always = "hash"
    await bench.fails(job, NotSent)
    await bench.fails(job, NotSent)
    await bench.fails(job, Refused)


async def test_an_archive_that_gives_its_own_identity_is_believed(bench: Bench) -> None:
    bench.archive.lie("wrong-id")
    evidence = await bench.deliver(await a_job(bench.journal, CONTENT))
    assert evidence.detail.startswith("archive maarchRM_0, SHA-256 ")


async def test_an_archive_that_loses_what_it_has_taken_is_held_for_a_person(bench: Bench) -> None:
    bench.archive.always = "lost"
    job = await a_job(bench.journal, CONTENT)
    await bench.fails(job, NotSent)
    await bench.fails(job, NotSent)
    await bench.fails(job, OutcomeUnknown)


@pytest.mark.parametrize(("verify", "asked"), [("no", []), ("exists", ["Exists"]), ("hash", ["Finddocuments"])])
async def test_what_is_read_back(bench: Bench, verify: str, asked: list[str]) -> None:
    bench.again(verify=verify)
    evidence = await bench.deliver(await a_job(bench.journal, CONTENT))
    assert ("read back" in evidence.detail) == (verify != "no")
    assert bench.asked == ["deposit", *asked]


async def test_a_hash_that_is_not_there_is_not_believed(bench: Bench) -> None:
    bench.again(verify="hash")
    bench.archive.lie("lost")
    error = await bench.fails(await a_job(bench.journal, CONTENT), NotSent)
    assert "does not know it" in error.message


async def test_the_token_is_read_again_each_time(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT)
    file = bench.far.token_file
    for wrong in ("a new one", "tok\u00e9n"):
        file.write_text(wrong, "utf-8")
        error = await bench.fails(job, NotSent)
        assert "holds no token of the archive" in error.message
        assert wrong not in error.sentences
    file.unlink()
    await bench.fails(job, NotSent)
    file.write_text("LAABS-AUTH=bGFhYnM%2B%2FdG9rZW4%2F%2BYQ%3D%3D\n")
    await bench.deliver(job)
    only(bench)


async def test_a_lot_is_one_archive_of_several_files(bench: Bench) -> None:
    members = {"a.pdf": b"%PDF-a" * 4000, "b/c.txt": b"text" * 5000, "d/c.txt": b"other text" * 2000}
    job = await a_lot(bench.journal, "2026.11", members)
    evidence = await bench.deliver(job)
    (archive,) = bench.archive.archives.values()
    assert archive.values["archiveName"] == "2026.11"
    assert [one["fileName"] for one in archive.resources] == ["a.pdf", "b_c.txt", "d_c.txt"]
    assert archive.contents == list(members.values())
    assert f", 3 files, SHA-256 {job.document.digest}" in evidence.detail


async def test_an_empty_file_is_refused_before_anything_is_sent(bench: Bench) -> None:
    job = await a_lot(bench.journal, "lot", {"a.pdf": b"%PDF-a", "empty.txt": b""})
    error = await bench.fails(job, Refused)
    assert error.message.startswith("empty.txt is empty")
    assert bench.asked == []


async def test_a_document_beyond_the_bound_is_refused_before_anything_is_sent(bench: Bench) -> None:
    bench.again(largest="500 B")
    error = await bench.fails(await a_job(bench.journal, CONTENT), Refused)
    assert "more than 500 B" in error.message
    assert bench.asked == []


async def test_the_address_may_be_the_one_of_deposits(bench: Bench) -> None:
    bench.again(url=f"{bench.far.config().url}/recordsManagement/archive/")
    await bench.deliver(await a_job(bench.journal, CONTENT))
    only(bench)
