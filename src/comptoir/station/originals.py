"""Carries out what is to become of originals once every destination has them, and writes what became of each.

What is done to a file stands in `leaving.py`; when a step is due, in the ledger; who asks for it is
`folders/following.py`. Here is the order of things: look, journal that it begins, do it, journal that it is done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from comptoir.core.errors import JournalError
from comptoir.core.intake import Original, OriginalQuery, OriginalState, Stamp, StepDone
from comptoir.core.ledgers import Ledger
from comptoir.core.ports import Clock
from comptoir.core.retry import Backoff
from comptoir.sources.folder.own_thread import OwnThread
from comptoir.station.leaving import Leaving, remove_directories

LeaveAlone = Callable[[str, Sequence[tuple[str, Stamp]]], Awaitable[None]]

log = logging.getLogger("comptoir.folder")

TOGETHER: Final = 64  # files between two commits: what a crash leaves in the middle
PATIENCE: Final = 20.0  # seconds: who asked is not kept waiting any longer by a share that hangs, or a large file
ASIDE: Final = 30_000  # ms: what waits behind such a one is asked for again
AGAIN: Final = Backoff(first=5_000, most=600_000)
NO_FOLDER: Final = "Its folder is not in the configuration any more."
#: the step of a lot whose files have fared differently: the first of these that one of them has
_OF_A_LOT: Final[tuple[OriginalState, ...]] = ("changed", "gone", "kept", "moved", "deleted")


class Originals:
    """The steps of all folders. A folder that hangs delays its own files only. `close` ends the threads."""

    def __init__(
        self, folders: Mapping[str, Path], ledger: Ledger, clock: Clock, leave_alone: LeaveAlone | None = None
    ) -> None:
        """`leave_alone`: is told of what is moved to another place in its folder, before it is there."""
        self._folders = folders
        self._leave_alone = leave_alone
        self._ledger = ledger
        self._clock = clock
        self._threads = {name: OwnThread(f"originals {name}") for name in folders}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[int, int] = {}

    async def carry_out(self, due: Sequence[Original]) -> None:
        """Do what can be done now; the rest is put off. Raises JournalError: what had begun is `due` again then."""
        aside: list[StepDone] = []
        begun: list[asyncio.Task[None]] = []
        for source, originals in _by_source(due).items():
            if source not in self._folders:
                aside += [self._later(one, NO_FOLDER) for one in originals]
            elif source in self._busy:
                aside += self._aside(originals)
            else:
                begun.append(self._begin(source, originals))
        try:
            await self._ledger.step(aside)
            waiting = (await asyncio.wait(begun, timeout=PATIENCE))[1] if begun else set()
        except asyncio.CancelledError:
            await self.close()
            raise
        for task in begun:
            if task not in waiting:
                task.result()
        slow = [one for source, rows in _by_source(due).items() if self._busy.get(source) in waiting for one in rows]
        await self._ledger.step(self._aside(slow))

    async def close(self) -> None:
        """What has begun is ended at the next start."""
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for thread in self._threads.values():
            thread.close()

    # -- one folder ---------------------------------------------------------------------------------------------------

    def _begin(self, source: str, originals: Sequence[Original]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._folder(source, originals))
        self._busy[source] = task

        def ended(task: asyncio.Task[None]) -> None:
            self._busy.pop(source, None)
            if not task.cancelled() and (error := task.exception()):
                log.error("%s: %s", source, error.sentences if isinstance(error, JournalError) else repr(error))

        task.add_done_callback(ended)
        return task

    async def _folder(self, source: str, originals: Sequence[Original]) -> None:
        files = [one for one in originals if not one.is_lot]
        for first in range(0, len(files), TOGETHER):
            await self._files(source, files[first : first + TOGETHER])
        for lot in originals:
            if lot.is_lot:
                await self._lot(source, lot)

    async def _files(self, source: str, originals: Sequence[Original]) -> None:
        thread, leaving = self._threads[source], Leaving(self._folders[source])
        looked = await thread.do(partial(leaving.look, originals))
        await self._write(originals, looked, leaving)
        going = [(one, done) for one, done in zip(originals, looked, strict=True) if done.state == "going"]
        if going:
            left = await thread.do(partial(leaving.leave, going))
            await self._write([one for one, _ in going], left, leaving)

    async def _lot(self, source: str, lot: Original) -> None:
        """Its files have gone their ways: so has it, and its directories where nothing else is in them."""
        members = await self._ledger.originals(OriginalQuery(lot=lot.id, limit=2**31))
        states = {one.state for one in members}
        state: OriginalState = next((state for state in _OF_A_LOT if state in states), "gone")
        message = ""
        if state in ("deleted", "moved"):
            paths = [one.path for one in members]
            remove = partial(remove_directories, self._folders[source], lot.path, paths)
            message = await self._threads[source].do(remove)
        await self._ledger.step([StepDone(lot.id, state, message)])

    # -- the ledger ---------------------------------------------------------------------------------------------------

    async def _write(self, originals: Sequence[Original], done: Sequence[StepDone], leaving: Leaving) -> None:
        """What was found, in one commit; what could not be done gets the time at which it is tried again."""
        source = originals[0].source
        if self._leave_alone is not None and any(one.to for one in done):
            await self._leave_alone(source, await self._threads[source].do(partial(leaving.inside, done)))
        rows = [
            self._later(original, one.message) if one.state == "due" else self._settled(one)
            for original, one in zip(originals, done, strict=True)
        ]
        await self._ledger.step(rows)

    def _settled(self, done: StepDone) -> StepDone:
        if done.state != "going":
            self._failures.pop(done.original, None)
        return done

    def _later(self, original: Original, message: str) -> StepDone:
        failures = self._failures[original.id] = self._failures.get(original.id, 0) + 1
        return StepDone(original.id, "due", message, at=self._clock.now() + AGAIN.delay(failures))

    def _aside(self, originals: Sequence[Original]) -> list[StepDone]:
        at = self._clock.now() + ASIDE
        return [StepDone(one.id, "due", at=at) for one in originals]


def _by_source(originals: Sequence[Original]) -> dict[str, list[Original]]:
    found: dict[str, list[Original]] = {}
    for one in originals:
        found.setdefault(one.source, []).append(one)
    return found
