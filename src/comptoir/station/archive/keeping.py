"""Keeping as its page asks for it: what is due, legal holds, eliminations, exports. One work at a time, in a task.

What is due is counted by `eliminating.py`, a folder made by `exporting.py`; who held and who eliminated what, the
journal's events tell.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from comptoir.config import Config
from comptoir.core.errors import ComptoirError, RequestError, UnknownName, WrongState
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import Event, EventQuery
from comptoir.station.archive.eliminating import Eliminating
from comptoir.station.archive.export_folder import MANIFEST, clear
from comptoir.station.archive.exporting import Exporting
from comptoir.station.archive.packing import packed
from comptoir.station.archive.selecting import Selection, selected
from comptoir.web.happenings import body_of
from comptoir.web.keeping_desk import ALL, Due, Elimination, Exported, Hold, Rule, Wanted, Work

log = logging.getLogger("comptoir.archive")

#: seconds that a caller waits before the page says that it is under way
PATIENCE: Final = 2.0
#: events that are read at once, and of holds in all
STEP: Final = 200
MOST_HOLDS: Final = 2_000
#: ms for which a count stands where nothing has changed: time alone makes documents due by the day
LATELY: Final = 60_000
#: ms: what one person has done to many documents stands in several events, one soon after the other
TOGETHER: Final = 60_000


@dataclass(slots=True)
class _Held:
    """A decision: the documents that are on hold by it still."""

    event: Event
    reason: str
    by: str
    numbers: list[int]
    #: of its first event
    since: int


class Keeper:
    """`web.keeping_desk.KeepingDesk` of a station. folder: where exports are put; config: as it is now."""

    def __init__(self, journal: Journal, clock: Clock, config: Callable[[], Config], folder: Path) -> None:
        self._journal = journal
        self._clock = clock
        self._config = config
        self._folder = folder
        self._eliminating = Eliminating(journal, clock, config)
        self._task: asyncio.Task[None] | None = None
        self.work: Work | None = None
        #: what all of it came to, and by which configuration, until something changes
        self._counted: tuple[Due, Config] | None = None
        self._changes = 0
        self._unsubscribe = journal.subscribe(self._hear)

    async def stop(self) -> None:
        """What runs ends after its present piece; what it has done is on record."""
        self._unsubscribe()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    # -- elimination --------------------------------------------------------------------------------------------------

    async def due(self, wanted: Wanted = ALL, at: int | None = None) -> Due:
        if wanted != ALL or at is not None:
            return await self._eliminating.due(wanted, at)
        config, now = self._config(), self._clock.now()
        known = self._counted
        if known is not None and known[1] is config and 0 <= now - known[0].at < LATELY:
            return known[0]
        changes = self._changes
        due = await self._eliminating.due()
        self._counted = (due, config) if changes == self._changes else None
        return due

    def _hear(self, events: Sequence[Event]) -> None:
        if any(event.kind.startswith("document") for event in events):
            self._counted = None
            self._changes += 1

    async def eliminate(self, wanted: Wanted, due: Due, by: str, why: str) -> None:
        self._refuse_second()
        numbers = await self._eliminating.seen(wanted, due)
        self._refuse_second()  # looking has taken its time
        work = Work("eliminate", self._clock.now(), by, len(numbers))
        await self._run(work, partial(self._eliminate, wanted, due, numbers, by, why))

    async def _eliminate(self, wanted: Wanted, due: Due, numbers: frozenset[int], by: str, why: str) -> None:
        gone = await self._eliminating.eliminate(wanted, due, numbers, by, why, self._went_on)
        self._change(done=gone)

    async def eliminations(self, below: int | None = None, limit: int = 20) -> Sequence[Elimination]:
        found: list[Elimination] = []
        query = EventQuery(("documents-eliminated",), below=below, limit=STEP)
        while events := await self._journal.history(query):
            for event in events:
                one = _elimination(event)
                if found and _together(one, found[-1]):
                    found[-1] = _joined(one, found[-1])
                elif len(found) == limit:
                    return found
                else:
                    found.append(one)
            query = replace(query, below=events[-1].seq)
        return found

    # -- legal holds --------------------------------------------------------------------------------------------------

    def rules(self) -> Sequence[Rule]:
        return [
            Rule(number, one.source, one.match, one.keep, one.keep_from, one.hold)
            for number, one in enumerate(self._config().route)
            if one.keep or one.hold
        ]

    async def holds(self) -> Sequence[Hold]:
        return [Hold(one.reason, one.by, one.since, len(one.numbers), one.event.seq) for one in await self._held()]

    async def hold(self, since: str, until: str, source: str, reason: str, by: str) -> int:
        if not reason.strip():
            raise RequestError("a legal hold needs a reason", "Say why: it stands in the journal.")
        numbers = [
            kept.id
            async for kept in selected(self._journal.keeping, Selection(since, until))
            if source in ("", kept.origin.source) and not kept.held
        ]
        if not numbers:
            raise RequestError("the archive has nothing to hold there", "Look at the dates and the source.")
        return await self._journal.keeping.hold(numbers, reason.strip(), by)

    async def release(self, event: int, by: str) -> int:
        for one in await self._held():
            if one.event.seq == event:
                return await self._journal.keeping.hold(one.numbers, "", by)
        raise UnknownName("there is no such legal hold any more", "Look at the list again.")

    async def _held(self) -> list[_Held]:
        """What is on hold by which decision, newest first: of each document, its last event counts."""
        query = EventQuery(("document-held", "document-released"), limit=MOST_HOLDS)
        known: set[int] = set()
        found: list[_Held] = []
        for event in await self._journal.history(query):
            body = body_of(event)
            numbers = [number for number in _numbers(body) if number not in known]
            known.update(numbers)
            if event.kind != "document-held" or not numbers:
                continue
            one = _Held(event, str(body.get("reason", "")), str(body.get("by", "")), numbers, event.at)
            before = found[-1] if found else None
            if before and (one.reason, one.by) == (before.reason, before.by) and before.since - one.since <= TOGETHER:
                before.numbers += numbers
                before.since = one.since
            else:
                found.append(one)
        return found

    # -- exports ------------------------------------------------------------------------------------------------------

    async def export(self, since: str, until: str, by: str) -> None:
        self._refuse_second()
        selection, now = Selection(since, until), self._clock.now()
        at = datetime.fromtimestamp(now / 1000, UTC).astimezone()
        period = " - ".join(filter(None, (since, until))) or "archive"
        name = f"{period} ({at:%Y-%m-%d %H%M%S})"
        work = Work("export", now, by, to=str(self._folder / name))
        await self._run(work, partial(self._export, selection, self._folder / name, by))

    async def _export(self, selection: Selection, to: Path, by: str) -> None:
        await asyncio.to_thread(clear, self._folder)
        config = self._config()
        exporting = Exporting(self._journal, self._clock, config.station.name, config.language)
        out = await exporting.export(selection, to, lambda done, count: self._change(done=done, documents=count))
        self._change(done=out.documents, documents=out.documents, manifest=out.manifest)
        self._change(unreadable=len(out.unreadable))
        await self._journal.note("documents-exported", out.told(selection, by))

    async def note_export(self, told: dict[str, object]) -> None:
        await self._journal.note("documents-exported", told)

    async def exports(self) -> Sequence[Exported]:
        return await asyncio.to_thread(self._exports)

    def _exports(self) -> list[Exported]:
        manifests = sorted(self._folder.glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime, reverse=True)
        there = [path for path in manifests if not path.parent.name.startswith(".")]
        return [one for path in there if (one := _exported(path)) is not None]

    async def packed(self, name: str) -> AsyncGenerator[bytes]:
        return packed(await self._export_named(name))

    async def remove_export(self, name: str, by: str) -> None:
        folder = await self._export_named(name)
        await self._journal.note("export-removed", {"by": by, "name": name})
        await asyncio.to_thread(shutil.rmtree, folder)

    async def _export_named(self, name: str) -> Path:
        if not any(one.name == name for one in await self.exports()):
            raise UnknownName(f"there is no export “{name[:64]}”", "Look at the list again.")
        return self._folder / name

    # -- work ---------------------------------------------------------------------------------------------------------

    def _refuse_second(self) -> None:
        if self._task is not None and not self._task.done():
            raise WrongState("an elimination or an export is under way", "Wait until it is done.")

    async def _run(self, work: Work, do: Callable[[], Awaitable[None]]) -> None:
        self.work = work
        self._task = asyncio.create_task(self._do(do))
        await asyncio.wait([self._task], timeout=PATIENCE)

    async def _do(self, do: Callable[[], Awaitable[None]]) -> None:
        try:
            await do()
        except ComptoirError as error:
            self._change(trouble=error.message, hint=error.hint)
            log.error("%s", error.sentences)
        except Exception as error:  # whatever it is: the page must not wait for ever
            self._change(trouble=str(error))
            log.exception("what was asked of the archive could not be done")
        finally:
            self._change(running=False)

    def _went_on(self, done: int) -> None:
        self._change(done=done)

    def _change(self, **values: Any) -> None:
        assert self.work is not None
        self.work = replace(self.work, **values)


def _numbers(body: dict[str, Any]) -> list[int]:
    kept = body.get("kept", [])
    return [number for number in kept if isinstance(number, int)] if isinstance(kept, list) else []


def _elimination(event: Event) -> Elimination:
    body = body_of(event)
    documents = [one for one in body.get("documents", []) if isinstance(one, dict)]
    dates = sorted(str(one.get("business_date", "")) for one in documents) or [""]
    by, why = str(body.get("by", "")), str(body.get("why", ""))
    return Elimination(event.at, by, why, len(documents), dates[0], dates[-1], event.seq, event.hash.hex())


def _together(one: Elimination, later: Elimination) -> bool:
    return (one.by, one.why) == (later.by, later.why) and later.at - one.at <= TOGETHER


def _joined(one: Elimination, later: Elimination) -> Elimination:
    """Both, as of the later one; its time is the beginning, so that the next one before it may join, too."""
    return replace(
        later,
        at=one.at,
        documents=one.documents + later.documents,
        first=min(one.first, later.first),
        last=max(one.last, later.last),
    )


def _exported(manifest: Path) -> Exported | None:
    """What a folder says of itself; None where it is no export."""
    try:
        told = json.loads(manifest.read_bytes())
        size = sum(int(one["size"]) for one in told["files"])
        at = int(datetime.fromisoformat(told["made_at"]).timestamp() * 1000)
        return Exported(manifest.parent.name, str(manifest.parent), at, int(told["documents"]), size)
    except (OSError, ValueError, KeyError, TypeError):
        return None
