"""Puts routes behind the guard and listens. What is served is the composition root's choice."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import cast

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from comptoir.core.errors import ComptoirError, ConfigError
from comptoir.listening import Listener, MakeContext
from comptoir.web.answers import Explain, answering, error_answer
from comptoir.web.guard import Guard, Policy, cors_headers, is_loopback

STOP_WITHIN = 2.0  # seconds that open requests have when the service stops


async def explain_to_programs(request: web.Request, error: ComptoirError) -> web.StreamResponse:
    """Every error as JSON."""
    return error_answer(error)


async def _static(request: web.Request) -> web.StreamResponse:
    """What a page needs besides itself."""
    folder = files("comptoir.web") / "static"
    name = request.match_info["name"]
    if name not in {file.name for file in folder.iterdir()}:
        raise web.HTTPNotFound
    with as_file(folder / name) as path:
        return web.FileResponse(path)


class Server:
    """One listening address. `explain` makes an answer of an error that no handler has answered; `tls`, asked for
    each connection that wants it, gives the certificate to show.

    `strangers`: connections that other machines may hold at one time; of more, the oldest is closed. A request that is
    never finished has no end, and the till's own must find a descriptor.
    """

    def __init__(
        self,
        guard: Guard,
        routes: Sequence[web.RouteDef],
        explain: Explain = explain_to_programs,
        tls: MakeContext | None = None,
        strangers: int | None = None,
    ) -> None:
        self._strangers = strangers
        self._guard = guard
        self._app = web.Application(middlewares=[answering(guard.admit, explain)], client_max_size=1_048_576)
        self._app.add_routes(routes)
        self._app.router.add_get("/static/{name}", _static)
        self._app.on_response_prepare.append(self._let_read)
        self._runner = web.AppRunner(
            self._app, access_log=None, logger=_log(), shutdown_timeout=STOP_WITHIN, handle_signals=False
        )
        self._listener = Listener(self._connection, tls)
        self.port = guard.policy.port

    async def start(self) -> None:
        """Listen. Raises ConfigError where the address cannot be had."""
        await self._runner.setup()
        policy = self._guard.policy
        try:
            self.port = await self._listener.start(policy.bound_to, policy.port)
        except OSError as error:
            await self.stop()
            raise _busy(policy, error) from None

    async def stop(self) -> None:
        await self._listener.stop()
        await self._runner.cleanup()

    def _connection(self) -> asyncio.Protocol:
        """What speaks HTTP on a new connection."""
        server = cast("web.Server", self._runner.server)
        if self._strangers is not None and len(known := server.connections) >= self._strangers:
            far = [one for one in known if not is_loopback(_peer(one))]
            if len(far) >= self._strangers:
                far[0].force_close()
        return server()

    async def _let_read(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(cors_headers(request, self._guard.policy))


def _peer(handler: web.RequestHandler) -> str:
    """The address of who is connected; that of this machine where the connection has ended."""
    peer = handler.transport and handler.transport.get_extra_info("peername")
    return str(peer[0]) if peer else "127.0.0.1"


def _log() -> logging.Logger:
    """Where aiohttp tells of requests that it could not read: without what was in them, which may be a secret."""
    logger = logging.getLogger("comptoir.web.server")
    if not logger.filters:
        logger.addFilter(_without_the_request)
    return logger


def _without_the_request(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError | ConnectionError | ClientPayloadError | asyncio.IncompleteReadError):
        record.exc_info = record.exc_text = None
        record.msg, record.args = "a request could not be read: %s", (type(error).__name__,)
    return True


def _busy(policy: Policy, error: OSError) -> ConfigError:
    where = error.filename or f"{policy.bound_to}:{policy.port}"
    if error.errno == errno.EADDRINUSE:
        return ConfigError(
            f"the address {where} is in use by another program",
            "Is Comptoir running already? Otherwise choose another: --port or --hub-port, or port = … in the file.",
        )
    if error.errno == errno.EACCES:
        return ConfigError(f"this user may not listen on {where}", "Choose a port above 1023.")
    return ConfigError(f"it is not possible to listen on {where}: {error.strerror or error}", "Check host and port.")
