"""What an address asks of the archive, as a `Search`, and a search as an address: the same for pages and programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

from multidict import MultiDict, MultiMapping

from comptoir.core.errors import RequestError
from comptoir.core.ports import Clock
from comptoir.core.search import Search

#: documents in one answer, and at most
PAGE: Final = 50
MOST: Final = 500
LONGEST: Final = 300
#: values of one filter
FILTERS: Final = 50
#: the word in an address → the field of a search that holds several values
SEVERAL: Final = {"source": "sources", "printer": "printers", "user": "users", "type": "types"}
KNOWN: Final = ("q", *SEVERAL, "title", "since", "until", "partial")


def search_of(query: MultiMapping[str], limit: int = PAGE) -> Search:
    """?q=&source=&printer=&user=&type=&title=&since=&until=&partial=&below=&limit=, several of a filter where there are
    several. Raises RequestError."""
    several = {field: tuple(_values(query, word)) for word, field in SEVERAL.items()}
    partial = query.get("partial", "")
    if partial not in ("", "0", "1"):
        raise RequestError("partial is 1 (only those that are not whole) or 0 (only whole ones)")
    below, most = _number(query, "below"), _number(query, "limit")
    return Search(
        text=query.get("q", "").strip()[:LONGEST],
        title=query.get("title", "").strip()[:LONGEST],
        since=_day(query, "since"),
        until=_day(query, "until"),
        partial=None if not partial else partial == "1",
        below=below,
        limit=min(most or limit, MOST),
        **several,
    )


def query_of(search: Search) -> str:
    """The search as it stands in an address, without the place in the list; "" for everything."""
    pairs = [("q", search.text)]
    pairs += [(word, value) for word, field in SEVERAL.items() for value in getattr(search, field)]
    pairs += [("title", search.title), ("since", search.since), ("until", search.until)]
    pairs += [] if search.partial is None else [("partial", str(int(search.partial)))]
    return urlencode([(word, value) for word, value in pairs if value])


def search_in(text: str) -> Search:
    """The search in the query of an address, as it is saved. Raises RequestError."""
    try:
        pairs = parse_qsl(text.removeprefix("?"), max_num_fields=200)
    except ValueError as error:
        raise RequestError(f"this search cannot be read: {error}") from None
    return search_of(MultiDict((word, value) for word, value in pairs if word in KNOWN))


def today_of(clock: Clock) -> date:
    """The day in this machine's zone."""
    return datetime.fromtimestamp(clock.now() / 1000, UTC).astimezone().date()


def numbers_of(values: Iterable[str]) -> list[int]:
    """Documents that were chosen one by one, each once, in their order. Raises RequestError."""
    found = []
    for value in values:
        found += [_whole("n", part) for part in value.split(",") if part]
    return list(dict.fromkeys(found))


def _values(query: MultiMapping[str], word: str) -> list[str]:
    values = [value.strip()[:LONGEST] for value in query.getall(word, [])]
    return list(dict.fromkeys(filter(None, values)))[:FILTERS]


def _day(query: MultiMapping[str], word: str) -> str:
    text = query.get(word, "").strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise RequestError(f"“{text[:40]}” is no day", "A day is written like this: 2026-11-21.") from None


def _number(query: MultiMapping[str], word: str) -> int | None:
    value = query.get(word, "")
    return _whole(word, value) if value else None


def _whole(word: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise RequestError(f"{word} must be a whole number, not “{value[:40]}”")
    return int(value)
