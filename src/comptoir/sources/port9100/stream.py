"""One connection's bytes as documents, questions and pulses, whatever language they are in. Pure."""

from __future__ import annotations

from typing import Final

from comptoir.core.document import RAW, SIGNATURES, TEXT, media_type_of
from comptoir.core.print_header import UEL
from comptoir.sources.port9100.pieces import Piece, Reader
from comptoir.sources.port9100.receipts import Receipts
from comptoir.sources.port9100.sheets import Opaque, Sheets

#: how a document begins whose language has ends of its own
_BEGINNINGS: Final = (UEL, b"@PJL", b"%!", b"\x04%!")
#: what may be one of these waits for more
_KNOWN: Final = (*_BEGINNINGS, *(signature for signature, _ in SIGNATURES))
_SHEETS: Final = frozenset({"application/postscript", "application/vnd.hp-PJL", "application/vnd.hp-PCL"})
_TILL: Final = frozenset({RAW, TEXT, "text/xml", "image/bmp"})  # a text may begin with BM


class Stream:
    """Feed it what comes; `finish` it at the end of the connection, or when silence has ended a document."""

    def __init__(self) -> None:
        self._reader: Reader | None = None
        self._held = b""

    @property
    def settled(self) -> bool:
        """Whether a short silence ends the document."""
        return self._reader is not None and self._reader.settled

    @property
    def cut_short(self) -> bool:
        """Whether it stands in the middle of a command."""
        return self._reader is not None and self._reader.cut_short

    def feed(self, data: bytes) -> list[Piece]:
        pieces: list[Piece] = []
        data, self._held = self._held + data, b""
        while data:
            if self._reader is None:
                self._reader = _reader_of(data)
            if self._reader is None:
                self._held = data
                break
            pieces += self._reader.feed(data)
            data = self._over()
        return pieces

    def finish(self) -> list[Piece]:
        """The document that was under way ends here; what comes next may be of any kind."""
        reader, self._reader = self._reader, None
        held, self._held = self._held, b""
        if reader is None and held:
            reader = Receipts()
        return [] if reader is None else [*reader.feed(held), *reader.finish()]

    def _over(self) -> bytes:
        """What came behind the document that a reader was for."""
        if self._reader is None or self._reader.rest is None:
            return b""
        rest, self._reader = self._reader.rest, None
        return rest


def _reader_of(data: bytes) -> Reader | None:
    """Who reads a document that begins so; None: more is needed to know."""
    beginning = data.lstrip(b"\r\n\0")
    if beginning.startswith(_BEGINNINGS):
        return Sheets()
    if any(len(beginning) < len(known) and known.startswith(beginning) for known in _KNOWN):
        return None
    media_type = media_type_of(beginning)
    if media_type in _SHEETS:
        return Sheets()
    return Receipts() if media_type in _TILL else Opaque()
