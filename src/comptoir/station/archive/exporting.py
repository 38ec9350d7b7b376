"""A period of the archive, or what a search has found, as a folder that proves itself: documents, what is known of
them, the journal's events, a manifest with the SHA-256 of every file, and a program that checks it without us.

Documents pass through piece by piece. The folder appears when it is whole (`export_folder.py`); the journal has the
manifest's own SHA-256 then, and who has exported what.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from comptoir.core.errors import ComptoirError, JournalError, RequestError
from comptoir.core.job import Job
from comptoir.core.kept import Kept
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import GENESIS, Event, EventQuery
from comptoir.core.units import iso
from comptoir.station.archive.export_folder import MANIFEST, Entry, ExportFolder, Manifest
from comptoir.station.archive.export_rows import COLUMNS, facts, line, link_of, night_row, parts_of
from comptoir.station.archive.selecting import Selection, selected
from comptoir.web.locale import catalogue
from comptoir.web.spreadsheet import BOM, rows

#: bytes that a document takes in lists and manifest, at most as a rule
BESIDE: Final = 4_096
#: file of the export → the one of this package that it is
_ALWAYS: Final = {"verify.py": "verify_export.py", "LISEZ-MOI - README.txt": "export.txt"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An export that is in its place. size: of the documents, bytes; manifest: the SHA-256 of its manifest.

    unreadable: numbers of documents that could not be read whole; the manifest says why.
    """

    path: Path
    documents: int
    size: int
    manifest: str
    unreadable: tuple[int, ...] = ()

    def told(self, selection: Selection, by: str) -> dict[str, object]:
        """The body of the event `documents-exported`. What was searched for may name people: the manifest has it."""
        asked = {"since": selection.since, "until": selection.until}
        told = {"by": by, "documents": self.documents, "size": self.size, "manifest": self.manifest}
        unreadable = {"unreadable": list(self.unreadable)} if self.unreadable else {}
        return told | {name: value for name, value in asked.items() if value} | unreadable


class Exporting:
    """Makes exports of one journal; it writes nothing into it. station: its name, for the manifest."""

    def __init__(self, journal: Journal, clock: Clock, station: str, language: str) -> None:
        self._journal = journal
        self._clock = clock
        self._station = station
        self._language = language

    async def export(self, selection: Selection, to: Path, progress: Progress | None = None) -> Outcome:
        """Make the folder `to`. Raises RequestError where that cannot be or there is nothing, NoRoom, JournalError."""
        numbers, size = await self._chosen(selection)
        if not numbers:
            raise RequestError("there is nothing to export", "Look at the dates: the archive has nothing of them.")
        folder = await asyncio.to_thread(ExportFolder, to)
        try:
            await asyncio.to_thread(folder.make_room, size + len(numbers) * BESIDE)
            filling = _Filling(self._journal, folder, self._language)
            await filling.begin(await self._head(selection))
            for done, number in enumerate(numbers):
                if progress is not None:
                    progress(done, len(numbers))
                await filling.add(number)
            outcome = await filling.end()
            await asyncio.to_thread(folder.finish)
        except OSError as error:
            raise ComptoirError(
                f"the export cannot be written: {error.strerror or error}", "Check the disk. Nothing of it is left."
            ) from error
        finally:
            folder.discard()  # in its place, it is not there any more
        return outcome

    async def _chosen(self, selection: Selection) -> tuple[list[int], int]:
        """Numbers, and bytes of all their documents."""
        numbers, size = [], 0
        async for kept in selected(self._journal.keeping, selection):
            numbers.append(kept.id)
            size += kept.document.size + sum(part.document.size for part in kept.others)
        return numbers, size

    async def _head(self, selection: Selection) -> dict[str, Any]:
        """What the manifest says of the whole: where the chain of events ended when it was begun."""
        last = await self._journal.history(EventQuery(limit=1, apart=False))
        return {
            "format": "comptoir-export",
            "version": 1,
            "station": self._station,
            "journal": self._journal.uid,
            "made_at": iso(self._clock.now()),
            "since": selection.since,
            "until": selection.until,
            "query": selection.query,
            "head": {"seq": last[0].seq, "hash": last[0].hash.hex()} if last else None,
        }


