"""Kept documents for the index of the archive, with one word where the real ones need many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from comptoir.archive.index import Due, Index
from comptoir.core.document import Document, Origin, digest_of
from comptoir.core.kept import Kept

DAY = "2026-11-20"


def kept(number: int, title: str = "", **more: Any) -> Kept:
    """`content` makes its digest; user, host, source, name and media_type go where they belong."""
    content = str(more.pop("content", number)).encode()
    origin = Origin(more.pop("source", "office"), more.pop("user", ""), more.pop("host", ""))
    media_type = more.pop("media_type", "application/pdf")
    document = Document(digest_of(content), len(content), media_type, more.pop("name", ""))
    facts: dict[str, Any] = {
        "printer": "", "received_at": number, "printed_at": number, "business_date": DAY, "keep_until": None, **more
    }  # fmt: skip
    return Kept(number, f"u{number}", origin, document, title, **facts)


def index_at(folder: Path, *rows: Kept, identity: str = "journal") -> Index:
    index = Index(folder / "archive" / "index.db", identity)
    index.add(rows)
    return index


def read(index: Index, number: int, text: str, **more: Any) -> list[int]:
    """The document of this number has this text."""
    digest, kind = index.db.execute("SELECT digest, media_type FROM document WHERE number = ?", (number,)).fetchone()
    return index.put_text(Due(number, digest, kind, "read", 0), text, more.pop("pages", 1), **more)
