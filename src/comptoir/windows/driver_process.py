"""The process that holds a printer's driver, seen from the station: one for each document, ended with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from types import TracebackType
from typing import Final

from comptoir.children import WINDOWLESS, command
from comptoir.windows.driver import HEAD, Answer, length_of, unpacked

#: seconds that a driver may take for one answer: drivers of printers in the network look for them first
PATIENCE: Final = 120.0
MODULE: Final = "comptoir.windows.driver_main"


class Died(Exception):
    """The process has ended in the middle, or was ended because it hung. The message says which."""


class Said(Exception):
    """Windows or the driver refuses, with these words. error: the number of the system's error."""

    def __init__(self, message: str, error: int = 0) -> None:
        super().__init__(message)
        self.error = error


class DriverProcess:
    """An async context manager. `command`: what starts it; `patience`: seconds for an answer."""

    def __init__(self, command: Sequence[str] | None = None, patience: float = PATIENCE) -> None:
        self._command = command
        self._patience = patience
        self._process: Process | None = None

    async def __aenter__(self) -> DriverProcess:
        """Raises Died where no process can be started."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(self._command or command(MODULE)),
                stdin=PIPE, stdout=PIPE, stderr=subprocess.DEVNULL, env=_environment(), creationflags=WINDOWLESS,
            )  # fmt: skip
        except OSError as error:
            raise Died(f"no process can be started: {error.strerror or error}") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nobody asks it any more: what is not at its end is aborted."""
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            async with asyncio.timeout(min(self._patience, _FAREWELL)):
                await process.wait()
        except TimeoutError:
            await self._end(process)
        except asyncio.CancelledError:
            await self._end(process)
            raise

    async def ask(self, message: bytes) -> Answer:
        """The answer to a packed request. Raises Died, Said."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None  # noqa: PT018
        try:
            async with asyncio.timeout(self._patience):
                process.stdin.write(message)
                await process.stdin.drain()
                length = length_of(await process.stdout.readexactly(HEAD.size))
                answer = unpacked(await process.stdout.readexactly(length), Answer)
        except TimeoutError:
            await self._end(process)
            raise Died(f"it took longer than {self._patience:.0f} seconds") from None
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            await self._end(process)
            raise Died("its driver has crashed") from None
        if answer.trouble:
            raise Said(answer.trouble, answer.error)
        return answer

    async def _end(self, process: Process) -> None:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                process.kill()
        await process.wait()


#: seconds for its end, when nothing more is asked
_FAREWELL: Final = 10.0


def _environment() -> dict[str, str]:
    """This one's without the station's secrets."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("COMPTOIR_")}
