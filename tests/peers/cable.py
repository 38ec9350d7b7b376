"""A network cable between a station and a printer, which can be pulled: what is in it then never arrives."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType

#: turns of the event loop after which a reset that has arrived is known
_TURNS = 5


class Cable:
    """Forwards TCP connections to a port of this machine. Use as `async with`; then `port` is its near end."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._plugged = asyncio.Event()
        self._plugged.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    def pull(self) -> None:
        self._plugged.clear()

    def plug(self) -> None:
        self._plugged.set()

    async def cut(self) -> None:
        """What is connected now is so no more; whoever connects anew comes through."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> Cable:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        await self.cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        ends, ways = [writer], []
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
            ends.append(far_writer)
            ways += [
                asyncio.ensure_future(self._carry(reader, far_writer)),
                asyncio.ensure_future(self._carry(far_reader, writer)),
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
            self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if not self._plugged.is_set():
                    await self._plugged.wait()
                    for _ in range(_TURNS):
                        await asyncio.sleep(0)
                    if reader.exception() is not None:
                        return  # the near end has given up meanwhile: what was in the cable is lost
                writer.write(data)
                await writer.drain()
