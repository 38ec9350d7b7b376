"""The doors of a hub for its stations: the WebSocket, the large documents, the pairing. HTTP only."""

from __future__ import annotations

import asyncio
import logging

import msgspec
from aiohttp import WSMsgType, web

from comptoir.core.errors import JournalError, NotAllowed, RequestError, UnknownName
from comptoir.core.ports import Journal
from comptoir.hub.stations import Stations
from comptoir.sinks.relay import Link
from comptoir.web.access import Access
from comptoir.web.answers import json_answer
from comptoir.web.api import send_document
from comptoir.web.desk import Desk
from comptoir.web.intake import small_body
from comptoir.wire import relay

log = logging.getLogger("comptoir.relay")


class Pairing(msgspec.Struct, frozen=True):
    """What a station sends to be known."""

    code: str
    name: str


class Known(msgspec.Struct, frozen=True):
    """What the hub remembers of a station that is away: the journal it had, its printers as last told."""

    journal: str = ""
    printers: list[relay.Printer] = []


def known_of(data: str) -> Known:
    """What `seen` was told of a station; empty where it has never been here."""
    try:
        return msgspec.json.decode(data, type=Known) if data else Known()
    except msgspec.MsgspecError:
        return Known()  # another version's: the station tells it all again when it connects


class RelayDoors:
    """Routes for stations, each with the station's own token."""

    def __init__(self, desk: Desk, stations: Stations, access: Access) -> None:
        self._desk = desk
        self._journal: Journal = desk.journal
        self._stations = stations
        self._access = access

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(relay.PATH, self.link),
            web.get(relay.DOCUMENTS + "/{ref}", self.document),
            web.post("/pair", self.pair),
        ]

    async def pair(self, request: web.Request) -> web.StreamResponse:
        """A code for a token: {"code", "name"} → {"station", "token"}."""
        pairing = await small_body(request, Pairing, 'Send {"code": "…", "name": "…"}.')
        name, token = await self._access.redeem(request.remote or "", pairing.code, pairing.name)
        self._stations.add(name)
        log.info("station %s paired from %s", name, request.remote)
        return json_answer({"station": name, "token": token})

    async def document(self, request: web.Request) -> web.StreamResponse:
        station = self._access.station_of(request)
        if station is None:
            raise NotAllowed("this needs a station's token")
        ref = request.match_info["ref"]
        number = relay.number_of(ref)
        job = None if number is None else await self._journal.job(number)
        if job is None or relay.ref_of(job) != ref or job.destination != station:
            raise UnknownName("there is no such document for this station")
        return await send_document(request, self._desk, job.document, job.id)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One station's conversation, from hello to the end."""
        station = self._access.station_of(request)
        if station is None:
            return web.Response(status=401, text="unknown token: pair this station again\n")
        wire = web.WebSocketResponse(compress=False, max_msg_size=relay.FRAME, timeout=2.0)
        await wire.prepare(request)
        link: Link | None = None
        try:
            link = await self._greet(request, station, wire)
            if link is not None:
                await self._listen(link, wire)
        except RequestError as error:
            log.warning("station %s: %s", station, error.message)
            await wire.close(code=1002, message=relay.close_reason(error.message))
        finally:
            if link is not None:
                self._stations.gone(link)
        return wire

    async def _greet(self, request: web.Request, station: str, wire: web.WebSocketResponse) -> Link | None:
        """Hear the hello; None: the station was refused, or said nothing."""
        try:
            async with asyncio.timeout(relay.HEARTBEAT):
                message = await wire.receive()
        except TimeoutError:
            await wire.close(code=4002, message=b"no hello")
            return None
        said = relay.from_station(message.data) if message.type is WSMsgType.TEXT else []
        if not said or not isinstance(said[0], relay.Hello):
            await wire.close(code=1002, message=b"the first message must be hello")
            return None
        hello = said[0]
        if self._access.station_of(request) != station:
            await wire.close(code=4003, message=b"this station's token was revoked")
            return None
        link = Link(station, wire, hello.printers)
        if not await self._stations.connected(link, hello):
            await link.flush()
            await link.hang_up(4001, "refused")
            return None
        await self._keep(link)
        self._stations.heard(link, said[1:])
        return link

    async def _listen(self, link: Link, wire: web.WebSocketResponse) -> None:
        while True:
            message = await wire.receive()
            if message.type is not WSMsgType.TEXT:
                return
            said = relay.from_station(message.data)
            self._stations.heard(link, said)
            for told in said:
                if isinstance(told, relay.Printers):
                    await self._keep(link)

    async def _keep(self, link: Link) -> None:
        """Remember what the station is for when it is away."""
        known = Known(self._stations.journals[link.station], link.printers)
        try:
            await self._access.seen(link.station, msgspec.json.encode(known).decode())
        except JournalError as error:
            log.error("%s", error.sentences)
