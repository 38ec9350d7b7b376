"""Takes a document out of a request: the JSON order, or the bare bytes of a file. It reads no more than it may.

Small bodies are read at once. Large orders wait in a temporary file until they are whole, so that who sends slowly
costs neither memory nor anybody's turn; then they are decoded in a thread, two at a time. Bare bytes are streamed to
the disk and never stand in memory as a whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import TypeVar

import msgspec
from aiohttp import hdrs, web

from comptoir.core.document import RAW, SPOKEN, Document, Origin, Submission, media_type_of
from comptoir.core.errors import JournalError, RequestError, TooLarge, UnknownName
from comptoir.web.desk import Desk
from comptoir.web.guard import CSRF, USER
from comptoir.web.shapes import Order

LARGEST_DOCUMENT = 50 * 1024 * 1024
LARGEST_BODY = LARGEST_DOCUMENT * 4 // 3 + 65_536  # the same in base64, with the rest of the order
LARGE = 262_144
SMALL = 4_096
LONGEST_KEY = 255

_order = msgspec.json.Decoder(Order).decode


class Intake:
    """Requests to submissions; one for the process, because it bounds what is in memory at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._journal = desk.journal
        self._large = asyncio.Semaphore(2)

    async def submission(self, request: web.Request, source: str) -> Submission:
        """What the request asks to be printed. Raises RequestError with what is wrong."""
        if request.content_type in ("application/json", "text/json"):
            order, document = await self._from_json(request)
        else:
            order, document = await self._from_bytes(request)
        expires_in = order.expires_in
        try:
            destination, printer = self._target(order)
            key, form = key_of(request), order.format or _format_of(document)
        except RequestError:
            self._journal.give_up(document)
            raise
        if request.headers.get("Sec-Fetch-Site") == "same-origin" or CSRF in request:
            source = "web"  # our own page; over plain HTTP browsers do not say so, but they have a session
        return Submission(
            document=document,
            origin=Origin(source, request.get(USER, ""), request.remote or ""),
            destination=destination,
            printer=printer,
            key=key,
            title=order.title,
            format=form,
            assumed=not order.format,
            copies=order.copies,
            expires_at=None if expires_in is None else self._desk.clock.now() + int(expires_in * 1000),
        )

    def _target(self, order: Order) -> tuple[str, str]:
        """(destination, printer): a hub delivers to a station, a station to a printer."""
        if self._desk.role == "hub":
            return order.station, order.printer
        if order.station not in ("", self._desk.name):
            raise UnknownName(f"this station is called “{self._desk.name}”, not “{order.station}”")
        return order.printer, ""

    async def _from_json(self, request: web.Request) -> tuple[Order, Document]:
        length = request.content_length
        if length is not None and length > LARGEST_BODY:
            raise too_large()
        if length is not None and length <= LARGE and hdrs.CONTENT_ENCODING not in request.headers:
            return _read_order(await request.content.read())
        with SpooledTemporaryFile(LARGE) as waiting:
            await _fill(waiting, request)
            async with self._large:
                return await asyncio.to_thread(lambda: _read_order(waiting.read()))

    async def _from_bytes(self, request: web.Request) -> tuple[Order, Document]:
        """The file itself is the body; the rest of the order stands in the address: ?printer=…&title=…"""
        if request.content_length is not None and request.content_length > LARGEST_DOCUMENT:
            raise too_large()
        try:
            order = msgspec.convert(dict(request.query), Order, strict=False)
        except msgspec.ValidationError as error:
            raise RequestError(f"the address is not right: {error}", _EXAMPLE) from None
        if order.content is not None or order.content_base64 is not None:
            raise RequestError("the content stands in the body, not in the address", _EXAMPLE)
        media_type = request.content_type if "/" in request.content_type else RAW
        if media_type in (RAW, "application/x-www-form-urlencoded"):
            media_type = ""
        document = await self._journal.keep(_pieces(request), media_type, order.name)
        if document.size == 0:
            raise RequestError("there is nothing to print: the body is empty", _EXAMPLE)
        return order, document


_EXAMPLE = 'Send {"content": "Hello world"} as application/json.'


def _read_order(body: bytes) -> tuple[Order, Document]:
    try:
        order = _order(body)
    except msgspec.ValidationError as error:
        raise RequestError(f"the order is not right: {error}", _EXAMPLE) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(f"the body is no JSON in UTF-8: {error}", _EXAMPLE) from None
    if (order.content is None) == (order.content_base64 is None):
        raise RequestError("the order needs either content or content_base64", _EXAMPLE)
    if order.content is None:
        content, media_type = order.content_base64 or b"", ""
    else:
        content, media_type = _utf8(order.content), "text/plain"
    if not content or content.isspace():
        raise RequestError("there is nothing to print: the content is empty", _EXAMPLE)
    if len(content) > LARGEST_DOCUMENT:
        raise too_large()
    return order, Document.of(content, media_type or media_type_of(content), order.name)


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise RequestError("the content has half a character (a lone surrogate)", _EXAMPLE) from None


def _format_of(document: Document) -> str:
    if document.media_type in SPOKEN:
        return "raw"
    if document.media_type.startswith("text/"):
        return "message"
    if document.media_type.startswith("image/"):
        return "image"
    if document.media_type == "application/pdf":
        return "pdf"
    if document.media_type == RAW:
        return "raw"
    raise RequestError(
        f"documents of the type {document.media_type} cannot be printed yet",
        "Text, pictures and PDF can; or format=raw.",
    )


T = TypeVar("T")


async def small_body(request: web.Request, shape: type[T], example: str) -> T:
    """A few words in JSON. Raises RequestError; `example`: what would be right."""
    body = b""
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > SMALL:
            raise RequestError(f"this takes at most {SMALL} bytes", example)
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(f"the body is not right: {error}", example) from None


def key_of(request: web.Request) -> str:
    """The Idempotency-Key of a request, with or without the quotes of RFC 8941. Raises RequestError."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return key
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise RequestError(f"an Idempotency-Key has at most {LONGEST_KEY} printable characters")
    return key


async def _fill(waiting: SpooledTemporaryFile[bytes], request: web.Request) -> None:
    """Take the whole body, and go back to its beginning. Raises TooLarge, JournalError where the disk refuses."""
    size = 0
    async for piece in request.content.iter_any():
        size += len(piece)
        if size > LARGEST_BODY:
            raise too_large()
        try:
            waiting.write(piece)
        except OSError as error:
            what = f"the order cannot be kept while it comes: {error.strerror or error}"
            raise JournalError(what, "Make room in the folder for temporary files; nothing was accepted.") from error
    waiting.seek(0)


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    async for piece in request.content.iter_any():
        yield piece


def too_large() -> TooLarge:
    """What is said of a document over the bound."""
    return TooLarge(f"documents have at most {LARGEST_DOCUMENT // 2**20} MB", "Send a smaller one, or several.")
