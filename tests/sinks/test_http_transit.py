"""What is counted of a request, and what is read of an answer."""

from __future__ import annotations

from typing import Any, cast

import pytest
from aiohttp.payload import BytesPayload
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.far import Told

from comptoir.core.errors import Withdrawn
from comptoir.sinks.http_transit import Answer, Transit


class Broken:
    """A stream whose connection breaks at the second piece."""

    def __init__(self) -> None:
        self.data = b""

    async def write(self, chunk: bytes) -> None:
        if self.data:
            raise ConnectionResetError
        self.data += chunk


async def test_what_has_left_is_counted_before_it_leaves() -> None:
    transit = Transit(BytesPayload(b"abc"), Told())
    alive: list[int] = []
    transit.alive = lambda: alive.append(transit.sent)
    assert not transit.whole
    await transit.write_with_length(cast(Any, Broken()), 3)
    assert transit.whole
    assert alive == [3, 3]
    transit = Transit(BytesPayload(b"abc"), Told())
    stream = Broken()
    stream.data = b"x"
    with pytest.raises(ConnectionResetError):
        await transit.write(cast(Any, stream))
    assert transit.whole  # it may have arrived
    assert transit.failure is None


async def test_what_stops_it_on_our_side_is_kept() -> None:
    told = Told()

    async def withdrawn() -> None:
        raise Withdrawn("cancelled")

    told.started = withdrawn  # type: ignore[method-assign]
    transit = Transit(BytesPayload(b"abc"), told)
    with pytest.raises(Withdrawn):
        await transit.write(cast(Any, Broken()))
    assert isinstance(transit.failure, Withdrawn)
    assert not transit.began
    assert not transit.whole


@pytest.mark.parametrize(
    ("text", "pointer", "found"),
    [
        ('{"id": 7}', "/id", "7"),
        ('{"a": [{"b/c~d": "x"}]}', "/a/0/b~1c~0d", "x"),
        ('"archive-1"', "", None),
        ('{"id": null}', "/id", None),
        ('{"id": ""}', "/id", None),
        ('{"id": false}', "/id", None),
        ('{"id": {"x": 1}}', "/id", None),
        ('{"id": 7}', "/no", None),
        ('{"id": 7}', "/id/x", None),
        ('[1]', "/x", None),
        ("not json", "/id", None),
        ("[" * 100_000, "/0", None),
    ],
)  # fmt: skip
def test_where_a_pointer_leads(text: str, pointer: str, found: str | None) -> None:
    assert Answer(200, text).at(pointer) == (found if pointer else "archive-1")


@given(st.text(), st.text())
def test_no_answer_breaks_it(text: str, pointer: str) -> None:
    Answer(200, text).at(pointer)
