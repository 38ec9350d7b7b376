"""Epson's ePOS-Print XML: what a till asks of a printer, and what the printer answers. Only codecs, no HTTP.

    <s:Envelope><s:Header><parameter><devid/><timeout/><printjobid/></parameter></s:Header>
      <s:Body><epos-print> … </epos-print></s:Body></s:Envelope>

The envelope may be missing; namespaces are not looked at, because clients leave them out or empty. What is to be
printed is given on as a document of its own, always written in the same way, so that a receipt sent again has the same
bytes. Source: Epson, ePOS-Print XML User's Manual (M00048218), chapter “XML Reference”, for the elements, the codes and
the bits of the status.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ParseError, tostring
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from comptoir.core.errors import RequestError
from comptoir.core.job import (
    COVER_OPEN,
    CUTTER_JAM,
    DOCUMENT_FORMAT_ERROR,
    EXPIRED,
    NO_PAPER,
    NO_RIBBON,
    OTHER_ERROR,
    OUTCOME_UNKNOWN,
    OUTPUT_FULL,
    PAUSED,
    PRINTER_OFFLINE,
    UNREACHABLE,
)

if TYPE_CHECKING:
    from comptoir.core.profile import PrinterState

MEDIA_TYPE: Final = "application/vnd.epson.epos+xml"
NAMESPACE: Final = "http://www.epson-pos.com/schemas/2011/03/epos-print"
#: the device of a printer that has only one
LOCAL_PRINTER: Final = "local_printer"

#: elements after which nothing is on the paper
_SILENT: Final = frozenset({"pulse", "recovery", "reset", "layout"})
#: elements of SOAP and of the parameters that are words, not contents
_PARAMETERS: Final = frozenset({"devid", "timeout", "printjobid"})
#: characters of a job's name that are given back
_LONGEST: Final = 255
#: ten times those of the longest receipt: each costs memory, however little it says
_MOST_TAGS: Final = 100_000
#: bytes of ESC/POS: they are read like a printer does, one after the other
_MOST_COMMANDS: Final = 250_000


class NotEpos(RequestError):
    """The body is no ePOS-Print document; nothing was done."""

    code = "not-epos"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a till asks for. document: UTF-8, an <epos-print> and nothing around it.

    prints: something of it is for the paper. pulses: the drawers that are to open, 1 or 2, in order. commands: bytes of
    ESC/POS that are in it. devid, timeout (ms) and job: from the header, empty or None where it does not have them.
    """

    document: bytes
    prints: bool = False
    pulses: tuple[int, ...] = ()
    commands: tuple[bytes, ...] = ()
    devid: str = ""
    timeout: int | None = None
    job: str = ""

    @property
    def empty(self) -> bool:
        """It only asks how the printer stands."""
        return not (self.prints or self.pulses or self.commands)


