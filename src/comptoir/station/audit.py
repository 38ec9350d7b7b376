"""Says in the log what the journal has just taken in, in the language of the shop: who opened a drawer, signed in, was
refused. It decides nothing, and keeps nothing; the sentences are those of the journal page (`web/happenings.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from comptoir.core.ports import Journal
from comptoir.core.record import Event
from comptoir.web.happenings import GROUPS, level_of, tell
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

log = logging.getLogger("comptoir.audit")
#: what happens to files has its own name, by which it can be filtered
folder_log = logging.getLogger("comptoir.folder")


class Audit:
    """Hears of every event once it is on disk. `language`: as it is configured now; `on_line`: a line was said."""

    def __init__(self, journal: Journal, language: Callable[[], str], on_line: Callable[[str], None]) -> None:
        self._language = language
        self._on_line = on_line
        self.stop = journal.subscribe(self._hear)

    def _hear(self, events: Sequence[Event]) -> None:
        # Whoever waits for the commit, as a till does for its drawer, goes on first, and its answer is sent: the second
        # turn after this one, since uvloop sends at the end of a turn.
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self._say, events)

    def _say(self, events: Sequence[Event]) -> None:
        for event in events:
            if level := level_of(event):
                chosen = folder_log if event.kind in GROUPS["folders"] else log
                chosen.log(level, "%s", tell(event, Words(catalogue(self._language()))))
                self._on_line(event.kind)
