"""CUPS asked by IPP (RFC 8011, and what CUPS adds): its queues, its jobs, their documents, its notifications.

By its socket it knows who asks (Authorization: PeerCred). What an answer means for the archive is `source.py`'s.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import Final

import aiohttp

from comptoir.wire.ipp import MEDIA_TYPE, BadMessage, Group, Message, Reader, Tag, Value, encode
from comptoir.wire.ipp_codes import Operation, Status

CONNECT: Final = 5.0  # seconds
ANSWER: Final = 60.0  # seconds without a byte
#: until a subscription ends by itself, should nobody cancel it; seconds
LEASE: Final = 3600
#: CUPS forgets all but 500 by itself; where it is told not to, the list would be longer than a message may be
MOST_JOBS: Final = 2000

_URI: Final = "ipp://localhost/"
#: not document-name-supplied: of a job of several documents CUPS says it several times, which is no message any more
_JOB: Final = (
    "job-id", "job-uuid", "job-name", "job-originating-user-name", "job-originating-host-name", "job-state",
    "job-printer-uri", "number-of-documents", "copies",
    "time-at-creation", "time-at-processing", "time-at-completed", "job-media-sheets-completed", "sides", "media",
    "media-source", "print-scaling", "print-color-mode", "print-quality", "output-bin", "page-ranges",
    "orientation-requested", "number-up", "job-preserved",
)  # fmt: skip
_PRINTER: Final = ("printer-name", "device-uri", "printer-make-and-model")


class Cups(IntEnum):
    """Operations that only CUPS has, and those of RFC 3995 and 3996."""

    CREATE_PRINTER_SUBSCRIPTIONS = 0x16
    RENEW_SUBSCRIPTION = 0x1A
    GET_NOTIFICATIONS = 0x1C
    GET_DOCUMENT = 0x4027


class NotReached(Exception):
    """CUPS does not answer: in the system's words."""


class Denied(Exception):
    """CUPS refuses: by its policy this user may not."""


