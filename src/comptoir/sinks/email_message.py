"""A message with documents attached: its text, and between its pieces the documents, which are read while it is sent.

What a header looks like is the standard library's business (RFC 5322, RFC 2231 for the names of files). It is the same
message whenever it is made for the same job, its Message-ID included. Who takes it is `email_server.py`'s.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from uuid import uuid4

from comptoir.core.document import RAW, Document
from comptoir.core.job import Job
from comptoir.core.template import Template
from comptoir.destinations import EmailConfig
from comptoir.sinks.naming import visible
from comptoir.sinks.parcel import Parcel, media_type

#: bytes of a document in one line: 76 characters (RFC 2045 §6.8)
_LINE: Final = 57
#: seven bits: servers that take no others are still about
_POLICY: Final = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Message:
    """`texts` and `documents` in turn, beginning and ending with a text. All lines end as SMTP wants it."""

    texts: tuple[bytes, ...]
    documents: tuple[Document, ...]
    parcel: Parcel

    @property
    def size(self) -> int:
        """Bytes of all of it, as RFC 1870 counts them."""
        return sum(map(len, self.texts)) + sum(_encoded(one.size) for one in self.documents)

    async def chunks(self) -> AsyncIterator[bytes]:
        """As it goes over the line: points at the beginning of lines are doubled (RFC 5321 §4.5.2). Raises Refused."""
        yield _stuffed(self.texts[0])
        for document, text in zip(self.documents, self.texts[1:], strict=True):
            async for piece in _lines(self.parcel.chunks(document)):
                yield piece
            yield _stuffed(text)


def compose(config: EmailConfig, job: Job, parcel: Parcel, known: Mapping[str, str]) -> Message:
    """The message of a job. `known`: the fields of its templates."""
    made = EmailMessage(_POLICY)
    made["From"] = config.sender
    made["To"] = ", ".join(config.to)
    # An encoded word (RFC 2047) would be read as what it stands for: a line end, and a header of a stranger's after it.
    made["Subject"] = Template(config.subject).fill(known).strip().replace("=?", "= ?")
    made["Date"] = format_datetime(datetime.fromtimestamp(job.created_at / 1000, UTC))
    made["Message-ID"] = f"<{job.uid}@{config.sender.rpartition('@')[2].rstrip('>')}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    names = [visible(parcel.file_name(document)).replace("/", "_") for document in parcel.parts]
    made.set_content(Template(config.text).fill(known) or "\n".join(names))
    marks = [uuid4().hex.encode() for _ in parcel.parts]
    for mark, name, document in zip(marks, names, parcel.parts, strict=True):
        kind, subtype = _media_type(document)
        made.add_attachment(mark, kind, subtype, filename=name)
    whole, texts, at = made.as_bytes(), [], 0
    for mark in map(b64encode, marks):
        place = whole.index(mark, at)
        texts.append(whole[at:place])
        at = place + len(mark)
    return Message((*texts, whole[at:]), parcel.parts, parcel)


def _media_type(document: Document) -> tuple[str, str]:
    """Messages and lots of parts may not be in base64 (RFC 2046 §5.2): they go as bytes."""
    kind, _, subtype = media_type(document).partition("/")
    if kind in ("message", "multipart"):
        kind, _, subtype = RAW.partition("/")
    return kind, subtype


def _encoded(size: int) -> int:
    return (size + 2) // 3 * 4 + 2 * max(0, (size - 1) // _LINE)


def _stuffed(text: bytes) -> bytes:
    return re.sub(rb"(?m)^\.", b"..", text)


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same in base64, in lines; the last has no end."""
    rest, first = b"", True
    async for piece in chunks:
        data = rest + piece
        whole = (len(data) - 1) // _LINE * _LINE
        rest = data[whole:]
        if whole:
            yield (b"" if first else b"\r\n") + _folded(data[:whole])
            first = False
    if rest:
        yield (b"" if first else b"\r\n") + _folded(rest)


def _folded(data: bytes) -> bytes:
    text = b64encode(data)
    return b"\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))
