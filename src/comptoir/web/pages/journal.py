"""The journal for people: the drawer openings of a day, what else happened, whether the record is whole; and the log.

Both pages are for who is signed in (`web/levels.py`). The journal cannot be changed from here; the log can be purged,
at /logs/purge.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol, cast
from urllib.parse import urlencode

from aiohttp import web

from comptoir.core.errors import RequestError
from comptoir.core.record import Event, EventQuery
from comptoir.logfiles import LogFile, tail
from comptoir.web.desk import Desk
from comptoir.web.guard import USER
from comptoir.web.happenings import GROUPS, tell, who, why
from comptoir.web.locale import msgid, wanted
from comptoir.web.openings import RESULTS, Opening, asked_day, bounds, count, local_day, openings_on
from comptoir.web.pages import Access
from comptoir.web.pages.frame import framed, see
from comptoir.web.render import Renderer
from comptoir.web.words import Word, Words

ROWS: Final = 50
LINES: Final = 500
LONGEST_FILTER: Final = 100

#: what a person chooses between
SHOWN: Final[dict[str, str]] = {
    "openings": msgid("Drawer openings"),
    "drawer": msgid("Drawer, all that was noted"),
    "access": msgid("Access"),
    "settings": msgid("Settings"),
    "prints": msgid("Prints"),
    "folders": msgid("Folders"),
    "archive": msgid("Archive"),
}
#: at least this level → what the filter of the log calls it
LEVELS: Final[dict[str, str]] = {
    "": msgid("Everything"),
    "WARNING": msgid("Warnings and errors"),
    "ERROR": msgid("Errors"),
}
#: level → how a line is marked
MARKS: Final[dict[str, Word]] = {
    "WARNING": Word(msgid("Warning"), "question", "wait"),
    "ERROR": Word(msgid("Error"), "cross", "bad"),
    "CRITICAL": Word(msgid("Error"), "cross", "bad"),
}
_ORDER: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LINE: Final = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})[,.]\d{3} (?:- )?([A-Z]+) - (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a check of the journal found. `at`: when it ended, ms; 0: there was none yet. `head`: the last hash, hex.

    `running`: events that the present check has read so far; None: there is none under way.
    """

    at: int = 0
    events: int = 0
    head: str = ""
    findings: tuple[str, ...] = ()
    trouble: str = ""
    running: int | None = None


class Books(Protocol):
    """What a station keeps of what happened, besides the journal itself."""

    @property
    def proof(self) -> Proof: ...

    async def verify(self, user: str, host: str) -> None:
        """Begin to check the journal, unless that is under way; returns when it is over, or takes long."""
        ...

    async def note_reading(self, user: str, host: str) -> None:
        """Somebody reads the log. Raises JournalError."""
        ...

    async def log_files(self) -> Sequence[LogFile]:
        """The files of the log with all that was logged, the current one first."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log: `time` as 10:11:12; without one it belongs to the line before."""

    time: str
    level: str
    text: str

    @property
    def mark(self) -> Word | None:
        return MARKS.get(self.level)


def line_of(text: str) -> Line:
    """What a line of the log says; one that is none of ours is text."""
    found = _LINE.fullmatch(text)
    return Line("", "", text) if found is None else Line(found[2], found[3], found[4])


def line_filter(level: str, words: str) -> Callable[[str], bool]:
    """Whether a line is of this level or a worse one, and has these words. What belongs to a line follows it."""
    least, sought, before = _ORDER.index(level) if level in _ORDER else 0, words.casefold(), [False]

    def wanted_line(text: str) -> bool:
        line = line_of(text)
        if not line.time:
            return before[0]
        bad = _ORDER.index(line.level) if line.level in _ORDER else len(_ORDER)
        before[0] = bad >= least and sought in text.casefold()
        return before[0]

    return wanted_line


