"""The hub's end of a link: messages onto the wire, several to a frame."""

from __future__ import annotations

import asyncio

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.papers import job

from comptoir.sinks.relay import MESSAGES_IN_A_FRAME, Link, offer_of
from comptoir.wire import relay


class Wire:
    """A WebSocket that remembers; `gate` closed: sending takes its time."""

    def __init__(self) -> None:
        self.frames: list[list[relay.FromHub]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.closed: list[tuple[int, bytes]] = []

    async def send_str(self, data: str) -> None:
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.frames.append(relay.from_hub(data))

    async def close(self, *, code: int = 1000, message: bytes = b"") -> bool:
        if self.error is not None:
            raise self.error
        self.closed.append((code, message))
        return True


@pytest.fixture
async def wire() -> Wire:
    return Wire()


@pytest.fixture
async def link(wire: Wire) -> Link:
    return Link("caisse-1", wire, [])


async def test_what_is_said_in_one_turn_travels_in_one_frame(link: Link, wire: Wire) -> None:
    for number in range(10):
        link.say(relay.Recorded([str(number)]))
    await link.flush()
    assert wire.frames == [[relay.Recorded([str(number)]) for number in range(10)]]


async def test_a_frame_has_an_end_and_the_order_is_kept(link: Link, wire: Wire) -> None:
    count = MESSAGES_IN_A_FRAME * 2 + 1
    for number in range(count):
        link.say(relay.Recorded([str(number)]))
    await link.flush()
    assert [len(frame) for frame in wire.frames] == [MESSAGES_IN_A_FRAME, MESSAGES_IN_A_FRAME, 1]
    assert [message.refs for frame in wire.frames for message in frame] == [[str(n)] for n in range(count)]  # type: ignore[union-attr]


async def test_what_is_said_while_a_frame_is_on_its_way_follows_it(link: Link, wire: Wire) -> None:
    wire.gate.clear()
    link.say(relay.Recorded(["1"]))
    await asyncio.sleep(0)
    link.say(relay.Recorded(["2"]))
    wire.gate.set()
    await link.flush()
    link.say(relay.Recorded(["3"]))
    await link.flush()
    assert wire.frames == [[relay.Recorded(["1"])], [relay.Recorded(["2"])], [relay.Recorded(["3"])]]


@pytest.mark.parametrize("error", [ConnectionResetError("cut"), RuntimeError("closed")])
async def test_a_broken_wire_is_no_error_here(link: Link, wire: Wire, error: Exception) -> None:
    wire.error = error
    link.say(relay.Pong())
    await link.flush()
    await link.flush()
    await link.hang_up(4000, "replaced")
    assert wire.frames == []


async def test_hanging_up_says_why_as_far_as_it_fits(link: Link, wire: Wire) -> None:
    await link.hang_up(4000, "x" * 500)
    assert wire.closed == [(4000, b"x" * 123)]


async def test_a_reason_that_is_cut_is_still_utf8(link: Link, wire: Wire) -> None:
    """RFC 6455 §5.5.1: the reason of a close frame is UTF-8; half a character makes the other end fail."""
    await link.hang_up(4000, "é" * 59 + "a" + "é" * 10)
    wire.closed[0][1].decode()


def test_an_offer_says_everything_about_the_job() -> None:
    one = job(
        7,
        "Hello",
        printer="BAR",
        title="T",
        copies=2,
        expires_at=START + 5000,
        reprint_of=3,
        format="text",
        created_at=9,
    )
    offer = offer_of(one, b"Hello", START)
    assert (offer.ref, offer.digest, offer.size, offer.content) == (
        relay.ref_of(one),
        one.document.digest,
        5,
        b"Hello",
    )
    assert (offer.printer, offer.title, offer.copies, offer.format, offer.created_at) == (
        "BAR",
        "T",
        2,
        "text",
        9,
    )
    assert (offer.expires_in, offer.duplicata) == (5000, True)
    assert offer_of(one, None, START + 9999).expires_in == 0, "never negative"
    assert offer_of(job(1), None, START).expires_in is None


async def test_offering(link: Link, wire: Wire) -> None:
    link.offer(job(1), b"Hello world", FakeClock())
    await link.flush()
    ((offer,),) = wire.frames
    assert isinstance(offer, relay.Offer)
    assert offer.content == b"Hello world"
