"""The JSON of the API, as typed values: requests, answers, events. The OpenAPI document is made from these.

A shape is a translation of the core's values for programs outside; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from comptoir.core.job import Evidence, Job
from comptoir.core.record import Event
from comptoir.core.units import iso
from comptoir.web.desk import Desk, Place


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document to print: `content` (text) or `content_base64` (a picture, or bytes for the printer)."""

    content: str | None = None
    content_base64: bytes | None = None
    station: Annotated[str, Meta(max_length=64)] = ""
    printer: Annotated[str, Meta(max_length=64)] = ""
    title: Annotated[str, Meta(max_length=200)] = ""
    #: empty: message for text, image for pictures, pdf for PDF
    format: Literal["", "message", "text", "ticket", "image", "pdf", "epos", "raw"] = ""
    copies: Annotated[int, Meta(ge=1, le=100)] = 1
    #: seconds after which it is not printed any more
    expires_in: Annotated[float, Meta(gt=0, le=31_536_000)] | None = None
    name: Annotated[str, Meta(max_length=255)] = ""


class PrintEvent(msgspec.Struct, frozen=True):
    """Something that happened to a job."""

    seq: int
    at: str
    kind: str
    status: str
    reason: str
    message: str
    by: str
    evidence: Evidence | None


class Print(msgspec.Struct, frozen=True):
    """A job. `status` is for people and programs, `state` and `reason` are the words of RFC 8011."""

    id: int
    status: str
    state: str
    reason: str
    message: str
    title: str
    station: str
    printer: str
    format: str
    copies: int
    media_type: str
    size: int
    digest: str
    source: str
    user: str
    host: str
    idempotency_key: str
    attempts: int
    reprint_of: int | None
    created_at: str
    updated_at: str
    expires_at: str | None
    evidence: Evidence | None


class PrintWithLife(Print, frozen=True):
    """A job with its text (where it is text and not long) and all that happened to it."""

    content: str | None
    events: list[PrintEvent]


class Prints(msgspec.Struct, frozen=True):
    """A page of jobs. `next`: the `after` of the next page (with after), or the `before` of it; null at the end."""

    prints: list[Print]
    next: int | None


class StationShape(msgspec.Struct, frozen=True):
    """A station and its printers, as it last told them."""

    name: str
    connected: bool
    waiting: int
    printers: list[dict[str, object]]


class DrawerOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/drawer/open`: which drawer, and why."""

    printer: Annotated[str, Meta(max_length=64)] = ""
    reason: Annotated[str, Meta(max_length=200)] = ""
    order: Annotated[str, Meta(max_length=64)] = ""


class DrawerState(msgspec.Struct, frozen=True):
    """A drawer as people see it. `state`: open, closed, or "" where there is no sensor."""

    printer: str
    state: str
    sensor: bool


class DrawerAnswer(msgspec.Struct, frozen=True):
    """What became of it: `opened` the sensor says so, `was-open` it was open already, `processed` the printer sent the
    pulse, `sent` it has it."""

    printer: str
    outcome: str


class Drawers(msgspec.Struct, frozen=True):
    """The drawers of a station."""

    drawers: list[DrawerState]


class Broken(msgspec.Struct, frozen=True):
    """A virtual printer: what is wrong with it (`paper=20`: no paper after 20 more lines), and how it stands.

    lines: printed in all; waiting: bytes that it has and has not printed; pulses: how often its drawer was fired.
    """

    faults: list[str]
    lines: int = 0
    waiting: int = 0
    drawer_open: bool = False
    pulses: int = 0


class Probed(msgspec.Struct, frozen=True):
    """What a printer can, as it has shown: what it confirms by, strongest first; maker, model, firmware."""

    printer: str
    confirms: list[str]
    identity: list[str]


class ErrorBody(msgspec.Struct, frozen=True):
    code: str
    message: str
    hint: str


class ErrorAnswer(msgspec.Struct, frozen=True):
    """Every error of the API."""

    error: ErrorBody


def print_of(job: Job, desk: Desk) -> Print:
    """The job as the API tells it. On a station the destination is the printer; on a hub it is the station."""
    hub = desk.role == "hub"
    return Print(
        id=job.id,
        status=job.status,
        state=job.state,
        reason=job.reason,
        message=job.message,
        title=job.title,
        station=job.destination if hub else desk.name,
        printer=job.printer if hub else job.destination,
        format=job.format,
        copies=job.copies,
        media_type=job.document.media_type,
        size=job.document.size,
        digest=job.document.digest,
        source=job.origin.source,
        user=job.origin.user,
        host=job.origin.host,
        idempotency_key=job.key,
        attempts=job.attempts,
        reprint_of=job.reprint_of,
        created_at=iso(job.created_at),
        updated_at=iso(job.updated_at),
        expires_at=None if job.expires_at is None else iso(job.expires_at),
        evidence=job.evidence,
    )


class _EventBody(msgspec.Struct):
    status: str = ""
    reason: str = ""
    message: str = ""
    by: str = ""
    evidence: Evidence | None = None


_event_body = msgspec.json.Decoder(_EventBody).decode


def event_of(event: Event) -> PrintEvent:
    body = _event_body(event.body)
    return PrintEvent(
        event.seq, iso(event.at), event.kind, body.status, body.reason, body.message, body.by, body.evidence
    )


def stations_of(places: Sequence[Place], names: Sequence[str]) -> list[StationShape]:
    """The stations with these names, and the printers that stand there."""
    answer = []
    for name in names:
        here = [place for place in places if place.station == name]
        printers: list[dict[str, object]] = [
            {"name": p.name, "ready": p.ready, "reason": p.reason, "message": p.message} for p in here if p.name
        ]
        connected = any(place.connected for place in here)
        answer.append(StationShape(name, connected, sum(place.waiting for place in here), printers))
    return answer
