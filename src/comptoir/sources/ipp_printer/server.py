"""IPP over HTTP, the server's side (RFC 8010 §4): one request, one answer, on one port with TLS and without.

It reads no more than a request may have, from no more clients than it can serve, and waits for none for ever. What is
asked is carried out by `operations.py`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import logging
import re
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.core.errors import NotSent
from comptoir.listening import Listener
from comptoir.secret_file import secret
from comptoir.sources.ipp_printer.answers import Answers
from comptoir.sources.ipp_printer.arriving import ENDED, IDLE, Body
from comptoir.sources.ipp_printer.asking import ICONS, JOBS, PATH, Answer, Asked, Places
from comptoir.sources.ipp_printer.operations import Operations, accept, refusal
from comptoir.sources.ipp_printer.page import icon
from comptoir.wire.ipp import MEDIA_TYPE, BadMessage, Group, Reader, Tag, encode
from comptoir.wire.ipp_codes import Status
from comptoir.wire.ipp_request import Refused

log = logging.getLogger("comptoir.capture")

#: a request of a client has a few hundred bytes, one with all wishes some thousand
MOST_BYTES: Final = 262_144
MOST_VALUES: Final = 4_000
#: seconds for a request's message, however slowly it comes
HEAD: Final = 30.0
#: seconds that a connection is kept for the next request
KEEP_ALIVE: Final = 75.0
#: connections at one time, of all and of one address; of more, those that ask nothing are closed
CONNECTIONS: Final = 256
OF_ONE: Final = 96
#: seconds in which the rest of a request that is no message may come
LINGER: Final = 2.0
STOP_WITHIN: Final = 2.0  # seconds
_AUTHORITY: Final = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Ways:
    """How clients may come. context: the certificate; None: there is none."""

    config: IppPrinterSourceConfig
    folder: Path
    context: Callable[[], ssl.SSLContext | None]

    @property
    def encrypted(self) -> bool:
        return self.config.tls != "never" and self.context() is not None

    @property
    def plain(self) -> bool:
        return self.config.tls != "required"

    def certificate(self) -> ssl.SSLContext:
        """Raises OSError where there is none: the connection is closed then."""
        found = self.context()
        if found is None:
            raise OSError("there is no certificate")
        return found

    def admits(self, authorization: str) -> bool:
        """Whether this is the name and the password that are wanted, RFC 7617. Raises NotSent: they are not set."""
        kind, _, code = authorization.partition(" ")
        wanted = f"{self.config.user}:{secret(self.folder, self.config.password_file)}".encode()
        try:
            said = base64.b64decode(code.strip(), validate=True) if kind.lower() == "basic" else b""
        except binascii.Error:
            said = b""
        return hmac.compare_digest(said, wanted)


class PrinterServer:
    """One printer's port. `page`: what a browser is shown."""

    def __init__(
        self, ways: Ways, operations: Operations, answers: Answers, page: Callable[[Places], str], idle: float = IDLE
    ) -> None:
        self._ways = ways
        self._operations = operations
        self._answers = answers
        self._page = page
        self._idle = idle
        self._busy: set[object] = set()
        self._bodies: set[Body] = set()
        self._stopping = False
        self._listener = Listener(self._connection, ways.certificate if ways.config.tls != "never" else None)
        self.port = ways.config.port

    async def start(self) -> None:
        """Listen. Raises OSError that names the address it is about."""
        self._stopping = False
        self._server = web.Server(
            self._serve,
            keepalive_timeout=KEEP_ALIVE,
            access_log=None,
            logger=_Quiet(log, {}),
            auto_decompress=False,
            lingering_time=LINGER,
            read_bufsize=65_536,
        )
        self.port = await self._listener.start(self._ways.config.host, self._ways.config.port)

    async def stop(self) -> None:
        self._stopping = True
        await self._listener.stop()
        for body in self._bodies:
            body.stop()
        for idle in [one for one in self._server.connections if one not in self._busy]:
            idle.force_close()
        await self._server.shutdown(STOP_WITHIN)

    # -- connections --------------------------------------------------------------------------------------------------

    def _connection(self) -> asyncio.Protocol:
        """What speaks HTTP on a new connection. Room is made for it where somebody asks nothing."""
        known = list(self._server.connections)
        counts = Counter(_address(one) for one in known)
        crowded = {address for address, count in counts.items() if count >= OF_ONE}
        if crowded or len(known) >= CONNECTIONS:
            idle = [one for one in known if one not in self._busy and (not crowded or _address(one) in crowded)]
            # All are in the middle of a print: then the newest, who has said nothing yet, must come again.
            for one in idle[:1] or known[-1:]:
                one.force_close()
        return self._server()

    # -- requests -----------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self._busy.add(request.protocol)
        try:
            return await self._answered(request)
        finally:
            self._busy.discard(request.protocol)

    async def _answered(self, request: web.BaseRequest) -> web.StreamResponse:
        places = self._places(request)
        if not places.secure and not self._ways.plain:
            return _said(426, "This printer is reached by ipps:// only.", {"Upgrade": "TLS/1.2, HTTP/1.1"})
        refused = self._refused(request, places)
        if refused is not None:
            return refused
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        message, answer, body = await self._carried_out(request, places)
        if body is not None:
            await body.drain()
        response = web.Response(body=message, content_type=MEDIA_TYPE)
        if body is None or body.broken:
            response.force_close()
        await self._tell(request, response, answer)
        return response

    async def _tell(self, request: web.BaseRequest, response: web.Response, answer: Answer) -> None:
        """Write the answer, and remember whether that was possible: who was not told sends its print again."""
        told = False
        try:
            await response.prepare(request)
            await response.write_eof()
            told = request.transport is not None and not request.transport.is_closing()
        except (ConnectionError, aiohttp.ClientError):
            log.debug("a client did not wait for its answer")
        if answer.taken is not None and not answer.taken.partial:
            (self._answers.given if told else self._answers.missed)(answer.taken)

    async def _carried_out(self, request: web.BaseRequest, places: Places) -> tuple[bytes, Answer, Body | None]:
        """The bytes of the answer, what they say, and what is left of the body (None: it cannot be read on)."""
        reader = Reader(MOST_BYTES, MOST_VALUES, strict=True)
        try:
            whole = await self._read(reader, request)
        except BadMessage as error:
            answer = Answer(Status.BAD_REQUEST, message=error.message)
            return self._encoded(reader, answer), answer, None
        if not whole or reader.message is None:
            answer = Answer(Status.BAD_REQUEST, message="the request ends in the middle, or comes too slowly")
            return self._encoded(reader, answer), answer, None
        body = Body(reader.rest, request.content, self._idle)
        asked = Asked(reader.message, Group(Tag.OPERATION), body, places, _host(request), self._ways.config.user)
        self._bodies.add(body)
        if self._stopping:
            body.stop()
        try:
            answer = await self._operations.answer(self._addressed(accept(asked)))
        except Refused as error:
            answer = refusal(error)
        except Exception:
            log.exception("%s: an error of ours", self._ways.config.name)
            answer = Answer(Status.INTERNAL_ERROR, message="an error of the printer's own; its log says more")
        finally:
            self._bodies.discard(body)
        return self._encoded(reader, answer), answer, body

    async def _read(self, reader: Reader, request: web.BaseRequest) -> bool:
        """Whether the message came whole. Raises BadMessage."""
        try:
            async with asyncio.timeout(HEAD):
                while reader.message is None:
                    piece = await request.content.readany()
                    if not piece:
                        return False
                    reader.feed(piece)
        except (TimeoutError, *ENDED):
            return False
        return True

    def _encoded(self, reader: Reader, answer: Answer) -> bytes:
        version, _, number = reader.head or ((1, 1), 0, 1)
        return encode(answer.to(version, number))

    def _addressed(self, asked: Asked) -> Asked:
        """Raises Refused where the request is for another printer than this one."""
        for name in ("printer-uri", "job-uri"):
            uri = asked.text(name)
            if not uri:
                continue
            scheme, _, rest = uri.partition("://")
            path = "/" + rest.partition("/")[2].partition("?")[0]
            if scheme.lower() not in ("ipp", "ipps", "http", "https") or not self._is_ours(path):
                raise Refused(Status.NOT_FOUND, f"{name} is not this printer's: {uri[:200]}")
        return asked

    def _is_ours(self, path: str) -> bool:
        if path == PATH or path.startswith(JOBS):
            return True
        name = unquote(path.removeprefix(f"{PATH}/")) if path.startswith(f"{PATH}/") else ""
        return name.casefold() == self._ways.config.name.casefold()

    def _refused(self, request: web.BaseRequest, places: Places) -> web.Response | None:
        """The answer to what is no request of IPP, or by nobody who may print; None: it is one, and may."""
        path = request.path
        if request.method in ("GET", "HEAD"):
            return self._shown(path, places)
        if request.method != "POST":
            return _said(405, "Only POST and GET are known here.", {"Allow": "GET, HEAD, POST"})
        if not self._is_ours(path):
            return _said(404, "There is no printer here.")
        # Only browsers say from where a request comes: no page prints here, whatever name it has found this printer by.
        if "Origin" in request.headers:
            return _said(403, "Pages in a browser cannot print here.")
        # A page cannot send this type to another site without being asked whether it may.
        if request.content_type != MEDIA_TYPE:
            return _said(415, f"Requests are of the type {MEDIA_TYPE}.")
        if self._ways.config.user and not self._let_in(request):
            return _said(401, "A name and a password are needed.", {"WWW-Authenticate": 'Basic realm="Comptoir"'})
        return None

    def _let_in(self, request: web.BaseRequest) -> bool:
        try:
            return self._ways.admits(request.headers.get("Authorization", ""))
        except NotSent as error:
            log.error("%s lets nobody print: %s", self._ways.config.name, error.sentences)
            return False

    def _shown(self, path: str, places: Places) -> web.Response:
        for size in ICONS:
            if path == f"/icon-{size}.png":
                return web.Response(
                    body=icon(size), content_type="image/png", headers={"Cache-Control": "max-age=86400"}
                )
        if path != "/" and not self._is_ours(path):
            return _said(404, "There is nothing here.")
        headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"}
        return web.Response(text=self._page(places), content_type="text/html", headers=headers)

    def _places(self, request: web.BaseRequest) -> Places:
        transport = request.transport
        said = request.headers.get("Host", "")
        if not _AUTHORITY.fullmatch(said):
            said = f"{self._ways.config.host}:{self.port}"
        # RFC 8010 §4: without a port, HTTP's is meant by HTTP, and 631 by IPP.
        elif not re.search(r":[0-9]+\Z", said):
            said = f"{said}:{self.port}"
        secure = transport is not None and transport.get_extra_info("ssl_object") is not None
        return Places(said, secure, self._ways.plain, self._ways.encrypted)


class _Quiet(logging.LoggerAdapter[logging.Logger]):
    """aiohttp tells of requests that it cannot read as of errors; anybody can send such ones."""

    def error(self, msg: object, *args: object, **more: object) -> None:
        log.debug("a request could not be read: %s", msg)

    exception = error


def _said(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=f"{text}\n", headers=headers)


def _host(request: web.BaseRequest) -> str:
    return (request.remote or "").partition("%")[0].removeprefix("::ffff:")


def _address(handler: web.RequestHandler) -> str:
    peer = handler.transport and handler.transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""
