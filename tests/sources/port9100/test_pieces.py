"""Each kind of reader is one: nothing in, nothing out, and any bytes end as they came."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comptoir.sources.port9100.pieces import END, Piece, Reader
from comptoir.sources.port9100.receipts import Receipts
from comptoir.sources.port9100.sheets import Opaque, Sheets


@pytest.mark.parametrize("make", [Receipts, Sheets, Opaque])
def test_a_reader(make: Callable[[], Reader]) -> None:
    reader = make()
    assert (reader.feed(b""), reader.finish()) == ([], [])
    assert (reader.settled, reader.cut_short, reader.rest) == (False, False, None)
    reader = make()
    pieces = [*reader.feed(b"%%some document\n"), *reader.finish()]
    assert pieces == [Piece("body", b"%%some document\n"), END]
