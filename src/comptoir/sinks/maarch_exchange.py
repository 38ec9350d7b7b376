"""Requests to the archive Maarch RM and their answers; what an answer means is `wire/maarch.py`'s and `maarch.py`'s.

A document is read and encoded while it is sent. No cookie of the server is kept, no redirection followed: the token
goes to the address of the configuration and to no other. It is read again for each request, and never shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiohttp
from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from comptoir import __version__
from comptoir.core.document import Document
from comptoir.core.errors import DeliveryError, NotSent
from comptoir.core.job import OTHER_ERROR, UNREACHABLE
from comptoir.core.ports import Progress
from comptoir.core.units import duration
from comptoir.destinations import MaarchConfig
from comptoir.secret_file import secret
from comptoir.sinks.authority import trusting
from comptoir.sinks.http_body import Streamed, Stretch, in_base64
from comptoir.sinks.http_transit import Transit
from comptoir.sinks.parcel import Parcel
from comptoir.sinks.trouble import first_words, unreachable, why
from comptoir.wire import maarch
from comptoir.wire.maarch import Answer, Deposit, Resource, Trouble

CONNECT: Final = 10.0  # seconds
#: seconds: shorter than the usual time after which servers end a connection that rests
REST: Final = 3.0
#: bytes a second that an archive decodes, hashes and stores at least, before it answers
WORK: Final = 10_000_000
#: bytes a second below which a deposit is given up
SLOWEST: Final = 20_000


class Exchange:
    """The way to one archive."""

    def __init__(self, config: MaarchConfig, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._base = config.url.rstrip("/").removesuffix(maarch.DEPOSIT)
        self._silence = (duration(config.timeout) or 60_000) / 1000
        self._session: ClientSession | None = None
        self._token = ""
        #: for messages
        self.site = URL(config.url).host or config.name

    async def exists(self, archive: str) -> bool | Trouble:
        """Whether it knows this archive. Raises NotSent."""
        return maarch.read_exists(await self._get(maarch.exists_path(archive)), archive)

    async def hashes(self, archive: str, digest: str) -> frozenset[str] | Trouble:
        """The hashes of the files of this archive that have this one. Raises NotSent."""
        return maarch.read_found(await self._get(maarch.search_path(archive, digest)), archive)

    async def post(self, deposit: Deposit, parcel: Parcel, progress: Progress) -> Answer:
        """What it says to a deposit, be it before all of it has left. Raises NotSent, Refused, and as `progress`."""
        session, headers = self._open(), self._headers()
        transit = Transit(Streamed(list(_stretches(deposit, parcel)), "application/json"), progress)
        clock = asyncio.get_running_loop().time
        latest = clock() + self._silence + CONNECT + deposit.length / SLOWEST
        try:
            async with asyncio.timeout(self._silence + CONNECT) as patience:
                work = deposit.length / WORK

                def alive() -> None:
                    silence = self._silence + (work if transit.whole else 0)
                    patience.reschedule(min(clock() + silence, latest + work))

                transit.alive = alive
                async with session.post(
                    self._base + maarch.DEPOSIT, data=transit, headers=headers, allow_redirects=False
                ) as response:
                    answer = await _read(response)
                    if not transit.whole:
                        response.close()  # it has heard enough
                    return answer
        except (aiohttp.ClientError, ValueError, OSError) as error:
            if transit.failure is not None:
                raise transit.failure from None
            raise self._broken(error, transit) from error

    async def _get(self, path: str) -> Answer:
        session, headers = self._open(), self._headers()
        try:
            async with (
                asyncio.timeout(self._silence + CONNECT),
                session.get(URL(self._base + path, encoded=True), headers=headers, allow_redirects=False) as response,
            ):
                return await _read(response)
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise unreachable(self.site, _cause(error)) from error

    def _headers(self) -> dict[str, str]:
        """Raises NotSent where the token cannot be read, or is none."""
        try:
            self._token = maarch.cookie_value(secret(self._folder, self._config.token_file))
        except ValueError as error:
            raise NotSent(
                f"the file {self._config.token_file} holds no token of the archive: {error}",
                "Copy it again from the page of the service account.",
                OTHER_ERROR,
            ) from None
        return maarch.headers(self._token, __version__, self._config.client_token)

    def hidden(self, words: str) -> str:
        """What the server said, without the token."""
        return first_words(words, maarch.cookie_forms(self._token))

    def _open(self) -> ClientSession:
        if self._session is None:
            connector = TCPConnector(ssl=trusting(self._config.authority, self._folder), keepalive_timeout=REST)
            timeout = ClientTimeout(total=None, sock_connect=CONNECT)
            self._session = ClientSession(connector=connector, timeout=timeout, cookie_jar=DummyCookieJar())
        return self._session

    def _broken(self, error: Exception, transit: Transit) -> DeliveryError:
        cause = _cause(error)
        if not transit.began:
            return unreachable(self.site, cause)
        what = "did not answer" if transit.whole else f"broke off after {transit.sent} of {transit.size} bytes"
        return NotSent(
            f"{self.site} {what}: {why(cause)}",
            "Before it is sent again, the archive is asked whether it has it.",
            UNREACHABLE,
        )

    async def close(self) -> None:
        """End its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _cause(error: Exception) -> BaseException:
    return getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error


async def _read(response: ClientResponse) -> Answer:
    """The answer as far as it comes: one whose body is cut is one, too."""
    data, is_whole = b"", True
    try:
        while len(data) < maarch.LONGEST_ANSWER and (piece := await response.content.read(maarch.LONGEST_ANSWER)):
            data += piece
    except (aiohttp.ClientError, OSError):
        is_whole = False
    return Answer(response.status, response.headers.get(maarch.EXCEPTION), data, is_whole)


def _stretches(deposit: Deposit, parcel: Parcel) -> list[Stretch]:
    documents = iter(parcel.parts)
    return [
        _encoded(part, parcel, next(documents)) if isinstance(part, Resource) else _plain(part)
        for part in deposit.parts()
    ]


def _plain(data: bytes) -> Stretch:
    async def chunks() -> AsyncIterator[bytes]:
        yield data

    return Stretch(len(data), chunks)


def _encoded(resource: Resource, parcel: Parcel, document: Document) -> Stretch:
    return Stretch(maarch.encoded_length(resource.size), lambda: in_base64(parcel.chunks(document)))
