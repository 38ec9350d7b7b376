"""The archive beside bare SQLite: looking for words in many documents, and taking in documents that come all at once.

The floor of a search is the FTS5 statement that finds the same documents of the same file, with FTS5's own snippet, run
by itself: no event loop, no thread, no parsing of what was typed, no marks.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from comptoir.archive.archive import Archive
from comptoir.archive.finding import statement
from comptoir.archive.index import Due, Index, connect
from comptoir.clock import SystemClock
from comptoir.config import ArchiveConfig
from comptoir.core.document import Document, Keep, Origin, digest_of
from comptoir.core.kept import Capture, Filing, Kept, Part
from comptoir.core.ports import Journal
from comptoir.core.record import Event
from comptoir.core.search import Search
from comptoir.journal import open_journal
from documents import invoice

DOCUMENTS: Final = 200_000
FEW: Final = 20_000  # for a quick look
WORDS: Final = 60  # a document
VOCABULARY: Final = 30_000
FIRST_DAY: Final = date(2023, 1, 1)
A_DAY: Final = 150  # documents
REPEATS: Final = 60  # of each search in a round
#: documents that come all at once, and those that come alone
BURST: Final = 500
SENDERS: Final = 4  # at once
SINGLE: Final = 20

#: as a person types them; the words by their rank in the vocabulary: hotel is in most documents
SEARCHES: Final[Mapping[str, str]] = {
    "a word of most documents": "hotel",
    "a usual word": "facture",
    "a rare word": "zanzibar",
    "two words": "hotel facture",
    "the beginning of a word": "fac",
    "a part of a number in titles": "01312",
    "a word, in a month": "hotel date:2023-01",
    "a word, from one source": "hotel source:cuisine",
    "a phrase": '"hotel facture"',
}
_RANKS: Final = {"hotel": 0, "facture": 60, "zanzibar": 25_000}


@dataclass
class Figures:
    """ours, floor: ms of each search, p50, a value a round. The others: see `report.archive`."""

    ours: dict[str, list[float]] = field(default_factory=dict)
    floor: dict[str, list[float]] = field(default_factory=dict)
    all_ours: list[float] = field(default_factory=list)  # ms, p50 over all searches
    all_floor: list[float] = field(default_factory=list)
    all_99: list[float] = field(default_factory=list)
    newest: list[float] = field(default_factory=list)  # ms
    facets: list[float] = field(default_factory=list)  # ms
    listed: list[float] = field(default_factory=list)  # documents/s
    filed: list[float] = field(default_factory=list)  # documents/s, of a journal without an archive
    read: list[float] = field(default_factory=list)  # documents/s
    drawn: list[float] = field(default_factory=list)  # documents/s
    found: list[float] = field(default_factory=list)  # ms, from filed to found by its text
    page: list[float] = field(default_factory=list)  # ms
    size: float = 0  # MB
    text: float = 0  # MB
    filled: float = 0  # documents/s


def measure(folder: Path, rounds: int, documents: int) -> Figures:
    figures = Figures()
    path = folder / "archive" / "index.db"
    newest = fill(path, documents, figures)
    for number in range(rounds):
        asyncio.run(search(path.parent, newest, figures))
        asyncio.run(ingest(folder / f"burst-{number}", figures))
        print(
            f"archive, round {number + 1}: search {figures.all_ours[-1]:.2f} ms, floor {figures.all_floor[-1]:.2f}; "
            f"taken in {figures.listed[-1]:.0f}/s, read {figures.read[-1]:.0f}/s, drawn {figures.drawn[-1]:.0f}/s",
            flush=True,
        )
    return figures


# -- searching --------------------------------------------------------------------------------------------------------


def fill(path: Path, documents: int, figures: Figures) -> Kept:
    """An index of so many documents, as years of nights leave it; the newest one."""
    chance = random.Random(1947)
    vocabulary = _vocabulary(chance)
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(VOCABULARY)))
    index = Index(path, Stock.uid)
    begin, letters = time.perf_counter(), 0
    for first in range(1, documents + 1, 1000):
        rows = [_kept(number, chance) for number in range(first, min(first + 1000, documents + 1))]
        index.add(rows)
        for kept in rows:
            text = " ".join(chance.choices(vocabulary, cum_weights=weights, k=WORDS))
            letters += len(text)
            index.put_text(Due(kept.id, kept.document.digest, kept.document.media_type, "read", 0), text, 1)
    figures.filled = documents / (time.perf_counter() - begin)
    index.db.execute("UPDATE document SET drawn = 2")
    index.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    index.close()
    figures.size, figures.text = path.stat().st_size / 1e6, letters / 1e6
    return rows[-1]


def _vocabulary(chance: random.Random) -> list[str]:
    """Syllables, the frequent words first."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 5)))] = (
            None
        )
    found = list(words)
    for word, rank in _RANKS.items():
        found[rank] = word
    return found


