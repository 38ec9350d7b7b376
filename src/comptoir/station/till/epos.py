"""Epson's ePOS-Print over HTTP, as Odoo and other tills speak it to a printer in the network: receipts and drawers.

A receipt goes through journal and spooler as any job; `success` means that it is printed, as far as the printer can say
it. A pulse opens the drawer at once, or never. What of a receipt comes out and what not is `formats/epos`; codes and
bits are `wire/epos.py`. The guard has judged the caller before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import hdrs, web

from comptoir.config import Config
from comptoir.core.document import Document, Origin, Submission
from comptoir.core.errors import ComptoirError, JournalError, NotAllowed, TooLarge, TooMany, UnknownName
from comptoir.core.profile import PrinterState
from comptoir.languages.escpos.excerpt import does
from comptoir.sinks.channel import Channel
from comptoir.sinks.drawer import DrawerBusy, DrawerOffline, DrawerUnknown
from comptoir.station.drawers import GAP, Asker, Drawers, asker_of
from comptoir.station.till.calls import beside, check_plain, hears
from comptoir.station.till.delivery import TIMED_OUT, Delivery
from comptoir.web.answers import WrongMethod, error_answer
from comptoir.web.desk import Desk
from comptoir.web.shapes import DrawerOrder
from comptoir.wire import epos
from comptoir.wire.epos import Asked, NotEpos, Response

log = logging.getLogger("comptoir.till")

PATH: Final = "/cgi-bin/epos/service.cgi"
#: by this name the journal and routes know what came here
SOURCE: Final = "epos"
#: seconds: Odoo 19 hangs up after 15
LONGEST: Final = 12.0
#: seconds that a receipt has, however impatient the till
SHORTEST: Final = 1.0
#: bytes: a receipt of 20,000 rows in 16 greys has 7.7 MB
LARGEST: Final = 8 * 1024 * 1024

_CODES: Final[Sequence[tuple[type[ComptoirError], str]]] = (
    (NotEpos, epos.SCHEMA),
    (UnknownName, epos.NO_DEVICE),
    (TooLarge, epos.TOO_LARGE),
    (TooMany, epos.TOO_MANY),
    (JournalError, epos.QUEUE),
    (DrawerBusy, epos.BUSY),
    (DrawerUnknown, epos.TIMEOUT),
)

_POST_ONLY: Final = WrongMethod(
    "this address prints and opens the drawer as an Epson printer does: it takes POST only",
    "In Odoo, the ePOS printer is the address and port of this service, 127.0.0.1:22548 for instance.",
)


@dataclass(frozen=True, slots=True)
class _Target:
    """Names of printers: the one that prints, and the one on which the drawer hangs."""

    printer: str
    drawer: str


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for, where, by whom. until: how long the till waits, on the clock of the event loop; reading a
    document takes its time, too. hears: whether the till is still there."""

    asked: Asked
    target: _Target
    asker: Asker
    until: float
    hears: Callable[[], bool]


