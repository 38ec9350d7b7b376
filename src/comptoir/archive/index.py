"""The index of the archive: one SQLite file with what lists show, the words of texts (FTS5), and small pictures.

All of it is derived from the journal and from the documents, and can be made anew. It is written by one thread, in
which the methods here are called; what is found in it, `finding.py` says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from comptoir.core.folding import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.core.kept import Kept

#: another number: whatever was made by an earlier one is made anew
VERSION: Final = 1
EXCERPT: Final = 200  # letters
#: a word that has more letters is no number that somebody remembers a part of
LONGEST_WORD: Final = 40
#: pages of the file that are rewritten in one go
CLEANSED_AT_ONCE: Final = 1_000
#: times a document may end the process that reads it
MOST_ATTEMPTS: Final = 2

#: A prefix of these lengths is found as fast as a word; others cost a millisecond for ten thousand documents.
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
    number INTEGER PRIMARY KEY, digest TEXT NOT NULL, source TEXT NOT NULL, printer TEXT NOT NULL, user TEXT NOT NULL,
    host TEXT NOT NULL, title TEXT NOT NULL, media_type TEXT NOT NULL, size INTEGER NOT NULL, pages INTEGER,
    copies INTEGER NOT NULL, received_at INTEGER NOT NULL, printed_at INTEGER NOT NULL, business_date TEXT NOT NULL,
    partial INTEGER NOT NULL, held INTEGER NOT NULL, excerpt TEXT NOT NULL DEFAULT '',
    read INTEGER NOT NULL DEFAULT 0, drawn INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    trouble TEXT NOT NULL DEFAULT ''
);
CREATE INDEX document_digest ON document (digest);
CREATE INDEX document_unread ON document (number) WHERE read = 0;
CREATE INDEX document_undrawn ON document (number) WHERE drawn = 0;
CREATE INDEX document_unseen ON document (number) WHERE read = 2;
CREATE TABLE picture (digest TEXT PRIMARY KEY, webp BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (field TEXT NOT NULL, value TEXT NOT NULL, documents INTEGER NOT NULL, PRIMARY KEY (field, value))
    WITHOUT ROWID;
CREATE TABLE day (date TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, documents INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    title, title_ends, names, names_ends, filed, text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5'
);
"""

#: what lists can be narrowed to: the column of `document`
FIELDS: Final = ("source", "printer", "user", "media_type")

#: 0: to be done. read 2: it has no text, but its picture may be read. drawn 2: there is no picture of it
DONE: Final = 1
WANTS_EYES: Final = 2
NO_PICTURE: Final = 2

Stage = Literal["read", "draw", "eyes"]


@dataclass(frozen=True, slots=True)
class Due:
    """A document of which something is to be made. attempts: how many times it has ended the one who tried."""

    number: int
    digest: str
    media_type: str
    stage: Stage
    attempts: int


