"""A TCP port on which prints arrive: who may connect, who is hung up on, how the source fares. It reads no protocol.

Each sender is a `Guest` of a protocol's own. As many as MOST are served at once; memory and time of each are its own
protocol's to bound.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final, Protocol

from comptoir.core.document import Document
from comptoir.core.errors import ComptoirError
from comptoir.core.kept import Capture, SourceState, Unkept
from comptoir.resetting import reset
from comptoir.sources.arriving import Arriving
from comptoir.sources.surroundings import Surroundings

log = logging.getLogger("comptoir.capture")

#: senders at once; one more takes the place of who has been silent longest, between two documents
MOST: Final = 32
#: of one address: so that no machine that goes wrong keeps all others out
OF_ONE: Final = 24
AGAIN: Final = 5.0  # seconds until a port that is taken is tried again
#: refusals that are remembered for people
REFUSALS: Final = 20


class Guest(Protocol):
    """One sender. heard: when he said something last, on the clock of the event loop."""

    heard: float

    @property
    def busy(self) -> bool:
        """Whether a document is under way."""
        ...

    async def serve(self) -> None:
        """Until he hangs up. Raises ComptoirError for what cannot be taken, OSError where the connection broke."""
        ...


class CapturePort:
    """What the sources on a port have in common. `kind`: as in the configuration; `scheme`: of the address shown."""

    kind = ""
    scheme = "socket"

    def __init__(self, name: str, host: str, port: int, largest: int | None, surroundings: Surroundings) -> None:
        self.on_change: list[Callable[[], None]] = []
        #: the port that is listened on; 0 until then
        self.port = 0
        self._name = name
        self._address = (host, port)
        self._largest = largest
        self._surroundings = surroundings
        self._guests: dict[asyncio.Task[None], Guest] = {}
        #: their addresses
        self._hosts: dict[asyncio.Task[None], str] = {}
        self._trouble = ("", "")
        self._since: int | None = None
        self._taken = 0
        self._last_at: int | None = None
        self._refused: deque[Unkept] = deque(maxlen=REFUSALS)

    @abstractmethod
    def guest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> Guest:
        """Who has just connected from this address."""

    # -- for the station ----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Listen, until cancelled; a port that is taken is tried again."""
        host, port = self._address
        while True:
            try:
                server = await asyncio.start_server(self._accept, host, port, limit=65_536)
            except OSError as error:
                # asyncio's own words are longer, and nobody's language.
                why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or error
                self._troubled(
                    f"the port {port} cannot be listened on: {why}",
                    "Another program may have it; give the source another port.",
                )
                await asyncio.sleep(AGAIN)
                continue
            self.port = server.sockets[0].getsockname()[1]
            self._troubled("", "")
            try:
                await asyncio.Event().wait()
            finally:
                server.close()
                await self._hang_up()

    def state(self) -> SourceState:
        host, port = self._address
        shown = f"[{host}]" if ":" in host else host
        return SourceState(
            self._name,
            self.kind,
            (f"{self.scheme}://{shown}:{self.port or port}",),
            *self._trouble,
            self._since,
            sum(guest.busy for guest in self._guests.values()),
            self._taken,
            self._last_at,
            tuple(self._refused),
        )

    # -- for guests ---------------------------------------------------------------------------------------------------

    def begin(self) -> Arriving:
        """A document begins."""
        arriving = Arriving(self._surroundings.journal, self._largest)
        self.tell()
        return arriving

    async def take(self, capture: Capture) -> None:
        """Returns when it is on disk. Raises JournalError."""
        await self._surroundings.take(capture)
        self._taken += 1
        self._last_at = self._surroundings.clock.now()
        self._troubled("", "")

    def forget(self, document: Document) -> None:
        """What was kept of it is not taken."""
        self._surroundings.journal.give_up(document)

    def refuse(self, host: str, error: ComptoirError) -> None:
        """Somebody was told no, or hung up on: said to people, because the sender may not say it."""
        log.error("%s: what %s sent was refused: %s", self._name, host, error.sentences)
        now = self._surroundings.clock.now()
        self._refused.append(Unkept(self._name, host, "", "", "", now, error.message, error.hint))
        if error.http_status >= 500:
            self._troubled(error.message, error.hint)
        self.tell()

    def tell(self) -> None:
        for listener in tuple(self.on_change):
            listener()

    # -- senders ------------------------------------------------------------------------------------------------------

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = str((writer.get_extra_info("peername") or ("",))[0])
        if not self._has_room(host):
            log.warning("%s: %d senders at once; one more, %s, is refused", self._name, len(self._guests), host)
            reset(writer)
            return
        _keep_alive(writer)
        guest, task = self.guest(reader, writer, host), asyncio.current_task()
        assert task is not None
        self._guests[task] = guest
        self._hosts[task] = host
        try:
            await guest.serve()
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        except ComptoirError as error:
            self.refuse(host, error)
            reset(writer)
        except OSError as error:
            log.info("%s: %s: the connection broke: %s", self._name, host, error.strerror or error)
            reset(writer)
        except asyncio.CancelledError:
            reset(writer)  # nobody is above, and what was not taken must not seem so
        finally:
            del self._guests[task], self._hosts[task]
            self.tell()

    def _has_room(self, host: str) -> bool:
        """Whether one more may come from this address; somebody who sends nothing is hung up on for that."""
        same = [task for task, one in self._hosts.items() if one == host]
        if len(same) >= OF_ONE:
            return self._make_room(same)
        return len(self._guests) < MOST or self._make_room(self._guests)

    def _make_room(self, among: Iterable[asyncio.Task[None]]) -> bool:
        """Whether somebody of these who sends nothing could be hung up on."""
        idle = [(one.heard, task) for task in among if not (one := self._guests[task]).busy]
        if idle:
            min(idle, key=lambda one: one[0])[1].cancel()
        return bool(idle)

    async def _hang_up(self) -> None:
        tasks = list(self._guests)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _troubled(self, trouble: str, hint: str) -> None:
        if (trouble, hint) != self._trouble:
            if trouble:
                log.error("%s: %s", self._name, trouble)
            self._trouble = (trouble, hint)
            self._since = self._surroundings.clock.now() if trouble else None
        self.tell()


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    """A sender whose power went is noticed, in the system's time."""
    found = writer.get_extra_info("socket")
    if found is not None:
        with suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
