"""Calls that may block for ever, as those of a share that is away: each is waited for so long, and no longer.

Each has a daemon thread of its own, so that a hanging one holds neither one of asyncio's few worker threads nor the end
of the process. It knows nothing of what is called.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from comptoir.threads import in_thread

T = TypeVar("T")

MOMENT: Final = 2.0  # seconds: who stops the service does not wait for a share that is away


class Patience:
    """Waits `seconds` for each call. While one hangs, further ones are not begun: threads would pile up."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._hanging: set[Future[Any]] = set()

    async def __call__(self, call: Callable[[], T]) -> T:
        """What the call gives. Raises TimeoutError, and what it raises.

        Cancelled, it waits a moment for the end of the call: what is cleaned up after it must not be made behind it.
        Where the call hangs, nothing is cleaned up: that would hang, too.
        """
        if self._hanging:
            raise TimeoutError("an earlier call still hangs")
        future = in_thread(call, "destination")
        ended = asyncio.wrap_future(future)
        ended.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            done, _ = await asyncio.wait({ended}, timeout=self._seconds)
        except asyncio.CancelledError:
            if not (await asyncio.wait({ended}, timeout=min(self._seconds, MOMENT)))[0]:
                self._hangs(future)
            raise
        if not done:
            self._hangs(future)
            raise TimeoutError("it does not answer")
        return ended.result()

    def _hangs(self, future: Future[Any]) -> None:
        self._hanging.add(future)
        future.add_done_callback(self._hanging.discard)
