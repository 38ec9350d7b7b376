"""The stream of a program that prints sheets: PJL around a page language, or PostScript bare, job by job.

A document ends with PJL's EOJ, with the UEL behind it where no JOB was opened, and with PostScript's ^D where another
job follows. PJL alone, and PostScript that only asks, are no documents.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from comptoir.core.print_header import UEL
from comptoir.sources.port9100.pieces import END, Piece

#: bytes of PJL before a document, and of PostScript that may be a question; more is a document
MOST_HELD: Final = 65_536
LONGEST_QUESTION: Final = 8_192

_PJL: Final = b"@PJL"
_QUESTIONS: Final = (b"INFO", b"INQUIRE", b"DINQUIRE", b"ECHO", b"USTATUS")
#: lines that belong to the job which has just ended
_AFTER: Final = (b"EOJ", b"RESET", b"USTATUSOFF")
#: PostScript that tells something and draws nothing
_ASKS: Final = re.compile(rb"^%!PS-Adobe-[\d.]+ Query|statusdict|\bproduct\b|\bversion\b|serialnumber|pagecount")
_TELLS: Final = re.compile(rb"==|\bprint\b|(?<=\s)=(?=\s)")
_DRAWS: Final = re.compile(rb"showpage|\bcopypage\b|%%Page:|\beexec\b")

#: ^D, and another job behind it. Of many ^D only the first is looked at, and nothing twice: a sender of nothing else
#: would hold up everybody
_NEXT: Final = re.compile(rb"(?<!\x04)\x04[\r\n]*+(?=\x04*+(?:%!|\x1b%-12345X))")
#: what may become that
_OPEN_END: Final = re.compile(
    rb"\x04[\x04\r\n]*(?:%|" + b"|".join(re.escape(UEL[:n]) for n in range(1, len(UEL))) + rb")?\Z"
)
_LONGEST_END: Final = 64

#: uel: the document's UEL came, and no JOB was open. eoj: its EOJ came. over: and the UEL behind that
_Ending = Literal["", "uel", "eoj", "over"]


class Sheets:
    """Implements `pieces.Reader`, for one document; what comes behind it is `rest`."""

    def __init__(self) -> None:
        self._held = b""
        #: PJL before the document, or PostScript that may be a question
        self._head = bytearray()
        self._in_pjl = True
        self._job = False
        self._postscript = False
        #: no PJL stands around it
        self._bare = False
        self._begun = False
        self._ending: _Ending = ""
        self._pieces: list[Piece] = []
        self.rest: bytes | None = None
        self._paused = False

    @property
    def settled(self) -> bool:
        return self._ending != "" or self._paused

    @property
    def cut_short(self) -> bool:
        return False

    def feed(self, data: bytes) -> list[Piece]:
        self._held += data
        self._paused = False
        while self._held and self.rest is None:
            if not (self._line() if self._in_pjl else self._data()):
                break
        pieces, self._pieces = self._pieces, []
        return pieces

    def finish(self) -> list[Piece]:
        held, self._held = self._held, b""
        if held and self.rest is None:
            if self._in_pjl and not self._ending and not held.startswith(_PJL) and held.strip():
                self._in_pjl = False
            self._give(held)
        self._close()
        pieces, self._pieces = self._pieces, []
        return pieces

    # -- PJL ----------------------------------------------------------------------------------------------------------

    def _line(self) -> bool:
        """One line of PJL, or a UEL; False: it is not complete yet."""
        held = self._held
        if held.startswith(UEL):
            return self._uel()
        if UEL.startswith(held) or _PJL.startswith(held):
            return False
        if not held.startswith(_PJL):
            return self._other()
        end = held.find(b"\n")
        if end < 0:
            self._in_pjl = len(held) <= MOST_HELD
            return not self._in_pjl
        line, self._held = held[: end + 1], held[end + 1 :]
        self._obey(line, line[len(_PJL) :].strip().upper())
        return True

    def _obey(self, line: bytes, words: bytes) -> None:
        command = re.split(rb"[\s=:]", words, maxsplit=1)[0] if words else b""
        if self._ending and command not in _AFTER and not (self._ending == "eoj" and command == b""):
            self._over(line)
            return
        if command == b"JOB" and self._begun:
            self._over(line)
            return
        if command in _QUESTIONS:
            self._pieces.append(Piece("ask", UEL + line + UEL))
            return
        if command == b"JOB":
            self._job = True
        elif command == b"EOJ" and (self._begun or self._ending):
            self._ending = "eoj"
        self._give(line)
        self._in_pjl = command != b"ENTER"

    def _uel(self) -> bool:
        if self._ending == "eoj":
            self._take(len(UEL))
            self._ending = "over"
        elif self._ending:
            self._over(b"")
        else:
            self._take(len(UEL))
        return True

    def _other(self) -> bool:
        """No PJL: an empty line, or a document whose language nobody has named."""
        blank = len(self._held) - len(self._held.lstrip(b"\r\n\0"))
        if blank:
            self._take(blank)
        elif self._ending:
            self._over(b"")
        else:
            self._in_pjl = False
        return True

    # -- the document -------------------------------------------------------------------------------------------------

    def _data(self) -> bool:
        """Bytes of the document up to its UEL, or to the ^D with which another one begins."""
        held = self._held
        at = held.find(UEL)
        if not self._begun and not self._postscript:
            beginning = held.lstrip(b"\x04\r\n")
            if len(beginning) < 2 and at < 0:
                return False
            self._postscript = beginning.startswith(b"%!")
            self._bare = not self._head.strip()
        stop = self._end_of_postscript(held, at if at >= 0 else len(held)) if self._postscript and self._bare else -1
        if stop >= 0:
            self._take(stop)
            self._over(b"")
            return True
        if at >= 0:
            self._take(at + len(UEL))
            self._in_pjl = True
            if not self._job:
                self._ending = "uel"
            return True
        kept = _beginning_of_uel(held)
        if self._postscript and self._bare and (open_end := _OPEN_END.search(held[-_LONGEST_END:])):
            kept = max(kept, len(open_end[0]))
            self._paused = True
        self._take(len(held) - kept)
        return False

    def _end_of_postscript(self, held: bytes, most: int) -> int:
        """Where a ^D stands behind which another job begins; -1: nowhere. ^D alone may be one of binary data."""
        first = len(held) - len(held.lstrip(b"\x04\r\n")) if not self._begun and not self._head else 0
        for found in _NEXT.finditer(held[: most + len(UEL)]):
            if found.start() >= first:
                return found.end()
        return -1

    def _take(self, length: int) -> None:
        data, self._held = self._held[:length], self._held[length:]
        if data:
            self._give(data)

    def _give(self, data: bytes) -> None:
        """Bytes of the document; those before it is certain that it is one are held."""
        if self._begun:
            self._pieces.append(Piece("body", data))
            return
        self._head += data
        most = LONGEST_QUESTION if self._postscript else MOST_HELD
        if (not self._in_pjl and not self._postscript and data.strip(UEL + b"\r\n")) or len(self._head) > most:
            self._begin()

    def _begin(self) -> None:
        self._begun = True
        self._pieces.append(Piece("body", bytes(self._head)))
        self._head.clear()

    def _over(self, line: bytes) -> None:
        """What comes now is not this document's any more."""
        self.rest = line + self._held
        self._held = b""
        self._close()

    def _close(self) -> None:
        if not self._begun and self._postscript:
            if is_question(bytes(self._head)):
                self._pieces.append(Piece("ask", bytes(self._head)))
                self._head.clear()
            else:
                self._begin()
        if self._begun:
            self._pieces.append(END)
        self._begun = False


class Opaque:
    """A document that only silence or the end of the connection ends: PDF, pictures, raster. A `pieces.Reader`."""

    settled = False
    cut_short = False
    rest: bytes | None = None

    def __init__(self) -> None:
        self._begun = False

    def feed(self, data: bytes) -> list[Piece]:
        self._begun = self._begun or bool(data)
        return [Piece("body", data)] if data else []

    def finish(self) -> list[Piece]:
        begun, self._begun = self._begun, False
        return [END] if begun else []


def is_question(program: bytes) -> bool:
    """Whether a PostScript program only tells something of the printer."""
    return bool(_ASKS.search(program) and _TELLS.search(program)) and not _DRAWS.search(program)


def _beginning_of_uel(data: bytes) -> int:
    """How many of the last bytes may be the beginning of a UEL."""
    return next((n for n in range(min(len(UEL) - 1, len(data)), 0, -1) if UEL.startswith(data[-n:])), 0)
