"""Fake stations, one for each server: they confirm every job at once, and hear when it is recorded.

`Relay` speaks Comptoir's relay protocol with the product's own codec; `SocketIo` speaks Engine.IO 4 and
Socket.IO 5 by hand ("0" open, "40" connect, "42" event, "2"/"3" ping and pong).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec

from comptoir.core.job import COMPLETED, Evidence
from comptoir.wire import relay
from wires import WebSocket

Recorded = Callable[[int], None]
EVIDENCE = Evidence("processed", "answered")

_decode = msgspec.json.decode


class Station(Protocol):
    """What the load generator needs of one."""

    async def connect(self, host: str, port: int, name: str, token: str) -> None:
        """Return when the server knows the station."""
        ...

    def close(self) -> None: ...


class Relay:
    """A station of Comptoir."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._wire = WebSocket(self._hear)
        self._welcome = asyncio.get_running_loop().create_future()

    async def connect(self, host: str, port: int, name: str, token: str) -> None:
        headers = f"Authorization: Bearer {token}\r\n"
        await self._wire.connect(host, port, relay.PATH, headers)
        self._say([relay.Hello(relay.PROTOCOL, "bench", f"journal-of-{name}", [relay.Printer("TICKET")])])
        await self._welcome

    def _say(self, messages: list[relay.FromStation]) -> None:
        self._wire.say(relay.encode(messages).encode())

    def _hear(self, frame: bytes) -> None:
        reports: list[relay.FromStation] = []
        for message in relay.from_hub(frame):
            match message:
                case relay.Offer(ref, content=content):
                    assert content, "the document of a small job travels in the offer"
                    reports.append(relay.Report(ref, "completed", COMPLETED, evidence=EVIDENCE))
                case relay.Recorded(refs):
                    for ref in refs:
                        self._recorded(int(ref.partition(".")[0]))
                case relay.Welcome():
                    self._welcome.set_result(None)
                    self._next_ping = asyncio.get_running_loop().call_later(relay.HEARTBEAT, self._ping)
                case relay.Pong():
                    pass
                case _:
                    raise RuntimeError(f"the hub said {message}")
        if reports:
            self._say(reports)

    def _ping(self) -> None:
        self._say([relay.Ping()])
        self._next_ping = asyncio.get_running_loop().call_later(relay.HEARTBEAT, self._ping)

    def close(self) -> None:
        self._next_ping.cancel()
        self._wire.close()


class SocketIo:
    """A station of the peer, on a WebSocket from the first byte."""

    PATH = "/socket.io/?EIO=4&transport=websocket"

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._wire = WebSocket(self._hear)
        self._welcome = asyncio.get_running_loop().create_future()

    async def connect(self, host: str, port: int, name: str, token: str) -> None:
        self._auth = msgspec.json.encode({"station": name, "token": token})
        await self._wire.connect(host, port, self.PATH)
        await self._welcome

    def _hear(self, frame: bytes) -> None:
        if frame.startswith(b"42"):
            event, body = _decode(frame[2:])
            if event == "print":
                assert body["content"], "the job carries its content"
                self._wire.say(b'42["printed",{"id":%d}]' % body["id"])
            elif event == "recorded":
                self._recorded(body["id"])
        elif frame == b"2":
            self._wire.say(b"3")
        elif frame.startswith(b"40"):
            self._welcome.set_result(None)
        elif frame.startswith(b"0"):
            self._wire.say(b"40" + self._auth)
        else:
            raise RuntimeError(f"the peer said {frame[:80]!r}")

    def close(self) -> None:
        self._wire.close()


STATIONS: dict[str, Callable[[Recorded], Station]] = {"comptoir": Relay, "peer": SocketIo}
