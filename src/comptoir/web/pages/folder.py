"""One watched folder: what lies in it and what was ever taken from it, found by name; and what the rules would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from aiohttp import web

from comptoir.core.errors import RequestError
from comptoir.core.intake import Original, OriginalQuery
from comptoir.core.watch import Entry, FolderState, Kind
from comptoir.web.desk import Desk
from comptoir.web.folder_desk import KINDS, FolderDesk
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.folders import address_of, folder_of
from comptoir.web.pages.frame import framed
from comptoir.web.render import Renderer

#: originals on a page; files of the folder that a page lists, and those that it lists of each kind where it has all
PAGE: Final = 20
LISTED: Final = 100
FEW: Final = 5
#: of so many is looked for those that one rule leaves alone
LOOKED_AT: Final = 5_000
#: for how many days back the rules can be tried
DAYS: Final = (1, 7, 30)
LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `kind`: "" for all; `rule`: of what is left alone, only by this one."""

    kind: Kind | None
    rule: str
    text: str
    below: int | None

    def address(self, name: str, **other: str) -> str:
        """The page that asks for the same, but for these."""
        now = {"kind": self.kind or "", "rule": self.rule, "q": self.text}
        query = {key: value for key, value in {**now, **other}.items() if value}
        return f"{address_of(name)}?{urlencode(query)}" if query else address_of(name)


@dataclass(frozen=True, slots=True)
class Found:
    """What is shown. `older`: the number to go on below; None: there is no more."""

    waiting: Sequence[Entry] = ()
    stuck: Sequence[Entry] = ()
    ignored: Sequence[Entry] = ()
    failures: Sequence[Original] = ()
    originals: Sequence[Original] = ()
    older: int | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.stuck or self.ignored or self.failures or self.originals)


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = FolderPage(desk, render, access)
    return [
        web.get("/folders/{name}", framed(desk, render, page.show)),
        web.get("/folders/{name}/rules", framed(desk, render, page.rules)),
    ]


class FolderPage:
    """GET shows the files of a folder, or what the rules would do to them. Nothing is changed here."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._station = cast(StationAccess, access)

    async def show(self, request: web.Request) -> web.Response:
        folders = self._station.folders
        folder, asked = folder_of(folders, request), asked_of(request)
        sent = dict(await folders.tally(folder.name))
        return self._render.render(
            request,
            "folder.html",
            desk=self._desk,
            folder=folder,
            asked=asked,
            found=await find(folders, folder.name, asked),
            sent=sent,
            counts=counts_of(folder, sent),
            listed=LISTED,
        )

    async def rules(self, request: web.Request) -> web.Response:
        folder = folder_of(self._station.folders, request)
        days = days_of(request)
        rows = await self._station.folders.dry_run(folder.name, days)
        return self._render.render(
            request, "folder_rules.html", desk=self._desk, folder=folder, rows=rows, days=days, spans=DAYS
        )


def asked_of(request: web.Request) -> Asked:
    """?kind=WORD&rule=TEXT&q=TEXT&before=NUMBER. Raises RequestError."""
    query = request.query
    word, before = query.get("kind", ""), query.get("before", "")
    kind = next((one for one in KINDS if one == word), None)
    if word and kind is None:
        raise RequestError(f"“{word[:40]}” is no kind", f"Known: {', '.join(KINDS)}.")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise RequestError("before must be the number of a file")
    text = query.get("q", "").strip()[:LONGEST_SEARCH]
    return Asked(kind, query.get("rule", ""), text, int(before) if before else None)


def days_of(request: web.Request) -> int:
    """?days=7: how far back, the middle one where nothing is asked. Raises RequestError."""
    given = request.query.get("days", str(DAYS[1]))
    if given not in map(str, DAYS):
        raise RequestError(f"“{given[:40]}” is no number of days", f"Known: {', '.join(map(str, DAYS))}.")
    return int(given)


async def find(folders: FolderDesk, name: str, asked: Asked) -> Found:
    """What the page shows. What lies there stands on the first page only; what is left alone, where it is asked for."""
    kind, text = asked.kind, asked.text
    if asked.below is not None:
        return await _taken(folders, name, asked)
    most = LISTED if kind or text else FEW
    waiting = folders.entries(name, "waiting", text, most) if kind in (None, "waiting") else ()
    stuck = folders.entries(name, "failed", text, most) if kind in (None, "failed") else ()
    failures = await _failures(folders, name, text, most) if kind in (None, "failed") else ()
    ignored: Sequence[Entry] = ()
    if kind == "ignored" or (kind is None and text):
        ignored = folders.entries(name, "ignored", text, LOOKED_AT if asked.rule else LISTED)
        ignored = [one for one in ignored if asked.rule in ("", one.reason)][:LISTED]
    taken = await _taken(folders, name, asked) if kind in (None, "taken") else Found()
    return Found(waiting, stuck, ignored, failures, taken.originals, taken.older)


async def _taken(folders: FolderDesk, name: str, asked: Asked) -> Found:
    originals = await folders.originals(OriginalQuery(source=name, text=asked.text, below=asked.below, limit=PAGE + 1))
    older = originals[PAGE - 1].id if len(originals) > PAGE else None
    return Found(originals=originals[:PAGE], older=older)


async def _failures(folders: FolderDesk, name: str, text: str, limit: int) -> Sequence[Original]:
    return await folders.originals(OriginalQuery(source=name, states=("failed",), text=text, limit=limit))


def counts_of(folder: FolderState, sent: Mapping[str, int]) -> dict[Kind, int]:
    """How many there are of each kind; also what was taken and lies there no more, and what did not arrive."""
    return {
        "taken": sum(sent.values()),
        "ignored": sum(folder.ignored.values()),
        "waiting": sum(folder.waiting.values()),
        "failed": sum(folder.failed.values()) + sent.get("failed", 0),
    }