def read(body: bytes) -> Asked:
    """The request in this body, with or without envelope, prolog and byte order mark. Raises NotEpos.

    A document type and entities are refused: a receipt needs none, and they can make a few bytes into gigabytes.
    """
    # The attributes of one element are read in one go, and all else waits: as many are refused.
    if max(body.count(b"<"), body.count(b"=")) > _MOST_TAGS:
        raise NotEpos(f"the XML has more than {_MOST_TAGS} tags or attributes", "Print a part of it.")
    try:
        root = fromstring(body.lstrip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotEpos(f"the body is no XML that can be read: {error}", _EXAMPLE) from None
    found = next((one for one in root.iter() if _name(one) == "epos-print"), None)
    if found is None:
        raise NotEpos("the XML has no element <epos-print>", _EXAMPLE)
    commands = tuple(_commands(found))
    if sum(map(len, commands)) > _MOST_COMMANDS:
        raise NotEpos(f"the commands have more than {_MOST_COMMANDS} bytes", "Send pictures as <image>.")
    header = {name: (one.text or "").strip() for one in root.iter() if (name := _name(one)) in _PARAMETERS}
    return Asked(
        document=tostring(_plain(found), "utf-8"),
        prints=any(_prints(one) for one in found),
        pulses=tuple(2 if one.get("drawer") == "drawer_2" else 1 for one in found if _name(one) == "pulse"),
        commands=commands,
        devid=header.get("devid", ""),
        timeout=milliseconds(header.get("timeout", "")),
        job=header.get("printjobid", "")[:_LONGEST],
    )


_EXAMPLE: Final = f'Send <epos-print xmlns="{NAMESPACE}"><text>Hello&#10;</text><cut type="feed"/></epos-print>.'


def milliseconds(text: str) -> int | None:
    """The time that a till waits; None where it does not say, or not in a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _name(element: Element) -> str:
    """The name without its namespace, of whichever edition it is."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _plain(found: Element) -> Element:
    """The document in one namespace: an element, what is in it, and in a <page> once more. Nothing is deeper."""
    plain = Element("epos-print", {"xmlns": NAMESPACE})
    for one in found:
        copied = _copied(one)
        copied.extend(_copied(inner) for inner in one)
        plain.append(copied)
    return plain


def _copied(one: Element) -> Element:
    copied = Element(_name(one) or "unknown", {name.rpartition("}")[2]: value for name, value in one.attrib.items()})
    if one.text:
        copied.text = one.text.replace("\r\n", "\n").replace("\r", "")
    return copied


def _prints(one: Element) -> bool:
    """Whether something is on the paper after it. A text that only sets the style leaves nothing."""
    name = _name(one)
    if name == "command":
        return False  # its bytes must be read to know
    return bool(one.text) if name == "text" else name not in _SILENT


def _commands(found: Element) -> Iterator[bytes]:
    for one in found.iter():
        if _name(one) == "command" and (data := hexadecimal(one.text or "")):
            yield data


def hexadecimal(text: str) -> bytes:
    """The bytes of a <command>; empty where they are not in hexadecimal."""
    try:
        return binascii.unhexlify("".join(text.split()))
    except (binascii.Error, ValueError):
        return b""


# -- the answer -------------------------------------------------------------------------------------------------------

#: bits of the status that never change, as a TM printer sends them
FIXED: Final = 0x0F000010
NO_RESPONSE: Final = 0x00000001
PRINTED: Final = 0x00000002
DRAWER_HIGH: Final = 0x00000004
OFFLINE: Final = 0x00000008
_COVER: Final = 0x00000020
_MECHANICAL: Final = 0x00000400
_CUTTER: Final = 0x00000800
_UNRECOVERABLE: Final = 0x00002000
_NEAR_END: Final = 0x00020000
_PAPER_END: Final = 0x00080000

#: `printer-state-reasons` → bits of the status
BITS: Final[Mapping[str, int]] = {
    NO_PAPER: _PAPER_END | _NEAR_END | OFFLINE,
    "media-low-report": _NEAR_END,
    COVER_OPEN: _COVER | OFFLINE,
    CUTTER_JAM: _CUTTER | OFFLINE,
    NO_RIBBON: _MECHANICAL | OFFLINE,
    OTHER_ERROR: _UNRECOVERABLE | OFFLINE,
    PRINTER_OFFLINE: OFFLINE,
    PAUSED: OFFLINE,
    OUTPUT_FULL: OFFLINE,
    UNREACHABLE: NO_RESPONSE | OFFLINE,
}

NOT_REACHABLE: Final = "PRINTER_NOT_REACHABLE"
#: `job-state-reasons` → code. PRINTER_NOT_REACHABLE is Odoo's own word, for which it has a sentence; Epson's would be
#: EX_BADPORT, for which it has none.
CODES: Final[Mapping[str, str]] = {
    NO_PAPER: "EPTR_REC_EMPTY",
    COVER_OPEN: "EPTR_COVER_OPEN",
    CUTTER_JAM: "EPTR_CUTTER",
    NO_RIBBON: "EPTR_MECHANICAL",
    OUTPUT_FULL: "ERROR_WAIT_EJECT",
    PRINTER_OFFLINE: NOT_REACHABLE,
    PAUSED: NOT_REACHABLE,
    UNREACHABLE: NOT_REACHABLE,
    OUTCOME_UNKNOWN: "EX_TIMEOUT",
    EXPIRED: "EX_TIMEOUT",
    DOCUMENT_FORMAT_ERROR: "SchemaError",
}
SCHEMA: Final = "SchemaError"
NO_DEVICE: Final = "DeviceNotFound"
TIMEOUT: Final = "EX_TIMEOUT"
BUSY: Final = "EX_DEVICE_BUSY"
QUEUE: Final = "EX_SPOOLER"
TOO_MANY: Final = "TooManyRequests"
TOO_LARGE: Final = "RequestEntityTooLarge"
SYSTEM: Final = "PrintSystemError"


def status_of(state: PrinterState, reason: str = "", *, printed: bool = False) -> int:
    """The bits for what a printer has said, and for `reason`, why it prints nothing at the moment.

    The drawer's pin is high where there is no drawer, or nobody knows: the printer pulls it up.
    """
    bits = FIXED
    for word in (*state.problems, *state.notices, reason):
        bits |= BITS.get(word, 0)
    if state.drawer_high is not False:
        bits |= DRAWER_HIGH
    return bits | PRINTED if printed else bits


def code_of(reason: str) -> str:
    """The code for a reason why something was not printed."""
    return CODES.get(reason, SYSTEM)


@dataclass(frozen=True, slots=True)
class Response:
    """success: it is printed, as far as is known. code: why not, else empty. job: the till's own name for it."""

    success: bool
    code: str = ""
    status: int = 0
    job: str = ""


def answer(response: Response) -> bytes:
    """The envelope as printers send it; Odoo reads `success`, `code` and `status`."""
    header = ""
    if response.job:
        job = escape(response.job)
        header = f'<s:Header><parameter xmlns="{NAMESPACE}"><printjobid>{job}</printjobid></parameter></s:Header>'
    success = "true" if response.success else "false"
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{header}<s:Body>'
        f'<response xmlns="{NAMESPACE}" success="{success}" code={quoteattr(response.code)} '
        f'status="{response.status}" battery="0"/></s:Body></s:Envelope>'
    ).encode()
