"""What the beginning of a print stream says of it: title, user, machine, copies. Pure; it never raises.

Read from PJL (HP's Printer Job Language Technical Reference, and the SETs that drivers have agreed on), from the
comments of PostScript (Adobe's Document Structuring Conventions 3.0), and from plain text. What a receipt says of
itself, `languages.escpos.heading` reads. Nothing of it is checked: whoever prints may write there what he likes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from comptoir.core.document import RAW, SPOKEN, TEXT, media_type_of

#: bytes of the beginning that are looked at
HEAD: Final = 65_536
#: bytes of the end in which the PJL behind a document is looked for
TAIL: Final = 4096
#: letters of a title or a name
LONGEST: Final = 255
#: more copies than anybody prints are a mistake, or bad will
MOST_COPIES: Final = 9_999

#: languages of printers that can be drawn all the same
_DRAWN: Final = ("image/pwg-raster", "image/urf")
#: Universal Exit Language
UEL: Final = b"\x1b%-12345X"


@dataclass(frozen=True, slots=True)
class PrintHeader:
    """copies, sides: as the printer is told in the stream itself; whoever sends the stream on does not say them again.

    language: that PJL enters, as POSTSCRIPT. begins: where the document begins behind PJL.
    """

    title: str = ""
    user: str = ""
    host: str = ""
    copies: int = 1
    sides: str = ""
    language: str = ""
    begins: int = 0


def print_header(head: bytes) -> PrintHeader:
    """What the first bytes say. PJL's words stand before those of the PostScript that it wraps."""
    head = head[:HEAD]
    header = _pjl(head) if head.startswith((UEL, b"@PJL")) else PrintHeader()
    body = head[header.begins :].lstrip(b"\x04\r\n ")
    if not body.startswith(b"%!"):
        return header
    inner = _postscript(body)
    return replace(
        header,
        title=header.title or inner.title,
        user=header.user or inner.user,
        host=header.host or inner.host,
        copies=max(header.copies, inner.copies),
        sides=header.sides or inner.sides,
    )


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What stands between lines of PJL: its media type, and the places where it begins and ends."""

    media_type: str
    begins: int
    ends: int


def wrapped(head: bytes, tail: bytes, size: int) -> Wrapped | None:
    """The document inside PJL; None where there is none, or one that only a printer reads (PCL, and what is unknown).

    `head`: the first bytes, HEAD or all; `tail`: the last TAIL or all; `size`: of the whole.
    """
    begins = print_header(head).begins
    media_type = media_type_of(head[begins : begins + 4096])
    if not begins or media_type in (RAW, TEXT) or (media_type in SPOKEN and media_type not in _DRAWN):
        return None
    before = size - len(tail)
    at = tail.find(UEL, max(0, begins - before))
    return Wrapped(media_type, begins, size if at < 0 else before + at)


def first_line(head: bytes) -> str:
    """The first line of a text that has a letter or a digit; "" where there is none."""
    for line in head[:HEAD].splitlines()[:100]:
        text = words_of(line)
        if any(c.isalnum() for c in text):
            return text
    return ""


# -- PJL


def _pjl(head: bytes) -> PrintHeader:
    header, duplex, binding = PrintHeader(), "", ""
    for at, line in _pjl_lines(head):
        header = replace(header, begins=at)
        words = line[4:].strip()
        entered = re.match(rb"ENTER\s+LANGUAGE\s*=\s*(\w+)", words, re.IGNORECASE)
        if entered is not None:
            header = replace(header, language=entered[1].decode().upper())
            break
        for name, value in _pairs(words):
            if name == "DUPLEX":
                duplex = value.upper()
            elif name == "BINDING":
                binding = value.upper()
            elif name in _PJL:
                header = _PJL[name](header, value)
    if duplex:
        two = "two-sided-short-edge" if binding == "SHORTEDGE" else "two-sided-long-edge"
        header = replace(header, sides=two if duplex == "ON" else "one-sided")
    return header


def _pjl_lines(head: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines of PJL at the beginning, each with the place behind it."""
    at = 0
    while True:
        while head.startswith(UEL, at):
            at += len(UEL)
        end = head.find(b"\n", at)
        line = head[at : end if end >= 0 else len(head)]
        if not line.startswith(b"@PJL") and line.strip():
            return
        if end < 0:
            if line:
                yield len(head), line
            return
        at = end + 1
        yield at, line


#: a name, perhaps with a space around its =, and a value: quoted, or to the next space. Nothing is looked at twice: a
#: sender's 64 kB of letters without a = would hold up everybody for half a minute
_PAIR: Final = re.compile(rb'(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]*+)\s*+=\s*+(?:"([^"\r\n]*+)"?|(\S+))')


