"""The web pages that were refused: noted in the journal, and remembered until the owner allows or dismisses them.

What is remembered stays in memory and is bounded; the journal has it for ever. A page that calls a hundred times a
second is one line a minute with a count, and so are pages that call themselves by a million names. Refusing is
`guard.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from comptoir.core.errors import JournalError
from comptoir.core.ports import Clock, Journal

log = logging.getLogger("comptoir.guard")

#: ms: how often the same refusal is written to the journal
OFTEN: Final = 60_000
#: sites and host names that are remembered; of those that came least often, the one of longest ago goes first
MOST: Final = 200
#: lines in that time: who has a domain has as many sites as they like. The rest is one line, of ALL
MOST_LINES: Final = 30
ALL: Final = "*"


@dataclass(frozen=True, slots=True)
class Refused:
    """A site that was refused, or a page that does not say whose it is (`site` ""). Times: ms."""

    site: str
    #: what it asked for last, under which Host, from which address
    path: str
    host: str
    peer: str
    #: page: not allowed; host: the service was called by a name that is not its own
    reason: str
    count: int
    first_at: int
    last_at: int


class Refusals:
    """The refusals of one service."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._known: dict[tuple[str, str], Refused] = {}
        #: when it was last written, and how many have come since
        self._written: dict[tuple[str, str], tuple[int, int]] = {}
        self._writing: set[asyncio.Task[None]] = set()
        #: since when lines are counted, how many there were, and how many refusals were too many to be written
        self._since = self._lines = self._unwritten = 0
        #: called when the list of those who wait has changed
        self.on_change: list[Callable[[], None]] = []

    def waiting(self) -> list[Refused]:
        """The sites that the owner could allow, the latest first."""
        named = (one for one in self._known.values() if one.reason == "page" and one.site)
        return sorted(named, key=lambda one: one.last_at, reverse=True)

    def unnamed(self) -> Refused | None:
        """A page that keeps back whose it is, if one was refused: Odoo over HTTPS with the earlier module is one."""
        found = [one for one in self._known.values() if one.reason == "page" and not one.site]
        return max(found, key=lambda one: one.last_at, default=None)

    def dismiss(self, site: str) -> None:
        """Do not show it any more, until it comes again."""
        for key in [key for key in self._known if key[0] == site]:
            del self._known[key]
        self._tell()

    def add(self, site: str, path: str, host: str, peer: str, reason: str) -> None:
        """Count a refusal."""
        now, key = self._clock.now(), (site, reason if site else f"{reason} {host}"[:200])
        known = self._known.pop(key, None)
        if known is None and len(self._known) >= MOST:
            forgotten = min(self._known, key=lambda other: self._known[other].count)
            del self._known[forgotten]
            self._written.pop(forgotten, None)
        one = Refused(site, path, host, peer, reason, 0, now, now) if known is None else known
        self._known[key] = replace(one, path=path, host=host, peer=peer, count=one.count + 1, last_at=now)
        if self._write(key, self._known[key]) and known is None:
            self._tell()

    def _write(self, key: tuple[str, str], one: Refused) -> bool:
        """Whether it had its turn, now or in this minute already."""
        at, since = self._written.get(key, (None, 0))
        if at is not None and 0 <= one.last_at - at < OFTEN:
            self._written[key] = (at, since + 1)
            return True
        if not self._has_room(one.last_at):
            self._unwritten += 1
            return False
        self._written[key] = (one.last_at, 0)
        self._line(one, since + 1)
        return True

    def _has_room(self, now: int) -> bool:
        if not 0 <= now - self._since < OFTEN:
            self._tell_unwritten()
            self._since, self._lines = now, 0
        self._lines += 1
        return self._lines <= MOST_LINES

    def _tell_unwritten(self) -> None:
        if self._unwritten:
            self._line(Refused(ALL, ALL, ALL, ALL, "page", self._unwritten, 0, 0), self._unwritten)
            self._unwritten = 0

    def _line(self, one: Refused, count: int) -> None:
        body = {"site": one.site, "path": one.path, "host": one.peer, "called": one.host, "reason": one.reason}
        task = asyncio.get_running_loop().create_task(self._note({**body, "count": count}))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _note(self, body: Mapping[str, object]) -> None:
        try:
            await self._journal.note("page-refused", body)
        except JournalError as error:
            log.error("a refusal is not in the journal: %s", error)

    async def stop(self) -> None:
        """Write what was not written yet."""
        self._tell_unwritten()
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _tell(self) -> None:
        for listener in list(self.on_change):
            listener()
