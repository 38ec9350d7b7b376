"""A document on its way to the disk: bounded, and nothing stays of what is not wanted."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from tests.peers.captures import Captures

from comptoir.core.errors import JournalError, TooLarge
from comptoir.core.print_header import HEAD
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sources.arriving import WAITING, Arriving


@pytest.fixture
def captures(tmp_path: Path) -> Captures:
    return Captures(tmp_path)


def arriving(captures: Captures, largest: int | None = None) -> Arriving:
    return Arriving(captures.surroundings().journal, largest)


async def test_all_of_it_in_order(captures: Captures) -> None:
    one = arriving(captures)
    pieces = [b"%PDF-1.4 "] + [b"%d " % number * 3000 for number in range(3 * WAITING)]
    for piece in pieces:
        await one.write(piece)
    document = await one.end()
    assert document.content == b"".join(pieces)
    assert (one.head, one.size) == (document.content[:HEAD], document.size)
    assert (document.media_type, one.media_type) == ("application/pdf", "application/pdf")


async def test_a_format_that_demands_an_end(captures: Captures) -> None:
    for content, whole in (
        (b"%PDF-1.4 ...", False), (b"%PDF-1.4 ...%%EOF\n", True), (b"\xff\xd8\xff...", False), (b"text", True),
        (b"%!PS-Adobe-3.0\n...", True),
    ):  # fmt: skip
        one = arriving(captures)
        await one.write(content)
        assert one.whole is whole
        await one.end()


async def test_too_large(captures: Captures) -> None:
    one = arriving(captures, 10)
    await one.write(b"0123456789")
    with pytest.raises(TooLarge):
        await one.write(b"0")
    await one.give_up()
    assert captures.given_up == 0  # it was not whole, so nothing had been kept


async def test_a_full_disk_is_told_to_who_writes(captures: Captures) -> None:
    captures.full = JournalError("the disk is full")
    one = arriving(captures)
    for _ in range(WAITING):
        with suppress(JournalError):
            await one.write(b"more")
    with pytest.raises(JournalError, match="full"):
        await one.end()
    await one.give_up()


async def test_what_was_kept_and_is_not_wanted_is_given_up(captures: Captures) -> None:
    one = arriving(captures)
    await one.end()
    await one.give_up()
    assert captures.given_up == 1


async def test_in_a_real_journal_nothing_is_left_behind(tmp_path: Path) -> None:
    journal = await SqliteJournal.open("", tmp_path / "journal", Captures(tmp_path).clock)
    one = Arriving(journal, None)
    await one.write(b"x" * 100_000)
    await one.give_up()
    await journal.close()
    assert [path for path in tmp_path.rglob("incoming-*") if path.is_file()] == []
