"""Listens on one port for HTTP and HTTPS alike, over IPv4 and IPv6. It does not know what is asked, or who may.

Which of the two a connection is stands in its first byte: a TLS record that opens a connection begins with 0x16 (RFC
8446, §5.1), a request of HTTP with a letter. So every connection waits behind a `_Door` until it has said something;
then it is given to what speaks HTTP, as if it came only now, or to TLS first. The loop itself accepts: a plain
connection costs what it costs without TLS, and nothing here depends on the kind of loop. (Looking at an accepted
socket with MSG_PEEK would cost a quarter more, measured, and cannot be done with Windows' proactor loop; this can, but
is not tested there yet.)

Who says nothing has `SILENCE` seconds, and only `WAITING` connections may wait: of more, the one that waits longest is
closed. So thousands of silent ones neither use up the descriptors nor keep anybody out.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import ssl
from collections.abc import Callable
from typing import Final, cast

log = logging.getLogger("comptoir.web")

#: seconds until the first byte, then again for what TLS needs until it is agreed on
SILENCE: Final = 10.0
#: connections that may wait for their first byte or for TLS at one time
WAITING: Final = 256
BACKLOG: Final = 1024
#: seconds that a peer has to answer our end of TLS
FAREWELL: Final = 2.0
#: the type of a TLS record with which a client begins
HANDSHAKE: Final = 0x16
#: the address to listen on → the other one by which the same machine is called
TWINS: Final = {"127.0.0.1": "::1", "0.0.0.0": "::"}  # noqa: S104 - the owner's choice
#: what the system says where it has no IPv6
_NO_IPV6: Final = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})
#: free ports tried until one is free for both addresses
_ATTEMPTS: Final = 20

MakeProtocol = Callable[[], asyncio.Protocol]
MakeContext = Callable[[], ssl.SSLContext]


class Listener:
    """One address, and its twin. `make` gives the protocol of a new connection; `tls`, asked anew for each connection,
    the certificate to show; without it a TLS hello is given to `make` as anything else."""

    def __init__(self, make: MakeProtocol, tls: MakeContext | None = None) -> None:
        self._make = make
        self._tls = tls
        self._servers: list[asyncio.Server] = []
        #: the connections that wait, the oldest first
        self._waiting: dict[_Door, None] = {}
        self._handshakes: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, where `port` is 0 a free one. Raises OSError that names the address it is about."""
        loop = asyncio.get_running_loop()
        for one in await _sockets(host, port):
            self._servers.append(await loop.create_server(self._door, sock=one, backlog=BACKLOG))
        return cast("int", self._servers[0].sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take nobody any more, and close who has not begun. What has begun is not ours any more."""
        for server in self._servers:
            server.close()
        for door in list(self._waiting):
            door.close()
        for task in self._handshakes:
            task.cancel()
        await asyncio.gather(*self._handshakes, return_exceptions=True)

    def _door(self) -> _Door:
        if len(self._waiting) >= WAITING:
            next(iter(self._waiting)).close()
        return _Door(self._make, self._tls, self._waiting, self._handshakes)


class _Door(asyncio.Protocol):
    """Where a connection waits until it is known what it speaks."""

    def __init__(
        self,
        make: MakeProtocol,
        tls: MakeContext | None,
        waiting: dict[_Door, None],
        handshakes: set[asyncio.Task[None]],
    ) -> None:
        self._make = make
        self._tls = tls
        self._waiting = waiting
        self._handshakes = handshakes
        self._open = False
        #: TLS is being agreed on: what comes now comes out of it
        self._securing = False
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._open = True
        self._waiting[self] = None
        self._patience = asyncio.get_running_loop().call_later(SILENCE, self.close)

    def data_received(self, data: bytes) -> None:
        self._patience.cancel()
        if self._securing:
            self._heard += data
        elif self._tls is not None and data[0] == HANDSHAKE:
            self._securing = True
            # What comes next is for TLS, which is not there yet; `start_tls` lets it come.
            self._transport.pause_reading()
            task = asyncio.get_running_loop().create_task(self._agree(self._tls, data))
            self._handshakes.add(task)
            task.add_done_callback(self._handshakes.discard)
        else:
            self._hand_over(self._transport, data)

    def connection_lost(self, error: Exception | None) -> None:
        self._open = False
        self._patience.cancel()
        self._waiting.pop(self, None)

    def close(self) -> None:
        """At once: who has said nothing is owed nothing."""
        self._waiting.pop(self, None)
        self._patience.cancel()
        self._transport.abort()

    def _hand_over(self, transport: asyncio.Transport, heard: bytes) -> None:
        """Let the connection begin with `heard`, as if nobody had stood before the protocol."""
        self._waiting.pop(self, None)
        protocol = self._make()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if heard:
            protocol.data_received(heard)

    async def _agree(self, tls: MakeContext, hello: bytes) -> None:
        """TLS, beginning with what was heard already; then the connection begins."""
        try:
            transport = await _secured(self._transport, self, tls(), hello)
        except (OSError, RuntimeError) as error:  # uvloop says of a closed connection that it cannot work with it
            # A client that does not trust us ends here, and every scanner of ports.
            log.debug("TLS was not agreed on: %s", error)
            self.close()
        else:
            if self._open:
                self._hand_over(transport, self._heard)


async def _secured(
    transport: asyncio.Transport, protocol: asyncio.Protocol, context: ssl.SSLContext, hello: bytes
) -> asyncio.Transport:
    """TLS over a connection of which `hello` was read already. `protocol` may hear of data before this returns.

    Raises OSError or RuntimeError where it is not agreed on, in the end or in time.
    """
    loop = asyncio.get_running_loop()
    securing = loop.create_task(
        loop.start_tls(
            transport,
            protocol,
            context,
            server_side=True,
            ssl_handshake_timeout=SILENCE,
            ssl_shutdown_timeout=FAREWELL,
        )
    )
    try:
        # `start_tls` begins in the first turn of the loop, and has TLS take the connection over in the second: what is
        # queued after that comes before anything more is read.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if not securing.done():
            _repeat(hello, cast("asyncio.BufferedProtocol", transport.get_protocol()))
        secured = await securing
    except asyncio.CancelledError:
        securing.cancel()
        raise
    if secured is None:  # closed meanwhile
        raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
    return secured


def _repeat(data: bytes, protocol: asyncio.BufferedProtocol) -> None:
    """Give a protocol what was read before it came."""
    while data:
        buffer = memoryview(cast("bytearray", protocol.get_buffer(len(data)))).cast("B")
        count = min(len(buffer), len(data))
        buffer[:count] = data[:count]
        protocol.buffer_updated(count)
        data = data[count:]


# -- sockets ----------------------------------------------------------------------------------------------------------


async def _sockets(host: str, port: int) -> list[socket.socket]:
    """The sockets of a host, and of its twin where this machine has IPv6, all on one port. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))
    twin = TWINS.get(host)
    for left in range(_ATTEMPTS - 1, -1, -1):
        opened: list[socket.socket] = []
        try:
            for family, address in addresses:
                opened.append(_bound(family, address, opened[0].getsockname()[1] if opened else port))
            if twin and (other := _twin(twin, opened[0].getsockname()[1])):
                opened.append(other)
        except OSError as error:
            for one in opened:
                one.close()
            if port or not opened or error.errno != errno.EADDRINUSE or not left:
                raise
        else:
            return opened
    raise AssertionError


def _twin(address: str, port: int) -> socket.socket | None:
    """None where this machine has no IPv6. Raises OSError where another program has the port there."""
    if not socket.has_ipv6:
        return None
    try:
        return _bound(socket.AF_INET6, address, port)
    except OSError as error:
        if error.errno in _NO_IPV6:
            return None
        raise


def _bound(family: int, address: str, port: int) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # A port that an earlier run of ours has just left is free.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind((address, port))
        # Before the loop does it: of two that are bound to one port, the second is refused only when it listens.
        one.listen(BACKLOG)
        one.setblocking(False)
    except OSError as error:
        one.close()
        where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        raise OSError(error.errno, error.strerror, where) from None
    return one
