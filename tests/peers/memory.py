"""How much memory our side of a delivery holds at one moment, without what the peers of the same process hold."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: whose memory does not count
PEERS: Final = ("*aiosmtpd*", "*moto*", "*werkzeug*", "*tests*peers*", "*aiohttp*web*", "*multipart.py")


class Scales:
    """Call it at the moment that matters; `held`: bytes, the most of all those moments."""

    def __init__(self) -> None:
        self.held = 0

    def __call__(self) -> None:
        kept = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.Filter(False, pattern, all_frames=True) for pattern in PEERS]
        )
        self.held = max(self.held, sum(one.size for one in kept.traces))


@contextmanager
def weighing() -> Iterator[Scales]:
    """What is allocated inside counts."""
    tracemalloc.start(8)
    try:
        yield Scales()
    finally:
        tracemalloc.stop()
