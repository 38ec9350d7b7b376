from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Iterator

import pytest

from comptoir.devices.blocking import Reader, Writer, alone, closed, open_in_thread, watched
from comptoir.threads import in_thread

SOON = 0.02  # seconds without progress, after which these tests give up


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a blocked call waits for; opened at the end, so that no thread is left."""
    event = threading.Event()
    yield event
    event.set()


class Slot:
    """Takes a piece each time a ticket is there; `cancel` frees it."""

    def __init__(self, tickets: int = 0) -> None:
        self.taken: list[bytes] = []
        self.asked = threading.Event()
        self.inside = self.most = 0
        self.tickets: queue.Queue[bool] = queue.Queue()
        for _ in range(tickets):
            self.tickets.put(True)

    def put(self, piece: bytes) -> int:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.asked.set()
        ticket = self.tickets.get()
        self.inside -= 1
        if not ticket:
            return 0
        self.taken.append(piece)
        return len(piece)

    def cancel(self) -> None:
        self.tickets.put(False)


async def test_a_call_gives_its_result_or_its_error() -> None:
    assert await watched(in_thread(lambda: 5), lambda: 0, 30) == 5
    with pytest.raises(ZeroDivisionError):
        await watched(in_thread(lambda: 1 // 0), lambda: 0, 30)


async def test_no_progress_is_given_up(gate: threading.Event) -> None:
    with pytest.raises(TimeoutError, match=r"took no byte for 0\.02 s"):
        await watched(in_thread(gate.wait), lambda: 7, SOON)


async def test_progress_and_reasons_are_waited_for(gate: threading.Event) -> None:
    steps = iter(range(3))
    reasons = iter([True, False])
    asked = []

    def progress() -> int:
        asked.append("progress")
        return next(steps, 2)

    def waits() -> bool:
        asked.append("reason")
        return next(reasons)

    with pytest.raises(TimeoutError):
        await watched(in_thread(gate.wait), progress, SOON, waits)
    assert asked == ["progress"] * 3 + ["progress", "reason"] * 2, "a reason is asked for where there is no progress"


async def test_what_waits_is_done_when_the_reason_goes(gate: threading.Event) -> None:
    def waits() -> bool:
        gate.set()
        return True

    assert await watched(in_thread(gate.wait), lambda: 0, SOON, waits) is True


async def test_what_has_begun_is_not_cancelled(gate: threading.Event) -> None:
    call = in_thread(gate.wait)
    assert not call.cancel()
    gate.set()
    assert await watched(call, lambda: 0, 30)


async def test_threads_do_not_hold_the_process(gate: threading.Event) -> None:
    seen = await watched(in_thread(lambda: threading.current_thread().daemon), lambda: 0, 30)
    assert seen


async def test_closing_does_not_wait_for_ever(gate: threading.Event) -> None:
    def shut() -> None:
        gate.wait()

    await closed(in_thread(shut), SOON)
    assert not gate.is_set()


async def test_what_opens_too_late_is_let_go(gate: threading.Event) -> None:
    let_go: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()
    opening = asyncio.create_task(
        open_in_thread(
            lambda: "port" if gate.wait(30) else "", lambda port: loop.call_soon_threadsafe(let_go.set_result, port)
        )
    )
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    gate.set()
    assert await let_go == "port"


async def test_what_fails_to_open_is_told() -> None:
    def refuse() -> str:
        raise PermissionError("no")

    with pytest.raises(PermissionError):
        await open_in_thread(refuse, lambda port: None)


async def test_all_is_written_in_pieces() -> None:
    slot = Slot(tickets=4)
    await Writer(slot.put, slot.cancel, 30, 3).write(b"0123456789")
    assert slot.taken == [b"012", b"345", b"678", b"9"]


async def test_one_write_after_another() -> None:
    slot = Slot()
    writer = Writer(slot.put, slot.cancel, 30, 3)
    writing = asyncio.gather(writer.write(b"aaaaaa"), writer.write(b"bbb"))
    await asyncio.sleep(0)
    await asyncio.to_thread(slot.asked.wait)
    for _ in range(3):
        slot.tickets.put(True)
    await writing
    assert slot.taken == [b"aaa", b"aaa", b"bbb"]
    assert slot.most == 1


async def test_a_writer_that_was_given_up_takes_nothing_more() -> None:
    slot = Slot(tickets=1)
    writer = Writer(slot.put, slot.cancel, SOON, 3)
    with pytest.raises(TimeoutError):
        await writer.write(b"0123456789")
    writer.join(5)
    with pytest.raises(ConnectionAbortedError):
        await writer.write(b"x")
    slot.tickets.put(True)
    assert slot.taken == [b"012"], "nothing pours out when the printer is ready again"


async def test_a_cancelled_write_stops() -> None:
    slot = Slot()
    writer = Writer(slot.put, slot.cancel, 30, 3)
    writing = asyncio.create_task(writer.write(b"0123456789"))
    await asyncio.to_thread(slot.asked.wait)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    slot.tickets.put(True)
    writer.join(5)
    assert slot.taken == []


async def test_a_write_that_is_stopped_by_closing_is_no_success() -> None:
    slot = Slot()
    writer = Writer(slot.put, slot.cancel, 30, 3)
    writing = asyncio.create_task(writer.write(b"0123456789"))
    await asyncio.to_thread(slot.asked.wait)
    writer.stop()
    with pytest.raises(ConnectionAbortedError):
        await writing


class Line:
    """What a device says; `cancel` frees a look."""

    def __init__(self, *said: bytes | None) -> None:
        self.said: queue.Queue[bytes | None] = queue.Queue()
        for piece in said:
            self.said.put(piece)

    def look(self) -> bytes:
        piece = self.said.get()
        if piece is None:
            raise EOFError("gone")
        return piece

    def cancel(self) -> None:
        self.said.put(b"")


async def test_reading_what_came_and_the_end() -> None:
    line = Line(b"", b"one", b"", b"two", None, None)
    reader = Reader(line.look, line.cancel)
    assert await reader.read(30) == b"one"
    assert await reader.read(0) == b"two", "what is there is found however short the patience"
    for _ in range(2):
        with pytest.raises(EOFError):
            await reader.read(30)


async def test_a_read_without_an_answer_ends_and_loses_nothing() -> None:
    line = Line()
    reader = Reader(line.look, line.cancel)
    assert await reader.read(0) == b""
    line.said.put(b"late")
    assert await reader.read(30) == b"late"


async def test_a_cancelled_read_loses_nothing() -> None:
    line = Line()
    reader = Reader(line.look, line.cancel)
    reading = asyncio.create_task(reader.read(30))
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.wait([reading])
    line.said.put(b"late")
    assert await reader.read(30) == b"late"


async def test_a_stopped_reader_is_at_its_end() -> None:
    line = Line()
    reader = Reader(line.look, line.cancel)
    assert await reader.read(0) == b""
    reader.stop()
    reader.join(5)
    with pytest.raises(EOFError):
        await reader.read(30)


async def test_many_that_block_for_ever_take_nobodys_thread() -> None:
    """asyncio's own workers are few: a dozen printers without paper would have them all."""
    gate = threading.Event()
    blocked = [asyncio.ensure_future(alone(gate.wait)) for _ in range(50)]
    await asyncio.sleep(0)
    assert await asyncio.wait_for(asyncio.to_thread(lambda: 5), 20) == 5
    gate.set()
    assert await asyncio.gather(*blocked) == [True] * 50


async def test_one_that_is_no_longer_waited_for_goes_on() -> None:
    gate, done = threading.Event(), threading.Event()

    def work() -> None:
        gate.wait()
        done.set()

    waiting = asyncio.ensure_future(alone(work))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    gate.set()
    assert done.wait(20)
