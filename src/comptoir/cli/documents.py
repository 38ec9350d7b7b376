"""`comptoir documents search`: asks the running station, and reads its index where none runs."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final, TypedDict
from urllib.parse import urlencode

from comptoir.cli import as_json, tell
from comptoir.cli.client import NotRunning, station
from comptoir.cli.place import data_folder
from comptoir.cli.speech import tr
from comptoir.clock import SystemClock
from comptoir.config import Config
from comptoir.core.errors import ComptoirError, RequestError

#: documents in one answer of the station
STEP: Final = 500


class Document(TypedDict):
    """What is said of a document; --json passes on all that the API says."""

    id: int
    title: str
    source: str
    printer: str
    user: str
    business_date: str
    partial: bool
    held: bool


class Documents(TypedDict):
    documents: list[Document]
    next: int | None


def documents(options: argparse.Namespace) -> int:
    """`search`: the newest first."""
    limit: int = options.limit
    found = [one for one, _ in zip(search(options, " ".join(options.query), limit), range(limit), strict=False)]
    if options.json:
        print(as_json(found))
        return 0
    for one in found:
        tell(_line(one))
    if not found:
        tell(tr("Nothing in the archive fits."))
    return 0


def _line(one: Document) -> str:
    said = [
        f"{one['id']:>7}",
        one["business_date"],
        one["title"] or "–",
        " · ".join(filter(None, (one["source"], one["printer"], one["user"]))),
        *([tr("on legal hold")] if one["held"] else []),
        *([tr("not whole")] if one["partial"] else []),
    ]
    return "  ".join(said)


def search(options: argparse.Namespace, query: str, limit: int = STEP) -> Iterator[Document]:
    """All that fits, newest first. Raises RequestError where it cannot be asked for."""
    client, config = station(options)
    below: int | None = None
    while True:
        asked = {"q": query, "limit": min(limit, STEP), **({} if below is None else {"below": below})}
        try:
            answer = client.ask("GET", f"/api/documents?{urlencode(asked, errors='replace')}", Documents)
        except NotRunning:
            yield from _in_files(options, config, query, below)
            return
        yield from answer["documents"]
        below = answer["next"]
        if below is None:
            return


def _in_files(options: argparse.Namespace, config: Config, query: str, below: int | None) -> Iterator[Document]:
    """The same from the index, which is as the station left it."""
    from comptoir.archive import finding, index  # noqa: PLC0415 - where no station runs only
    from comptoir.core.keeping import business_date  # noqa: PLC0415
    from comptoir.core.search import Search  # noqa: PLC0415
    from comptoir.core.search_query import understood  # noqa: PLC0415

    folder = data_folder(options) / "station"
    path = folder / "archive" / "index.db"
    if not path.exists() and (folder / "journal.db").exists():  # after `archive reindex`
        raise RequestError("no station answers, and the archive has no index", "Start the station: it makes it anew.")
    if not path.exists():
        raise RequestError(
            f"no station answers, and there is no archive in {path.parent}", "Name the data folder: --data DIR"
        )
    now = datetime.fromtimestamp(SystemClock().now() / 1000, UTC).astimezone()
    today = business_date(now, config.archive.day_starts)
    try:
        with closing(index.connect(path, read_only=True)) as db:
            while True:
                page = finding.found(db, understood(Search(query, below=below, limit=STEP), today))
                yield from (_document(hit) for hit in page.hits)
                if page.more is None:
                    return
                below = page.more
    except sqlite3.Error as error:
        raise ComptoirError(
            f"the archive's index cannot be read: {error}", "Start the station: it makes it anew."
        ) from None


def _document(hit: Any) -> Document:
    """As the station's answer would have it."""
    import msgspec  # noqa: PLC0415

    from comptoir.web.archive_shapes import hit_shape  # noqa: PLC0415

    told: Document = msgspec.to_builtins(hit_shape(hit))
    return told
