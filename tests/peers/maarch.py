"""An archive that answers as Maarch RM 2.9.1 does, as strictly, and can lie, stall, cut and lose answers.

In a test:         async with Maarch() as archive: …  archive.url, archive.token, archive.archives, archive.lie("cut")
As a process:      python -m tests.peers.maarch --port-file F --state-file F [--port N] [--token T]
                   (`tests.peers.maarch_process.MaarchProcess` starts it, kills it, starts it again at the same port)
What it stores:    `archives`: archiveId → Archive; in the state file a line of JSON each, which outlives everybody:
                   {"id", "values": {archiveName, descriptionObject, …}, "resources": [{fileName, size, hash, …}]}
How it lies:       `lie(*modes)`: one for each of the next deposits, then honest again; `always`: for every deposit.
                   Of a process: POST /peer/lie ["cut", "500"] · POST /peer/always "503" · GET /peer/archives

The modes, by what the deposit sees:
  401 403 500 503 400 404  that status, with the server's words      413        before the body is read
  413-reset      the same, and the connection is reset at once       redirect   to another place
  sql            200 with X-Laabs-Exception and {}, not stored       sql-stored the same, stored
  hash           200, Invalid hash, not stored                       blocked    200, activity is disabled
  empty          200 without a body, not stored                      empty-stored
  half-stored    stored; the answer is cut in its middle             wrong-id   stored under another identity
  html           a page for people                                   lost       200 and the identity, but nothing stored
  cut-body       cut while the body is read                          cut        cut after the body, not stored
  cut-stored     stored, cut before the answer                       cut-late   cut; stored after it was asked for once
  stall          no answer until `release`                           stall-body reads nothing until `release`
  stall-stored   stored, no answer until `release`
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final
from urllib.parse import unquote_plus

from aiohttp import web
from tests.peers.maarch_body import SQL, Archive, Profile, Reader, Said, check

#: with every letter that an encoding could spoil
TOKEN: Final = "bGFhYnM+/dG9rZW4/+YQ=="


@dataclass
class Seen:
    """One request: for tests of what is asked when."""

    method: str
    path: str
    headers: dict[str, str]
    #: the body without the contents
    text: str = ""


class Maarch:
    """The server. Use as `async with`, or `start` and `stop`."""

    def __init__(self, *, token: str = TOKEN, port: int = 0, state: Path | None = None, keeps: int = 1 << 20) -> None:
        """`keeps`: bytes of a file that can be looked at; the rest is only counted and hashed."""
        self.token = token
        self.port = port
        self.client_token = "service"
        #: what the account may do; as shipped it may only create
        self.privileges = {"create", "exists", "finddocuments"}
        self.profiles = {"FACTURE": Profile({"title": "text", "sent": "date", "total": "number"}, frozenset(), False)}
        self.archives: dict[str, Archive] = {}
        self.always = ""
        self.seen: list[Seen] = []
        #: how many deposits were begun
        self.deposits = 0
        self._keeps = keeps
        self._state = state
        self._lies: deque[str] = deque()
        self._late: list[Archive] = []
        self._released = asyncio.Event()
        self._changed = asyncio.Condition()
        if state is not None and state.is_file():
            for line in state.read_text("utf-8").splitlines():
                self.archives[json.loads(line)["id"]] = Archive(**json.loads(line))

    async def __aenter__(self) -> Maarch:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application(client_max_size=2**40)
        app.router.add_post("/recordsManagement/archive", self._deposit)
        app.router.add_get("/recordsManagement/archive/{id}/Exists", self._exists)
        app.router.add_get("/digitalResource/digitalResource/Finddocuments", self._find)
        app.router.add_get("/peer/archives", self._tell)
        app.router.add_post("/peer/lie", self._told_to_lie)
        app.router.add_post("/peer/always", self._told_always)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self.release()
        await self._runner.cleanup()

    def lie(self, *modes: str) -> None:
        """So are the next deposits answered, one each."""
        self._lies.extend(modes)

    def mend(self) -> None:
        """It lies no more."""
        self._lies.clear()
        self.always = ""

    def release(self) -> None:
        """Who stalls goes on."""
        self._released.set()

    async def until(self, what: Callable[[Maarch], bool]) -> None:
        """Wait until that holds; looked at with every request and every archive."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: what(self)), 60)

    # -- requests -----------------------------------------------------------------------------------------------------

    async def _enter(self, request: web.Request, privilege: str) -> Seen:
        """Raises Said for who may not; web.HTTPOk with a page for who is taken for a person."""
        one = Seen(request.method, request.path_qs, dict(request.headers))
        self.seen.append(one)
        await self._notify()
        if self.client_token not in request.headers.get("User-Agent", ""):
            raise web.HTTPOk(text="<html>sign in</html>", content_type="text/html")
        raw = re.search(r"(?:^|;\s*)LAABS-AUTH=([^;]*)", request.headers.get("Cookie", ""))
        if raw is None or unquote_plus(raw[1]) != self.token:
            raise Said(401, "Missing authentication credential", "core\\Exception\\UnauthorizedException")
        if privilege not in self.privileges:
            raise Said(403, "Forbidden", "core\\Exception\\ForbiddenException")
        return one

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _deposit(self, request: web.Request) -> web.StreamResponse:
        mode = self._lies.popleft() if self._lies else self.always
        self.deposits += 1
        try:
            one = await self._enter(request, "create")
            if early := _EARLY.get(mode):
                return await early(self, request)
            archive = await self._read(request, one, mode)
            if late := _LATE.get(mode):
                return await late(self, request, archive)
            await self._store(archive)
        except Said as error:
            return error.response()
        return web.json_response(archive.id)

    async def _read(self, request: web.Request, one: Seen, mode: str) -> Archive:
        reader = Reader(self._keeps)
        async for piece in request.content.iter_chunked(1 << 20):
            reader.feed(piece)
            if mode == "cut-body":
                raise _gone(request)
        one.text = reader.text
        archive = reader.archive()
        check(archive, self.profiles)
        return archive

    async def _store(self, archive: Archive) -> None:
        if archive.id in self.archives:
            raise Said(0, SQL)
        self.archives[archive.id] = archive
        if self._state is not None:
            with self._state.open("a", encoding="utf-8") as file:
                row = {"id": archive.id, "values": archive.values, "resources": archive.resources}
                file.write(json.dumps(row) + "\n")
        await self._notify()

    async def _exists(self, request: web.Request) -> web.Response:
        try:
            await self._enter(request, "exists")
        except Said as error:
            return error.response()
        number = request.match_info["id"]
        answer = web.json_response({"archiveId": number, "exist": number in self.archives})
        for late in self._late:
            await self._store(late)
        self._late.clear()
        return answer

    async def _find(self, request: web.Request) -> web.Response:
        try:
            await self._enter(request, "finddocuments")
        except Said as error:
            return error.response()
        asked = request.query
        rows = [
            {"archiveId": one.id, "resId": f"{one.id}-{number}", **resource}
            for one in self.archives.values()
            for number, resource in enumerate(one.resources)
            if asked.get("archiveId", one.id) == one.id and asked["hash"] == resource["hash"]
        ]
        return web.json_response(rows)

    # -- for who runs it as a process ---------------------------------------------------------------------------------

    async def _tell(self, request: web.Request) -> web.Response:
        rows = [{"id": a.id, "values": a.values, "resources": a.resources} for a in self.archives.values()]
        return web.json_response(rows)

    async def _told_to_lie(self, request: web.Request) -> web.Response:
        self.lie(*await request.json())
        return web.Response()

    async def _told_always(self, request: web.Request) -> web.Response:
        self.always = await request.json()
        return web.Response()

    # -- lies ---------------------------------------------------------------------------------------------------------

    async def _too_large(self, request: web.Request) -> web.Response:
        return web.Response(status=413, text="<html><h1>413 Request Entity Too Large</h1></html>")

    async def _too_large_at_once(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")  # type: ignore[attr-defined]
        request.transport.close()
        raise web.HTTPServiceUnavailable

    async def _stall_body(self, request: web.Request) -> web.StreamResponse:
        await self._released.wait()
        raise _gone(request)

    async def _cut_stored(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        await self._store(archive)
        raise _gone(request)

    async def _cut(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        raise _gone(request)

    async def _cut_late(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        self._late.append(archive)
        raise _gone(request)

    async def _stall(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        await self._released.wait()
        raise _gone(request)

    async def _stall_stored(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        await self._store(archive)
        return await self._stall(request, archive)

    async def _sql_stored(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        await self._store(archive)
        raise Said(0, SQL)

    async def _empty_stored(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        await self._store(archive)
        return web.Response()

    async def _half_stored(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        await self._store(archive)
        answer = web.StreamResponse(headers={"Content-Length": str(len(archive.id) + 2)})
        await answer.prepare(request)
        await answer.write(f'"{archive.id[:5]}'.encode())
        raise _gone(request)

    async def _wrong_id(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        archive.id = f"maarchRM_{len(self.archives)}"
        await self._store(archive)
        return web.json_response(archive.id)

    async def _lost(self, request: web.Request, archive: Archive) -> web.StreamResponse:
        return web.json_response(archive.id)


def _saying(error: Said) -> Callable[[Maarch, web.Request], Awaitable[web.StreamResponse]]:
    async def say(server: Maarch, request: web.Request) -> web.StreamResponse:
        # PHP reads the body before it answers.
        async for _ in request.content.iter_any():
            pass
        raise error

    return say


def _answering(**answer: Any) -> Callable[[Maarch, web.Request], Awaitable[web.StreamResponse]]:
    async def say(server: Maarch, request: web.Request) -> web.StreamResponse:
        async for _ in request.content.iter_any():
            pass
        return web.Response(**answer)

    return say


#: lies that do not look at the document
_EARLY: Final[dict[str, Callable[[Maarch, web.Request], Awaitable[web.StreamResponse]]]] = {
    "400": _saying(Said(400, "Metadata %1$s is not allowed", variables=["colour"])),
    "401": _saying(Said(401, "Missing authentication credential")),
    "403": _saying(Said(403, "Forbidden")),
    "404": _saying(Said(404, "The archival profile reference not found")),
    "500": _answering(status=500, text="<b>Fatal error</b>: Allowed memory size exhausted"),
    "503": _answering(status=503, text="<h1>Service Unavailable</h1>"),
    "413": Maarch._too_large,
    "413-reset": Maarch._too_large_at_once,
    "redirect": _answering(status=302, headers={"Location": "https://example.com/"}),
    "sql": _saying(Said(0, SQL)),
    "hash": _saying(Said(0, "Invalid hash.")),
    "blocked": _saying(Said(0, "The deposit has been blocked because activity is disabled.")),
    "empty": _answering(),
    "html": _answering(text="<html>sign in</html>", content_type="text/html"),
    "stall-body": Maarch._stall_body,
}
#: lies that know the whole document
_LATE: Final[dict[str, Callable[[Maarch, web.Request, Archive], Awaitable[web.StreamResponse]]]] = {
    "cut": Maarch._cut,
    "cut-stored": Maarch._cut_stored,
    "cut-late": Maarch._cut_late,
    "stall": Maarch._stall,
    "stall-stored": Maarch._stall_stored,
    "sql-stored": Maarch._sql_stored,
    "empty-stored": Maarch._empty_stored,
    "half-stored": Maarch._half_stored,
    "wrong-id": Maarch._wrong_id,
    "lost": Maarch._lost,
}
MODES: Final = (*_EARLY, *_LATE, "cut-body")


def _gone(request: web.Request) -> web.HTTPException:
    """The connection is cut. To be raised: what it says reaches nobody."""
    assert request.transport is not None
    request.transport.abort()  # type: ignore[attr-defined]
    return web.HTTPServiceUnavailable()


async def _serve(options: argparse.Namespace) -> None:
    async with Maarch(token=options.token, port=options.port, state=options.state_file) as server:
        part = options.port_file.with_suffix(".part")
        part.write_text(str(server.port))
        part.replace(options.port_file)
        print(f"archive at {server.url}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="An archive that can lie.")
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--state-file", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))
