"""A thread for one folder, which may hang without holding up anything else."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest

from comptoir.sources.folder.own_thread import OwnThread, in_time


async def test_calls_are_made_one_after_the_other_in_one_thread() -> None:
    thread = OwnThread("folder a")
    names = [await thread.do(threading.current_thread) for _ in range(3)]
    assert len({one.ident for one in names}) == 1
    assert (names[0].name, names[0].daemon) == ("folder a", True)
    thread.close()


async def test_an_error_is_the_callers() -> None:
    thread = OwnThread("folder a")
    with pytest.raises(FileNotFoundError):
        await thread.do(lambda: os.stat("/nowhere/at/all"))
    assert await thread.do(lambda: 7) == 7
    thread.close()


async def test_a_call_that_hangs_takes_no_worker_away_from_others() -> None:
    """asyncio has a handful of them for all: a few hanging ones would stop the printing."""
    go_on = threading.Event()
    for _ in range(40):
        with pytest.raises(TimeoutError):
            await in_time("look", go_on.wait, 0.001)
    assert await asyncio.wait_for(asyncio.to_thread(lambda: 7), 20) == 7
    assert await in_time("look", lambda: 7, 20) == 7
    with pytest.raises(FileNotFoundError):
        await in_time("look", lambda: os.stat("/nowhere/at/all"), 20)
    go_on.set()


async def test_who_goes_away_waits_for_nothing_and_the_answer_is_undone() -> None:
    thread, go_on, undone = OwnThread("folder a"), threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    answers: list[int] = []

    def undo(answer: int) -> None:
        answers.append(answer)
        loop.call_soon_threadsafe(undone.set)

    waiting = asyncio.create_task(thread.do(lambda: go_on.wait(20) and 7, undo=undo))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await asyncio.wait_for(undone.wait(), 20)
    assert answers == [7]
    thread.close()


async def test_after_close_another_thread_does_what_is_asked_even_if_the_first_hangs() -> None:
    thread, go_on = OwnThread("folder a"), threading.Event()
    hanging = asyncio.create_task(thread.do(lambda: go_on.wait(20)))
    await asyncio.sleep(0)
    thread.close()
    assert await thread.do(lambda: 8) == 8
    go_on.set()
    assert await hanging
    thread.close()
