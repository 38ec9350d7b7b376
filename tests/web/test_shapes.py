"""The JSON of the API: fixed, because programs outside read it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest
from tests.peers.papers import job

from comptoir.core.job import Evidence
from comptoir.core.record import Event
from comptoir.web.desk import Desk, Place
from comptoir.web.shapes import Order, event_of, print_of, stations_of


def desk(role: str) -> Desk:
    return cast(Desk, SimpleNamespace(role=role, name="caisse-1"))


def test_a_job_for_programs() -> None:
    one = job(
        7,
        "Hello",
        state="completed",
        evidence=Evidence("sent"),
        expires_at=1000,
        reprint_of=3,
        printer="P",
        key="k",
    )
    assert json.loads(msgspec.json.encode(print_of(one, desk("hub")))) == {
        "id": 7,
        "status": "printed",
        "state": "completed",
        "reason": "",
        "message": "",
        "title": "",
        "station": "TICKET",
        "printer": "P",
        "format": "message",
        "copies": 1,
        "media_type": "text/plain",
        "size": 5,
        "digest": one.document.digest,
        "source": "api",
        "user": "",
        "host": "",
        "idempotency_key": "k",
        "attempts": 0,
        "reprint_of": 3,
        "created_at": "1970-01-01T00:00:00.000Z",
        "updated_at": "1970-01-01T00:00:00.000Z",
        "expires_at": "1970-01-01T00:00:01.000Z",
        "evidence": {"kind": "sent", "detail": "", "unprintable": ""},
    }


def test_on_a_station_the_destination_is_the_printer() -> None:
    shape = print_of(job(1), desk("station"))
    assert (shape.station, shape.printer, shape.expires_at, shape.evidence) == (
        "caisse-1",
        "TICKET",
        None,
        None,
    )


@pytest.mark.parametrize(
    "body", ['{"source":"api","status":"queued"}', "{}", '{"status":"sent","evidence":null,"new":[1]}']
)
def test_an_event_of_any_version_can_be_told(body: str) -> None:
    shape = event_of(Event(1, 1000, "job-accepted", 1, body, b""))
    assert (shape.seq, shape.at, shape.kind) == (1, "1970-01-01T00:00:01.000Z", "job-accepted")


def test_stations_and_their_printers() -> None:
    places = [
        Place("A", "one", True, False, "media-empty-error", "No paper", 2),
        Place("B", "one"),
        Place("", "two", False, waiting=3),
    ]
    one, two = stations_of(places, ["one", "two"])
    assert (one.connected, one.waiting, [p["name"] for p in one.printers]) == (True, 2, ["A", "B"])
    assert one.printers[0]["reason"] == "media-empty-error"
    assert (two.connected, two.waiting, two.printers) == (False, 3, [])


def test_the_least_order() -> None:
    order = msgspec.json.decode(b'{"content": "x"}', type=Order)
    assert (order.copies, order.format, order.expires_in) == (1, "", None)
