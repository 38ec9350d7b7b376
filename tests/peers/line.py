"""A line between Comptoir and a server that breaks where a test wants it: after so many bytes, or before an answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType

_May = Callable[[bytes], tuple[bytes, bool]]


class Line:
    """Forwards TCP connections to a port of this machine. Use as `async with`; then `port` is its near end."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut: int | None = None
        self._deaf: int | None = None
        self.port = 0
        #: how many connections there were, and how many are open
        self.calls = 0
        self.open = 0

    def cut(self, after: int) -> None:
        """Once: break the connection when so many more bytes have gone to the server."""
        self._cut = after

    def lose_answer(self, after: int) -> None:
        """Once: break it before the first byte of an answer that comes when so many more bytes have gone there."""
        self._deaf = after

    def mend(self) -> None:
        """Nothing breaks any more."""
        self._cut = self._deaf = None

    async def __aenter__(self) -> Line:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.calls += 1
        self.open += 1
        ends, ways = [writer], []
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
            ends.append(far_writer)
            ways += [
                asyncio.ensure_future(self._carry(reader, far_writer, self._may_go)),
                asyncio.ensure_future(self._carry(far_reader, writer, self._may_come)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except (OSError, asyncio.CancelledError):
            pass  # nobody is there, or the test is over; there is nobody above to tell
        finally:
            for way in ways:
                way.cancel()
            for end in ends:
                end.transport.abort()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*ways, *(end.wait_closed() for end in ends), return_exceptions=True)
            self.open -= 1
            self._tasks.discard(task)

    def _may_go(self, data: bytes) -> tuple[bytes, bool]:
        """What of it goes to the server, and whether the line breaks then."""
        if self._deaf is not None:
            self._deaf = max(0, self._deaf - len(data))
        if self._cut is None:
            return data, False
        if len(data) < self._cut:
            self._cut -= len(data)
            return data, False
        rest, self._cut = self._cut, None
        return data[:rest], True

    def _may_come(self, data: bytes) -> tuple[bytes, bool]:
        if self._deaf == 0:
            self._deaf = None
            return b"", True
        return data, False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, may: _May) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                data, breaks = may(data)
                writer.write(data)
                await writer.drain()
                if breaks:
                    # What was let through arrives; what comes after it does not.
                    writer.write_eof()
                    return
