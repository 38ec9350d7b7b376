"""Documents and where they come from. A document never changes; what happens to it is told by its jobs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

TEXT = "text/plain"
RAW = "application/octet-stream"

SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%!", "application/postscript"),
)


def media_type_of(head: bytes) -> str:
    """The media type by the first bytes; text where they are UTF-8 without control characters, raw otherwise."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    try:
        text = head[:1024].decode()
    except UnicodeDecodeError as error:
        # A character cut at the end of the sample is no sign of binary content.
        if error.start < len(head[:1024]) - 3:
            return RAW
        text = head[: error.start].decode()
    return TEXT if all(c.isprintable() or c in "\t\r\n\f" for c in text) else RAW


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal: the address of a document's bytes."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from: the source's name, and what is known of the person and the machine."""

    source: str
    user: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Immutable bytes. `content` is None while they are only in the store, addressed by `digest`."""

    digest: str
    size: int
    media_type: str
    name: str = ""
    content: bytes | None = None
    #: the journal's own number for it
    row: int | None = None

    @classmethod
    def of(cls, content: bytes, media_type: str = "", name: str = "") -> Document:
        """A document of these bytes; the media type is told by the bytes where none is given."""
        return cls(digest_of(content), len(content), media_type or media_type_of(content), name, content)


@dataclass(frozen=True, slots=True)
class Submission:
    """What a source hands over: a document, where it is to go and how it is to look. It becomes a job."""

    document: Document
    origin: Origin
    destination: str
    #: hub: the printer at that station; empty where the station decides. Empty on a station.
    printer: str = ""
    #: client's idempotency key, unique within the origin's source; empty: every submission is a new job
    key: str = ""
    #: one identity from the page to the paper; empty: the journal gives one
    uid: str = ""
    title: str = ""
    #: how the document is to be read: message, text, ticket, image, pdf, raw
    format: str = "message"
    #: nobody has said the format: a route may know better
    assumed: bool = False
    copies: int = 1
    #: wall clock in ms after which it is not printed any more; None: never
    expires_at: int | None = None
    #: ms; None: now. A station takes the hub's time, for the date on the paper
    created_at: int | None = None
    #: the job that this one repeats, by a person's wish: it says DUPLICATA
    reprint_of: int | None = None
