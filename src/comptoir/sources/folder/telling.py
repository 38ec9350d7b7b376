"""What a folder says in the log to whoever looks for a fault: a line for what happens, not one for each file.

What people read there, in the language of the shop, says the station.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from comptoir.core.resting import Word
from comptoir.core.selection import MARKER
from comptoir.core.waiting import CLOUD, EXAMPLES, News
from comptoir.core.watch import EMPTY, END, LOT, OPEN
from comptoir.sources.folder.taking import Outcome

log = logging.getLogger("comptoir.folder")

#: why files wait, where that is worth a line
WAITING: Final = {
    OPEN: "a program is still writing",
    CLOUD: "they are in a cloud, and only their names here",
    END: "the end that their format demands is missing",
    MARKER: "no marker says that they are complete",
    EMPTY: "they have no bytes yet",
    LOT: "other files of their directory are not complete",
}


def tell_news(name: str, news: Mapping[Word, News]) -> None:
    """What is said of files of which it was not said before."""
    for (kind, reason), told in news.items():
        paths = shown(told.paths, told.count)
        if kind == "waiting" and reason in WAITING:
            log.debug("folder %s: %d waiting, %s: %s", name, told.count, WAITING[reason], paths)
        elif kind == "ignored":
            log.debug("folder %s: %d ignored (%s): %s", name, told.count, reason, paths)
        elif kind == "failed":
            log.debug("folder %s: %d cannot be taken (%s): %s", name, told.count, reason, paths)


def tell_came_of(name: str, outcome: Outcome) -> None:
    """What became of files that were to be taken."""
    touched = set(outcome.touched)
    fresh = [path for path, _ in outcome.taken if path not in touched]
    if fresh:
        log.debug("folder %s: took %d for %d jobs: %s", name, len(fresh), outcome.jobs, shown(fresh))
    if touched:
        log.debug("folder %s: %d touched, with the same content: %s", name, len(touched), shown(outcome.touched))
    if outcome.changed:
        log.debug("folder %s: %d changed while being copied: %s", name, len(outcome.changed), shown(outcome.changed))
    for path, _, why in outcome.failed:
        log.debug("folder %s: %s cannot be copied: %s", name, one_line(path), why)


def shown(paths: Sequence[str], count: int | None = None) -> str:
    """Some paths on one line of the log; … where there are more, of `count` in all."""
    count = len(paths) if count is None else count
    return ", ".join(one_line(path) for path in paths[:EXAMPLES]) + (" …" if count > EXAMPLES else "")


def one_line(path: str) -> str:
    """A path that may hold line ends, or bytes that are no text, as a log can show it."""
    text = path if path.isprintable() else path.encode("unicode_escape").decode("ascii")
    return text if len(text) <= 120 else f"{text[:60]}…{text[-59:]}"
