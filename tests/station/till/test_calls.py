"""A call out of a request: what is taken, what is too much, and what is decoded beside."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from comptoir.station.till import calls
from comptoir.station.till.calls import beside, json_answer, read_call
from comptoir.web.answers import answering
from comptoir.web.server import explain_to_programs

CALL = b'{"id": 7, "params": {"data": "x"}}'
Client = TestClient[web.Request, web.Application]


async def _admit(request: web.Request) -> None:
    return None


async def _echo(request: web.Request) -> web.StreamResponse:
    call = await read_call(request, len(CALL))
    return json_answer(json.dumps([call.id.decode(), call.params]).encode())


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application(middlewares=[answering(_admit, explain_to_programs)])
    app.router.add_post("/", _echo)
    async with TestClient(TestServer(app)) as one:
        yield one


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
async def test_a_call(client: Client, kind: str) -> None:
    answer = await client.post("/", data=CALL, headers={"Content-Type": kind})
    assert answer.headers["Content-Type"] == "application/json"
    assert await answer.json() == ["7", {"data": "x"}]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"])
async def test_what_a_form_of_another_site_can_send_is_no_call(client: Client, kind: str) -> None:
    answer = await client.post("/", data=CALL, headers={"Content-Type": kind})
    assert (await answer.json())["error"]["code"] == "bad-call"


async def test_no_more_is_read_than_may_be(client: Client) -> None:
    kind = {"Content-Type": "application/json"}
    assert (await client.post("/", data=CALL, headers=kind)).status == 200
    assert (await client.post("/", data=CALL + b" ", headers=kind)).status == 413


async def test_large_work_is_done_in_a_thread() -> None:
    here = threading.get_ident()
    assert await beside(calls.LARGE, threading.get_ident) == here
    assert await beside(calls.LARGE + 1, threading.get_ident) != here


async def test_large_work_is_done_one_after_the_other() -> None:
    """Twelve threads at once would leave the event loop a twelfth of the time."""
    busy, most, lock = 0, 0, threading.Barrier(1)

    def work() -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        lock.wait()
        busy -= 1

    await asyncio.gather(*(beside(calls.LARGE + 1, work) for _ in range(12)))
    assert most == 1
    assert len({await beside(calls.LARGE + 1, threading.get_ident) for _ in range(12)}) == 1


async def test_what_is_compressed_is_refused_and_not_unpacked(client: Client) -> None:
    """aiohttp would unpack all of it after the answer, and a drawer would wait."""
    bomb = gzip.compress(bytes(30_000_000))
    kind = {"Content-Type": "application/json", "Content-Encoding": "gzip", "Connection": "close"}
    answer = await client.post("/", data=bomb, headers=kind)
    assert answer.status == 400
    assert "compressed" in (await answer.json())["error"]["message"]
    assert (await client.post("/", data=CALL, headers={"Content-Type": "application/json"})).status == 200
