"""The drawer openings of a day: events of the journal, put together to one line an opening; as JSON, and as CSV for a
spreadsheet. What they prove and what not stands in docs/journal.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from aiohttp import web

from comptoir.core.errors import RequestError
from comptoir.core.ports import Journal
from comptoir.core.record import Event, EventQuery
from comptoir.core.units import iso, local
from comptoir.logfiles import as_day
from comptoir.web.answers import json_answer
from comptoir.web.desk import Desk
from comptoir.web.happenings import body_of
from comptoir.web.locale import msgid, wanted
from comptoir.web.render import Renderer
from comptoir.web.spreadsheet import BOM, rows
from comptoir.web.words import Word, Words

KINDS: Final = ("drawer-asked", "drawer-opened", "drawer-failed", "drawer-refused", "drawer-learned")
STEP: Final = 1_000  # events that are read at once
LONGEST: Final = 60_000  # ms between the call and the word of what became of it, at most

#: how it ended → what is said of it
RESULTS: Final[dict[str, Word]] = {
    "opened": Word(msgid("Opened"), "check", "done"),
    "was-open": Word(msgid("Was open"), "check", "done"),
    "processed": Word(msgid("Opened"), "check", "done"),
    "sent": Word(msgid("Pulse sent"), "arrow", "go"),
    "set-up": Word(msgid("Opened"), "check", "done"),
    "failed": Word(msgid("Not opened"), "cross", "bad"),
    "refused": Word(msgid("Refused"), "dash", "off"),
    "unknown": Word(msgid("To check"), "question", "ask"),
}
_NOT_OPENED: Final = frozenset({"failed", "refused"})

#: column of the CSV → its heading
COLUMNS: Final[dict[str, str]] = {
    "time": msgid("Time"),
    "printer": msgid("Drawer"),
    "result": msgid("Result"),
    "sale": msgid("Sale"),
    "without_sale": msgid("Without a sale"),
    "reason": msgid("Reason"),
    "user": msgid("User"),
    "site": msgid("Site"),
    "host": msgid("Address"),
    "source": msgid("Through"),
    "event": msgid("Event of the journal"),
    "hash": msgid("Hash of the event"),
}


@dataclass(frozen=True, slots=True)
class Opening:
    """A drawer that was asked to open. `at`: ms; `result`: a key of RESULTS; `error`: code, where there was one.

    `seq` and `hash`: of the event that tells how it ended.
    """

    seq: int
    at: int
    hash: str
    printer: str
    result: str
    error: str = ""
    message: str = ""
    reason: str = ""
    order: str = ""
    user: str = ""
    host: str = ""
    site: str = ""
    source: str = ""

    @property
    def without_sale(self) -> bool:
        """It opened, and no sale was named."""
        return self.result not in _NOT_OPENED and not self.order


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a day."""

    opened: int
    without_sale: int
    refused: int
    failed: int
    unknown: int


def openings_of(events: Iterable[Event]) -> list[Opening]:
    """The openings that these events tell of, in the order of the journal.

    One that was asked for and never answered, because the service was ended in between, is `unknown`.
    """
    found: list[Opening] = []
    asked: dict[str, tuple[Event, dict[str, Any]]] = {}
    for event in sorted(events, key=lambda event: event.seq):
        body = body_of(event)
        printer = str(body.get("printer", ""))
        before = asked.pop(printer, None) if event.kind != "drawer-refused" else None
        if event.kind == "drawer-asked":
            asked[printer] = (event, body)
            found += [_opening(*before, "unknown")] if before else []
        elif event.kind == "drawer-learned":
            found.append(_opening(event, {**(before[1] if before else {}), **body}, "set-up"))
        else:
            ended = {"drawer-failed": "failed", "drawer-refused": "refused"}
            found.append(_opening(event, body, ended.get(event.kind, str(body.get("outcome", "")))))
    found += [_opening(*one, "unknown") for one in asked.values()]
    return sorted(found, key=lambda one: one.seq)


def _opening(event: Event, body: dict[str, Any], result: str) -> Opening:
    fields = ("printer", "error", "message", "reason", "order", "user", "host", "site", "source")
    told = {name: str(body.get(name) or "") for name in fields}
    return Opening(event.seq, event.at, event.hash.hex(), result=result if result in RESULTS else "unknown", **told)


