"""The process that reads documents, seen from the station: started with the first one, ended when there is none.

Documents come from anywhere, and what reads them is large: PDFium, Pillow, Ghostscript. There it has bounds of memory
and time, and when it dies of a document, the station does not. It is no wall against code that breaks out of PDFium:
the process runs as the station's user.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import ExitStack
from typing import Final

import msgspec

from comptoir.archive.errand import HEAD, Answer, Errand, Task, packed
from comptoir.children import WINDOWLESS, bounded, command

#: bytes of address space
MEMORY: Final = 1_500_000_000
#: seconds that a document may take
PATIENCE: Final[dict[Task, float]] = {"read": 30, "draw": 30, "eyes": 120}
#: seconds without anything to do
IDLE: Final = 60.0
LARGEST_ANSWER: Final = 64 * 1024 * 1024


class Died(Exception):
    """The process has ended over a document, or was ended because it took too long. The message says which."""


class Worker:
    """One process, one document at a time. `memory`: bytes; `patience`: seconds, by task."""

    def __init__(self, memory: int = MEMORY, patience: dict[Task, float] | None = None, idle: float = IDLE) -> None:
        self._memory = memory
        self._patience = patience or PATIENCE
        self._idle = idle
        self._process: Process | None = None
        self._bounds = ExitStack()
        self._turn = asyncio.Lock()
        self._rest: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def ask(self, errand: Errand, content: bytes = b"") -> tuple[Answer, bytes]:
        """The answer, and the picture's bytes. Raises Died, OSError where no process can be started."""
        async with self._turn:
            if self._rest is not None:
                self._rest.cancel()
            process = await self._ready()
            try:
                async with asyncio.timeout(self._patience[errand.task]):
                    return await self._exchange(process, errand, content)
            except TimeoutError:
                raise Died(f"it took longer than {self._patience[errand.task]:.0f} seconds") from None
            except (asyncio.IncompleteReadError, ConnectionError, msgspec.MsgspecError):
                raise Died("the process that read it has ended") from None
            finally:
                # Whoever leaves in the middle leaves half an answer in the pipe.
                if sys.exc_info()[0] is not None:
                    await self._end(process)
                else:
                    self._rest = asyncio.get_running_loop().call_later(self._idle, self._let_go)

    async def close(self) -> None:
        """End the process; what it does at this moment is lost."""
        if self._rest is not None:
            self._rest.cancel()
        if self._process is not None:
            await self._end(self._process)

    async def _exchange(self, process: Process, errand: Errand, content: bytes) -> tuple[Answer, bytes]:
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018 - both are pipes
        process.stdin.write(packed(errand) + content)
        await process.stdin.drain()
        (length,) = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
        if length > LARGEST_ANSWER:
            raise ConnectionError
        answer = msgspec.json.decode(await process.stdout.readexactly(length), type=Answer)
        if answer.size > LARGEST_ANSWER:
            raise ConnectionError
        return answer, await process.stdout.readexactly(answer.size)

    async def _ready(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *command("comptoir.archive.worker_main", str(self._memory)),
                stdin=PIPE, stdout=PIPE, stderr=subprocess.DEVNULL, env=_environment(),
                start_new_session=True, creationflags=WINDOWLESS, limit=2**20,
            )  # fmt: skip
            self._bounds = bounded(self._process.pid, self._memory)
        return self._process

    def _let_go(self) -> None:
        """It ends by itself when nobody can ask it any more."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()

    async def _end(self, process: Process) -> None:
        """It and what it has started, such as Ghostscript."""
        if self._process is process:
            self._process = None
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    self._bounds.close()
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _environment() -> dict[str, str]:
    """This one's without the station's secrets, and one thread a library: more would reserve memory for nothing."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
    return {**{name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}, **single}