class _Filling:
    """One folder on its way: its lists grow with each document."""

    def __init__(self, journal: Journal, folder: ExportFolder, language: str) -> None:
        self._journal = journal
        self._folder = folder
        self._language = language
        self._dates: set[str] = set()
        self._events: set[int] = set()
        self._unreadable: dict[int, str] = {}
        self._documents = self._size = 0

    async def begin(self, head: dict[str, Any]) -> None:
        self._manifest = Manifest(await self._entry(MANIFEST), head)
        self._list, self._table = await self._entry("documents.json"), await self._entry("documents.csv")
        self._chain = await self._entry("chain.jsonl")
        headings = [catalogue(self._language).gettext(heading) for heading in COLUMNS.values()]
        self._list.write(b"[")
        self._table.write(BOM + rows([headings], self._language))

    async def _entry(self, name: str) -> Entry:
        return await asyncio.to_thread(self._folder.entry, name)

    async def add(self, number: int) -> None:
        """A document with all that belongs to it. One that was eliminated meanwhile is passed over."""
        keeping = self._journal.keeping
        # Together: one turn of the reader's thread.
        kept, events, jobs = await asyncio.gather(
            keeping.kept(number), keeping.events_of(number), keeping.jobs_of(number)
        )
        if kept is None:
            return
        written = []
        for name, part in parts_of(kept):
            entry = await self._entry(name)
            try:
                async for piece in self._journal.chunks(part.document):
                    await asyncio.to_thread(entry.write, piece)
            except JournalError as error:
                self._folder.leave_out(name, entry)
                self._unreadable[number] = error.message
            else:
                written.append((name, entry, part.role))
            finally:
                entry.close()
        for name, entry, role in written:
            self._manifest.add(name, entry, {"kept": number, "role": role})
            self._size += entry.size
        await self._tell(kept, events, jobs)

    async def _tell(self, kept: Kept, events: Sequence[Event], jobs: Sequence[Job]) -> None:
        told = facts(kept, [name for name, _ in parts_of(kept)], jobs)
        self._list.write((b",\n" if self._documents else b"\n") + _json(told))
        self._table.write(rows([line(told)], self._language))
        for event in events:
            if event.seq not in self._events and event.kind.startswith("document"):
                self._events.add(event.seq)
                self._chain.write(_json(link_of(event, await self._before(event)), plain=True) + b"\n")
        self._documents += 1
        self._dates.add(kept.business_date)

    async def _before(self, event: Event) -> bytes:
        """The hash of the event before it. Where that is gone, the check of the export says so."""
        before = await self._journal.events(after=event.seq - 2, limit=1) if event.seq > 1 else ()
        return before[0].hash if before else GENESIS

    async def end(self) -> Outcome:
        """Everything is written, and named in the manifest."""
        self._list.write(b"\n]\n")
        nights = await self._nights()
        for name, data in {**_always(), "nights.json": nights}.items():
            entry = await self._entry(name)
            await asyncio.to_thread(entry.write, data)
            entry.close()
            self._manifest.add(name, entry)
        lists = {"documents.json": self._list, "documents.csv": self._table, "chain.jsonl": self._chain}
        for name, entry in lists.items():
            await asyncio.to_thread(entry.close)
            self._manifest.add(name, entry)
        unreadable = [{"kept": number, "why": why} for number, why in self._unreadable.items()]
        digest = self._manifest.close({"documents": self._documents, "unreadable": unreadable})
        return Outcome(self._folder.path, self._documents, self._size, digest, tuple(self._unreadable))

    async def _nights(self) -> bytes:
        if not self._dates:
            return b"[]\n"
        found = await self._journal.keeping.nights(min(self._dates), max(self._dates))
        return json.dumps([night_row(one) for one in found], ensure_ascii=False, indent=1).encode() + b"\n"


def _always() -> dict[str, bytes]:
    here = files("comptoir.station.archive")
    return {name: (here / source).read_bytes() for name, source in _ALWAYS.items()}


def _json(value: dict[str, Any], *, plain: bool = False) -> bytes:
    """plain: in ASCII, so that a line stays a line wherever it is read."""
    return json.dumps(value, ensure_ascii=plain).encode("utf-8", "replace")
