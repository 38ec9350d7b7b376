"""Texts and pictures in the background, and what becomes of documents that nobody can read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from tests.peers.filings import number

from comptoir.archive import making as module
from comptoir.archive.errand import Answer, Errand
from comptoir.archive.index import Stage
from comptoir.archive.making import Making
from comptoir.archive.shelf import Shelf
from comptoir.archive.worker import Died
from comptoir.core.ports import Journal
from comptoir.journal.sqlite import INLINE


class Bench:
    """Answers as it was told to, by the document's bytes or the name of their file."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[str, Answer | Exception] = {}

    async def ask(self, errand: Errand, content: bytes = b"") -> tuple[Answer, bytes]:
        what = content.decode() if not errand.path else "file"
        self.asked.append((errand.task, what))
        answer = self.answers.get(f"{errand.task} {what}", Answer(text=what, pages=2))
        if isinstance(answer, Exception):
            raise answer
        return answer, b"webp" if errand.task == "draw" and not answer.trouble else b""


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def made(
    journal: Journal, shelf: Shelf, bench: Bench, *contents: str, stages: Sequence[Stage] = ("read", "draw", "eyes"),
    languages: str = "eng",
) -> list[tuple[int, int, str, str]]:  # fmt: skip
    """File these, make all there is to be made of them: read, drawn, excerpt and trouble of each."""
    for place, content in enumerate(contents):
        await number(journal, uid=str(place), content=content)
    rows = await journal.keeping.after(0, 100)
    await shelf.write(lambda index: index.add(rows))
    making = Making(journal, shelf, bench, stages, languages, lambda numbers: None)
    task = asyncio.create_task(making.run())
    while await shelf.write(lambda index: index.due(stages, 1)):
        await asyncio.sleep(0)
        making.wake()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await making.tell_pages()
    sql = "SELECT read, drawn, excerpt, trouble FROM document ORDER BY number"
    return await shelf.read(lambda db: db.execute(sql).fetchall())


async def test_texts_first_then_pictures_the_newest_first(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    assert await made(journal, shelf, bench, "a", "b") == [(1, 1, "a", ""), (1, 1, "b", "")]
    assert bench.asked == [("read", "b"), ("read", "a"), ("draw", "b"), ("draw", "a")]


async def test_the_journal_is_told_the_pages(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    await made(journal, shelf, bench, "a")
    assert [kept.pages for kept in await journal.keeping.after(0, 9)] == [2]


async def test_a_large_document_is_read_from_its_file(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    await made(journal, shelf, bench, "x" * (INLINE + 1))
    assert bench.asked == [("read", "file"), ("draw", "file")]


async def test_eyes_come_last_and_only_where_they_are_wanted(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    bench.answers = {"read a": Answer(eyes=True, pages=1), "eyes a": Answer(text="seen", pages=1)}
    assert await made(journal, shelf, bench, "a", "b") == [(1, 1, "seen", ""), (1, 1, "b", "")]
    assert bench.asked[-1] == ("eyes", "a")


async def test_without_a_program_that_reads_pictures(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    bench.answers = {"read a": Answer(eyes=True)}
    assert await made(journal, shelf, bench, "a", languages="") == [(1, 1, "", "")]


async def test_a_killer_is_tried_twice_and_never_again(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    bench.answers = {"read a": Died("it took too long")}
    assert await made(journal, shelf, bench, "a", "b") == [(1, 2, "", "it took too long"), (1, 1, "b", "")]
    assert bench.asked.count(("read", "a")) == 2
    assert ("draw", "a") not in bench.asked


async def test_who_dies_of_the_picture_keeps_its_text(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    bench.answers = {"draw a": Died("it ended")}
    assert await made(journal, shelf, bench, "a") == [(1, 2, "a", "it ended")]


async def test_eyes_are_not_tried_twice(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    bench.answers = {"read a": Answer(eyes=True), "eyes a": Died("it took too long")}
    assert await made(journal, shelf, bench, "a") == [(1, 1, "", "it took too long")]
    assert bench.asked.count(("eyes", "a")) == 1


async def test_what_cannot_be_read_says_why(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    bench.answers = {"read a": Answer(trouble="it wants a password"), "draw a": Answer(trouble="it wants a password")}
    assert await made(journal, shelf, bench, "a") == [(1, 2, "", "it wants a password")]


async def test_where_no_process_can_be_started_it_is_tried_again(
    journal: Journal, shelf: Shelf, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN", 0)
    ask, failures = bench.ask, [OSError("no memory"), OSError("no memory")]

    async def sometimes(errand: Errand, content: bytes = b"") -> tuple[Answer, bytes]:
        if failures:
            raise failures.pop()
        return await ask(errand, content)

    bench.ask = sometimes  # type: ignore[method-assign]
    assert await made(journal, shelf, bench, "a") == [(1, 1, "a", "")]


async def test_what_is_not_kept_any_more_is_forgotten(journal: Journal, shelf: Shelf, bench: Bench) -> None:
    one = await number(journal, uid="1", content="a")
    rows = await journal.keeping.after(0, 9)
    await shelf.write(lambda index: index.add(rows))
    await journal.keeping.eliminate([one], "anna", "spent")
    (due,) = await shelf.write(lambda index: index.due(("read",), 9))
    await Making(journal, shelf, bench, (), "", lambda numbers: None).make(due)
    assert await shelf.write(lambda index: index.newest()) is None