_DUE: Final[tuple[tuple[Stage, str], ...]] = (("read", "read = 0"), ("draw", "drawn = 0"), ("eyes", "read = 2"))


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection as the index needs it. Raises sqlite3.Error."""
    mode = "ro" if read_only else "rwc"
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        db.execute("PRAGMA busy_timeout = 5000")
        if not read_only:
            db.execute("PRAGMA journal_mode = WAL")
            # What a crash takes with it is made anew.
            db.execute("PRAGMA synchronous = NORMAL")
            # What is eliminated is not to be found in the free parts of a file.
            db.execute("PRAGMA secure_delete = ON")
    except sqlite3.Error:
        db.close()
        raise
    return db


class Index:
    """The file, for writing. identity: of the journal from which it is made; that of another one is made anew."""

    def __init__(self, path: Path, identity: str) -> None:
        """Raises sqlite3.Error where the file cannot be used, OSError where it cannot be replaced."""
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.db = _ready(path, identity)

    # -- what there is ------------------------------------------------------------------------------------------------

    def add(self, rows: Sequence[Kept]) -> dict[int, int]:
        """Make these known by what the journal says of them. Those that are known stay as they are.

        How many pages those have whose bytes were read before: number of the document → pages.
        """
        counted: dict[int, int] = {}
        with self._commit() as db:
            for kept in rows:
                if db.execute(_INSERT, _values(kept)).rowcount:
                    pages = self._add_words(kept)
                    if pages is not None and kept.pages is None:
                        counted[kept.id] = pages
                    self._count(kept.business_date, kept.id, (_field(kept, name) for name in FIELDS))
            if rows:
                self._note("after", str(max(kept.id for kept in rows)))
        return counted

    def _add_words(self, kept: Kept) -> int | None:
        """With the text of the same bytes, where that is known already; then, how many pages they have."""
        same = self.db.execute(_SAME, (kept.document.digest, kept.document.media_type, kept.id)).fetchone()
        number, *state = same or (0,)
        if state:
            self.db.execute(_TAKE_OVER, (*state, kept.id))
        row = self.db.execute("SELECT text FROM words WHERE rowid = ?", (number,)).fetchone() if number else None
        names = " ".join((kept.printer, kept.origin.user, kept.origin.host, kept.origin.source, kept.document.name))
        filed = " ".join(token(name, _field(kept, name)) for name in FIELDS)
        words = (kept.id, kept.title, _ends(kept.title), names, _ends(names), filed, row[0] if row else "")
        self.db.execute(
            "INSERT INTO words (rowid, title, title_ends, names, names_ends, filed, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
            tuple(_sound(word) if isinstance(word, str) else word for word in words),
        )
        return state[2] if state else None

    def _count(self, date: str, number: int, values: Iterable[str]) -> None:
        for field, value in zip(FIELDS, values, strict=True):
            self.db.execute(
                "INSERT INTO tally VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET documents = documents + 1", (field, value)
            )
        self.db.execute(
            "INSERT INTO day VALUES (?1, ?2, ?2, 1) ON CONFLICT DO UPDATE SET documents = documents + 1,"
            " first = min(first, ?2), last = max(last, ?2)",
            (date, number),
        )

    def drop(self, numbers: Iterable[int]) -> int:
        """Forget these, and texts and pictures that are nobody's then; how many there were."""
        dropped = 0
        with self._commit() as db:
            for number in numbers:
                row = db.execute(
                    "DELETE FROM document WHERE number = ?"
                    " RETURNING digest, business_date, source, printer, user, media_type",
                    (number,),
                ).fetchone()
                if row is not None:
                    dropped += 1
                    self._drop_rest(number, *row)
            if dropped:
                self._note("unclean", "1")
        return dropped

    def _drop_rest(self, number: int, digest: str, date: str, *values: str) -> None:
        db = self.db
        db.execute("DELETE FROM words WHERE rowid = ?", (number,))
        db.execute(
            "DELETE FROM picture WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM document WHERE digest = ?1)", (digest,)
        )
        for field, value in zip(FIELDS, values, strict=True):
            db.execute("UPDATE tally SET documents = documents - 1 WHERE field = ? AND value = ?", (field, value))
        db.execute("UPDATE day SET documents = documents - 1 WHERE date = ?", (date,))
        db.execute("DELETE FROM tally WHERE documents <= 0")
        db.execute("DELETE FROM day WHERE documents <= 0")

    def cleanse(self, *, begin: bool) -> bool:
        """Rewrite some of the words, so that those of what was dropped are in the file no more; whether that was all.

        begin: from the first one on, as FTS5 §6.8 has it.
        """
        before = self.db.total_changes
        pages = -CLEANSED_AT_ONCE if begin else CLEANSED_AT_ONCE
        self.db.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (pages,))
        if self.db.total_changes - before >= 2:
            return False
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._note("unclean", "")
        return True

    def unclean(self) -> bool:
        """Whether words of what was dropped may still be in the file."""
        return bool(_meta(self.db, "unclean"))

    def hold(self, numbers: Iterable[int], held: bool) -> None:
        with self._commit() as db:
            db.executemany("UPDATE document SET held = ? WHERE number = ?", [(held, number) for number in numbers])

    # -- what is made of it -------------------------------------------------------------------------------------------

    def due(self, stages: Sequence[Stage], limit: int) -> list[Due]:
        """Of what something is to be made: texts before pictures, the newest first."""
        for stage, where in _DUE:
            if stage not in stages:
                continue
            rows = self.db.execute(
                f"SELECT number, digest, media_type, attempts FROM document WHERE {where} ORDER BY number DESC LIMIT ?",  # noqa: S608 - of the table above
                (limit,),
            ).fetchall()
            if rows:
                return [Due(number, digest, kind, stage, attempts) for number, digest, kind, attempts in rows]
        return []

    def put_text(self, due: Due, text: str, pages: int | None, *, eyes: bool = False, trouble: str = "") -> list[int]:
        """The text of a document, for all that have the same bytes: their numbers. eyes: its picture may be read."""
        text = _sound(text)
        with self._commit() as db:
            rows = db.execute(
                "UPDATE document SET read = ?, pages = coalesce(?, pages), excerpt = ?, trouble = ?"
                " WHERE digest = ? AND media_type = ? RETURNING number",
                (WANTS_EYES if eyes else DONE, pages, _excerpt(text), trouble, due.digest, due.media_type),
            ).fetchall()
            if text:
                db.executemany("UPDATE words SET text = ? WHERE rowid = ?", [(text, number) for (number,) in rows])
        return [number for (number,) in rows]

    def put_picture(self, due: Due, webp: bytes | None, trouble: str = "") -> list[int]:
        """The small picture, or that there is none; the numbers of all that have the same bytes."""
        with self._commit() as db:
            if webp is not None:
                db.execute("INSERT OR REPLACE INTO picture VALUES (?, ?)", (due.digest, webp))
            rows = db.execute(
                "UPDATE document SET drawn = ?, trouble = CASE WHEN trouble = '' THEN ? ELSE trouble END"
                " WHERE digest = ? AND media_type = ? RETURNING number",
                (NO_PICTURE if webp is None else DONE, trouble, due.digest, due.media_type),
            ).fetchall()
        return [number for (number,) in rows]

    def failed(self, due: Due) -> bool:
        """It has ended the process that worked on it; whether that was once too often."""
        with self._commit() as db:
            row = db.execute(
                "UPDATE document SET attempts = attempts + 1 WHERE number = ? RETURNING attempts", (due.number,)
            ).fetchone()
        return row is None or row[0] >= MOST_ATTEMPTS

    def give_up(self, due: Due, trouble: str) -> None:
        """What it was to become, it does not; who ended the process when it was read is not drawn either."""
        if due.stage != "draw":
            self.put_text(due, "", None, trouble=trouble)
        if due.stage != "eyes":
            self.put_picture(due, None, trouble)

    # -- how far it is ------------------------------------------------------------------------------------------------

    def noted(self, key: Literal["after", "event"]) -> int:
        """The last document, or event, of the journal that is in here."""
        return int(_meta(self.db, key) or 0)

    def note(self, key: Literal["after", "event"], value: int) -> None:
        self._note(key, str(value))

    def _note(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def newest(self) -> tuple[int, str] | None:
        """Number and digest of the newest document."""
        found: tuple[int, str] | None = self.db.execute(
            "SELECT number, digest FROM document ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return found

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def _commit(self) -> Iterator[sqlite3.Connection]:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")


def remove(path: Path) -> None:
    """The files of an index go. Raises OSError."""
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)


def token(field: str, value: str) -> str:
    """One word that stands for a value of a field, which nobody can type: of a letter of private use and a hash."""
    return "\ue000" + field[0] + blake2s(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


_INSERT: Final = (
    "INSERT OR IGNORE INTO document (number, digest, source, printer, user, host, title, media_type, size, pages,"
    " copies, received_at, printed_at, business_date, partial, held) VALUES (?" + ", ?" * 15 + ")"
)
_SAME: Final = (
    "SELECT number, read, drawn, pages, excerpt, trouble FROM document"
    " WHERE digest = ? AND media_type = ? AND read > 0 AND number <> ? LIMIT 1"
)
_TAKE_OVER: Final = "UPDATE document SET read = ?, drawn = ?, pages = ?, excerpt = ?, trouble = ? WHERE number = ?"


def _values(kept: Kept) -> tuple[object, ...]:
    document, origin = kept.document, kept.origin
    said = (origin.source, kept.printer, origin.user, origin.host, kept.title, document.media_type)
    return (
        kept.id, document.digest, *map(_sound, said), document.size, kept.pages, kept.copies, kept.received_at,
        kept.printed_at, kept.business_date, bool(kept.partial), bool(kept.held),
    )  # fmt: skip


def _field(kept: Kept, name: str) -> str:
    origin = kept.origin
    values = {"source": origin.source, "printer": kept.printer, "user": origin.user}
    return _sound(values.get(name, kept.document.media_type))


def _ends(text: str) -> str:
    """Every end of every word, so that a part in the middle is the beginning of one: 20231312 → 0231312, 231312 …

    It costs a hundred bytes a title; SQLite's trigrams, which find the same, need three letters at least, and those of
    some versions know no accents.
    """
    return " ".join(word[at:] for word in words_of(text) for at in range(1, min(len(word), LONGEST_WORD) - 1))


def _excerpt(text: str) -> str:
    return " ".join(text[: 4 * EXCERPT].split())[:EXCERPT]


def _sound(text: str) -> str:
    """As SQLite can hold it: no half of a character, and no NUL, at which it would end."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _ready(path: Path, identity: str) -> sqlite3.Connection:
    """The file as it is, where this version made it of that journal; a new one otherwise."""
    if path.exists():
        try:
            db = connect(path)
        except sqlite3.DatabaseError:
            remove(path)
        else:
            try:
                if (_meta(db, "version"), _meta(db, "journal")) == (str(VERSION), identity):
                    return db
            except sqlite3.DatabaseError:
                pass  # another file, or half of one
            db.close()
            remove(path)
    db = connect(path)
    db.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
    db.executemany("INSERT INTO meta VALUES (?, ?)", [("journal", identity), ("version", str(VERSION))])
    return db


def _meta(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])