class Epos:
    """Handlers for one station: `station.till.dialect.Dialect`. `channels`: the ways to its printers, the first one
    being meant where none is named. `config`: as it is now, because it changes while the service runs."""

    def __init__(
        self,
        desk: Desk,
        delivery: Delivery,
        drawers: Drawers,
        channels: Mapping[str, Channel],
        config: Callable[[], Config],
    ) -> None:
        self._desk = desk
        self._delivery = delivery
        self._drawers = drawers
        self._channels = channels
        self._config = config
        #: who has opened a drawer here last, and when
        self._opened: dict[str, tuple[Asker, int]] = {}

    def routes(self) -> list[web.RouteDef]:
        """`POST /cgi-bin/epos/service.cgi?devid=…&timeout=…`."""
        return [web.post(PATH, self._serve)]

    def explain(self, request: web.Request, error: ComptoirError) -> web.Response | None:
        """The error as a printer says it; None: no printer was asked."""
        if request.path != PATH or not self._config().epos.enabled:
            return None
        if request.method != hdrs.METH_POST:
            return error_answer(_POST_ONLY)
        refused = isinstance(error, NotAllowed)
        if not refused:  # the log has refusals from the journal
            log.warning("not done for the till: %s", error.sentences)
        code = next((code for kind, code in _CODES if isinstance(error, kind)), epos.SYSTEM)
        status = 403 if refused else 200
        return _answer(Response(False, code, epos.status_of(PrinterState())), status)

    # -- over HTTP ----------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if not self._config().epos.enabled:
            raise UnknownName(f"there is nothing at {request.path}", "It is switched off: [epos] enabled.")
        body = await _body(request)
        came = asyncio.get_running_loop().time()
        asked = await beside(len(body), lambda: epos.read(body))
        target = self._target(request.query.get("devid", "") or asked.devid)
        asker = asker_of(request, SOURCE)
        patience = epos.milliseconds(request.query.get("timeout", "")) or asked.timeout
        within = LONGEST if patience is None else min(max(patience / 1000, SHORTEST), LONGEST)
        wish = _Wish(asked, target, asker, came + within, lambda: hears(request))
        return _answer(await self._carried_out(wish))

    def _target(self, device: str) -> _Target:
        """The printer that a device's name means, and its drawer: with the shop's printer that is the shop's drawer,
        wherever it hangs. Raises UnknownName."""
        config = self._config()
        printer, drawer = device, device
        if device in ("", epos.LOCAL_PRINTER) and device not in self._channels:
            printer = config.epos.printer or next(iter(self._channels), "")
            drawer = config.drawer.printer or printer
        for name in (printer, drawer):
            if name not in self._channels:
                known = ", ".join((epos.LOCAL_PRINTER, *self._channels))
                raise UnknownName(f"no printer is called “{name[:80]}” here", f"Known: {known}.")
        return _Target(printer, drawer)

    # -- what is asked for --------------------------------------------------------------------------------------------

    async def _carried_out(self, wish: _Wish) -> Response:
        asked, target, asker = wish.asked, wish.target, wish.asker
        # Together, as `formats.epos` prints them: a command may be in pieces.
        data = b"".join(asked.commands)
        prints, opens = await beside(len(data), lambda: does(data))
        opens = opens or bool(asked.pulses)
        if asked.prints or prints:
            # The drawer takes its turn first: it is asked for at once, the receipt when it is on disk.
            _, response = await asyncio.gather(
                self._open_for_sale(target.drawer, asker) if opens else asyncio.sleep(0),
                self._printed(wish),
            )
            return response
        if opens:
            return await self._open(target.drawer, asker, asked.job)
        return self._told(target.printer, asked.job)

    async def _printed(self, wish: _Wish) -> Response:
        asked, printer, asker = wish.asked, wish.target.printer, wish.asker
        document = Document.of(asked.document, epos.MEDIA_TYPE)
        submission = Submission(document, Origin(SOURCE, asker.user, asker.host), printer, format="epos")
        within = max(wish.until - asyncio.get_running_loop().time(), SHORTEST)
        outcome = await self._delivery.print(submission, within, wish.hears)
        state = self._channels[printer].state
        if outcome.done:
            return Response(True, "", epos.status_of(state, printed=True), asked.job)
        code = epos.TIMEOUT if outcome.reason == TIMED_OUT else epos.code_of(outcome.reason)
        return Response(False, code, epos.status_of(state, outcome.reason), asked.job)

    async def _open_for_sale(self, printer: str, asker: Asker) -> None:
        """With a receipt. Whatever becomes of the drawer is in the journal and does not decide the answer: who hears
        that a receipt failed prints it again."""
        try:
            await self._pulse(printer, asker, "sale")
        except ComptoirError as error:
            log.warning("the drawer did not open for a receipt: %s", error.sentences)

    async def _open(self, printer: str, asker: Asker, job: str) -> Response:
        channel = self._channels[printer]
        try:
            await self._pulse(printer, asker, "")
        except DrawerOffline as error:
            log.warning("not done for the till: %s", error.sentences)
            reason = channel.trouble[0] if channel.trouble else ""
            code = epos.code_of(reason) if reason else epos.NOT_REACHABLE
            return Response(False, code, epos.status_of(channel.state, reason), job)
        return Response(True, "", epos.status_of(channel.state, printed=True), job)

    async def _pulse(self, printer: str, asker: Asker, reason: str) -> None:
        """Raises what `Drawers.open` does. Who has just opened it, for a receipt perhaps, has what is asked for."""
        try:
            await self._drawers.open(DrawerOrder(printer, reason), asker)
        except TooMany:
            last, at = self._opened.get(printer, (None, 0))
            if last != asker or not 0 <= self._desk.clock.now() - at < GAP:
                raise
            return
        self._opened[printer] = (asker, self._desk.clock.now())

    def _told(self, printer: str, job: str) -> Response:
        """How the printer stands, for who asks for nothing else. One that says why it cannot print has answered."""
        place = next((one for one in self._desk.parts.places() if one.name == printer), None)
        reason = "" if place is None else place.reason
        code = epos.code_of(reason) if epos.BITS.get(reason, 0) & epos.NO_RESPONSE else ""
        return Response(not code, code, epos.status_of(self._channels[printer].state, reason), job)


async def _body(request: web.Request) -> bytes:
    """All of it, whatever it calls itself: Odoo sends XML as text, or as a form. Raises RequestError."""
    check_plain(request)
    pieces, size = [], 0
    async for piece in request.content.iter_any():
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise TooLarge(f"a receipt has at most {LARGEST // 2**20} MB", "Send a shorter one.")
    return b"".join(pieces)


def _answer(response: Response, status: int = 200) -> web.Response:
    headers = {hdrs.CONTENT_TYPE: "text/xml; charset=utf-8", hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=epos.answer(response), status=status, headers=headers)
