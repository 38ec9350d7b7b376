"""What a station answers beside its desk: pairing, for the command line. HTTP only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from comptoir.core.errors import RequestError
from comptoir.web.answers import answering, json_answer


class PairOrder(msgspec.Struct, frozen=True):
    """The hub, and the code that it shows."""

    hub: str
    code: str


def routes(pair: Callable[[str, str], Awaitable[str]]) -> list[web.RouteDef]:
    """`POST /api/pair {"hub", "code"}` → {"station"}."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            raise RequestError("this takes application/json")
        try:
            order = msgspec.json.decode(await request.content.read(4096), type=PairOrder)
        except msgspec.MsgspecError as error:
            raise RequestError(
                f"the pairing is not right: {error}", 'Send {"hub": "…", "code": "…"}.'
            ) from None
        return json_answer({"station": await pair(order.hub, order.code)})

    return [web.post("/api/pair", answering(handler))]