def _kept(number: int, chance: random.Random) -> Kept:
    day = (FIRST_DAY + timedelta(days=number // A_DAY)).isoformat()
    origin = Origin(
        chance.choice(("bureau", "bureau", "bureau", "cuisine", "bar")),
        chance.choice(["anna", "zoé", "éric", "max"]),
        "pc-1",
    )
    document = Document(digest_of(str(number).encode()), 40_000, "application/pdf")
    title = f"Rapport {chance.choice(('de caisse', 'des arrivées', 'de nuit', 'des ventes'))} A-{number:06d}/B"
    return Kept(number, str(number), origin, document, title, "HP LaserJet", number, number, day, None)


class Stock:
    """As much of a journal as the archive looks at when nothing happens."""

    uid = "bench"

    def __init__(self, newest: Kept) -> None:
        self._newest = newest
        self.keeping = self

    async def kept(self, number: int) -> Kept | None:
        return self._newest if number == self._newest.id else None

    async def after(self, number: int, limit: int) -> Sequence[Kept]:
        return ()

    async def history(self, query: object) -> Sequence[Event]:
        return ()

    def subscribe(self, listener: object) -> Callable[[], None]:
        return lambda: None


async def search(folder: Path, newest: Kept, figures: Figures) -> None:
    archive = Archive(folder, Stock(newest), SystemClock(), ArchiveConfig(ocr="never"))  # type: ignore[arg-type]
    await archive.start()
    bare = connect(folder / "index.db", read_only=True)
    ours, floors = [], []
    for name, words in SEARCHES.items():
        asked = Search(text=words)
        floor = _floor(bare, archive, asked)
        assert [hit.number for hit in (await archive.search(asked)).hits] == [row[0] for row in floor()[:50]], words
        mine, theirs = [], []
        for _ in range(REPEATS):
            mine.append(await _timed(lambda asked=asked: archive.search(asked)))
            begin = time.perf_counter()
            floor()
            theirs.append((time.perf_counter() - begin) * 1000)
        figures.ours.setdefault(name, []).append(statistics.median(mine))
        figures.floor.setdefault(name, []).append(statistics.median(theirs))
        ours += mine
        floors += theirs
    figures.all_ours.append(statistics.median(ours))
    figures.all_floor.append(statistics.median(floors))
    figures.all_99.append(sorted(ours)[-1 - len(ours) // 100])
    figures.newest.append(statistics.median([await _timed(lambda: archive.search(Search())) for _ in range(REPEATS)]))
    figures.facets.append(statistics.median([await _timed(archive.facets) for _ in range(REPEATS)]))
    bare.close()
    await archive.stop()


def _floor(bare: sqlite3.Connection, archive: Archive, asked: Search) -> Callable[[], list[tuple[object, ...]]]:
    sql, values = statement(bare, archive.asked(asked), asked.limit + 1)
    sql = sql.replace(", words.text FROM", ", snippet(words, 5, char(1), char(2), '…', 24) FROM")
    return lambda: bare.execute(sql, values).fetchall()


async def _timed(call: Callable[[], Awaitable[object]]) -> float:
    begin = time.perf_counter()
    await call()
    return (time.perf_counter() - begin) * 1000


# -- taking in --------------------------------------------------------------------------------------------------------


async def ingest(folder: Path, figures: Figures) -> None:
    """Invoices of one page, each other bytes, as fast as the journal takes them: without an archive, then with one."""
    content = invoice()
    bare = await open_journal("", folder / "bare", SystemClock())
    figures.filed.append(await burst(bare, content))
    await bare.close()
    journal = await open_journal("", folder / "journal", SystemClock())
    archive = Archive(folder / "archive", journal, SystemClock(), ArchiveConfig(ocr="never"))
    await archive.start()
    begin = time.perf_counter()
    await burst(journal, content)
    while len((await archive.search(Search(limit=BURST))).hits) < BURST:
        pass
    figures.listed.append(BURST / (time.perf_counter() - begin))
    while not await _all(archive, "read"):
        await asyncio.sleep(0.02)
    figures.read.append(BURST / (time.perf_counter() - begin))
    while not await _all(archive, "drawn"):
        await asyncio.sleep(0.02)
    figures.drawn.append(BURST / (time.perf_counter() - begin))
    await alone(archive, journal, content, figures)
    await archive.stop()
    await journal.close()


async def burst(journal: Journal, content: bytes) -> float:
    """Documents a second that are filed."""
    numbers = iter(range(BURST))

    async def send() -> None:
        for number in numbers:
            await journal.keeping.file(_print(content, number))

    begin = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(SENDERS)))
    return BURST / (time.perf_counter() - begin)


async def _all(archive: Archive, column: str) -> bool:
    """Whether nothing of this is to be made any more."""
    sql = f"SELECT 1 FROM document WHERE {column} = 0 LIMIT 1"
    return not await archive._shelf.read(lambda db: db.execute(sql).fetchall())


async def alone(archive: Archive, journal: Journal, content: bytes, figures: Figures) -> None:
    """One document, until its text is found; then its page, as the page of a document asks for it."""
    found, pages = [], []
    for number in range(BURST, BURST + SINGLE):
        filed = await journal.keeping.file(_print(content, number))
        begin = time.perf_counter()
        while (await archive.search(Search(text="levain", limit=1))).hits[0].number != filed.number:
            await asyncio.sleep(0.001)
        found.append((time.perf_counter() - begin) * 1000)
        kept = await journal.keeping.kept(filed.number)
        pages.append(await _timed(lambda kept=kept: archive.page(kept, 1, 1000)))
    figures.found.append(statistics.median(found))
    figures.page.append(statistics.median(pages))


def _print(content: bytes, number: int) -> Filing:
    document = Document.of(content + b"\n%% %d\n" % number)
    capture = Capture(
        Origin("bureau", "anna", "pc-1"), str(number), (Part(document),), f"Facture A-{number:06d}/B", "HP"
    )
    return Filing(capture, Keep(None, "2026-11-20"))
