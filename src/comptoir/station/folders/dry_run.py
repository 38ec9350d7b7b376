"""What the rules of today would do to the files that lie in a folder, and to those that were taken in the last days.

Nothing is taken and nothing is removed; files are opened to tell their type, and read no further.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from comptoir.beneath import Beneath
from comptoir.core.document import RAW, media_type_of
from comptoir.core.intake import Candidate, Original, OriginalQuery, Plan
from comptoir.core.ledgers import Ledger
from comptoir.core.ports import Clock
from comptoir.core.resting import OURS
from comptoir.core.watch import Entry, Kind
from comptoir.sources.folder.own_thread import in_time
from comptoir.station.folders.planning import NO_ROUTE, NOT_YET, Planning
from comptoir.web.folder_desk import DryRow

if TYPE_CHECKING:
    from comptoir.station.folders.desk import Source

#: files that lie there, and originals, that are looked at: a person reads no more
MOST: Final = 1_000
_DAY: Final = 86_400_000  # ms
_HEAD: Final = 4_096  # bytes
_PATIENCE: Final = 20.0  # seconds: a person waits for the page, and a share may hang
_NS: Final = 1_000_000  # in a millisecond
#: why files are left alone that routes could take
_OF_ROUTES: Final = frozenset({NO_ROUTE, NOT_YET, OURS})

#: of what lies there, all but what was taken: that stands in the ledger
_LYING: Final[tuple[Kind, ...]] = ("waiting", "failed", "ignored")


class DryRun:
    """For one station."""

    def __init__(self, planning: Planning, ledger: Ledger, clock: Clock) -> None:
        self._planning = planning
        self._ledger = ledger
        self._clock = clock

    async def rows(self, name: str, path: Path, source: Source, days: int) -> Sequence[DryRow]:
        """What would happen to each file: those that lie there first, then those that were taken, the newest first.

        `path`: of the folder. A file that its name keeps out has the rule as its reason.
        """
        entries = [entry for kind in _LYING for entry in source.entries(kind, "", MOST)]
        heads = await _told(name, path, [entry.path for entry in entries])
        found = [self._lying(name, entry, heads.get(entry.path, RAW)) for entry in entries]
        return [*found, *[self._taken(one) for one in await self._since(name, days)]]

    async def _since(self, name: str, days: int) -> list[Original]:
        since = self._clock.now() - days * _DAY
        found = await self._ledger.originals(OriginalQuery(source=name, limit=MOST))
        return [one for one in found if one.taken_at >= since and not one.is_lot]

    def _lying(self, name: str, entry: Entry, media_type: str) -> DryRow:
        candidate = Candidate(name, entry.path, entry.size, entry.mtime_ns, media_type)
        row = self._row(candidate, entry.mtime_ns // _NS)
        if entry.kind == "ignored" and (row.destinations or entry.reason not in _OF_ROUTES):
            # Its name, its age, or what it is keeps it out before any route is asked.
            return DryRow(row.path, row.size, media_type, row.at, reason=entry.reason)
        return row

    def _taken(self, one: Original) -> DryRow:
        document = one.document
        candidate = Candidate(one.source, one.path, document.size, one.stamp.mtime_ns, document.media_type)
        return self._row(candidate, one.taken_at)

    def _row(self, candidate: Candidate, at: int) -> DryRow:
        plan = self._planning.plan(candidate)
        if not isinstance(plan, Plan):
            return DryRow(candidate.path, candidate.size, candidate.media_type, at, reason=plan)
        return DryRow(
            path=candidate.path,
            size=candidate.size,
            media_type=candidate.media_type,
            at=at,
            destinations=tuple(delivery.destination for delivery in plan.deliveries),
            name=plan.name or candidate.file,
            original=plan.original,
            keep=plan.keep,
        )


async def _told(name: str, folder: Path, paths: Sequence[str]) -> Mapping[str, str]:
    """The media type of each file that can be read; of none where the folder does not answer in time."""
    try:
        return await in_time(f"rules {name}", partial(_types, folder, paths), _PATIENCE)
    except OSError:
        return {}


def _types(folder: Path, paths: Sequence[str]) -> Mapping[str, str]:
    """Raises OSError for the folder. Links are not followed, and pipes not waited for."""
    found: dict[str, str] = {}
    with Beneath(folder) as beneath:
        for path in paths:
            with suppress(OSError, ValueError), os.fdopen(beneath.open(path), "rb") as file:
                found[path] = media_type_of(file.read(_HEAD))
    return found
