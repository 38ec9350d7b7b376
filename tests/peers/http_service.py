"""A web service that takes documents as forms, JSON or bare bytes; with a token; it can refuse, and be cut off."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web
from tests.peers.far import Arrival
from tests.peers.line import Line
from tests.peers.services import free_port

from comptoir.destinations import HttpConfig

TOKEN = "tok-9f3c-très-secret"


class HttpService:
    """`tests.peers.far.Far` over HTTP. `body`: what it is sent. `repeatable`: it honours keys that it has seen."""

    secrets = (TOKEN,)

    def __init__(self, folder: Path, body: str = "multipart", repeatable: bool = False) -> None:
        self._folder = folder
        self._body = body
        self._repeatable = repeatable
        self.token = TOKEN
        #: what to answer: status, text, headers
        self.answer: tuple[int, str, dict[str, str]] = (201, "", {})
        #: answer without reading the body
        self.early = False
        #: never answer
        self.silent = False
        self.taken: dict[str, list[Arrival]] = {}
        self.keys: list[str] = []
        self.requests: list[web.BaseRequest] = []
        self.line: Line
        (folder / "token.txt").write_text(TOKEN + "\n", "utf-8")

    async def __aenter__(self) -> HttpService:
        self._runner = web.ServerRunner(web.Server(self._serve), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.line = await Line(self.port).__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.line.__aexit__(None, None, None)
        await self._runner.cleanup()

    def config(self, **keys: Any) -> HttpConfig:
        given = {
            "name": "archives",
            "url": f"http://127.0.0.1:{self.line.port}/documents",
            "body": self._body,
            "auth": "bearer",
            "token_file": "token.txt",
            "repeatable": self._repeatable,
            "fields": {} if self._body == "raw" else {"source": "{source}", "named": "{file}"},
            "headers": {"X-Name": "{digest}"},
            "timeout": "5 s",
        }
        return HttpConfig(**{**given, **keys})

    def nobody(self) -> HttpConfig:
        return self.config(url=f"http://127.0.0.1:{free_port()}/documents")

    async def arrivals(self) -> list[Arrival]:
        return [one for together in self.taken.values() for one in together]

    async def halves(self) -> list[str]:
        return []

    def cut(self, after: int) -> None:
        self.line.cut(after)

    def lose_answer(self, after: int) -> None:
        self.line.lose_answer(after)

    def lock(self) -> None:
        self.token = "another one"

    def fill(self) -> None:
        self.answer = (507, "no room left", {})

    def connections(self) -> int:
        return self.line.open

    # -- the service --------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        self.keys.append(request.headers.get("Idempotency-Key", ""))
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401, text=f"you said {request.headers.get('Authorization')}")
        status, text, headers = self.answer
        if self.early:
            return web.Response(status=status, text=text, headers=headers)
        try:
            arrived = await self._read(request)
        except (web.RequestPayloadError, ConnectionError, asyncio.IncompleteReadError):
            return web.Response(status=400)
        if self.silent:
            await asyncio.Event().wait()
        if status >= 300:
            return web.Response(status=status, text=text, headers=headers)
        key = request.headers["Idempotency-Key"]
        if not (self._repeatable and key in self.taken):
            self.taken[key if self._repeatable else f"{key} {len(self.taken)}"] = arrived
        return web.Response(status=status, text=text, headers=headers)

    async def _read(self, request: web.BaseRequest) -> list[Arrival]:
        kind = request.content_type
        if kind == "multipart/form-data":
            return await self._form(request)
        content = b"".join([piece async for piece in request.content.iter_any()])
        if kind == "application/json" and self._body == "json":
            return _objects(json.loads(content))
        digest = request.headers["X-Name"]
        assert hashlib.sha256(content).hexdigest() == digest
        return [Arrival("", content, known=dict(request.headers))]

    async def _form(self, request: web.BaseRequest) -> list[Arrival]:
        fields: dict[str, str] = {}
        files = []
        reader = await request.multipart()
        while part := await reader.next():
            assert isinstance(part, BodyPartReader)
            if part.filename is None:
                fields[part.name or ""] = await part.text()
            else:
                files.append((part.filename, b"".join([piece async for piece in _pieces(part)])))
        lot = fields["named"] if len(files) > 1 else ""
        return [Arrival(name, content, lot, fields) for name, content in files]


async def _pieces(part: BodyPartReader) -> AsyncIterator[bytes]:
    while piece := await part.read_chunk(65536):
        yield piece


def _objects(tree: dict[str, Any]) -> list[Arrival]:
    known = {key: value for key, value in tree.items() if isinstance(value, str) and key != "content"}
    if "files" in tree:
        return [
            Arrival(one["name"], base64.b64decode(one["content"], validate=True), tree["named"], one)
            for one in tree["files"]
        ]
    return [Arrival("", base64.b64decode(tree["content"], validate=True), "", known)]


@contextlib.asynccontextmanager
async def tokens(answers: list[tuple[int, str]]) -> Any:
    """A server of OAuth tokens: gives these answers one after the other; what it was asked is in the list."""
    asked: list[tuple[str, dict[str, Any]]] = []

    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        asked.append((request.headers.get("Authorization", ""), dict(await request.post())))
        status, text = answers[min(len(asked), len(answers)) - 1]
        return web.Response(status=status, text=text)

    runner = web.ServerRunner(web.Server(serve), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/token", asked
    finally:
        await runner.cleanup()
