"""What a printer's driver is asked, and what it answers: values, and how they lie in a pipe. Pure.

A driver of Windows is a library of the printer's maker, loaded into whoever prints. So a process of its own holds it
(`driver_main.py`): when a driver crashes or hangs, a document is lost, and not the station. A message is the length of
its head (four bytes), the head as JSON, and the bytes that it announces.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Final, Literal, Protocol, TypeVar

import msgspec

from comptoir.core.sheet import Ink

HEAD: Final = struct.Struct(">I")
#: bytes of a head, and of what follows it
LONGEST_HEAD: Final = 1 << 20
LARGEST: Final = 64 << 20

#: look: what a printer can. set: how it is to print. begin: a document. side: a new one; what came before is whole.
#: band: dots on it. end: the document is whole. abort: it never will be
Task = Literal["look", "set", "begin", "side", "band", "end", "abort"]


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a driver says that its printer can (DeviceCapabilities). papers: number, width and height in tenths of a
    millimetre; bins: trays, number and name; port, driver: as Windows calls them."""

    papers: tuple[tuple[int, int, int], ...] = ()
    bins: tuple[tuple[int, str], ...] = ()
    two_sided: bool = False
    #: the most that it makes by itself, and whether it sorts them
    copies: int = 1
    collates: bool = False
    colour: bool = False
    port: str = ""
    driver: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What is set in the DEVMODE of one document, over the printer's own settings; 0: as it is set there.

    paper: DMPAPER_…, 256 with width and height in tenths of a millimetre; tray: DMBIN_…; sides: DMDUP_….
    """

    copies: int = 1
    collate: bool = False
    sides: int = 0
    paper: int = 0
    width: int = 0
    height: int = 0
    tray: int = 0


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """What the printer prints on with these settings, in its dots (GetDeviceCaps), and what it has made of them.

    paper: width and height of the sheet; left, top: where on it the printable area of width × height begins. bits: of
    a dot; colours: whether it is not set to greys.
    """

    width: int
    height: int
    dpi_x: int
    dpi_y: int
    paper_width: int
    paper_height: int
    left: int
    top: int
    bits: int = 24
    colours: bool = True
    copies: int = 1
    two_sided: bool = False


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of dots, as `core.sheet.Side` has them, and where they go.

    Of `width` × `height` dots those from column `first` to before `last` are drawn over across × down dots of the
    printable area, from its (left, top) on.
    """

    ink: Ink
    width: int
    height: int
    first: int
    last: int
    left: int
    top: int
    across: int
    down: int


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """size: bytes of dots that follow."""

    task: Task
    printer: str = ""
    settings: Settings | None = None
    title: str = ""
    band: Band | None = None
    size: int = 0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. job: the spooler's number for the document, once it has begun.

    trouble: why nothing came of it, in Windows' words, with the number of its error; "" where something did.
    """

    job: int = 0
    can: Capabilities | None = None
    area: Area | None = None
    trouble: str = ""
    error: int = 0


class Driver(Protocol):
    """A printer by its driver, one document at a time. All calls block, and raise OSError."""

    def look(self, printer: str) -> Capabilities: ...

    def set(self, settings: Settings) -> Area: ...

    def begin(self, title: str) -> int:
        """The document's number in the spooler."""
        ...

    def side(self) -> None: ...

    def band(self, band: Band, dots: bytes) -> None: ...

    def end(self) -> None: ...

    def abort(self) -> None:
        """The document that has begun and is not at its end comes to nothing. Never raises."""
        ...


Message = TypeVar("Message", Request, Answer)


def packed(message: Request | Answer, dots: bytes | memoryview = b"") -> bytes:
    """The message with its bytes; a Request's `size` says how many."""
    head = msgspec.json.encode(message)
    return b"".join((HEAD.pack(len(head)), head, dots))


def read(source: BinaryIO, kind: type[Message]) -> Message | None:
    """The next message, without its bytes; None where nothing more comes. Raises ValueError for what is none."""
    start = source.read(HEAD.size)
    if len(start) < HEAD.size:
        return None
    return unpacked(source.read(length_of(start)), kind)


def length_of(start: bytes) -> int:
    """Bytes of the head. Raises ValueError for more than one ever has."""
    (length,) = HEAD.unpack(start)
    if length > LONGEST_HEAD:
        raise ValueError(f"{length} bytes are no head of a message")
    return int(length)


def unpacked(head: bytes, kind: type[Message]) -> Message:
    """Raises ValueError."""
    message = msgspec.json.decode(head, type=kind)
    if isinstance(message, Request) and not 0 <= message.size <= LARGEST:
        raise ValueError(f"{message.size} bytes are more than a band has")
    return message
