"""Calls that may hang: nobody waits for ever, and they do not pile up."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import pytest

from comptoir.sinks.patience import Patience


async def test_a_call_gives_what_it_gives() -> None:
    patiently = Patience(5)
    assert await patiently(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await patiently(lambda: 1 // 0)


async def test_one_that_hangs_is_left_and_no_other_is_begun() -> None:
    patiently, go, begun = Patience(0.01), threading.Event(), []
    with pytest.raises(TimeoutError, match="does not answer"):
        await patiently(go.wait)
    with pytest.raises(TimeoutError, match="still hangs"):
        await patiently(lambda: begun.append(1))
    assert begun == []
    go.set()
    while True:  # until the thread has said that it has ended
        try:
            await patiently(lambda: begun.append(1))
        except TimeoutError:
            await asyncio.sleep(0)
        else:
            break
    assert begun == [1]


async def test_who_is_cancelled_waits_for_the_end_of_the_call() -> None:
    patiently, go, inside, done = Patience(5), threading.Event(), threading.Event(), []

    def call() -> None:
        inside.set()
        go.wait(5)
        done.append(1)

    task = asyncio.ensure_future(patiently(call))
    while not inside.is_set():
        await asyncio.sleep(0)
    task.cancel()
    asyncio.get_running_loop().call_soon(go.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [1]


async def test_who_is_cancelled_while_a_call_hangs_does_not_wait_for_the_cleaning_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("comptoir.sinks.patience.MOMENT", 0.01)
    patiently, go, inside, cleaned = Patience(3600), threading.Event(), threading.Event(), []

    def call() -> None:
        inside.set()
        go.wait()

    async def deliver() -> None:
        try:
            await patiently(call)
        except BaseException:
            with suppress(TimeoutError):
                await patiently(lambda: cleaned.append(go.wait()))
            raise

    task = asyncio.ensure_future(deliver())
    while not inside.is_set():
        await asyncio.sleep(0)
    task.cancel()
    try:
        assert (await asyncio.wait({task}, timeout=20))[0]
        assert (task.cancelled(), cleaned) == (True, [])
    finally:
        go.set()
