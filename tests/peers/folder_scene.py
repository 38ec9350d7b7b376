"""Watched folders as pages and API see them, without a disk: a test puts in what lies there and what was taken."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from tests.peers.clock import START

from comptoir.core.document import Document
from comptoir.core.errors import UnknownName, WrongState
from comptoir.core.intake import Original, OriginalQuery, OriginalState, Stamp
from comptoir.core.job import Job
from comptoir.core.record import Event
from comptoir.core.watch import Entry, FolderState, Kind
from comptoir.web.folder_desk import DryRow, folder_named

#: ns in a ms
NS = 1_000_000


@dataclass
class FakeFolders:
    """A folder desk. `asked`: what was asked to be done, in order."""

    states: list[FolderState] = field(default_factory=list)
    files: dict[str, list[Entry]] = field(default_factory=dict)
    taken: list[Original] = field(default_factory=list)
    jobs: dict[int, list[Job]] = field(default_factory=dict)
    happened: list[Event] = field(default_factory=list)
    rows: list[DryRow] = field(default_factory=list)
    asked: list[tuple[object, ...]] = field(default_factory=list)
    on_change: list[Callable[[str], None]] = field(default_factory=list)

    # -- what a test puts in ------------------------------------------------------------------------------------------

    def folder(self, name: str, *entries: tuple[str, Kind, str], **more: Any) -> FolderState:
        """A folder with these files (path, kind, reason); its sums are theirs."""
        self.files[name] = [Entry(path, 1_234, START * NS, kind, reason) for path, kind, reason in entries]
        sums = {
            kind: Counter(reason for _, one, reason in entries if one == kind)
            for kind in ("ignored", "waiting", "failed")
        }
        taken = sum(kind == "taken" for _, kind, _ in entries)
        usual = {"path": f"/srv/{name}", "reachable": True, "scanned_at": START, "seen": len(entries), "taken": taken}
        state = FolderState(**{"name": name, **usual, **sums, **more})
        self.states.append(state)
        return state

    def original(self, path: str, state: OriginalState = "waiting", source: str = "factures", **more: Any) -> Original:
        number = len(self.taken) + 1
        digest = hashlib.sha256(path.encode()).hexdigest()
        usual = {
            "stamp": Stamp(45_678, START * NS, number),
            "document": Document(digest, 45_678, "application/pdf", path),
        }
        original = Original(
            **{
                "id": number,
                "source": source,
                "path": path,
                "state": state,
                "taken_at": START,
                "updated_at": START,
                **usual,
                **more,
            }
        )
        self.taken.append(original)
        return original

    def happens(self, kind: str, at: int = START, **body: object) -> None:
        seq = len(self.happened) + 1
        self.happened.append(Event(seq, at, kind, None, msgspec.json.encode(body).decode(), b""))

    # -- the desk -----------------------------------------------------------------------------------------------------

    def folders(self) -> Sequence[FolderState]:
        return self.states

    async def tally(self, name: str) -> Mapping[str, int]:
        return Counter(one.state for one in self.taken if one.source == name)

    def entries(self, name: str, kind: Kind, text: str, limit: int) -> Sequence[Entry]:
        folder_named(self.states, name)
        return [one for one in self.files[name] if one.kind == kind and text.lower() in one.path.lower()][:limit]

    async def originals(self, query: OriginalQuery) -> Sequence[Original]:
        found = [one for one in reversed(self.taken) if _fits(one, query)]
        return found[: query.limit]

    async def life(self, original: int) -> tuple[Original, Sequence[Job], Sequence[Event]]:
        one = self._one(original)
        return one, self.jobs.get(original, []), self.happened

    async def retry(self, original: int, by: str) -> int:
        self._failed(original, "waiting")
        self.asked.append(("retry", original, by))
        return 1

    async def retry_all(self, name: str, by: str) -> int:
        failed = [one.id for one in self.taken if one.source == name and one.state == "failed"]
        self.asked.append(("retry-all", name, by))
        for number in failed:
            self._failed(number, "waiting")
        return len(failed)

    async def leave(self, original: int, by: str) -> None:
        self._failed(original, "kept")
        self.asked.append(("leave", original, by))

    async def rescan(self, name: str) -> None:
        self.asked.append(("rescan", name))

    async def dry_run(self, name: str, days: int) -> Sequence[DryRow]:
        self.asked.append(("dry-run", name, days))
        return self.rows

    def _one(self, number: int) -> Original:
        if not 0 < number <= len(self.taken):
            raise UnknownName(f"there is no file {number}")
        return self.taken[number - 1]

    def _failed(self, number: int, state: OriginalState) -> None:
        one = self._one(number)
        if one.state != "failed":
            raise WrongState(f"file {number} has not failed")
        self.taken[number - 1] = replace(one, state=state)


def _fits(one: Original, query: OriginalQuery) -> bool:
    return (
        query.source in ("", one.source)
        and (not query.states or one.state in query.states)
        and query.text.lower() in one.path.lower()
        and (query.lot is None or one.lot == query.lot)
        and (query.below is None or one.id < query.below)
    )