def count(openings: Sequence[Opening]) -> Counts:
    of = [one.result for one in openings]
    return Counts(
        opened=sum(result not in (*_NOT_OPENED, "unknown") for result in of),
        without_sale=sum(one.without_sale for one in openings),
        refused=of.count("refused"),
        failed=of.count("failed"),
        unknown=of.count("unknown"),
    )


def bounds(day: date, zone: tzinfo | None = None) -> tuple[int, int]:
    """When a local day begins and when the next one does, in ms: 23, 24 or 25 hours."""
    begin, end = (datetime.combine(d, time(), zone).timestamp() for d in (day, day + timedelta(1)))
    return int(begin * 1000), int(end * 1000)


def local_day(at: int) -> date:
    """The day of an instant in ms, in this machine's time zone."""
    return local(at).date()


def asked_day(text: str, today: date) -> date:
    """The day of an address, today where it names none. Raises RequestError."""
    day = as_day(text) if text else today
    if day is None or not date(1971, 1, 1) <= day <= date(9998, 12, 31):
        raise RequestError(f"“{text[:40]}” is no day", "A day is written like this: 2026-11-21.")
    return day


async def openings_on(journal: Journal, day: date, zone: tzinfo | None = None) -> list[Opening]:
    """All of a local day, the newest first. Raises JournalError."""
    since, until = bounds(day, zone)
    events: list[Event] = []
    # One that was asked for right before midnight may have ended after it.
    query = EventQuery(KINDS, since - LONGEST, until + LONGEST, limit=STEP)
    while found := await journal.history(query):
        events += found
        query = replace(query, below=found[-1].seq)
    return [one for one in openings_of(events)[::-1] if since <= one.at < until]


# -- for programs and spreadsheets ----------------------------------------------------------------------------------


def as_csv(openings: Iterable[Opening], words: Words, language: str) -> bytes:
    """One line an opening, with headings in the reader's language. As spreadsheets of that language open it at once:
    UTF-8 with its mark, CRLF, and in French a semicolon between the columns. No cell is a formula."""
    headings = [words.text(heading) for heading in COLUMNS.values()]
    return BOM + rows([headings, *(_row(one, words) for one in openings)], language)


def _row(one: Opening, words: Words) -> list[str]:
    yes, no = words.text(msgid("yes")), words.text(msgid("no"))
    when = local(one.at)
    return [
        f"{when:%Y-%m-%d %H:%M:%S}", one.printer, words.text(RESULTS[one.result].word), one.order,
        yes if one.without_sale else no, one.reason, one.user, one.site, one.host, one.source, str(one.seq), one.hash,
    ]  # fmt: skip


def as_json(day: date, openings: Sequence[Opening]) -> dict[str, object]:
    totals = count(openings)
    return {
        "day": day.isoformat(),
        "opened": totals.opened,
        "without_sale": totals.without_sale,
        "refused": totals.refused,
        "failed": totals.failed,
        "unknown": totals.unknown,
        "openings": [
            {
                "event": one.seq, "at": iso(one.at), "printer": one.printer, "result": one.result, "error": one.error,
                "order": one.order, "without_sale": one.without_sale, "reason": one.reason, "user": one.user,
                "site": one.site, "host": one.host, "source": one.source, "hash": one.hash,
            }
            for one in openings
        ],
    }  # fmt: skip


def routes(desk: Desk, render: Renderer) -> list[web.RouteDef]:
    """`GET /api/drawer/openings?day=&format=`; the guard lets in who is signed in."""

    async def export(request: web.Request) -> web.StreamResponse:
        day = asked_day(request.query.get("day", ""), local_day(desk.clock.now()))
        form = request.query.get("format", "json")
        if form not in ("json", "csv"):
            raise RequestError(f"“{form[:40]}” is no format of this export", "Known: json, csv.")
        found = (await openings_on(desk.journal, day))[::-1]
        if form == "json":
            return json_answer(as_json(day, found))
        language = wanted(request, render.language)
        return web.Response(
            body=as_csv(found, render.words(request), language),
            headers={
                "Content-Type": "text/csv; charset=utf-8",
                "Content-Disposition": f"attachment; filename=tiroir-{day}.csv",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return [web.get("/api/drawer/openings", export)]
