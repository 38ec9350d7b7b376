"""What the file system says of a folder: hints, looks through it, closer looks, told to `core.watch`. It takes nothing.

Whatever asks the file system is done in the folder's own thread, so that a share that hangs stops this folder only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from comptoir.core.intake import Stamp
from comptoir.core.retry import Backoff
from comptoir.core.selection import Selection
from comptoir.core.watch import Watch
from comptoir.core.whereabouts import Listing
from comptoir.sources.folder import mount, scanner, signs
from comptoir.sources.folder.events import Events, Hints
from comptoir.sources.folder.own_thread import OwnThread
from comptoir.sources.folder.scanner import Place, Seen, Walk
from comptoir.sources.folder.settings import FolderSettings
from comptoir.sources.folder.telling import log

T = TypeVar("T")

#: files that are looked at closer in one go
EXAMINED: Final = 256
#: files told to the brain before others get their turn
FED: Final = 1_000
#: how long a file system may take to answer before people are told: seconds
PATIENCE: Final = 20.0
#: a person's drive letters are that person's alone
NO_DRIVE: Final = (
    "Is its disk there? A service sees no drive letter that a person gave to a share: write its own address."
)
AWAY: Final = Backoff(first=1_000, most=30_000)


class Looking:
    """The eyes of one folder. `watch`: the brain that is told; it may be changed between two calls.

    `reachable`, `trouble` (what is wrong and what to do), `mode`: what is known of the folder itself. `told`: called
    when that changes while a call is under way.
    """

    def __init__(
        self,
        settings: FolderSettings,
        root: str,
        selection: Selection,
        thread: OwnThread,
        ticks: Callable[[], int],
        woken: Callable[[], object],
        told: Callable[[], object],
    ) -> None:
        self.watch = Watch(selection, settings.quiet)
        self.hints = Hints(root, woken)
        self.mode = mount.Mode("poll", "the folder has not been reached yet", False, False)
        self.reachable = False
        self.trouble = ("", "")
        self.next_scan = 0
        self.walk: Walk | None = None
        self.total = 0
        #: another file system than before is mounted there, since the last look through the folder
        self.moved = False
        self._settings = settings
        self._root = root
        self._selection = selection
        self._thread = thread
        self._ticks = ticks
        self._told = told
        self._events: Events | None = None
        self._home: tuple[int, int] | None = None
        self._failures = 0

    def place(self) -> Place:
        """The folder, as it is looked through."""
        return Place(self._root, self._settings.deep, self.mode.inodes, self._selection.skipped)

    async def judge(self) -> None:
        """Find out how the folder is to be watched."""
        self.mode = await self._ask(partial(mount.mode_of, self._settings.path, self._settings.watch))

    def again(self) -> None:
        """Look through the folder now, from its beginning."""
        self.walk, self.next_scan = None, 0

    def close(self) -> None:
        """No more events. It waits for nothing."""
        if self._events is not None:
            self._thread.start(self._events.stop)
            self._events = None

    # -- the whole folder ---------------------------------------------------------------------------------------------

    @property
    def scanning(self) -> bool:
        """Whether a look through the folder is under way, or due."""
        return self.walk is not None or self._ticks() >= self.next_scan

    async def scan(self) -> Listing | None:
        """The next slice of a look through the folder; the listing when that was the last one."""
        try:
            if self.walk is None:
                await self._open()
                self.watch.begin()
                naming = self.watch.wants_paths
                self.walk = await self._ask(partial(Walk, self.place(), self.watch.resting.matches, naming=naming))
            walk = self.walk
            seen = await self._ask(walk.slice)
        except OSError as error:
            self._lost(*_sentences(str(self._settings.path), error))
            return None
        await self._feed(seen)
        self._found()
        if not walk.done or walk is not self.walk:
            return None
        self.walk, self.total = None, walk.count
        self.next_scan = self._ticks() + self._settings.scan
        return walk.listing

    async def _open(self) -> None:
        """Have the system's events, where they are wanted and to be had, of the directory that is there now."""
        await self.judge()
        home = await self._ask(partial(scanner.identity, self.place()))
        self.moved = self._home is not None and self._home[0] != home[0]
        events = self._events
        if events is not None and (home != self._home or not events.alive or self.mode.mode == "poll"):
            self._events = None
            await self._ask(events.stop)
        self._home = home
        if self.mode.mode == "events" and self._events is None:
            try:
                self._events = await self._ask(partial(Events, self._root, self._settings.deep, self.hints))
            except OSError as error:
                why = f"the system gives no events here: {error.strerror or error}"
                self.mode = mount.Mode("poll", why, self.mode.inodes, self.mode.writers)

    # -- some of it ---------------------------------------------------------------------------------------------------

    async def follow_hints(self) -> bool:
        """Look at the paths that somebody has named; False: there are none."""
        if not self.hints.waiting:
            return False
        paths, too_many = self.hints.drain()
        if too_many:
            self.next_scan = self._ticks()
        elif await self._at_home():
            await self._feed(await self._ask(partial(scanner.look, self.place(), paths)))
        return True

    async def examine(self) -> bool:
        """Look closer at files for which it is time; False: there are none."""
        paths = self.watch.due(self._ticks(), EXAMINED)
        if not paths:
            return False
        place, writers = self.place(), self.mode.writers
        found = await self._ask(lambda: [signs.examine(place, path, writers) for path in paths])
        if not all(one.stamp or one.failed for one in found) and not await self._at_home():
            self.watch.postpone(paths, self._ticks())  # it is the folder that is not there
            return True
        for path, one in zip(paths, found, strict=True):
            self.watch.examined(path, one, self._ticks())
        return True

    async def gather(self) -> bool:
        """Look through directories that may be complete; False: there are none."""
        names = self.watch.lots_due(self._ticks())
        for name in names:
            try:
                walk = await self._ask(partial(Walk, self.place(), _nothing_settled, below=name))
                seen = await self._ask(walk.whole)
            except OSError:
                self.next_scan = self._ticks()
                continue
            await self._feed(seen)
            paths = {path for path, _, _ in seen.files} | {path for path, _ in seen.failed}
            self.watch.looked_through(name, paths, frozenset(seen.directories), self._ticks())
        return bool(names)

    async def _at_home(self) -> bool:
        """Whether the folder is the one that was looked through; else that is done again, and says what is wrong."""
        try:
            if await self._ask(partial(scanner.identity, self.place())) == self._home:
                return True
        except OSError:
            pass
        self.next_scan = self._ticks()
        return False

    async def _feed(self, seen: Seen) -> None:
        """Tell the brain what was seen, and let others have their turn in between."""
        now = self._ticks()
        for number, (path, stamp, odd) in enumerate(seen.files, 1):
            self.watch.see(path, stamp, now, odd)
            if number % FED == 0:
                await asyncio.sleep(0)
        for path, reason in seen.failed:
            self.watch.unreadable(path, reason, now)
        for path in seen.gone:
            self.watch.gone(path)

    # -- the folder itself --------------------------------------------------------------------------------------------

    async def _ask(self, call: Callable[[], T]) -> T:
        """What the file system answers; when it takes long, people are told that it does."""
        asking = asyncio.ensure_future(self._thread.do(call))
        before = (self.reachable, self.trouble)
        try:
            if (await asyncio.wait({asking}, timeout=PATIENCE))[0]:
                return await asking
            self._unreachable(f"{self._settings.path} does not answer", "Is the server there? It is waited for.")
            self._told()
            answer = await asking
            self.reachable, self.trouble = before
            log.debug("folder %s: %s answers again", self._settings.name, self._settings.path)
            return answer
        except asyncio.CancelledError:
            asking.cancel()
            raise

    def _lost(self, trouble: str, hint: str) -> None:
        self.walk = None
        self._failures += 1
        self.next_scan = self._ticks() + min(AWAY.delay(self._failures), self._settings.scan)
        self._unreachable(trouble, hint)

    def _unreachable(self, trouble: str, hint: str) -> None:
        if self.trouble[0] != trouble:
            log.debug("folder %s: %s. %s", self._settings.name, trouble, hint)
        self.reachable, self.trouble = False, (trouble, hint)

    def _found(self) -> None:
        if not self.reachable:
            path, mode = self._settings.path, self.mode
            log.debug("folder %s: %s can be read (%s: %s)", self._settings.name, path, mode.mode, mode.why)
        self.reachable, self.trouble, self._failures = True, ("", ""), 0


def _nothing_settled(path: str, stamp: Stamp) -> bool:
    return False


def _sentences(path: str, error: OSError) -> tuple[str, str]:
    """What is wrong with the folder, and what to do."""
    if mount.has_no_drive(path):
        return f"{path} is not there", NO_DRIVE
    if isinstance(error, FileNotFoundError):
        return f"{path} is not there", "Nothing is concluded from that; it is looked for again."
    if isinstance(error, NotADirectoryError):
        return f"{path} is no folder", "Name a folder as its path."
    if isinstance(error, PermissionError):
        return f"{path} may not be read", "Let the service's user read it."
    return f"{path} cannot be read: {error.strerror or error}", "Nothing is concluded from that; it is tried again."
