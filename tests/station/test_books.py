"""What a station can tell of its past: its log's files, and a journal that is whole or not."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.databases import opened
from tests.peers.logged import lines, logging_to
from tests.peers.signed_in import SignedIn
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.core.errors import JournalError
from comptoir.journal.verify import Report, verify
from comptoir.station import books

DAY = 86_400_000


def tamper(folder: Path) -> None:
    """What somebody with a database program does."""
    db = opened(folder / "station" / "journal.db")
    db.execute("DROP TRIGGER events_no_update")
    db.execute("""UPDATE events SET body = replace(body, '"r"', '"s"') WHERE kind = 'drawer-opened'""")
    db.commit()
    db.close()


async def test_a_journal_that_is_whole_is_said_to_be_with_its_last_hash(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        await site.ask("POST", "/api/drawer/open", {"reason": "r"})
        owner = await SignedIn.of(site)
        head = (await site.journal.events(limit=1000))[-1]
        answer = await owner.post("/journal/verify")
        assert (answer.status, answer.headers["Location"]) == (303, "/journal#proof")
        page = await owner.page("/journal")
        assert f"Le journal est tel qu’il a été écrit : {head.seq} événements." in page
        assert head.hash.hex() in page
        noted = (await site.journal.events(limit=1000))[-1]
        assert noted.kind == "journal-checked"
        assert head.hash.hex() in noted.body


async def test_a_journal_that_was_changed_is_said_to_be(tmp_path: Path) -> None:
    clock = FakeClock()
    with logging_to(tmp_path, clock) as book:
        async with Site.station(tmp_path) as site:
            await site.ask("POST", "/api/drawer/open", {"reason": "r"})
            owner = await SignedIn.of(site)
            tamper(tmp_path)
            await owner.post("/journal/verify")
            page = await owner.page("/journal")
            said = lines(book)
    assert "Le journal n’est plus tel qu’il a été écrit." in page
    assert "(drawer-opened, no job) was changed" in page
    assert any("n’est PAS tel" in line for line in said)


async def test_a_journal_that_cannot_be_read_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(path: Path, progress: object) -> Report:
        raise JournalError("the journal cannot be opened")

    monkeypatch.setattr(books, "verify", unreadable)
    async with Site.station(tmp_path) as site:
        owner = await SignedIn.of(site)
        await owner.post("/journal/verify")
        assert "Le journal n’a pas pu être vérifié." in await owner.page("/journal")


async def test_a_long_check_is_under_way_once_and_ends_with_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, begun = threading.Event(), []

    def slow(path: Path, progress: object) -> Report:
        begun.append(path)
        progress(10_000)  # type: ignore[operator]
        may_go_on.wait(20)
        progress(20_000)  # type: ignore[operator]
        return verify(path)

    monkeypatch.setattr(books, "verify", slow)
    monkeypatch.setattr(books, "PATIENCE", 0)
    async with Site.station(tmp_path) as site:
        owner = await SignedIn.of(site)
        for _ in range(2):
            await owner.post("/journal/verify")
        await eventually(lambda: site.service.books.proof.running == 10_000)
        answer = await owner.get("/journal")
        assert answer.headers["Refresh"] == "2"
        assert "10000 événements lus" in answer.body.decode()
        site.service.books._stopping = True
        may_go_on.set()
    assert len(begun) == 1
    assert site.service.books.proof.at == 0, "it was given up"


async def test_the_journal_is_the_same_after_a_purge_of_the_log(tmp_path: Path) -> None:
    clock = FakeClock()
    with logging_to(tmp_path, clock):
        async with Site.station(tmp_path) as site:
            await site.ask("POST", "/api/drawer/open", {"reason": "r"})
            owner = await SignedIn.of(site)
            before = await site.journal.events(limit=1000)
            await owner.post("/logs/purge")
            after = await site.journal.events(limit=1000)
    assert list(after[: len(before)]) == list(before)
    assert [event.kind for event in after[len(before) :]] == ["logs-purged"]
    report = verify(tmp_path / "station" / "journal.db")
    assert (report.findings, report.events) == ([], len(after))


async def test_how_long_files_are_kept_changes_while_it_runs(tmp_path: Path) -> None:
    clock = FakeClock()
    with logging_to(tmp_path, clock) as book:
        async with Site.station(tmp_path) as site:
            for _ in range(5):
                book.files.append("x\n", book.files.day_of(clock.at))
                clock.advance(DAY)
            site.service.books.keep(2 * DAY)
            await eventually(lambda: len(book.files.files()) == 3)
            site.service.books.keep(None)
            assert book.files.keep is None


async def test_without_a_log_of_its_own_there_are_no_files(tmp_path: Path) -> None:
    """Another process writes it, or none does."""
    async with Site.station(tmp_path) as site:
        assert await site.service.books.log_files() == []
        assert site.service.books.book is None


async def test_a_reader_with_a_million_addresses_is_one_reader(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        for number in range(50):
            await site.service.books.note_reading("", f"2001:db8::{number:x}")
        await site.service.books.note_reading("", "2001:db8:0:1::1")
        read = [event for event in await site.journal.events(limit=1000) if event.kind == "logs-read"]
        assert len(read) == 2