class NotHad(Exception):
    """It answers, and does not have what was asked for: the status of IPP."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:#06x}")
        self.status = status


class CupsClient:
    """One server: the path of a socket, or HOST:PORT. `close` at the end. Every call raises NotReached and Denied."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._socket = server if server.startswith("/") else ""
        host = server if ":" in server.rpartition("]")[2] else f"{server}:631"
        self._url = "http://localhost/" if self._socket else f"http://{host}/"
        self._numbers = itertools.count(1)
        self._session: aiohttp.ClientSession | None = None

    async def printers(self) -> Mapping[str, tuple[str, str]]:
        """Queue → its device URI and what its driver calls its model."""
        answer = await self._listed(Operation.CUPS_GET_PRINTERS, {"requested-attributes": _keywords(_PRINTER)})
        told = [["".join(group.texts(name)[:1]) for name in _PRINTER] for group in answer.all(Tag.PRINTER)]
        return {name: (uri, model) for name, uri, model in told}

    async def jobs(self, which: str) -> Sequence[Group]:
        """The newest jobs: completed, not-completed."""
        more = {
            "which-jobs": (Value(Tag.KEYWORD, which),),
            "my-jobs": (Value(Tag.BOOLEAN, False),),
            "limit": (Value(Tag.INTEGER, MOST_JOBS),),
            "requested-attributes": _keywords(_JOB),
        }
        return (await self._listed(Operation.GET_JOBS, more)).all(Tag.JOB)

    async def subscribe(self) -> int | None:
        """Ask to be told what happens to jobs; the subscription's number. None: this server tells nobody."""
        wishes = {
            "notify-events": _keywords(("job-created", "job-completed", "job-state-changed")),
            "notify-pull-method": (Value(Tag.KEYWORD, "ippget"),),
            "notify-lease-duration": (Value(Tag.INTEGER, LEASE),),
        }
        try:
            answer = await self._ask(Cups.CREATE_PRINTER_SUBSCRIPTIONS, {}, Group(Tag.SUBSCRIPTION, wishes))
        except (NotHad, Denied):
            return None
        return answer.group(Tag.SUBSCRIPTION).number("notify-subscription-id")

    async def notifications(self, subscription: int, after: int) -> int:
        """The number of the newest event; `after` where there was none since. Raises NotHad where it has ended."""
        more = {
            "notify-subscription-ids": (Value(Tag.INTEGER, subscription),),
            "notify-sequence-numbers": (Value(Tag.INTEGER, after + 1),),
        }
        answer = await self._ask(Cups.GET_NOTIFICATIONS, more)
        numbers = [group.number("notify-sequence-number") or 0 for group in answer.all(Tag.EVENT)]
        return max(numbers, default=after)

    @asynccontextmanager
    async def document(self, job: int, number: int) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        """A job's nth document: what the program calls it, and its bytes as they were handed over. Raises NotHad."""
        which = {
            "job-uri": (Value(Tag.URI, f"{_URI}jobs/{job}"),),
            "document-number": (Value(Tag.INTEGER, number),),
        }
        async with self._posted(Cups.GET_DOCUMENT, which) as answer:
            reader = Reader()
            async for piece in answer.content.iter_any():
                reader.feed(piece)
                if reader.message is not None:
                    break
            message = _check(reader.message)
            yield "".join(message.group(Tag.OPERATION).texts("document-name")[:1]), _following(reader.rest, answer)

    async def close(self) -> None:
        """No more."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    # -- one request --------------------------------------------------------------------------------------------------

    async def _listed(self, code: int, attributes: Mapping[str, tuple[Value, ...]]) -> Message:
        """The same of a list: where there is nothing to list, CUPS says that it has not found it."""
        try:
            return await self._ask(code, attributes)
        except NotHad as error:
            if error.status != Status.NOT_FOUND:
                raise
            return Message(error.status, 0)

    async def _ask(self, code: int, attributes: Mapping[str, tuple[Value, ...]], *groups: Group) -> Message:
        async with self._posted(code, attributes, *groups) as answer:
            reader = Reader()
            try:
                async for piece in answer.content.iter_any():
                    reader.feed(piece)
            except BadMessage as error:
                raise NotReached(error.message) from None
            return _check(reader.message)

    @asynccontextmanager
    async def _posted(
        self, code: int, attributes: Mapping[str, tuple[Value, ...]], *groups: Group
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        named = {
            "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
            "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
            **({} if "job-uri" in attributes else {"printer-uri": (Value(Tag.URI, _URI),)}),
            **attributes,
            "requesting-user-name": (Value(Tag.NAME, _user()),),
        }
        body = encode(Message(code, next(self._numbers), (Group(Tag.OPERATION, named), *groups)))
        headers = {"Content-Type": MEDIA_TYPE}
        if self._socket:
            headers["Authorization"] = f"PeerCred {_user()}"
        try:
            async with self._opened().post(self._url, data=body, headers=headers) as answer:
                if answer.status in (401, 403):
                    raise Denied(f"HTTP {answer.status}")
                if answer.status != 200:
                    raise NotReached(f"HTTP {answer.status}")
                yield answer
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotReached(_cause(error)) from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.UnixConnector(self._socket) if self._socket else aiohttp.TCPConnector()
            patience = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=ANSWER)
            self._session = aiohttp.ClientSession(connector=connector, timeout=patience)
        return self._session


def _check(message: Message | None) -> Message:
    """Raises Denied and NotHad; an empty list is an answer."""
    if message is None:
        raise NotReached("its answer ends in the middle")
    if message.code in (Status.FORBIDDEN, Status.NOT_AUTHENTICATED, Status.NOT_AUTHORIZED):
        raise Denied(f"{message.code:#06x}")
    if message.code >= 0x100:
        raise NotHad(message.code)
    return message


async def _following(first: bytes, answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for piece in answer.content.iter_chunked(1 << 20):
        yield piece


def _keywords(names: Sequence[str]) -> tuple[Value, ...]:
    return tuple(Value(Tag.KEYWORD, name) for name in names)


def _user() -> str:
    """As whom this runs: by the socket CUPS checks it."""
    if sys.platform == "win32":
        return "comptoir"
    import pwd  # noqa: PLC0415 - Windows has none

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return "comptoir"


def _cause(error: BaseException) -> str:
    inner = getattr(error, "os_error", None) or error
    number = getattr(inner, "errno", None)
    return (os.strerror(number) if number and number > 0 else str(inner)) or type(inner).__name__
