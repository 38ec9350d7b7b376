"""Documents and where they come from. A document never changes; what happens to it is told by its jobs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

TEXT = "text/plain"
RAW = "application/octet-stream"
PDF = "application/pdf"
POSTSCRIPT = "application/postscript"
PJL = "application/vnd.hp-PJL"

#: languages of printers: such bytes are for one that speaks them, and nobody draws them
SPOKEN = frozenset(
    {"application/vnd.hp-PCL", "application/vnd.hp-PCLXL", "application/vnd.hp-PJL", "image/pwg-raster", "image/urf"}
)

SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%!", "application/postscript"),
    (b"\4%!", "application/postscript"),
    (b"{\\rtf", "application/rtf"),
    (b"RaS2", "image/pwg-raster"),
    (b"UNIRAST\0", "image/urf"),
    (b"\x1bE\x1b", "application/vnd.hp-PCL"),  # alone, ESC E is bold on a receipt printer
    (b") HP-PCL XL", "application/vnd.hp-PCLXL"),
    (b"\x1b%-12345X", "application/vnd.hp-PJL"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # office documents before 2007
    (b"<?xml", "text/xml"),
    (b"\xef\xbb\xbf<?xml", "text/xml"),
    (b"\xff\xfe<\0?\0x\0m\0l\0", "text/xml"),
)

#: what the first files of a zip are called → what it is then; those of ECMA-376 come in any order
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
#: brands of ISO 14496-12 files; any other one: video/mp4
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"avif": "image/avif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4",
}  # fmt: skip


def media_type_of(head: bytes) -> str:
    """The media type by the first bytes; text where they are UTF-8 without control characters, raw otherwise.

    1024 bytes tell nearly all types apart, 4096 those of office documents. XML is text/xml (RFC 7303 §9.2: the same as
    application/xml), because it is read as text where nobody knows better.
    """
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip_type(head)
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    return _text_or_raw(head[:1024])


def _zip_type(head: bytes) -> str:
    """What kind of zip it is. OpenDocument and EPUB say it in a first file called “mimetype”, as it is (APPNOTE 4.3.7).

    The entry's header has 30 bytes, then its name, here without anything extra, then its content.
    """
    if head[30:38] == b"mimetype" and head[26:30] == b"\x08\0\0\0":
        said = head[38 : 38 + min(int.from_bytes(head[18:22], "little"), 127)].decode("ascii", "replace")
        if said.startswith(("application/vnd.oasis.opendocument.", "application/epub+zip")) and said.isprintable():
            return said
    if b"[Content_Types].xml" in head or b"_rels/" in head:
        return next((media_type for name, media_type in _OFFICE if name in head), "application/zip")
    return "application/zip"


def _text_or_raw(sample: bytes) -> str:
    try:
        text = sample.decode()
    except UnicodeDecodeError as error:
        # A character cut at the end of the sample is no sign of binary content.
        if error.start < len(sample) - 3:
            return RAW
        text = sample[: error.start].decode()
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
class Keep:
    """That the archive keeps a document. until: ms; None: without an end. business_date: to which it belongs, as
    2026-11-20."""

    until: int | None
    business_date: str


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
    #: what else is known and wished, by name: where a file lay, sides, tray (`core.intake.Delivery`)
    attributes: Mapping[str, str] = field(default_factory=dict)
    #: the file of a watched folder that it came from, by its number in the ledger
    original: int | None = None
    #: that the archive keeps its document, and until when; None: it lives until its jobs are done
    keep: Keep | None = None
    #: the document in the archive that it is a job of, by its number there
    kept: int | None = None
