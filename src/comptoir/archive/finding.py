"""What is found in the index: the statement for what somebody asked, and the documents as lists show them.

It reads only. All conditions are words of one FTS5 statement, also sources and printers (`index.token`), so that SQLite
goes through what fits from the newest on, and stops when the page is full: no search sorts or counts what it found.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from comptoir.archive.excerpt import Excerpts
from comptoir.archive.index import FIELDS, token
from comptoir.core.folding import folded, spelled
from comptoir.core.search import Facets, Found, Hit
from comptoir.core.search_query import Asked, Term

MOST: Final = 1000  # of one page
_COLUMNS: Final = (
    "d.number, d.title, d.source, d.printer, d.user, d.host, d.media_type, d.size, d.pages, d.copies, d.received_at,"
    " d.printed_at, d.business_date, d.partial, d.held, d.drawn = 1, d.excerpt"
)
#: Two counts, each of an index that has only what it counts.
_BEHIND: Final = (
    "SELECT (SELECT count(*) FROM document WHERE read = 0)"
    " + (SELECT count(*) FROM document WHERE drawn = 0 AND read <> 0)"
)


class _Nothing(Exception):
    """No document can fit."""


def found(db: sqlite3.Connection, asked: Asked) -> Found:
    """The newest that fit. Raises sqlite3.Error for an index that is damaged; never for what was typed."""
    limit = max(1, min(asked.search.limit, MOST))
    try:
        sql, values = statement(db, asked, limit + 1)
    except _Nothing:
        return Found((), total=0)
    rows = db.execute(sql, values)
    # One by one, because each brings its whole text.
    texts, titles = Excerpts(asked.terms), Excerpts((*asked.terms, *asked.title))
    hits = tuple(_hit(row, texts, titles) for row in islice(rows, limit))
    more = hits[-1].number if rows.fetchone() is not None else None
    return Found(hits, more, len(hits) if more is None and asked.search.below is None else None)


def statement(db: sqlite3.Connection, asked: Asked, limit: int) -> tuple[str, list[object]]:
    """The SQL of a search and its values."""
    search = asked.search
    match = _match(db, asked)
    number = "words.rowid" if match else "d.number"
    where, values = [], list[object]()
    if match:
        where.append("words MATCH ?")
        values.append(match)
    first, last = _between(db, search.since, search.until)
    if search.below is not None:
        last = min(last, search.below - 1) if last is not None else search.below - 1
    for condition, value in ((f"{number} >= ?", first), (f"{number} <= ?", last)):
        if value is not None:
            where.append(condition)
            values.append(value)
    for condition, day in (("d.business_date >= ?", search.since), ("d.business_date <= ?", search.until)):
        if day:
            where.append(condition)
            values.append(day)
    if search.partial is not None:
        where.append("d.partial = ?")
        values.append(search.partial)
    table = "words CROSS JOIN document d ON d.number = words.rowid" if match else "document d"
    text = ", words.text" if asked.terms else ", ''"
    conditions = f" WHERE {' AND '.join(where)}" if where else ""
    values.append(limit)
    return f"SELECT {_COLUMNS}{text} FROM {table}{conditions} ORDER BY {number} DESC LIMIT ?", values  # noqa: S608 - literals


def facets(db: sqlite3.Connection) -> Facets:
    """Counts are kept while documents come and go; nothing is counted here but what is still to be made."""
    tallies: dict[str, dict[str, int]] = {name: {} for name in FIELDS}
    for field, value, count in db.execute("SELECT field, value, documents FROM tally ORDER BY documents DESC, value"):
        tallies[field][value] = count
    since, until, documents = db.execute("SELECT min(date), max(date), total(documents) FROM day").fetchone()
    (behind,) = db.execute(_BEHIND).fetchone()
    return Facets(
        tallies["source"], tallies["printer"], tallies["user"], tallies["media_type"], since or "", until or "",
        int(documents), behind,
    )  # fmt: skip


def text(db: sqlite3.Connection, number: int) -> str | None:
    """The text of a document; None: it is not read yet."""
    row = db.execute(
        "SELECT words.text FROM document CROSS JOIN words ON words.rowid = number WHERE number = ? AND read > 0",
        (number,),
    ).fetchone()
    return None if row is None else row[0]


def trouble(db: sqlite3.Connection, number: int) -> str:
    """Why there is no text of a document, or no picture."""
    row = db.execute("SELECT trouble FROM document WHERE number = ?", (number,)).fetchone()
    return "" if row is None else row[0]


def picture(db: sqlite3.Connection, number: int, digest: str) -> tuple[int | None, bytes | None]:
    """How far its drawing is (`document.drawn`; None: it is not known here), and the small picture."""
    row = db.execute("SELECT drawn FROM document WHERE number = ?", (number,)).fetchone()
    webp = db.execute("SELECT webp FROM picture WHERE digest = ?", (digest,)).fetchone()
    return None if row is None else row[0], None if webp is None else webp[0]


def _between(db: sqlite3.Connection, since: str, until: str) -> tuple[int | None, int | None]:
    """The lowest and highest number of these days, so that the others are not even looked at."""
    if not since and not until:
        return None, None
    first, last = db.execute(
        "SELECT min(first), max(last) FROM day WHERE date >= ? AND date <= ?", (since, until or "9999-12-31")
    ).fetchone()
    if first is None:
        raise _Nothing
    return first, last


# -- the words of FTS5 ------------------------------------------------------------------------------------------------


def _match(db: sqlite3.Connection, asked: Asked) -> str:
    """The expression of FTS5 (its §3); empty for all documents. Words stand in quotes: none of them is a command."""
    search = asked.search
    parts = [_spelled(term) for term in asked.terms]
    parts += [f"{{title title_ends}} : ({_spelled(term)})" for term in asked.title]
    wanted = zip(FIELDS, (search.sources, search.printers, search.users, search.types), strict=True)
    parts += [_any(db, field, values) for field, values in wanted if values]
    return " AND ".join(parts)


def _spelled(term: Term) -> str:
    ways: list[tuple[str, ...]] = [()]
    for word in term.words:
        ways = [(*way, one) for way in ways for one in spelled(word)][:8]
    goes_on = "" if term.whole else "*"
    phrases = [f'"{" ".join(way)}"{goes_on}' for way in ways]
    return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"


def _any(db: sqlite3.Connection, field: str, values: Iterable[str]) -> str:
    """One of the values of a field: those that are said, or all in which what is said stands."""
    known = [value for (value,) in db.execute("SELECT value FROM tally WHERE field = ?", (field,))]
    meant = {one for value in values for one in _meant(known, value, types=field == "media_type")}
    if not meant:
        raise _Nothing
    return f"filed : ({' OR '.join(token(field, value) for value in sorted(meant))})"


def _meant(known: Sequence[str], said: str, *, types: bool) -> list[str]:
    if said in known:
        return [said]
    plain = folded(said)
    if types and "/" in plain:
        return [value for value in known if folded(value).startswith(plain)]
    return [value for value in known if plain in folded(value)]


# -- as lists show it -------------------------------------------------------------------------------------------------


def _hit(row: tuple[Any, ...], texts: Excerpts, titles: Excerpts) -> Hit:
    number, title, source, printer, user, host, media_type, size, pages, copies, received_at, printed_at = row[:12]
    business_date, partial, held, thumbnail, beginning, text = row[12:]
    snippet, marks = texts.of(text) if text else ("", ())
    return Hit(
        number, title, source, printer, user, host, media_type, size, pages, copies, received_at, printed_at,
        business_date, bool(partial), bool(held), snippet or beginning, marks, titles.marks(title, within=True),
        bool(thumbnail),
    )  # fmt: skip
