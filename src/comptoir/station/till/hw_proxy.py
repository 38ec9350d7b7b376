"""Odoo's own way to talk to an IoT box (hw_proxy, hw_drivers, iot_drivers), so that a till needs no module: receipts,
the drawer, what the printer says. A call is answered `true` for what was done, and `false` for all else.

Which calls there are, and what clients read of the answers: hw_printer.js and base_printer.js of Odoo's point_of_sale,
the controllers of its addon iot_drivers (hw_drivers until Odoo 18). Of Odoo 8 to 12 only the drawer and the state are
here: their receipts are no pictures. The guard has judged the caller before.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from aiohttp import hdrs, web

from comptoir import __version__
from comptoir.config import Config
from comptoir.core import job as core
from comptoir.core.document import TEXT, Document, Origin, Submission
from comptoir.core.errors import ComptoirError, NotAllowed, TooMany, UnknownName
from comptoir.station.drawers import Drawers, asker_of
from comptoir.station.till.calls import LARGEST_CALL, LARGEST_QUESTION, beside, hears, json_answer, read_call
from comptoir.station.till.delivery import TIMED_OUT, Delivery
from comptoir.station.till.events import Events
from comptoir.web.desk import Desk, Place
from comptoir.web.locale import catalogue
from comptoir.web.shapes import DrawerOrder
from comptoir.web.words import Words
from comptoir.wire import jsonrpc
from comptoir.wire.jsonrpc import INVALID_PARAMS, REFUSED, BadCall, Call

log = logging.getLogger("comptoir.till")

#: by this name the journal and routes know what came here
SOURCE: Final = "hw_proxy"
#: seconds: the till's own patience for an action is 16
PRINTS_WITHIN: Final = 12.0
#: seconds that a till waits for an event in one request
POLL: Final = 50.0

PREFIXES: Final = ("/hw_proxy/", "/hw_drivers/", "/iot_drivers/")

#: what an IoT box calls the reasons why it has not printed
ERRORS: Final[dict[str, str]] = {
    core.NO_PAPER: "ERROR_NO_PAPER",
    core.COVER_OPEN: "ERROR_OFFLINE",
    core.PRINTER_OFFLINE: "ERROR_OFFLINE",
    core.PAUSED: "ERROR_OFFLINE",
    core.UNREACHABLE: "ERROR_UNREACHABLE",
    TIMED_OUT: "ERROR_TIMEOUT",
}
UNKNOWN_ERROR: Final = "ERROR_UNKNOWN"

#: answers a call; what it returns is the result
_Answers = Callable[[web.Request, Call], Awaitable[object]]


class _Printing(msgspec.Struct):
    """Odoo 13 to 19: to the printer of the till."""

    data: dict[str, Any]


class _Acting(msgspec.Struct):
    """Odoo 13 to 19: to a device. `device_id` is what Odoo 13 says."""

    data: dict[str, Any] | str
    session_id: Any = None
    device_identifier: str = ""
    device_id: str = ""


class _Listener(msgspec.Struct):
    devices: dict[str, Any] | list[str]
    session_id: Any = None
    last_event: float | None = None


class _Listening(msgspec.Struct):
    listener: _Listener


class HwProxy:
    """Handlers for one station. `config`: as it is now, because it changes while the service runs."""

    def __init__(self, desk: Desk, delivery: Delivery, drawers: Drawers, config: Callable[[], Config]) -> None:
        self._desk = desk
        self._delivery = delivery
        self._drawers = drawers
        self._config = config
        self.events = Events(desk.clock)

    def routes(self) -> list[web.RouteDef]:
        """`GET /hw_proxy/hello` and `/hw_proxy/status`; the rest are calls, by POST."""
        questions: dict[str, _Answers] = {
            "/hw_proxy/handshake": self._handshake,
            "/hw_proxy/status_json": self._status,
            "/hw_proxy/open_cashbox": self._open,
            "/hw_proxy/scale_read": self._weigh,
            "/hw_proxy/log": self._log,
            "/hw_drivers/event": self._listen,
            "/iot_drivers/event": self._listen,
        }
        documents: dict[str, _Answers] = {
            "/hw_proxy/default_printer_action": self._print_or_open,
            "/hw_proxy/print_receipt": self._old_receipt,
            "/hw_proxy/print_xml_receipt": self._old_receipt,
            "/hw_drivers/action": self._act,
            "/iot_drivers/action": self._act,
        }
        return [
            web.get("/hw_proxy/hello", self._hello),
            web.get("/hw_proxy/status", self._show_printers),
            web.get("/hw_drivers/download_logs", self._give_no_logs),
            web.get("/iot_drivers/download_logs", self._give_no_logs),
            *(web.post(path, self._answering(answers, LARGEST_QUESTION)) for path, answers in questions.items()),
            *(web.post(path, self._answering(answers, LARGEST_CALL)) for path, answers in documents.items()),
        ]

    def explain(self, request: web.Request, error: ComptoirError) -> web.Response | None:
        """The error of a call as Odoo's client reads it; None: this was no call."""
        on = self._config().hw_proxy.enabled
        if not on or request.method != "POST" or not request.path.startswith(PREFIXES):
            return None
        if isinstance(error, BadCall):
            return json_answer(jsonrpc.failure(error.number, error.message, error.call_id))
        said = self._words.error(error)
        answer = json_answer(jsonrpc.failure(REFUSED, f"{said.what} {said.remedy}".strip()), error.http_status)
        if isinstance(error, TooMany):
            answer.headers[hdrs.RETRY_AFTER] = str(error.wait)
        return answer

    @property
    def _words(self) -> Words:
        return Words(catalogue(self._config().language))

    def _check_enabled(self, request: web.Request) -> None:
        if not self._config().hw_proxy.enabled:
            raise UnknownName(f"there is nothing at {request.path}", "It is switched off: [hw_proxy] enabled.")

    def close(self) -> None:
        """Let nobody wait any longer."""
        self.events.close()

    # -- what is no call ----------------------------------------------------------------------------------------------

    async def _hello(self, request: web.Request) -> web.StreamResponse:
        self._check_enabled(request)
        return web.Response(text="ping")

    async def _show_printers(self, request: web.Request) -> web.StreamResponse:
        self._check_enabled(request)
        raise web.HTTPSeeOther("/printers")

    async def _give_no_logs(self, request: web.Request) -> web.StreamResponse:
        self._check_enabled(request)
        raise NotAllowed("the log is not given out at this address", "It is at /logs, for who is signed in.")

    # -- calls --------------------------------------------------------------------------------------------------------

    def _answering(self, answers: _Answers, largest: int) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            self._check_enabled(request)
            call = await read_call(request, largest)
            return json_answer(jsonrpc.result(call, await answers(request, call)))

        return answer

    async def _handshake(self, request: web.Request, call: Call) -> bool:
        return True

    async def _status(self, request: web.Request, call: Call) -> object:
        """`escpos` is the driver that Odoo 8 to 12 looks for. What is not here (a scale, a scanner) is not named."""
        state = self._state(self._place(self._config().hw_proxy.printer))
        return {"printer": state, "escpos": state}

    async def _print_or_open(self, request: web.Request, call: Call) -> bool:
        return await self._do(request, call, jsonrpc.take(call, _Printing).data)

    async def _open(self, request: web.Request, call: Call) -> bool:
        return await self._do(request, call, {"action": "cashbox"})

    async def _act(self, request: web.Request, call: Call) -> bool:
        asked = jsonrpc.take(call, _Acting)
        return await self._do(
            request, call, _data(asked.data, call), asked.device_identifier or asked.device_id, _label(asked.session_id)
        )

    async def _listen(self, request: web.Request, call: Call) -> object:
        listener = jsonrpc.take(call, _Listening).listener
        return await self.events.next(listener.session_id, set(listener.devices), listener.last_event or 0.0, POLL)

    async def _old_receipt(self, request: web.Request, call: Call) -> bool:
        log.warning("a receipt of Odoo 8 to 12 was not printed: it is no picture")
        return False

    async def _weigh(self, request: web.Request, call: Call) -> object:
        raise BadCall(REFUSED, "there is no scale here", call.id)

    async def _log(self, request: web.Request, call: Call) -> bool:
        log.info("the till says: %.500r", call.params.get("arguments"))
        return True

    # -- printers and drawers -----------------------------------------------------------------------------------------

    def _place(self, name: str) -> Place | None:
        """The printer of this name; "": the first."""
        return next((place for place in self._desk.parts.places() if name in ("", place.name)), None)

    def _printer(self, device: str) -> str:
        """The printer that a till means; "": the station's own choice. Raises UnknownName."""
        bound = self._config().hw_proxy.printer
        if not device or (bound and self._place(device) is None):
            return bound
        if self._place(device) is None:
            raise UnknownName(f"no printer is called “{device[:80]}” here")
        return device

    def _state(self, place: Place | None) -> dict[str, object]:
        if place is None:
            return {"status": "disconnected", "messages": []}
        if place.ready:
            return {"status": "connected", "messages": []}
        said = self._words.reason(place.reason, place.name, detail=place.message)
        status = "disconnected" if place.reason == core.UNREACHABLE else "error"
        return {"status": status, "messages": [f"{said.what} {said.remedy}".strip()]}

    async def _do(
        self, request: web.Request, call: Call, data: dict[str, Any], device: str = "", session: object = None
    ) -> bool:
        """Whether it was done; who waits for events hears it too. Raises BadCall where it is not clear what to do."""
        named = device
        try:
            printer = self._printer(device)
            if not device and (place := self._place(printer)):
                named = place.name
            failed = await self._carried_out(request, call, data, printer)
        except BadCall:
            raise
        except ComptoirError as error:
            log.warning("not done for the till: %s", error.sentences)
            failed = UNKNOWN_ERROR
        self.events.tell(named, session, "error" if failed else "success", failed)
        return not failed

    async def _carried_out(self, request: web.Request, call: Call, data: dict[str, Any], printer: str) -> str:
        """What an IoT box calls the reason why it was not done; nothing where it was. Raises BadCall, DrawerError and
        what printing raises."""
        action = data.get("action") or ""
        if action == "cashbox":
            await self._drawers.open(DrawerOrder(printer), asker_of(request, SOURCE))
            return ""
        if action == "status":
            return await self._printed(request, self._test_page(printer), "text", printer)
        if action == "print_receipt":
            return await self._printed(request, await _document(data, "receipt", call), "image", printer)
        if action == "":
            document = await _document(data, "document", call)
            return await self._printed(request, document, _form(document, self._place(printer)), printer)
        log.warning("a till asked for an action that there is none of: %.80r", action)
        return UNKNOWN_ERROR

    async def _printed(self, request: web.Request, document: Document, form: str, printer: str) -> str:
        who = asker_of(request, SOURCE)
        submission = Submission(document, Origin(SOURCE, who.user, who.host), printer, format=form)
        outcome = await self._delivery.print(submission, PRINTS_WITHIN, lambda: hears(request))
        return "" if outcome.done else ERRORS.get(outcome.reason, UNKNOWN_ERROR)

    def _test_page(self, printer: str) -> Document:
        place = self._place(printer)
        lines = [f"Comptoir {__version__}", self._desk.name, place.name if place else printer]
        return Document.of("\n".join(lines).encode())


