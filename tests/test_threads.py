"""A call in a thread of its own: its answer, its error, and that it holds up nobody."""

from __future__ import annotations

from threading import Event, current_thread

import pytest

from comptoir.threads import in_thread


def test_it_gives_what_the_call_gives_in_a_thread_that_does_not_hold_up_the_end() -> None:
    thread = in_thread(current_thread, "share").result(5)
    assert (thread.name, thread.daemon, thread is current_thread()) == ("share", True, False)


@pytest.mark.parametrize("error", [OSError("gone"), SystemExit(3)])
def test_what_the_call_raises_is_the_callers(error: BaseException) -> None:
    def refuse() -> None:
        raise error

    with pytest.raises(type(error)):
        in_thread(refuse).result(5)


def test_one_that_hangs_cannot_be_cancelled_and_stops_no_other() -> None:
    go = Event()
    hanging = in_thread(go.wait)
    assert in_thread(lambda: 7).result(5) == 7
    assert not hanging.cancel()
    assert not hanging.done()
    go.set()
    assert hanging.result(5)
