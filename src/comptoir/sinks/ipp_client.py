"""IPP over HTTP (RFC 8010 §4): where a printer is, one request, one answer. What an answer means is `sinks/ipp.py`'s.

    ipp://HOST[:PORT]/ipp/print    ipps://…[?certificate=SHA256|any]    cups:QUEUE    cups://HOST[:PORT]/QUEUE

The certificate of an ipps: printer is checked. Most sign theirs themselves: then its fingerprint is written down.
Each request has a connection of its own: on one that is kept, nobody can tell whether a request that broke was begun.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

import aiohttp

from comptoir.core.errors import ConfigError
from comptoir.windows.networking import words
from comptoir.wire.ipp import MEDIA_TYPE, BadMessage, Group, Message, Reader, Tag, Value, encode
from comptoir.wire.ipp_codes import Operation

SCHEMES: Final = ("ipp", "ipps", "cups")
PORT: Final = 631
#: where CUPS listens on this machine, by distribution
SOCKETS: Final = ("/run/cups/cups.sock", "/var/run/cups/cups.sock", "/private/var/run/cupsd")
CONNECT: Final = 5.0  # seconds
ANSWER: Final = 30.0  # seconds for a request without a document
USER: Final = "comptoir"

_EXAMPLE: Final = "For example ipp://192.168.1.60/ipp/print, or cups:FACTURE for a queue of this machine"


@dataclass(frozen=True, slots=True)
class Address:
    """uri: as messages name the printer. url: where requests are posted. socket: the path of a local socket, or "".

    certificate: the SHA-256 of the printer's, in hexadecimal; any: it is not checked; "": an authority answers for it.
    """

    uri: str
    url: str
    socket: str = ""
    cups: bool = False
    certificate: str = ""

    @property
    def secure(self) -> bool:
        return self.url.startswith("https:")


def address_of(device: str) -> Address:
    """Raises ConfigError for what is no address of a printer or a queue."""
    try:
        parts = urlsplit(device)
        host, port = parts.hostname or "", parts.port or PORT
    except ValueError as error:
        raise ConfigError(f"The device URI {device!r} cannot be read: {error}.", _EXAMPLE) from None
    certificate = _certificate(parts)
    if "@" in parts.netloc or certificate is None or parts.fragment:
        raise ConfigError("the address of a printer has no user, no password and no options", _EXAMPLE)
    if parts.scheme == "cups":
        return _queue(device, host, port, parts.path)
    if parts.scheme not in SCHEMES or not host or parts.path in ("", "/"):
        raise ConfigError(f"{device!r} is no address of an IPP printer.", _EXAMPLE)
    place = f"{_bracketed(host)}:{port}{parts.path}"
    uri = device.partition("?")[0]
    return Address(uri, f"{'https' if parts.scheme == 'ipps' else 'http'}://{place}", certificate=certificate)


def _certificate(parts: SplitResult) -> str | None:
    """What is said of the certificate; None where it is no such word, or something else is said."""
    if not parts.query:
        return ""
    options = dict(parse_qsl(parts.query))
    word = options.pop("certificate", "").replace(":", "").lower()
    known = parts.scheme == "ipps" and not options and re.fullmatch(r"any|[0-9a-f]{64}", word)
    return word if known else None


def _queue(device: str, host: str, port: int, path: str) -> Address:
    name = unquote(path.removeprefix("/"))
    if not name or "/" in name or "#" in name:
        raise ConfigError(f"{device!r} names no queue of CUPS.", _EXAMPLE)
    queue = f"/printers/{quote(name)}"
    if not host:
        found = next((one for one in SOCKETS if Path(one).exists()), "")
        return Address(f"ipp://localhost{queue}", f"http://localhost:{PORT}{queue}", found, cups=True)
    place = f"{_bracketed(host)}:{port}{queue}"
    return Address(f"ipp://{place}", f"http://{place}", cups=True)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class NotReached(Exception):
    """There is no connection, or it ended before any answer, and what was asked carries no document."""


class Untrusted(NotReached):
    """There is a connection, and whoever answers has not the certificate that it should have. Nothing was sent."""


class Cut(Exception):
    """The connection broke after a request was begun: whether it was carried out is not known."""


class HttpError(Exception):
    """The far side speaks HTTP and refuses: `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class IppClient:
    """One printer. `close` at the end."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._numbers = itertools.count(1)
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        operation: Operation,
        attributes: Mapping[str, tuple[Value, ...]],
        job: Mapping[str, tuple[Value, ...]] | None = None,
        document: AsyncIterator[bytes] | None = None,
    ) -> Message:
        """The answer. `attributes`: of the operation, besides those that all have; `job`: the job template.

        Raises NotReached, Cut, HttpError, BadMessage.
        """
        head = encode(self._message(operation, attributes, job))
        body = head if document is None else _followed(head, document)
        # A printer without paper takes the rest of a document when somebody has helped.
        patience = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT, sock_read=ANSWER if document is None else None
        )
        reached = False
        try:
            async with self._opened().post(
                self.address.url, data=body, headers={"Content-Type": MEDIA_TYPE}, timeout=patience
            ) as answer:
                reached = True
                return await _read(answer)
        except aiohttp.ServerFingerprintMismatch as error:
            what = "its certificate is not the one that stands in its address"
            raise Untrusted(f"{what}: its fingerprint is {error.got.hex()}") from None
        except aiohttp.ClientConnectorCertificateError:
            raise Untrusted(f"its certificate is not trusted: its fingerprint is {await self._shown()}") from None
        except aiohttp.ClientConnectorError as error:
            raise NotReached(_cause(error)) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error, aiohttp.ServerTimeoutError) and not reached and document is None:
                raise NotReached("it does not answer") from None
            raise Cut(_cause(error)) from None

    async def _shown(self) -> str:
        """The fingerprint of the certificate that it shows; "…" where it shows none."""
        try:
            async with self._opened().get(self.address.url, ssl=aiohttp.Fingerprint(bytes(32))):
                return "…"
        except aiohttp.ServerFingerprintMismatch as error:
            return error.got.hex()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return "…"

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _message(
        self,
        operation: Operation,
        attributes: Mapping[str, tuple[Value, ...]],
        job: Mapping[str, tuple[Value, ...]] | None,
    ) -> Message:
        first = {
            "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
            "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
            "printer-uri": (Value(Tag.URI, self.address.uri),),
        }
        named = {**first, **attributes}
        named.setdefault("requesting-user-name", (Value(Tag.NAME, USER),))
        groups: Sequence[Group] = [Group(Tag.OPERATION, _ordered(named))]
        if job:
            groups = [*groups, Group(Tag.JOB, dict(job))]
        # 1.1 is spoken by every IPP printer; nothing of 2.0 is asked for that 1.1 does not let through.
        version = (2, 0) if self.address.cups else (1, 1)
        return Message(operation, next(self._numbers), tuple(groups), version)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            checked: bool | aiohttp.Fingerprint = self.address.certificate != "any"
            if checked and self.address.certificate:
                checked = aiohttp.Fingerprint(bytes.fromhex(self.address.certificate))
            connector = (
                aiohttp.UnixConnector(self.address.socket, force_close=True)
                if self.address.socket
                else aiohttp.TCPConnector(ssl=checked, force_close=True)
            )
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session


#: RFC 8011 §4.1.5: the target comes third, job-id right after it; requesting-user-name follows
_FIRST: Final = ("attributes-charset", "attributes-natural-language", "printer-uri", "job-id", "requesting-user-name")


def _ordered(named: Mapping[str, tuple[Value, ...]]) -> dict[str, tuple[Value, ...]]:
    first = {name: named[name] for name in _FIRST if name in named}
    return {**first, **{name: values for name, values in named.items() if name not in first}}


async def _followed(head: bytes, document: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for piece in document:
        if piece:
            yield piece


async def _read(answer: aiohttp.ClientResponse) -> Message:
    if answer.status != 200:
        raise HttpError(answer.status)
    reader = Reader()
    async for piece in answer.content.iter_any():
        reader.feed(piece)
        if reader.message is not None:
            return reader.message
    raise BadMessage("the answer is no IPP message, or ends in the middle", "Is this an IPP printer?")


def _cause(error: BaseException) -> str:
    """In the system's words, without the address, which messages name anyway."""
    if isinstance(error, asyncio.TimeoutError):
        return "it does not answer"
    inner = getattr(error, "os_error", None) or error
    return words(inner) or str(inner) or type(inner).__name__
