"""The books of files that wait."""

from __future__ import annotations

from comptoir.core.intake import Stamp
from comptoir.core.waiting import EXAMPLES, File, Waiting


def file(size: int = 10, word: tuple[str, str] = ("waiting", "quiet")) -> File:
    return File(Stamp(size, 1, 1), 0, word)


def test_each_file_is_counted_once_by_what_is_said_of_it() -> None:
    books = Waiting()
    one, other = file(), file(5)
    books.add("a", one)
    books.add("b", other)
    books.turn("a", one, ("waiting", "open"))
    assert ({**books.counts}, books.bytes) == ({("waiting", "quiet"): 1, ("waiting", "open"): 1}, 15)
    books.turn("b", other, ("failed", "rights"))
    assert books.bytes == 10
    books.restamp("a", one, Stamp(30, 2, 1), 7)
    assert (books.bytes, one.since, one.complete) == (30, 7, False)
    assert books.drop("a") is one
    assert books.drop("a") is None
    assert (books.bytes, +books.counts) == (0, {("failed", "rights"): 1})


def test_what_is_dropped_is_not_looked_at_any_more() -> None:
    books = Waiting()
    books.add("a", file())
    books.timetable.put("a", 5)
    books.drop("a")
    assert books.timetable.next() is None


def test_news_are_counted_and_some_are_named() -> None:
    books = Waiting()
    for number in range(EXAMPLES + 5):
        books.add(f"{number}", file())
    told = books.news[("waiting", "quiet")]
    assert (told.count, told.paths) == (EXAMPLES + 5, [f"{number}" for number in range(EXAMPLES)])
    books.turn("0", books.files["0"], ("waiting", "quiet"))
    assert told.count == EXAMPLES + 5