def _pairs(words: bytes) -> Iterator[tuple[str, str]]:
    """NAME of `JOB NAME="…"`, and the names of SET and DEFAULT."""
    command = words.split(None, 1)[0].upper() if words else b""
    if command not in (b"JOB", b"SET"):
        return
    for found in _PAIR.finditer(words, len(command)):
        value = found[2] if found[2] is not None else found[3]
        name = found[1].decode().upper()
        yield f"JOB {name}" if command == b"JOB" else name, words_of(value)


def _title(header: PrintHeader, value: str) -> PrintHeader:
    return replace(header, title=header.title or value)


def _user(header: PrintHeader, value: str) -> PrintHeader:
    return replace(header, user=header.user or value)


def _host(header: PrintHeader, value: str) -> PrintHeader:
    return replace(header, host=header.host or value)


def _copies(header: PrintHeader, value: str) -> PrintHeader:
    return replace(header, copies=max(header.copies, _count(value)))


def _account(header: PrintHeader, value: str) -> PrintHeader:
    """JOBATTR="JobAcct1=user": HP's drivers say user, machine and domain so."""
    name, _, said = value.partition("=")
    if name == "JobAcct1":
        return _user(header, said)
    return _host(header, said) if name == "JobAcct2" else header


_PJL: Final[dict[str, Callable[[PrintHeader, str], PrintHeader]]] = {
    "JOB NAME": _title,
    "JOBNAME": _title,
    "USERNAME": _user,
    "USERID": _user,
    "HOSTLOGINNAME": _user,
    "HOSTNAME": _host,
    "JOBATTR": _account,
    "QTY": _copies,
    "COPIES": _copies,
}


# -- PostScript

_COMMENT: Final = re.compile(rb"%%(\w+):[ \t]*([^\r\n]*(?:(?:\r\n|\r|\n)%%\+[^\r\n]*)*)")
_CONTINUED: Final = re.compile(rb"[ \t]*(?:\r\n|\r|\n)%%\+[ \t]*")
_WINDOWS_COPIES: Final = re.compile(rb"%RBINumCopies:[ \t]*(\d{1,4})")
_REQUIRED_COPIES: Final = re.compile(rb"numcopies\((\d{1,4})\)")


def _postscript(head: bytes) -> PrintHeader:
    """The comments up to %%EndComments; many drivers write some behind it, so the whole head is read."""
    said: dict[str, bytes] = {}
    for found in _COMMENT.finditer(head):
        value = _CONTINUED.sub(b" ", found[2]).strip()
        if value and value != b"(atend)":
            said.setdefault(found[1].decode(), value)
    requirements = said.get("Requirements", b"")
    copies = _WINDOWS_COPIES.search(head) or _REQUIRED_COPIES.search(requirements)
    sides = ""
    if b"duplex" in requirements:
        sides = "two-sided-short-edge" if b"tumble" in requirements else "two-sided-long-edge"
    return PrintHeader(
        title=_dsc_text(said.get("Title", b"")),
        user=_dsc_text(said.get("For", b"")),
        host=_dsc_text(said.get("Host", b"")),
        copies=_count(copies[1].decode()) if copies else 1,
        sides=sides,
    )


_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|[\s\S]?)")
_PLAIN_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
#: bytes in hexadecimal that stand in a text, as PPD files write what is not ASCII (Adobe PPD 4.3 §3.5)
_HEX: Final = re.compile(rb"<((?:[0-9A-Fa-f]{2}|\s)+)>")


def _dsc_text(value: bytes) -> str:
    """(a string) with its escapes, <68657861>, or the rest of the line, with <E9> in it where it is not ASCII."""
    if value.startswith(b"("):
        value = _ESCAPE.sub(_unescaped, _in_parentheses(value))
    else:
        value = _HEX.sub(lambda found: _from_hex(found[1]), value)
    return words_of(value)


def _in_parentheses(value: bytes) -> bytes:
    depth = 0
    for found in re.finditer(rb"\\[\s\S]|[()]", value):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0 and found[0] == b")":
            return value[1 : found.start()]
    return value[1:]


def _unescaped(found: re.Match[bytes]) -> bytes:
    escaped = found[1]
    if escaped[:1].isdigit():
        return bytes([int(escaped, 8) & 0xFF])
    return _PLAIN_ESCAPES.get(escaped, escaped)


def _from_hex(digits: bytes) -> bytes:
    return bytes.fromhex(b"".join(digits.split()).decode())


# -- text


def words_of(value: bytes) -> str:
    """What somebody has written, in whatever encoding, on one line, of at most LONGEST letters."""
    return _clean(_decoded(value))


def _decoded(value: bytes) -> str:
    """UTF-16 where it says so, UTF-8 where it is, else the bytes of a western Windows."""
    if value.startswith((b"\xfe\xff", b"\xff\xfe")):
        return value.decode("utf-16", "replace")
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def _clean(text: str) -> str:
    """On one line, without what nobody can see, no longer than LONGEST."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]


def _count(value: str) -> int:
    return min(max(int(value), 1), MOST_COPIES) if value.isascii() and value.isdigit() and len(value) < 9 else 1
