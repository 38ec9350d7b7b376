"""The log over HTTP: `/logs` and `/logs/purge`, as the earlier till service had them. How the log goes on is
`log_tail.py`.

The file is for who is signed in, or for everybody where the owner says so ([station] network_logs): that is decided
here. Everything else is for who is signed in, with a form of ours: that is decided by the guard (`web/levels.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from comptoir.core.errors import ComptoirError, NotAllowed
from comptoir.core.ports import Journal
from comptoir.core.record import Event
from comptoir.logfiles import LogFile, as_day
from comptoir.station.books import Books
from comptoir.station.till.earlier import answer
from comptoir.web.desk import Desk
from comptoir.web.guard import USER, SignInNeeded
from comptoir.web.happenings import tell
from comptoir.web.locale import catalogue, wanted
from comptoir.web.pages.frame import framed, see, wants_page
from comptoir.web.render import Renderer
from comptoir.web.words import Words

log = logging.getLogger("comptoir.audit")

LOGS: Final = "/logs"
PURGE: Final = "/logs/purge"
SIGN_IN: Final = "/config/login"

REFUSED: Final = "Permissions insuffisantes pour accéder aux logs"
MISSING: Final = "Fichier de logs introuvable: {path}"
BROKEN: Final = "Impossible d'accéder aux logs: {why}"
PURGED: Final = "Logs purgés avec succès"
EMPTY: Final = "Aucun fichier de logs à purger"
NOT_PURGED: Final = "Erreur lors de la purge des logs: {why}"


_encode = msgspec.json.Encoder().encode


class Logs:
    """The routes, and what makes an answer of an error on them (`till.dialect.Dialect`)."""

    def __init__(self, books: Books, desk: Desk, render: Renderer) -> None:
        self._books = books
        self._desk = desk
        self._journal: Journal = desk.journal
        self._render = render

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(LOGS, self.send),
            web.get(PURGE, framed(self._desk, self._render, self.ask)),
            web.post(PURGE, framed(self._desk, self._render, self.purge)),
            web.options(LOGS, _allowed("OPTIONS, HEAD, GET")),
            web.options(PURGE, _allowed("OPTIONS, HEAD, GET, POST")),
        ]

    def explain(self, request: web.Request, error: ComptoirError) -> web.StreamResponse | None:
        if isinstance(error, SignInNeeded) and request.path == PURGE:
            return web.Response(status=302, headers={hdrs.LOCATION: SIGN_IN})
        if request.path != LOGS and (request.path != PURGE or wants_page(request)):
            return None
        if isinstance(error, NotAllowed):
            return _error(403, REFUSED)
        return _error(error.http_status, BROKEN.format(why=error.message))

    # -- the file -----------------------------------------------------------------------------------------------------

    async def send(self, request: web.Request) -> web.StreamResponse:
        """`GET /logs`: the current file; `?day=2026-11-21`: that of an earlier day."""
        if not (request.get(USER) or self._books.log_is_open()):
            return _error(403, REFUSED)
        if request.method == "GET":
            await self._books.note_reading(request.get(USER, ""), request.remote or "")
        files, asked = await self._books.log_files(), request.query.get("day", "")
        path = self._path(files, asked) if asked else self._books.files.path
        if path is None:
            return _error(404, MISSING.format(path=f"{self._books.files.path.name}.{as_day(asked) or '?'}"))
        try:
            await asyncio.to_thread(_can_be_read, path)
        except FileNotFoundError:
            return _error(404, MISSING.format(path=path))
        except PermissionError:
            return _error(403, REFUSED)
        except OSError as error:
            return _error(500, BROKEN.format(why=error.strerror or error))
        return web.FileResponse(
            path,
            headers={
                hdrs.CONTENT_TYPE: "application/octet-stream",
                hdrs.CONTENT_DISPOSITION: f"attachment; filename={self._books.files.path.name}",
                hdrs.CACHE_CONTROL: "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    @staticmethod
    def _path(files: Sequence[LogFile], asked: str) -> Path | None:
        """Of the files that there are, so that an address leads to no other one."""
        day = as_day(asked)
        return next((file.path for file in files if file.day == day), None)

    # -- the purge ----------------------------------------------------------------------------------------------------

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """`GET /logs/purge`: what would go. It does nothing."""
        from babel.dates import format_date  # noqa: PLC0415 - a service is up sooner without

        files = [file for file in await self._books.log_files() if file.size]
        days = sorted(file.day for file in files)
        return self._render.render(
            request,
            "purge.html",
            desk=self._desk,
            files=files,
            size=sum(file.size for file in files),
            days=[format_date(day, "long", locale=wanted(request, self._render.language)) for day in days],
        )

    async def purge(self, request: web.Request) -> web.StreamResponse:
        """`POST /logs/purge`: the journal first, then the files. Raises JournalError."""
        files = [file for file in await self._books.log_files() if file.size]
        if files:
            size = sum(file.size for file in files)
            body = {"files": len(files), "bytes": size, "user": request[USER], "host": request.remote or ""}
            await self._journal.note("logs-purged", body)
            try:
                await asyncio.to_thread(self._books.files.purge)
            except OSError as error:
                return _error(500, NOT_PURGED.format(why=error.strerror or error))
            said = Event(0, 0, "logs-purged", None, _encode(body).decode(), b"")
            log.info("%s", tell(said, Words(catalogue(self._render.language))))
        if wants_page(request):
            return see("/journal/log?told=purged")
        return answer({"status": "success", "message": PURGED if files else EMPTY})


def _can_be_read(path: Path) -> None:
    """Raises OSError."""
    with path.open("rb"):
        pass


def _error(status: int, message: str) -> web.Response:
    return answer({"status": "error", "message": message}, status)


def _allowed(methods: str) -> Handler:
    async def options(request: web.Request) -> web.StreamResponse:
        return web.Response(status=200, headers={hdrs.ALLOW: methods}, content_type="text/html", charset="utf-8")

    return options