def _form(document: Document, place: Place | None) -> str:
    """How a document is read. A box passes on what it does not know, and so do labels that are text (ZPL)."""
    kind = document.media_type
    if kind == "application/pdf":
        return "pdf"
    if kind.startswith("image/"):
        return "image"
    speaks_text = place is not None and place.language in ("zpl", "raw")
    return "text" if kind == TEXT and not speaks_text else "raw"


async def _document(data: dict[str, Any], key: str, call: Call) -> Document:
    """The document that stands there in base64, perhaps as a data: URL. Raises BadCall."""
    text = data.get(key)
    if not isinstance(text, str):
        raise BadCall(INVALID_PARAMS, f"the parameters are not right: data.{key} is missing", call.id)
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        document = await beside(len(text), lambda: Document.of(base64.b64decode("".join(text.split()), validate=True)))
    except (binascii.Error, ValueError) as error:
        raise BadCall(INVALID_PARAMS, f"data.{key} is no base64: {error}", call.id) from None
    if not document.size:
        raise BadCall(INVALID_PARAMS, f"there is nothing to print: data.{key} is empty", call.id)
    return document


def _label(session: object) -> object:
    """A session as it is kept and told on: what a till calls itself, not whatever it sends."""
    return session[:200] if isinstance(session, str) else session if isinstance(session, int | float) else None


def _data(given: dict[str, Any] | str, call: Call) -> dict[str, Any]:
    """The action, which Odoo 13 to 15 send as JSON in a text. Raises BadCall."""
    if isinstance(given, dict):
        return given
    try:
        return msgspec.json.decode(given, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise BadCall(INVALID_PARAMS, f"data is no JSON object: {error}", call.id) from None
