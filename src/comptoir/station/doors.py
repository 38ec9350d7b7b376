"""What a station answers beside its desk: pairing, what a printer can, its authority. HTTP only."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from aiohttp import web

from comptoir.core.errors import RequestError, UnknownName
from comptoir.station.pairing import PairingFailed
from comptoir.web.answers import json_answer
from comptoir.web.intake import small_body
from comptoir.web.shapes import Probed

_EXAMPLE: Final = 'Send {"hub": "…", "code": "…"}.'


class PairOrder(msgspec.Struct, frozen=True):
    """The hub, and the code that it shows."""

    hub: str
    code: str


def routes(pair: Callable[[str, str], Awaitable[str]], probe: Callable[[str], Awaitable[Probed]]) -> list[web.RouteDef]:
    """`POST /api/pair {"hub", "code"}` → {"station"}; `POST /api/printers/NAME/probe` → what was found out.

    `pair` returns the station's name there.
    """

    async def handler(request: web.Request) -> web.StreamResponse:
        order = await _order(request)
        try:
            return json_answer({"station": await pair(order.hub, order.code)})
        except OSError as error:
            raise PairingFailed(
                f"the token of the hub cannot be kept: {error.strerror or error}",
                "Make room on the disk or check its rights; then pair with a new code.",
            ) from None

    async def find_out(request: web.Request) -> web.StreamResponse:
        return json_answer(await probe(request.match_info["name"]))

    return [web.post("/api/pair", handler), web.post("/api/printers/{name}/probe", find_out)]


async def _order(request: web.Request) -> PairOrder:
    """Raises RequestError. A form of another site cannot send application/json without asking."""
    if request.content_type != "application/json":
        raise RequestError("this takes application/json", _EXAMPLE)
    return await small_body(request, PairOrder, _EXAMPLE)


def certificate(authority: Callable[[], bytes]) -> web.RouteDef:
    """`GET /certificate` → the station's authority in PEM, `?form=der` in DER, of the type that browsers offer to trust
    (Netscape's; the one of RFC 2585 they only download). 404 where the owner has a certificate of their own."""

    async def hand_out(request: web.Request) -> web.StreamResponse:
        pem = authority()
        if not pem:
            raise UnknownName("this station has a certificate of its owner's", "Its authority is known elsewhere.")
        body = ssl.PEM_cert_to_DER_cert(pem.decode()) if request.query.get("form") == "der" else pem
        name = {"Content-Disposition": 'inline; filename="comptoir.crt"'}
        return web.Response(body=body, content_type="application/x-x509-ca-cert", headers=name)

    return web.get("/certificate", hand_out)
