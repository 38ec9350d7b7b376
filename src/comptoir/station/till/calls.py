"""Calls of tills in JSON-RPC over HTTP: the call out of a request, the answer to it. What a call is about is not known
here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from aiohttp import hdrs, web

from comptoir.core.errors import RequestError, TooLarge
from comptoir.wire import jsonrpc
from comptoir.wire.jsonrpc import INVALID_REQUEST, BadCall, Call

LARGEST_CALL: Final = 16 * 1024 * 1024
#: bytes of a call that brings no document: some wait here for minutes, and many may
LARGEST_QUESTION: Final = 65_536
#: bytes: what is larger is decoded in a thread
LARGE: Final = 65_536

#: one at a time: each of a dozen at once would keep the event loop from its turn
_ONE: Final = ThreadPoolExecutor(1, "till")

T = TypeVar("T")


async def read_call(request: web.Request, largest: int) -> Call:
    """Raises BadCall, TooLarge. It reads no more than it may. `largest`: bytes."""
    check_plain(request)
    if request.content_type != "application/json":
        # A form of another site cannot send it without asking.
        raise BadCall(INVALID_REQUEST, "this takes application/json")
    pieces, size = [], 0
    async for piece in request.content.iter_any():
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            raise TooLarge(f"a call has at most {_size(largest)}", "Send a smaller document.")
    return await beside(size, lambda: jsonrpc.read(b"".join(pieces)))


def check_plain(request: web.Request) -> None:
    """No till compresses what it sends, and unpacking a few bytes may take seconds. Raises RequestError."""
    if hdrs.CONTENT_ENCODING in request.headers:
        # Or all of it would be unpacked by aiohttp after the answer, to be thrown away.
        request.content.set_exception(TimeoutError())
        raise RequestError("a call to a printer is not compressed", "Send it without Content-Encoding.")


async def beside(size: int, work: Callable[[], T]) -> T:
    """What comes of it. Large work is done in a thread, so that nobody else waits for it."""
    return await asyncio.get_running_loop().run_in_executor(_ONE, work) if size > LARGE else work()


def hears(request: web.Request) -> bool:
    """Whether the caller has not hung up, as far as this machine has heard."""
    return request.transport is not None and not request.transport.is_closing()


def _size(count: int) -> str:
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count // 2**10} kB"


def json_answer(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, headers={hdrs.CONTENT_TYPE: "application/json"})
