"""Runs calls that block for as long as a printer likes. It opens nothing; `file`, `serial` and `usb` are built on it.

Each call has a daemon thread of its own: a printer that is without paper for a night holds neither one of asyncio's
few worker threads nor the end of the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from typing import Final, TypeVar

from comptoir.core.ports import Waits
from comptoir.threads import in_thread

T = TypeVar("T")

#: However short the patience of a reader is, what already lies in the port is found: seconds.
GRACE: Final = 0.02


async def open_in_thread(opening: Callable[[], T], letting_go: Callable[[T], object]) -> T:
    """What `opening` gives. Cancelled meanwhile, it is let go as soon as it is there: nobody else would."""
    future = in_thread(opening)
    try:
        return await asyncio.shield(_ended(future))
    except asyncio.CancelledError:
        future.add_done_callback(lambda opened: opened.exception() or letting_go(opened.result()))
        raise


async def alone(call: Callable[[], T]) -> T:
    """What a call gives that may block for ever. Cancelled, it is no longer waited for, and goes on by itself."""
    return await asyncio.shield(_ended(in_thread(call)))


async def closed(shutting: Future[None], patience: float) -> None:
    """Returns when the call has ended, or after `patience` seconds: then it ends by itself. Never raises."""
    await asyncio.wait({_ended(shutting)}, timeout=patience)


async def watched(working: Future[T], progress: Callable[[], object], stall: float, waits: Waits | None = None) -> T:
    """The result of a call that is under way, or its exception.

    Raises TimeoutError when `progress()` has stayed the same for `stall` seconds (at most twice that), unless `waits()`
    says that there is a reason; the call goes on, and the caller must stop it.
    """
    ended = _ended(working)
    before = progress()
    while not (await asyncio.wait({ended}, timeout=stall))[0]:
        now = progress()
        if now == before and not (waits is not None and waits()):
            raise TimeoutError(f"the printer took no byte for {stall:g} s")
        before = now
    return ended.result()


def _ended(future: Future[T]) -> asyncio.Future[T]:
    """The call's end, on this event loop. That nobody asks for its exception is no error."""
    ended = asyncio.wrap_future(future)
    ended.add_done_callback(lambda done: done.cancelled() or done.exception())
    return ended


class Writer:
    """Hands bytes over piece by piece in a thread, so that progress is known.

    `put` hands over one piece and returns how many bytes were taken; it may return 0 after a short while, and must
    return soon after `cancel`.
    """

    def __init__(self, put: Callable[[bytes], int], cancel: Callable[[], object], stall: float, piece: int) -> None:
        self._put = put
        self._cancel = cancel
        self._stall = stall
        self._piece = piece
        self._taken = 0
        self._stopped = False
        self._turn = asyncio.Lock()
        self._working: Future[None] | None = None

    async def write(self, data: bytes, waits: Waits | None = None) -> None:
        """Returns when all bytes were taken; a second write waits for the first. Raises TimeoutError as `watched` says,
        and what `put` raises.

        After an error or when cancelled, part of the bytes was taken, and nothing more can be written.
        """
        async with self._turn:
            self.check()
            self._working = in_thread(partial(self._put_all, data))
            try:
                await watched(self._working, lambda: self._taken, self._stall, waits)
            except BaseException:
                self.stop()
                raise
            self.check()

    def _put_all(self, data: bytes) -> None:
        left = memoryview(data)
        while left and not self._stopped:
            taken = self._put(bytes(left[: self._piece]))
            self._taken += taken
            left = left[taken:]

    def check(self) -> None:
        """Raises ConnectionAbortedError after a write that was given up."""
        if self._stopped:
            raise ConnectionAbortedError("writing to the printer was given up")

    @property
    def clean(self) -> bool:
        """Whether all that was ever to be written was taken: nothing was given up, nothing is under way."""
        return not self._stopped and (self._working is None or self._working.done())

    def stop(self) -> None:
        """No further piece is handed over."""
        self._stopped = True
        with contextlib.suppress(Exception):
            self._cancel()

    def join(self, patience: float) -> None:
        """Blocks until the thread has ended, `patience` seconds at most."""
        wait([self._working] if self._working else [], patience)


class Reader:
    """Listens in a thread while somebody reads. A read that is cancelled loses nothing: the next gets what came.

    `look` waits a moment and returns what came, or nothing; it raises EOFError where nothing will ever come again.
    """

    def __init__(self, look: Callable[[], bytes], cancel: Callable[[], object]) -> None:
        self._look = look
        self._cancel = cancel
        self._until = 0.0
        self._stopped = False
        self._listening: Future[bytes] | None = None

    async def read(self, timeout: float) -> bytes:
        """Some bytes; empty after `timeout` seconds (GRACE at least). Raises EOFError. One reader at a time."""
        deadline = time.monotonic() + max(timeout, GRACE)
        while (left := deadline - time.monotonic()) > 0:
            if self._stopped:
                raise EOFError("the connection to the printer is closed")
            self._until = deadline
            self._listening = self._listening or in_thread(self._listen)
            heard = _ended(self._listening)
            try:
                done, _ = await asyncio.wait({heard}, timeout=left)
            finally:
                self._until = 0.0
            if not done:
                break
            self._listening = None
            if data := heard.result():
                return data
        return b""

    def _listen(self) -> bytes:
        while not self._stopped and time.monotonic() < self._until:
            if data := self._look():
                return data
        return b""

    def stop(self) -> None:
        """Nobody reads any more."""
        self._stopped = True
        with contextlib.suppress(Exception):
            self._cancel()

    def join(self, patience: float) -> None:
        """Blocks until the thread has ended, `patience` seconds at most."""
        wait([self._listening] if self._listening else [], patience)
