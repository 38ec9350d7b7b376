"""Who opened a drawer, from where and why; and who was refused: all of it is in the journal. It sends no pulse itself.

What is asked and the outcome are two lines of it, and one flush of the disk where the outcome is known within MOMENT:
what was asked is written by then, whatever becomes of it. The answer waits for both.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from aiohttp import web

from comptoir.core.errors import ComptoirError, JournalError, TooMany, UnknownName
from comptoir.core.ports import Clock, Journal
from comptoir.sinks.drawer import Drawer, DrawerBusy
from comptoir.web.answers import json_answer
from comptoir.web.guard import SITE, USER
from comptoir.web.intake import small_body
from comptoir.web.shapes import DrawerAnswer, DrawerOrder, DrawerState
from comptoir.web.shapes import Drawers as Shown

log = logging.getLogger("comptoir.drawer")

#: ms between two pulses on one drawer: longer than any pulse, shorter than any customer
GAP: Final = 1_000
#: s in which most printers say that the pulse was sent: so long what was asked is not yet handed to the journal
MOMENT: Final = 0.005


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a person's name where it is known, the machine, the part through which it came."""

    user: str = ""
    host: str = ""
    source: str = ""
    #: the origin of the web page, where one is behind it
    site: str = ""


class Drawers:
    """The drawers of a station, by the name of their printer; `default`: the one that is meant where none is named."""

    def __init__(
        self,
        drawers: Mapping[str, Drawer],
        default: str,
        journal: Journal,
        clock: Clock,
        just_woke: Callable[[], bool] = lambda: False,
    ) -> None:
        """`just_woke`: whether a call that comes now may have been made before this computer slept."""
        self._drawers = drawers
        self._just_woke = just_woke
        self._default = default
        self._journal = journal
        self._clock = clock
        self._last: dict[str, int] = {}
        self._refused: dict[str, int] = {}
        #: those that are being opened: a second pulse must not wait behind the first
        self._opening: set[str] = set()
        #: what was asked and is not yet handed to the journal, by printer
        self._asked: dict[str, _Soon] = {}
        self._noting: set[asyncio.Task[None]] = set()
        #: called when a drawer opened, closed, or was learned
        self.on_change: list[Callable[[], None]] = []
        for drawer in drawers.values():
            drawer.on_moved.append(partial(self._moved, drawer))

    def states(self) -> list[DrawerState]:
        return [_state(drawer) for drawer in self._drawers.values()]

    async def open(self, order: DrawerOrder, asker: Asker) -> DrawerAnswer:
        """Open it now. Raises UnknownName, TooMany, DrawerError; the journal has it in any case."""
        drawer = self._find(order.printer)
        asked = {
            "printer": drawer.printer,
            "reason": order.reason,
            "order": order.order,
            "user": asker.user,
            "host": asker.host,
            "source": asker.source,
            "site": asker.site,
        }
        await self._not_too_often(drawer, asked)
        self._opening.add(drawer.printer)
        noted = _Soon(lambda: self._start(self._journal.note("drawer-asked", asked)))
        self._asked[drawer.printer] = noted
        try:
            self._not_of_yesterday()
            outcome = await drawer.open()
        except ComptoirError as error:
            await noted.begun()
            await self._note("drawer-failed", {**asked, "error": error.code, "message": error.message})
            raise
        finally:
            noted.now()  # also when the caller gives up: the pulse may have left
            self._opening.discard(drawer.printer)
            del self._asked[drawer.printer]
        self._last[drawer.printer] = self._clock.now()
        await noted.begun()
        await self._journal.note("drawer-opened", {**asked, "outcome": outcome})
        await asyncio.shield(noted.now())
        return DrawerAnswer(drawer.printer, outcome)

    async def learn(self, name: str, asker: Asker) -> DrawerState:
        """The drawer is closed; open it, and find out what its sensor says. Raises UnknownName, DrawerError."""
        drawer = self._find(name)
        await self._not_too_often(drawer, {"printer": drawer.printer})
        await self._journal.note(
            "drawer-asked",
            {"printer": drawer.printer, "reason": "set-up", "user": asker.user, "host": asker.host},
        )
        self._opening.add(name := drawer.printer)
        try:
            sensor = await drawer.learn()
        finally:
            self._opening.discard(name)
        await self._journal.note("drawer-learned", {"printer": drawer.printer, "sensor": sensor})
        self._tell()
        return _state(drawer)

    def _not_of_yesterday(self) -> None:
        """Raises DrawerBusy. Nobody can tell from a call how long it lay in the system."""
        if self._just_woke():
            raise DrawerBusy(
                "this computer has just woken up: the drawer may have been asked for before, and was not opened",
                "Ask once more.",
            )

    def _find(self, name: str) -> Drawer:
        drawer = self._drawers.get(name or self._default)
        if drawer is None:
            raise UnknownName(f"no printer is called “{name}” here", f"Known printers: {', '.join(self._drawers)}.")
        return drawer

    async def _not_too_often(self, drawer: Drawer, asked: Mapping[str, object]) -> None:
        """Raises TooMany. One note a second says how many were refused: a hundred calls must not fill the journal."""
        now, name = self._clock.now(), drawer.printer
        since = now - self._last.get(name, -GAP)
        if 0 <= since < GAP or name in self._opening:
            self._refused[name] = self._refused.get(name, 0) + 1
            if self._refused[name] == 1:
                await self._journal.note("drawer-refused", {**asked, "error": TooMany.code})
            raise TooMany(
                "the drawer was asked to open a moment ago; it is not asked again",
                "Once in 1 s is enough: wait for the answer, then try again.",
            )
        self._last[name], self._refused[name] = now, 0

    def _moved(self, drawer: Drawer, is_open: bool) -> None:
        kind = "drawer-is-open" if is_open else "drawer-is-closed"
        if drawer.printer in self._asked:
            self._asked[drawer.printer].now()  # it moved because it was asked to
        self._start(self._note(kind, {"printer": drawer.printer}))
        self._tell()

    def _start(self, note: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(note)
        self._noting.add(task)
        task.add_done_callback(self._noted)
        return task

    def _noted(self, task: asyncio.Task[None]) -> None:
        self._noting.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("what happened to a drawer is not in the journal: %s", error)

    async def _note(self, kind: str, body: Mapping[str, object]) -> None:
        """A journal that cannot be written hides nothing that is said of the drawer itself."""
        try:
            await self._journal.note(kind, body)
        except JournalError as error:
            log.error("what happened to a drawer is not in the journal: %s", error)

    def _tell(self) -> None:
        for listener in list(self.on_change):
            listener()

    # -- over HTTP ----------------------------------------------------------------------------------------------------

    def routes(self) -> list[web.RouteDef]:
        """`GET /api/drawer`, `POST /api/drawer/open`, `POST /api/drawer/learn`."""
        return [
            web.get("/api/drawer", self._show),
            web.post("/api/drawer/open", self._open),
            web.post("/api/drawer/learn", self._learn),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return json_answer(Shown(self.states()))

    async def _open(self, request: web.Request) -> web.StreamResponse:
        return json_answer(await self.open(await _order(request), asker_of(request, "api")))

    async def _learn(self, request: web.Request) -> web.StreamResponse:
        order = await _order(request)
        return json_answer(await self.learn(order.printer, asker_of(request, "api")))


class _Soon:
    """What is begun after MOMENT, or earlier when its result is wanted."""

    def __init__(self, begin: Callable[[], asyncio.Task[None]]) -> None:
        self._begin = begin
        self._begun: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(MOMENT, self.now)

    def now(self) -> asyncio.Task[None]:
        """Begin it, where it is not begun; what it becomes."""
        self._timer.cancel()
        if self._begun is None:
            self._begun = self._begin()
        return self._begun

    async def begun(self) -> None:
        """Begin it, and return when its first step is done: what follows comes after it in the journal."""
        self.now()
        await asyncio.sleep(0)


def asker_of(request: web.Request, source: str) -> Asker:
    return Asker(request.get(USER, ""), request.remote or "", source, request.get(SITE, ""))


def _state(drawer: Drawer) -> DrawerState:
    known = drawer.is_open
    return DrawerState(drawer.printer, "" if known is None else "open" if known else "closed", known is not None)


async def _order(request: web.Request) -> DrawerOrder:
    """Raises RequestError. An empty body opens the default drawer."""
    if not request.can_read_body:
        return DrawerOrder()
    return await small_body(request, DrawerOrder, 'Send {"printer": "…", "reason": "…"} as application/json.')
