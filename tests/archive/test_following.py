"""The index follows the journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from tests.peers.filings import filed, number
from tests.peers.indexed import kept, read

from comptoir.archive.following import Following
from comptoir.archive.shelf import Shelf
from comptoir.core.ports import Journal


@asynccontextmanager
async def following(
    journal: Journal, shelf: Shelf, changed: list[int] | None = None, quiet: float = 60
) -> AsyncIterator[Callable[[], asyncio.Future[list[tuple[int, int]]]]]:
    """What answers with (number, held) of what is in the index, when everything has come in."""
    one = Following(journal, shelf, (changed if changed is not None else []).extend, quiet)
    shelf.on_renewed.append(one.begin_again)
    stop = journal.subscribe(one.listen)
    task = asyncio.create_task(one.run())

    async def there() -> list[tuple[int, int]]:
        assert await one.settled(30)
        return await rows(shelf)

    yield lambda: asyncio.ensure_future(there())
    stop()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def rows(shelf: Shelf) -> list[tuple[int, int]]:
    return await shelf.read(lambda db: db.execute("SELECT number, held FROM document ORDER BY number").fetchall())


async def test_what_was_there_and_what_comes(journal: Journal, shelf: Shelf) -> None:
    first = await number(journal, uid="1")
    changed: list[int] = []
    async with following(journal, shelf, changed) as there:
        assert await there() == [(first, 0)]
        second = await number(journal, uid="2")
        assert await there() == [(first, 0), (second, 0)]
    assert changed == [first, second]


async def test_holds_and_eliminations(journal: Journal, shelf: Shelf) -> None:
    numbers = [await number(journal, uid=str(n)) for n in range(3)]
    async with following(journal, shelf) as there:
        await journal.keeping.hold(numbers[:2], "trial", "anna")
        assert await there() == [(numbers[0], 1), (numbers[1], 1), (numbers[2], 0)]
        await journal.keeping.hold(numbers[:1], "", "anna")
        await journal.keeping.eliminate([numbers[0], numbers[2]], "anna", "spent")
        assert await there() == [(numbers[1], 1)]


async def test_what_happened_meanwhile(journal: Journal, shelf: Shelf) -> None:
    numbers = [await number(journal, uid=str(n)) for n in range(3)]
    async with following(journal, shelf) as there:
        await there()
    await journal.keeping.eliminate(numbers[:1], "anna", "spent")
    await journal.keeping.hold(numbers[1:2], "trial", "anna")
    last = await number(journal, uid="last")
    async with following(journal, shelf) as there:
        assert await there() == [(numbers[1], 1), (numbers[2], 0), (last, 0)]
    events = await journal.events()
    assert await shelf.write(lambda index: index.noted("event")) == events[-1].seq


async def test_an_index_that_was_begun_again(journal: Journal, shelf: Shelf) -> None:
    numbers = [await number(journal, uid=str(n)) for n in range(3)]
    await journal.keeping.eliminate(numbers[:1], "anna", "spent")
    async with following(journal, shelf) as there:
        assert len(await there()) == 2
        await shelf.renew()
        assert len(await there()) == 2


async def test_a_journal_that_came_back_from_a_backup(journal: Journal, shelf: Shelf) -> None:
    """The index knows numbers that went to other documents since."""
    first = await number(journal, uid="1")
    await shelf.write(lambda index: index.add([kept(first, "other"), kept(first + 100, "lost")]))
    async with following(journal, shelf) as there:
        assert await there() == [(first, 0)]


async def test_a_journal_from_a_backup_with_the_same_documents(journal: Journal, shelf: Shelf) -> None:
    """Somebody had put one on hold since."""
    first = await number(journal, uid="1")
    rows = await journal.keeping.after(0, 10)
    await shelf.write(lambda index: index.add(rows))
    await shelf.write(lambda index: index.hold([first], held=True))
    await shelf.write(lambda index: index.note("event", 1_000))
    async with following(journal, shelf) as there:
        assert await there() == [(first, 0)]


async def test_words_of_what_was_eliminated_are_wiped_out_when_it_is_quiet(journal: Journal, shelf: Shelf) -> None:
    one = await number(journal, uid="1", title="quicksilver")
    async with following(journal, shelf, quiet=0) as there:
        await there()
        assert await there() == [(one, 0)]
        await journal.keeping.eliminate([one], "anna", "spent")
        assert await there() == []
        while await shelf.write(lambda index: index.unclean()):
            await asyncio.sleep(0)


async def test_a_journal_that_cannot_be_read_is_asked_again(
    journal: Journal, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from comptoir.archive import following as module  # noqa: PLC0415
    from comptoir.core.errors import JournalError  # noqa: PLC0415

    monkeypatch.setattr(module, "AGAIN", 0)
    await filed(journal, uid="1")
    failing, after = [1, 1], journal.keeping.after

    async def sometimes(number: int, limit: int) -> object:
        if failing:
            failing.pop()
            raise JournalError("the disk is away")
        return await after(number, limit)

    monkeypatch.setattr(type(journal.keeping), "after", lambda _, number, limit: sometimes(number, limit))
    async with following(journal, shelf) as there:
        assert len(await there()) == 1
    assert caplog.text.count("the disk is away") == 1


async def test_the_pages_of_what_was_read_before_are_the_journals_to_know(journal: Journal, shelf: Shelf) -> None:
    first = await number(journal, content="the same bytes", uid="1")
    async with following(journal, shelf) as there:
        await there()
        await shelf.write(lambda index: read(index, first, "its text", pages=3))
        again = await number(journal, content="the same bytes", uid="2")
        await there()
    known = await journal.keeping.kept(again)
    assert known is not None
    assert known.pages == 3
