"""Delivers documents to any HTTP API that takes them. What was sent whole and not answered clearly is not sent again,
unless the server honours our Idempotency-Key.

What a body looks like is `http_body.py`'s, who we are `http_login.py`'s. Evidence: `delivered`, with the number that
the server's answer has at `receipt`, else its status.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import aiohttp
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.payload import Payload
from yarl import URL

from comptoir.core.document import Document
from comptoir.core.errors import DeliveryError, NotSent, OutcomeUnknown, Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.ports import Clock, Journal, Progress
from comptoir.core.template import Template
from comptoir.core.units import duration
from comptoir.destinations import HttpConfig
from comptoir.sinks.authority import trusting
from comptoir.sinks.http_body import Value, form, json_object, raw
from comptoir.sinks.http_login import Login
from comptoir.sinks.http_transit import Answer, Transit
from comptoir.sinks.parcel import Parcel, labels, open_parcel
from comptoir.sinks.trouble import first_words, locked_out, unreachable, why

CONNECT: Final = 10.0  # seconds
#: the request was certainly not carried out; again later (RFC 9110 §15, RFC 6585, RFC 8470, RFC 4918). The other 5xx
#: come from gateways, too, whose service may have carried it out
LATER: Final = frozenset({408, 425, 429, 501, 503, 505, 507, 508, 511})
#: failures of one document, at a server that is there, after which the next one gets its turn
MOST_FAILURES: Final = 8
#: which keys say who we are
_KEYS: Final = {
    "none": "auth",
    "basic": "user and password_file",
    "bearer": "token_file",
    "oauth": "client_id, client_secret_file and scope",
}


class _Stubborn(NotSent):
    """It may be the document: not for ever is it tried again before all others. `last`: what it is then."""

    def __init__(self, message: str, hint: str, last: DeliveryError) -> None:
        super().__init__(message, hint, UNREACHABLE)
        self.last = last


class HttpSink:
    """`core.ports.Sink` for one address."""

    def __init__(self, config: HttpConfig, journal: Journal, folder: Path, clock: Clock) -> None:
        self.repeatable = config.repeatable
        self._config = config
        self._journal = journal
        self._folder = folder
        self._login = Login(config, folder, clock)
        self._session: ClientSession | None = None
        #: by the jobs' identities
        self._failures: Counter[str] = Counter()
        self._silence = (duration(config.timeout) or 60_000) / 1000
        self._url = Template(config.url)
        self._headers = {name: Template(text) for name, text in config.headers.items()}
        self._fields = {
            name: Template(value) if isinstance(value, str) else value for name, value in config.fields.items()
        }
        #: for messages: an address may hold more than one wants to read
        self._where = URL(config.url.partition("{")[0]).host or config.name

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        parcel = await open_parcel(self._journal, document)
        known = labels(job, document)
        url = self._url.fill({name: quote(value, safe="/" if name == "path" else "") for name, value in known.items()})
        headers = {name: template.fill(known) for name, template in self._headers.items()}
        headers["Idempotency-Key"] = job.uid
        try:
            answer = await self._ask(url, headers, parcel, known, progress)
            if answer.status == 401 and self._login.renewable:
                self._login.forget()
                answer = await self._ask(url, headers, parcel, known, progress)
            evidence = self._judged(answer)
        except _Stubborn as error:
            raise self._counted(job, error) from error
        del self._failures[job.uid]
        return evidence

    async def close(self) -> None:
        """End its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    # -- asking -------------------------------------------------------------------------------------------------------

    async def _ask(
        self, url: str, headers: Mapping[str, str], parcel: Parcel, known: Mapping[str, str], progress: Progress
    ) -> Answer:
        """What the server answers. Raises NotSent, Refused, OutcomeUnknown, and what `progress` raises."""
        session = self._open()
        headers = {**headers, **await self._login.headers(session)}
        loop = asyncio.get_running_loop()
        transit = Transit(self._body(parcel, known), progress)
        try:
            async with asyncio.timeout(self._silence + CONNECT) as patience:
                transit.alive = lambda: patience.reschedule(loop.time() + self._silence)
                async with session.request(
                    self._config.method, URL(url, encoded=True), data=transit, headers=headers, allow_redirects=False
                ) as response:
                    answer = await Answer.read(response)
                    if not transit.whole:
                        response.close()  # it has heard enough
                    return answer
        except (aiohttp.ClientError, ValueError, OSError) as error:
            if transit.failure is not None:
                raise transit.failure from None
            raise self._broken(error, transit) from error

    def _open(self) -> ClientSession:
        if self._session is None:
            # A server that is about to end a connection takes a whole request on it and answers nothing: who may not
            # send it again begins each on a connection of its own.
            connector = TCPConnector(
                ssl=trusting(self._config.authority, self._folder), force_close=not self.repeatable
            )
            timeout = ClientTimeout(total=None, sock_connect=CONNECT)
            self._session = ClientSession(
                connector=connector, timeout=timeout, headers={"User-Agent": "Comptoir"}, cookie_jar=DummyCookieJar()
            )
        return self._session

    def _body(self, parcel: Parcel, known: Mapping[str, str]) -> Payload:
        fields: dict[str, Value] = {
            name: value.fill(known) if isinstance(value, Template) else value for name, value in self._fields.items()
        }
        match self._config.body:
            case "multipart":
                return form(parcel, fields, self._config.file_field)
            case "json":
                return json_object(parcel, fields, self._config.file_field)
            case "raw":
                return raw(parcel)

    # -- what came of it ----------------------------------------------------------------------------------------------

    def _broken(self, error: Exception, transit: Transit) -> DeliveryError:
        """What it means that no answer came."""
        cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
        if not transit.began:
            return unreachable(self._where, cause)
        if not transit.whole:
            # RFC 9112 §8: what is shorter than its Content-Length is no request, and is not carried out.
            what = f"the connection to {self._where} broke after {transit.sent} of {transit.size} bytes: {why(cause)}"
            hint = "Does it take documents as large as this?"
            return _Stubborn(what, hint, Refused(what, hint, OTHER_ERROR))
        return self._unclear(f"{self._where} did not answer: {why(cause)}")

    def _counted(self, job: Job, error: _Stubborn) -> DeliveryError:
        """What a failure of this document means, after those before it."""
        self._failures[job.uid] += 1
        if self._failures[job.uid] < MOST_FAILURES:
            return error
        del self._failures[job.uid]
        return error.last

    def _unclear(self, what: str) -> DeliveryError:
        unknown = OutcomeUnknown(what, "It may have taken the document nevertheless.", OTHER_ERROR)
        if self.repeatable:
            return _Stubborn(what, "It is sent again under the same Idempotency-Key.", unknown)
        return unknown

    def _judged(self, answer: Answer) -> Evidence:
        """The evidence of an answer that says that it has it. Raises NotSent, Refused, OutcomeUnknown."""
        status, wanted = answer.status, self._config.success or range(200, 300)
        said = first_words(answer.text, self._login.secrets)
        what = f"{self._where} answers {status}" + (f": {said}" if said else "")
        if status in wanted:
            return self._receipt(answer, what)
        if status in (401, 403, 407):
            raise locked_out(what, _KEYS[self._config.auth])
        if 300 <= status < 400:
            raise NotSent(what, "It is elsewhere now: correct url.", OTHER_ERROR)
        if status in LATER:
            wait = first_words(answer.retry_after)
            raise NotSent(what, f"It asks to come back: {wait}." if wait else "", UNREACHABLE)
        if 400 <= status < 500:
            hint = "The document is too large for it." if status == 413 else "It does not take this document."
            raise Refused(what, hint, DOCUMENT_FORMAT_ERROR)
        raise self._unclear(what)

    def _receipt(self, answer: Answer, what: str) -> Evidence:
        pointer = self._config.receipt
        if not pointer:
            return Evidence("delivered", f"HTTP {answer.status}")
        number = answer.at(pointer)
        if number is None:
            raise self._unclear(f"{what}; there is no {pointer} in it")
        return Evidence("delivered", first_words(number, self._login.secrets))


def make(config: HttpConfig, journal: Journal, folder: Path, clock: Clock) -> HttpSink:
    """The sink of a destination. `folder`: the data folder, where secrets are."""
    return HttpSink(config, journal, folder, clock)
