"""One thread for one folder: a share that hangs stops only what is asked of that share.

It is a daemon: what never returns does not hold up the end of the process either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_Calls = SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None]


class OwnThread:
    """Carries out calls one after the other. The thread begins with the first."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: _Calls | None = None

    def start(self, call: Callable[[], T]) -> Future[T]:
        """Have it called when its turn comes. Nothing stops it but itself."""
        if self._calls is None:
            self._calls = SimpleQueue()
            Thread(target=_run, args=(self._calls,), name=self._name, daemon=True).start()
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        self._calls.put((call, future))
        return future

    async def do(self, call: Callable[[], T], undo: Callable[[T], object] | None = None) -> T:
        """What the call gives, or its exception. Cancelled, nobody waits for it any more; it goes on by itself.

        `undo`: what is done with the answer then, in the thread.
        """
        future = self.start(call)
        waiting = asyncio.wrap_future(future)
        waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            if undo is not None:
                future.add_done_callback(lambda done: done.exception() or undo(done.result()))
            raise

    def close(self) -> None:
        """It ends after what it has been told to do. What is asked later, another one does."""
        if self._calls is not None:
            self._calls.put(None)
            self._calls = None


async def in_time(name: str, call: Callable[[], T], seconds: float) -> T:
    """What a call gives that may hang, made in a thread of its own. Raises TimeoutError, and what it raises."""
    thread = OwnThread(name)
    try:
        async with asyncio.timeout(seconds):
            return await thread.do(call)
    finally:
        thread.close()


def _run(calls: _Calls) -> None:
    while (order := calls.get()) is not None:
        call, future = order
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)
        del order, call, future  # what they hold must not live until the next call
