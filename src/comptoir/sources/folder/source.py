"""One watched folder: the loop around `core.watch`. It looks (`looking.py`), takes (`taking.py`), decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, get_args

from comptoir.clock import awake
from comptoir.core.errors import JournalError
from comptoir.core.intake import Stamp
from comptoir.core.job import Job
from comptoir.core.ledgers import Ledger
from comptoir.core.ports import Clock
from comptoir.core.resting import OURS, Word
from comptoir.core.retry import Backoff
from comptoir.core.selection import Selection
from comptoir.core.waiting import News
from comptoir.core.watch import NEXT, QUIET, STORE, Entry, FolderState, Kind, Ready, Watch
from comptoir.core.whereabouts import Listing
from comptoir.sources.folder.looking import Looking
from comptoir.sources.folder.own_thread import OwnThread
from comptoir.sources.folder.scanner import UNREADABLE
from comptoir.sources.folder.settings import FolderSettings, Planner, Scope
from comptoir.sources.folder.taking import MOST_BYTES, MOST_FILES, Outcome, Prepared, Taker
from comptoir.sources.folder.telling import log, one_line, shown, tell_came_of, tell_news
from comptoir.windows.paths import reachable

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STORE_BACKOFF: Final = Backoff(first=1_000, most=30_000)
STRANGE: Final = "Is the share mounted? Nothing is concluded from that; what comes there is taken."


def monotonic() -> int:
    """Milliseconds of a clock that only goes forward, while this computer is awake: who writes a file sleeps, too."""
    return int(awake() * 1000)


class FolderSource:
    """Watches one folder and takes what is complete. `took` gets the new jobs; `on_change` is called on the event loop.

    `ticks`: a clock that only goes forward, in ms. `news`: gets what was not said of files before.
    `run` it for ever, or let it `work` once, as tests do.
    """

    def __init__(
        self,
        settings: FolderSettings,
        ledger: Ledger,
        planner: Planner,
        clock: Clock,
        took: Callable[[Sequence[Job]], None],
        *,
        ticks: Callable[[], int] = monotonic,
        news: Callable[[Mapping[Word, News]], None] = lambda news: None,
    ) -> None:
        self.settings = settings
        self.on_change: list[Callable[[], None]] = []
        self._ledger = ledger
        self._clock = clock
        self._ticks = ticks
        self._news = news
        self._selection = Selection(settings.match, settings.ignore, settings.marker)
        self._thread = OwnThread(f"folder {settings.name}")
        root = os.path.abspath(reachable(settings.path))
        self._eyes = Looking(settings, root, self._selection, self._thread, ticks, self._woken, self._tell)
        self._taker = Taker(settings, self._eyes.place, ledger, planner, self._thread, took)
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun = False
        self._inodes = False
        #: what lies there was there before the folder was watched: nothing is taken until it is known
        self._first_look = False
        #: what was looked for until the configuration was changed
        self._before: Scope | None = None
        #: another file system is mounted there than before, on which nothing lies of what was known
        self._strange = False
        self._missing: list[str] = []
        self._scanned_at: int | None = None
        self._trouble = ("", "")
        self._failures = 0
        self._not_before = 0
        self._committing: asyncio.Task[None] | None = None
        self._told: FolderState | None = None

    # -- for the station ----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled. What the ledger is taking then is taken; a call that hangs is left alone."""
        try:
            while True:
                delay = await self.work()
                # Not `wait_for`: before Python 3.12 it may swallow a cancellation, and the stop would wait for ever.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(delay / 1000):
                        await self._wake.wait()
        finally:
            if self._committing is not None:
                await asyncio.wait({self._committing})
            self._eyes.close()
            self._thread.close()

    def hint(self, path: str) -> None:
        """Look at this path soon: relative to the folder, or absolute."""
        self._eyes.hints.add(path)

    def rescan(self) -> None:
        """Look through the folder now, and once more at what no route wanted."""
        self._eyes.watch.forget_refused()
        self._eyes.again()
        self._not_before = 0
        self._wake.set()

    async def leave_alone(self, files: Sequence[tuple[str, Stamp]]) -> None:
        """The station is about to put these there: they are never taken, whatever routes come to say."""
        if files and self.settings.deep:
            await self._ledger.leave_alone(self.settings.name, files)
            resting = self._eyes.watch.resting
            for path, stamp in files:
                if path not in self._eyes.watch.waiting.files:
                    resting.put(path, resting.key(stamp), ("ignored", OURS))

    def state(self) -> FolderState:
        """What there is to say of it at this moment."""
        eyes, watch, walk = self._eyes, self._eyes.watch, self._eyes.walk
        tallies = {kind: watch.tally(kind) for kind in KINDS}
        trouble, hint = eyes.trouble if eyes.trouble[0] else self._trouble
        if self._strange and not trouble:
            trouble, hint = f"nothing of what was known is in {self.settings.path}", STRANGE
        return FolderState(
            name=self.settings.name,
            path=str(self.settings.path),
            mode=eyes.mode.mode,
            why_mode=eyes.mode.why,
            reachable=eyes.reachable,
            trouble=trouble,
            hint=hint,
            scanned_at=self._scanned_at,
            scanning=walk is not None,
            done=walk.count if walk is not None else 0,
            total=eyes.total if walk is not None else 0,
            seen=sum(sum(tally.values()) for tally in tallies.values()),
            taken=sum(tallies["taken"].values()),
            ignored=tallies["ignored"],
            waiting=tallies["waiting"],
            failed=tallies["failed"],
            bytes_waiting=watch.waiting.bytes,
        )

    def entries(self, kind: str = "", text: str = "", limit: int = 200) -> Sequence[Entry]:
        """Files that lie there now: of this kind ("": any), whose path holds `text`, case ignored."""
        watch, wanted, found = self._eyes.watch, text.casefold(), list[Entry]()
        left = sum(sum(watch.tally(one).values()) for one in KINDS if kind in ("", one))
        # Of a kind there may be few among a hundred thousand others.
        for entry in watch.entries() if left else ():
            if kind in ("", entry.kind):
                left -= 1
                if not wanted or wanted in entry.path.casefold():
                    found.append(entry)
                if not left or len(found) >= limit:
                    break
        return found

    # -- the loop -----------------------------------------------------------------------------------------------------

    async def work(self) -> int:
        """Do all that is to be done now; for how long there will be nothing to do, in ms."""
        self._loop = asyncio.get_running_loop()
        self._wake.clear()
        try:
            while await self._step():
                self._tell()
            await self._committed()
        except JournalError as error:
            self._store_down(error)
            if self._first_look:
                self._eyes.next_scan = self._not_before
        self._tell()
        return self._idle()

    async def _step(self) -> bool:
        """A bit of everything; False: there is nothing to do now."""
        eyes = self._eyes
        if not self._begun:
            if self._ticks() < self._not_before:
                return False
            await eyes.judge()
            await self._begin()
        busy = False
        if eyes.scanning:
            listing = await eyes.scan()
            if listing is not None:
                await self._listed(listing)
            busy = eyes.reachable
        if eyes.reachable and not self._first_look:
            busy |= await eyes.follow_hints()
            busy |= await eyes.examine()
            busy |= await eyes.gather()
            busy |= await self._take()
        return busy

    def _idle(self) -> int:
        now, eyes = self._ticks(), self._eyes
        due = [self._not_before] if self._not_before > now else []
        if self._begun:
            due.append(eyes.next_scan)
        if eyes.reachable and not self._first_look:
            if eyes.hints.waiting:
                return 0
            if (at := eyes.watch.next_due()) is not None:
                due.append(at)
        return max(0, min(due, default=now) - now)

    def _woken(self) -> None:
        """A hint has come, in some thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the service ends
                self._loop.call_soon_threadsafe(self._wake.set)

    async def _begin(self) -> None:
        """What the ledger knows; how files are compared, the file system decides."""
        await self._committed()
        name, settings = self.settings.name, self.settings
        known, left = await self._ledger.known(name), await self._ledger.left_alone(name)
        scope, before = settings.scope.written, await self._ledger.begun(name)
        first_look = scope != before and settings.existing == "ignore" and not (before is None and known)
        if scope != before and not first_look:
            await self._ledger.baseline(name, (), scope)
        self._before = _scope(before)
        self._inodes = self._eyes.mode.inodes
        watch = Watch(self._selection, settings.quiet, lots=settings.lot == "directory", inodes=self._inodes)
        watch.know(known, left)
        self._eyes.watch = watch
        self._begun, self._first_look = True, first_look
        self._store_up()

    async def _listed(self, listing: Listing) -> None:
        """The folder was looked through whole."""
        eyes = self._eyes
        self._scanned_at = self._clock.now()
        # It was not mounted yet when it was first looked through: what is there now was there already.
        self._strange = self._strange or eyes.moved
        unmounted = eyes.moved and self.settings.existing == "ignore" and eyes.watch.blank
        if eyes.mode.inodes != self._inodes:
            # Another file system is mounted there now, on which files are compared in another way.
            await self._begin()
            self._first_look = self._first_look or unmounted
            return eyes.again()
        self._first_look = self._first_look or unmounted
        self._missing += eyes.watch.listed(listing)
        self._strange = self._strange and eyes.watch.doubting
        if self._first_look:
            existing = self._existing()
            await self._ledger.baseline(self.settings.name, existing, self.settings.scope.written)
            eyes.watch.leave(existing)
            self._first_look = False
        if missing := self._missing:
            await self._ledger.missing(self.settings.name, missing)
            self._missing = []
            log.debug("folder %s: %d not there any more: %s", self.settings.name, len(missing), shown(missing))
        return None

    def _existing(self) -> list[tuple[str, Stamp]]:
        """What was there before the folder was watched; after a change of what is looked for, what was not before."""
        there, before, now = self._eyes.watch.unclaimed(), self._before, self.settings.scope
        if before is None or before == now or before.path != now.path:
            return there
        return [(path, stamp) for path, stamp in there if not before.holds(path)]

    # -- taking -------------------------------------------------------------------------------------------------------

    async def _take(self) -> bool:
        """Copy the next files, and have those before committed meanwhile; False: there are none."""
        watch = self._eyes.watch
        if not watch.ready or self._ticks() < self._not_before:
            return False
        # After a failure one at a time: one file at fault must not keep the others waiting.
        if files := watch.batch(1 if self._failures else MOST_FILES, MOST_BYTES):
            await self._carry_out(files, self._taker.prepare(files))
        if lot := watch.lot():
            await self._carry_out(lot[1], self._taker.prepare_lot(*lot))
        return bool(files or lot)

    async def _carry_out(self, files: Sequence[Ready], preparing: Awaitable[Prepared]) -> None:
        began = self._ticks()
        try:
            prepared = await preparing
        except JournalError as error:
            return self._not_now(files, error)
        except Exception as error:
            return self._at_fault(files, error)
        if prepared.held:
            size, spent = sum(one.stamp.size for one in prepared.held), self._ticks() - began
            log.debug("folder %s: copied %d, %d bytes in %d ms", self.settings.name, len(prepared.held), size, spent)
        await self._committed()
        self._committing = asyncio.create_task(self._commit(prepared))
        return None

    async def _committed(self) -> None:
        """Wait until the ledger has what was given to it before."""
        if self._committing is not None:
            await asyncio.shield(self._committing)
            self._committing = None

    async def _commit(self, prepared: Prepared) -> None:
        try:
            outcome = await self._taker.commit(prepared)
            if ours := [(path, stamp) for path, stamp, rule in outcome.refused if rule == OURS]:
                await self.leave_alone(ours)
            self._came_of(outcome)
            self._store_up()
        except JournalError as error:
            self._not_now(prepared.files, error)
        except Exception as error:
            self._at_fault(prepared.files, error)

    def _came_of(self, outcome: Outcome) -> None:
        watch, soon = self._eyes.watch, self._ticks() + self.settings.quiet
        for path, stamp in outcome.taken:
            watch.taken(path, stamp if self._inodes else Stamp(stamp.size, stamp.mtime_ns, 0))
        for path, stamp, rule in outcome.refused:
            watch.refused(path, stamp, rule)
        for path, reason, _ in outcome.failed:
            watch.failed(path, reason)
        for path in outcome.changed:
            watch.later(path, QUIET, soon)
        for path in outcome.busy:
            watch.later(path, NEXT, soon)
        tell_came_of(self.settings.name, outcome)

    def _not_now(self, files: Sequence[Ready], error: JournalError) -> None:
        """The store or the ledger cannot be written: everything stays where it is, and is tried again."""
        self._store_down(error)
        for file in files:
            self._eyes.watch.later(file.path, STORE, self._not_before)

    def _at_fault(self, files: Sequence[Ready], error: Exception) -> None:
        """A defect of ours must not stop the folder: one by one, so that only the file at fault stays behind."""
        log.error("folder %s: %s cannot be taken", self.settings.name, one_line(files[0].path), exc_info=error)
        if len(files) == 1:
            return self._eyes.watch.failed(files[0].path, UNREADABLE)
        self._failures += 1
        for file in files:
            self._eyes.watch.later(file.path, NEXT, self._ticks())
        return None

    # -- what is told -------------------------------------------------------------------------------------------------

    def _store_down(self, error: JournalError) -> None:
        if self._trouble != (error.message, error.hint):
            log.debug("folder %s: nothing can be taken: %s", self.settings.name, error.sentences)
        self._trouble = (error.message, error.hint)
        self._failures += 1
        self._not_before = self._ticks() + STORE_BACKOFF.delay(self._failures)

    def _store_up(self) -> None:
        if self._trouble[0]:
            log.debug("folder %s: files are taken again", self.settings.name)
        self._trouble, self._failures, self._not_before = ("", ""), 0, 0

    def _tell(self) -> None:
        """The log and the pages."""
        news = self._eyes.watch.news()
        tell_news(self.settings.name, news)
        self._news(news)
        state = self.state()
        if state != self._told:
            self._told = state
            for listener in self.on_change:
                listener()


def _scope(text: str | None) -> Scope | None:
    try:
        return None if text is None else Scope.read(text)
    except (ValueError, KeyError, TypeError):
        return None