class JournalPage:
    """GET shows a day; POST /journal/verify checks the whole chain."""

    def __init__(self, desk: Desk, render: Renderer, books: Books) -> None:
        self._desk = desk
        self._render = render
        self._books = books

    async def show(self, request: web.Request) -> web.StreamResponse:
        today = local_day(self._desk.clock.now())
        day = asked_day(request.query.get("day", ""), today)
        shown = request.query.get("show", "openings")
        if shown not in SHOWN:
            raise RequestError(f"“{shown[:40]}” is no part of the journal", f"Known: {', '.join(SHOWN)}.")
        before = _number(request.query.get("before", ""))
        openings = await openings_on(self._desk.journal, day)
        rows: Sequence[Opening | Event] = [one for one in openings if before is None or one.seq < before]
        if shown != "openings":
            rows = await self._events(day, shown, before)
        return _light(
            self._render.render(
                request,
                "journal.html",
                desk=self._desk,
                shown=shown,
                parts=SHOWN,
                days=_days(day, today, wanted(request, self._render.language), f"&show={shown}"),
                rows=rows[:ROWS],
                older=rows[ROWS - 1].seq if len(rows) > ROWS else None,
                before=before,
                counts=count(openings),
                results=RESULTS,
                proof=self._books.proof,
                tell=lambda event: tell(event, self._render.words(request)),
                who=lambda one: _who(one, self._render.words(request)),
                why=lambda one: why({"error": one.error, "message": one.message}, self._render.words(request)),
            ),
            refresh=2 if self._books.proof.running is not None else 0,
        )

    async def _events(self, day: date, shown: str, before: int | None) -> Sequence[Event]:
        """One more than a page holds, to know of more."""
        since, until = bounds(day)
        kinds = GROUPS[shown]  # type: ignore[index]  # show() has looked
        query = EventQuery(kinds, since, until, before, ROWS + 1, apart=shown != "prints")
        return await self._desk.journal.history(query)

    async def verify(self, request: web.Request) -> web.StreamResponse:
        await self._books.verify(request.get(USER, ""), request.remote or "")
        return see("/journal#proof")


class LogPage:
    """The log of a day: by level and words, the newest line first; today's goes on by itself."""

    def __init__(self, desk: Desk, render: Renderer, books: Books) -> None:
        self._desk = desk
        self._render = render
        self._books = books

    async def show(self, request: web.Request) -> web.StreamResponse:
        await self._books.note_reading(request.get(USER, ""), request.remote or "")
        files = await self._books.log_files()
        today = files[0].day if files and files[0].current else local_day(self._desk.clock.now())
        day = asked_day(request.query.get("day", ""), today)
        level, sought = request.query.get("level", ""), request.query.get("q", "")[:LONGEST_FILTER]
        chosen = [file for file in reversed(files) if file.day == day]
        filters = urlencode({"level": level, "q": sought})
        return _light(
            self._render.render(
                request,
                "log.html",
                desk=self._desk,
                days=_days(day, today, wanted(request, self._render.language), f"&{filters}"),
                lines=[line_of(text) for text in await _last_lines(chosen, line_filter(level, sought))],
                most=LINES,
                level=level if level in LEVELS else "",
                levels=LEVELS,
                sought=sought,
                files=files,
                size=sum(file.size for file in files),
                tail=f"/journal/log/tail?{filters}" if day == today else "",
                purged="purged" in request.query.getall("told", []),
            )
        )


async def _last_lines(files: Sequence[LogFile], wanted_line: Callable[[str], bool]) -> list[str]:
    """The newest line first; what belongs to a line stays below it."""
    lines: list[str] = []
    for file in files:
        try:
            lines += await asyncio.to_thread(tail, file.path, LINES, wanted_line)
        except FileNotFoundError:
            continue  # it was put away, or purged, a moment ago
    return _newest_first(lines[-LINES:])


def _newest_first(lines: Sequence[str]) -> list[str]:
    entries: list[list[str]] = []
    for text in lines:
        if entries and not line_of(text).time:
            entries[-1].append(text)
        else:
            entries.append([text])
    return [text for entry in reversed(entries) for text in entry]


@dataclass(frozen=True, slots=True)
class Days:
    """A day in words, and the addresses of its neighbours; no next one where it is today's."""

    day: date
    words: str
    before: str
    after: str


def _days(day: date, today: date, language: str, also: str) -> Days:
    from babel.dates import format_date  # noqa: PLC0415 - a service is up sooner without

    earlier, later = day - timedelta(1), day + timedelta(1)
    pattern = "EEEE d MMMM y" if language == "fr" else "EEEE, d MMMM y"
    return Days(
        day,
        format_date(day, pattern, locale=language),
        f"?day={earlier}{also}",
        f"?day={later}{also}" if day < today else "",
    )


def _number(text: str) -> int | None:
    """The number of an event in an address. Raises RequestError."""
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise RequestError("before must be the number of an event")
    return int(text) if text else None


def _who(one: Opening, words: Words) -> list[str]:
    """By whom, in a narrow column: of the site, the host is what tells it from others."""
    site = one.site.partition("://")[2] or one.site
    return [*filter(None, [site]), *who({"user": one.user, "host": one.host}, words)]


def _light(answer: web.Response, refresh: int = 0) -> web.Response:
    """Compressed: a long list is nearly all the same. `refresh`: seconds after which it is to be looked at again."""
    answer.enable_compression()
    if refresh:
        answer.headers["Refresh"] = str(refresh)
    return answer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    books = cast(Books, getattr(access, "books", None))
    journal, log = JournalPage(desk, render, books), LogPage(desk, render, books)
    return [
        web.get("/journal", framed(desk, render, journal.show)),
        web.post("/journal/verify", framed(desk, render, journal.verify)),
        web.get("/journal/log", framed(desk, render, log.show)),
    ]
