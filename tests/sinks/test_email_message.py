"""Messages: their size is known, and any reader of mail reads them."""

from __future__ import annotations

import email
from collections.abc import AsyncIterator
from dataclasses import replace
from email.policy import default
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.papers import job

from comptoir.core.document import Document
from comptoir.destinations import EmailConfig
from comptoir.sinks.email_message import compose
from comptoir.sinks.parcel import Parcel, labels


class Memory:
    """The part of a journal that a parcel uses."""

    def __init__(self, piece: int) -> None:
        self._piece = piece

    async def chunks(self, document: Document) -> AsyncIterator[bytes]:
        content = document.content or b""
        for at in range(0, len(content), self._piece):
            yield content[at : at + self._piece]


def parcel(*documents: Document, piece: int = 100) -> Parcel:
    return Parcel("lot", documents, len(documents) > 1, cast(Any, Memory(piece)))


def config(**keys: Any) -> EmailConfig:
    return EmailConfig(**{"name": "a", "host": "h", "sender": "shop@example.com", "to": ("a@example.com",), **keys})


async def sent(what: Parcel, settings: EmailConfig | None = None) -> tuple[bytes, int]:
    """The message as it goes over the line, and the size that was told before."""
    one = job(1)
    message = compose(settings or config(), one, what, labels(one, what.parts[0]))
    return b"".join([piece async for piece in message.chunks()]), message.size


@given(st.binary(max_size=300), st.integers(1, 200))
async def test_any_bytes_in_any_pieces(content: bytes, piece: int) -> None:
    data, size = await sent(parcel(Document.of(content, "application/pdf", "a.pdf"), piece=piece))
    assert len(data) == size
    assert b"\r\n.\r\n" not in data
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert b"\n" not in data.replace(b"\r\n", b"")
    (file,) = email.message_from_bytes(data, policy=default).iter_attachments()  # type: ignore[attr-defined]
    assert file.get_payload(decode=True) == content


@pytest.mark.parametrize(
    ("media_type", "sent_as"),
    [
        ("text/plain", "text/plain"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("application/pdf; x=1", "application/pdf"),
        ("", "application/octet-stream"),
        ("a/b\r\nBcc: x", "application/octet-stream"),
    ],
)
async def test_the_media_type(media_type: str, sent_as: str) -> None:
    data, _ = await sent(parcel(replace(Document.of(b"x", name="a.bin"), media_type=media_type)))
    (file,) = email.message_from_bytes(data, policy=default).iter_attachments()  # type: ignore[attr-defined]
    assert file.get_content_type() == sent_as


async def test_a_lot_has_several_attachments() -> None:
    parts = [Document.of(bytes([number]) * 100, "application/pdf", f"d/é{number}.pdf") for number in range(3)]
    data, size = await sent(parcel(*parts))
    assert len(data) == size
    files = list(email.message_from_bytes(data, policy=default).iter_attachments())  # type: ignore[attr-defined]
    assert [file.get_filename() for file in files] == ["d_é0.pdf", "d_é1.pdf", "d_é2.pdf"]
    assert [file.get_payload(decode=True) for file in files] == [part.content for part in parts]


async def test_points_at_the_beginning_of_lines_are_doubled() -> None:
    data, size = await sent(parcel(Document.of(b"x", name="a.pdf")), config(text="a\n.\n..b"))
    assert b"\r\n..\r\n...b\r\n" in data
    assert len(data) == size + 2


async def test_it_is_the_same_message_again() -> None:
    one, what = job(1), parcel(Document.of(b"x", name="a.pdf"))
    first, second = (compose(config(sender="Shop <a@b.example>"), one, what, labels(one, what.parts[0])) for _ in "12")
    assert first.size == second.size
    assert f"Message-ID: <{one.uid}@b.example>".encode() in first.texts[0]


@pytest.mark.parametrize(
    "name",
    [
        "a\r\nBcc: x@example.com",
        "\u2028Bcc: x@example.com\u2029",
        "=?utf-8?q?a=0d=0aBcc:x@example.com?= é.pdf",
        "=?utf-8?b?CkJjYzogeEBleGFtcGxlLmNvbQ==?=",
        "==??utf-8?q?=0aBcc:x?=",
        "x" * 100 + "=?utf-8?q?=0d=0a=0d=0a.=0d=0aMAIL?=",
    ],
)
async def test_no_name_of_a_file_makes_a_header(name: str) -> None:
    """The standard library reads encoded words (RFC 2047) in what it is given as a plain text."""
    data, _ = await sent(parcel(Document.of(b"x", "application/pdf", name)))
    assert b"\n" not in data.replace(b"\r\n", b"")
    message = email.message_from_bytes(data, policy=default)
    wanted = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
    assert set(message.keys()) == wanted
    assert len(list(message.iter_attachments())) == 1  # type: ignore[attr-defined]


@given(st.text(max_size=40))
async def test_any_subject_stands_on_its_line(title: str) -> None:
    data, _ = await sent(parcel(Document.of(b"x", "application/pdf", f"=?utf-8?q?{title}?=")))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert len(email.message_from_bytes(data, policy=default).keys()) == 8
