"""The bodies of requests: their length is known, and they say what they are to say."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.papers import pieces

from comptoir.core.document import Document
from comptoir.core.errors import Refused
from comptoir.sinks.http_body import form, in_base64, json_object, raw
from comptoir.sinks.parcel import Parcel


class Memory:
    """The part of a journal that a parcel uses."""

    async def chunks(self, document: Document) -> AsyncIterator[bytes]:
        content = document.content or b""
        for at in range(0, len(content), 7):
            yield content[at : at + 7]


class Written:
    """The part of a stream's writer that a body uses."""

    def __init__(self) -> None:
        self.data = b""

    async def write(self, chunk: bytes) -> None:
        self.data += chunk


def parcel(*contents: bytes, name: str = "a.pdf") -> Parcel:
    parts = tuple(
        Document.of(content, "application/pdf", f"{number or ''}{name}") for number, content in enumerate(contents)
    )
    return Parcel("lot", parts, len(parts) > 1, cast(Any, Memory()))


async def sent(body: Any) -> bytes:
    written = Written()
    await body.write(written)
    assert len(written.data) == body.size
    return written.data


@given(st.lists(st.binary(max_size=20), max_size=8))
async def test_base64_in_any_pieces(chunks: list[bytes]) -> None:
    got = b"".join([piece async for piece in in_base64(pieces(*chunks))])
    assert got == base64.b64encode(b"".join(chunks))


async def test_an_object_with_objects_in_it() -> None:
    fields = {"/doc/title": 'é "x"', "/doc/pages": 2, "/doc/final": True, "plain": "p"}
    tree = json.loads(await sent(json_object(parcel(b"a document"), fields, "/doc/content")))
    assert base64.b64decode(tree["doc"].pop("content")) == b"a document"
    assert tree == {"doc": {"title": 'é "x"', "pages": 2, "final": True}, "plain": "p"}


async def test_an_object_of_a_lot() -> None:
    tree = json.loads(await sent(json_object(parcel(b"one", b"two"), {}, "")))
    assert [base64.b64decode(one["content"]) for one in tree["files"]] == [b"one", b"two"]
    assert [one["name"] for one in tree["files"]] == ["a.pdf", "1a.pdf"]
    assert tree["files"][0]["media_type"] == "application/pdf"


async def test_a_form_is_as_browsers_send_it() -> None:
    body = form(parcel(b"one", b"two", name='é "x".pdf'), {"title": "été", "n": 2}, "doc")
    data = await sent(body)
    assert body.content_type.startswith("multipart/form-data; boundary=")
    assert data.count(b'name="doc"; filename="') == 2
    assert 'filename="é _x_.pdf"'.encode() in data
    assert b'name="title"' in data
    assert "\r\n\r\nété\r\n".encode() in data


async def test_the_bytes_alone() -> None:
    body = raw(parcel(b"a document"))
    assert body.content_type == "application/pdf"
    assert await sent(body) == b"a document"
    with pytest.raises(Refused, match="several files"):
        raw(parcel(b"one", b"two"))
