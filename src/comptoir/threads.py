"""One call in a daemon thread of its own, for what may block for ever: a printer without paper, a share that is away.

It holds neither one of asyncio's few worker threads nor the end of the process. Who waits for it, and for how long, is
the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def in_thread(call: Callable[[], T], name: str = "printer") -> Future[T]:
    """Start the call in a thread of this name. Nothing stops it but itself."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()  # from here on it cannot be cancelled

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name=name, daemon=True).start()
    return future
