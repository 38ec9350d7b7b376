"""The words between a station and its hub, protocol 1 (docs/relay.md). A frame is a JSON array of messages.

The station speaks first (`hello`), the hub answers `welcome` or `refused`. A `ref` names a job on the wire: the hub's
number and a random part, so that a hub restored from a backup never reuses the name of another job. Only codecs here:
who says what when is `sources/relay.py` on the station and `sinks/relay.py` on the hub.
"""

from __future__ import annotations

from typing import Final

import msgspec

from comptoir.core.errors import RequestError
from comptoir.core.job import Evidence, Job, State

PROTOCOL: Final = 1
#: documents up to this size travel in the offer, larger ones are fetched (GET /relay/documents/REF)
INLINE: Final = 16_384
#: seconds: the station says `ping` this often; whoever hears nothing for three times as long hangs up
HEARTBEAT: Final = 15.0
#: a frame may not be larger than this many bytes
FRAME: Final = 4 * 1024 * 1024
#: close code (RFC 6455 registry): the hub cannot write, and has confirmed nothing of what was said last
TRY_LATER: Final = 1013
PATH: Final = "/relay"
DOCUMENTS: Final = "/relay/documents"


class Printer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a station tells of one of its printers."""

    name: str
    ready: bool = True
    reason: str = ""
    message: str = ""


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """Station: who it is. `journal` changes when the station has lost its memory."""

    protocol: int
    version: str
    journal: str
    printers: list[Printer]


class Accepted(msgspec.Struct, frozen=True, tag="accepted"):
    """Station: these jobs are on its disk; it answers for them from now on."""

    refs: list[str]


class Report(msgspec.Struct, frozen=True, tag="report", omit_defaults=True):
    """Station: what has become of a job. Repeated until `recorded` answers it."""

    ref: str
    state: State
    reason: str = ""
    message: str = ""
    evidence: Evidence | None = None
    by: str = ""


class Lost(msgspec.Struct, frozen=True, tag="lost"):
    """Station: it has never heard of these jobs, or has forgotten them."""

    refs: list[str]


class Printers(msgspec.Struct, frozen=True, tag="printers"):
    """Station: the state of its printers has changed."""

    printers: list[Printer]


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Station: still here."""


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """Hub: the station is known; `time` is the hub's clock in ms."""

    protocol: int
    version: str
    station: str
    time: int


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Hub: it will not work with this station, and why; it hangs up after this."""

    code: str
    message: str


class Offer(msgspec.Struct, frozen=True, tag="offer", omit_defaults=True):
    """Hub: a job for the station. Repeated until `accepted` or `report` answers it; the station knows it by `ref`.

    `expires_in`: ms from now, so that the station's clock may be wrong. `content`: base64; absent: to be fetched.
    """

    ref: str
    digest: str
    size: int
    media_type: str
    format: str
    created_at: int
    printer: str = ""
    name: str = ""
    title: str = ""
    user: str = ""
    host: str = ""
    copies: int = 1
    expires_in: int | None = None
    duplicata: bool = False
    content: bytes | None = None


class Recorded(msgspec.Struct, frozen=True, tag="recorded"):
    """Hub: the outcome of these jobs is on its disk."""

    refs: list[str]


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Hub: do not print this if it has not begun; a report says what came of it."""

    ref: str
    by: str = ""


class Ended(msgspec.Struct, frozen=True, tag="ended", omit_defaults=True):
    """Hub: a person has decided there about a job that the station holds. Repeated while it is reported as held."""

    ref: str
    state: State
    reason: str = ""
    message: str = ""
    evidence: Evidence | None = None
    by: str = ""


class Settle(msgspec.Struct, frozen=True, tag="settle"):
    """Hub: the jobs that it believes to be at the station; each is answered by a report or in `lost`."""

    refs: list[str]


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """Hub: still here."""


FromStation = Hello | Accepted | Report | Lost | Printers | Ping
FromHub = Welcome | Refused | Offer | Recorded | Cancel | Ended | Settle | Pong

_encode = msgspec.json.Encoder().encode
_from_station = msgspec.json.Decoder(list[FromStation]).decode
_from_hub = msgspec.json.Decoder(list[FromHub]).decode


class BadFrame(RequestError):
    """A frame that is none of the protocol."""

    code = "bad-frame"


def encode(messages: list[FromStation] | list[FromHub]) -> str:
    """A frame of these messages."""
    return _encode(messages).decode()


def from_station(frame: str | bytes) -> list[FromStation]:
    """The messages of a frame that a station sent. Raises BadFrame."""
    try:
        return _from_station(frame)
    except msgspec.MsgspecError as error:
        raise BadFrame(f"the station sent a frame that is not of the relay protocol: {error}") from None


def from_hub(frame: str | bytes) -> list[FromHub]:
    """The messages of a frame that a hub sent. Raises BadFrame."""
    try:
        return _from_hub(frame)
    except msgspec.MsgspecError as error:
        raise BadFrame(f"the hub sent a frame that is not of the relay protocol: {error}") from None


def close_reason(text: str) -> bytes:
    """The text as the reason of a close frame: UTF-8 of at most 123 bytes, no half character (RFC 6455 §5.5)."""
    return text.encode()[:123].decode(errors="ignore").encode()


def ref_of(job: Job) -> str:
    """The name of the hub's job on the wire."""
    return f"{job.id}.{job.uid}"


def number_of(ref: str) -> int | None:
    """The hub's number in a ref; None where it is none."""
    number, dot, uid = ref.partition(".")
    return int(number) if dot and uid and number.isascii() and number.isdigit() and len(number) < 19 else None
