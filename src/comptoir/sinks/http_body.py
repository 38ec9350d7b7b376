"""What an HTTP destination is sent: a form with files, a JSON object with files as base64, or a file's bytes alone.

It says how long a body is before its first byte, and reads the store while it is sent: a document is never in memory
as a whole. Where it goes, and what the answer means, is `http.py`'s.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from aiohttp import MultipartWriter
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload, StringPayload

from comptoir.core.document import Document
from comptoir.core.errors import Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR
from comptoir.sinks.parcel import Parcel, media_type

Value = str | int | float | bool

#: what a file is called in a form, and in an object; what a lot is called there
FORM_FIELD: Final = "file"
OBJECT_FIELD: Final = "content"
LOT_FIELD: Final = "files"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a body: so many bytes, which come piece by piece."""

    size: int
    chunks: Callable[[], AsyncIterator[bytes]]


class Streamed(Payload):
    """A body, or a part of one, whose bytes are read while it is sent."""

    def __init__(self, stretches: Sequence[Stretch], content_type: str) -> None:
        super().__init__(stretches, content_type=content_type)
        self._stretches = stretches
        self._size = sum(one.size for one in stretches)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a document is never read as a whole")

    async def write(self, writer: AbstractStreamWriter) -> None:
        for stretch in self._stretches:
            async for piece in stretch.chunks():
                await writer.write(piece)


def form(parcel: Parcel, fields: Mapping[str, Value], file_field: str) -> Payload:
    """multipart/form-data (RFC 7578): the fields, then each file under the same name."""
    parts = MultipartWriter("form-data")
    for name, value in fields.items():
        text = StringPayload(value if isinstance(value, str) else json.dumps(value))
        text.set_content_disposition("form-data", quote_fields=False, name=name)
        parts.append_payload(text)
    for document in parcel.parts:
        file = Streamed([_bytes_of(parcel, document)], media_type(document))
        # As browsers do: UTF-8 as it is, " and line ends escaped.
        file.set_content_disposition(
            "form-data", quote_fields=False, name=file_field or FORM_FIELD, filename=parcel.file_name(document)
        )
        parts.append_payload(file)
    return parts


def json_object(parcel: Parcel, fields: Mapping[str, Value], file_field: str) -> Payload:
    """A JSON object: the fields, and the file as base64; of a lot a list of objects with name and content."""
    marks = [(uuid4().hex, document) for document in parcel.parts]
    tree: dict[str, Any] = {}
    for key, value in fields.items():
        _place(tree, key, value)
    if parcel.is_lot:
        _place(tree, file_field or LOT_FIELD, [_member(parcel, document, mark) for mark, document in marks])
    else:
        _place(tree, file_field or OBJECT_FIELD, marks[0][0])
    text, stretches, at = json.dumps(tree, ensure_ascii=False), [], 0
    for mark, document in marks:
        place = text.index(mark, at)
        stretches += [_text(text[at:place]), _base64_of(parcel, document)]
        at = place + len(mark)
    return Streamed([*stretches, _text(text[at:])], "application/json")


def raw(parcel: Parcel) -> Payload:
    """The file's bytes. Raises Refused for a lot, which is not one file."""
    if parcel.is_lot:
        raise Refused(
            "several files cannot be the body of one request", "Set body to multipart or json.", DOCUMENT_FORMAT_ERROR
        )
    return Streamed([_bytes_of(parcel, parcel.parts[0])], media_type(parcel.parts[0]))


def _member(parcel: Parcel, document: Document, mark: str) -> dict[str, Value]:
    return {
        "name": parcel.file_name(document),
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.digest,
        OBJECT_FIELD: mark,
    }


def _place(tree: dict[str, Any], key: str, value: object) -> None:
    """Put the value at its key; /a/b is b in the object a."""
    *objects, last = key.removeprefix("/").split("/") if key.startswith("/") else [key]
    for name in objects:
        tree = tree.setdefault(name, {})
    tree[last] = value


def _text(text: str) -> Stretch:
    data = text.encode("utf-8", "replace")

    async def chunks() -> AsyncIterator[bytes]:
        yield data

    return Stretch(len(data), chunks)


def _bytes_of(parcel: Parcel, document: Document) -> Stretch:
    return Stretch(document.size, lambda: parcel.chunks(document))


def _base64_of(parcel: Parcel, document: Document) -> Stretch:
    return Stretch((document.size + 2) // 3 * 4, lambda: in_base64(parcel.chunks(document)))


async def in_base64(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same in base64 on one line, whatever pieces it comes in."""
    rest = b""
    async for piece in chunks:
        data = rest + piece if rest else piece
        whole = len(data) // 3 * 3
        rest = data[whole:]
        if whole:
            yield b64encode(memoryview(data)[:whole])
    if rest:
        yield b64encode(rest)
