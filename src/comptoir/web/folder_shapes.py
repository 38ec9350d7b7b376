"""The JSON of the API about watched folders, as typed values. A translation of the core's; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from comptoir.core.intake import Original
from comptoir.core.record import Event
from comptoir.core.units import iso
from comptoir.core.watch import Entry, FolderState
from comptoir.web.folder_desk import DryRow, legible
from comptoir.web.shapes import Print

#: ns in a ms
_NS = 1_000_000


class Folder(msgspec.Struct, frozen=True):
    """A watched folder: `seen` is the sum of `taken` and of what stands in `ignored`, `waiting`, `failed`, by reason.

    `mode`: events or poll. `trouble`, `hint`: what is wrong with it. `done` of `total`: while it is looked through.
    `originals`: all that was ever taken, by state.
    """

    name: str
    path: str
    mode: str
    why_mode: str
    reachable: bool
    trouble: str
    hint: str
    scanned_at: str | None
    scanning: bool
    done: int
    total: int
    seen: int
    taken: int
    ignored: dict[str, int]
    waiting: dict[str, int]
    failed: dict[str, int]
    bytes_waiting: int
    originals: dict[str, int]


class Folders(msgspec.Struct, frozen=True):
    """The watched folders, in the order of the configuration."""

    folders: list[Folder]


class FolderFile(msgspec.Struct, frozen=True):
    """A file that lies in a folder, or (`original` is its number) that was taken from it.

    `kind`: taken, ignored, waiting, failed. `reason`: the rule, what it waits for, or why it failed; of a file that was
    taken the state of its original.
    """

    path: str
    size: int
    kind: str
    reason: str
    modified_at: str | None
    original: int | None
    taken_at: str | None


class FolderFiles(msgspec.Struct, frozen=True):
    """Files, newest first. `next`: the `below` of the next page; null at the end."""

    files: list[FolderFile]
    next: int | None


class OriginalEvent(msgspec.Struct, frozen=True):
    """Something that happened to a file; `job`: to this job of it. `body`: what the journal has of it."""

    seq: int
    at: str
    kind: str
    job: int | None
    body: dict[str, Any]


class OriginalShape(msgspec.Struct, frozen=True):
    """A file that was taken. `step`: keep, delete or move:DIR, done once every destination has it."""

    id: int
    folder: str
    path: str
    state: str
    message: str
    size: int
    digest: str
    media_type: str
    name: str
    step: str
    modified_at: str | None
    taken_at: str
    updated_at: str
    due_at: str | None
    keep_until: str | None
    moved_to: str
    lot: int | None
    is_lot: bool
    duplicate_of: int | None


class OriginalWithLife(OriginalShape, frozen=True):
    """The same with its jobs and all that happened."""

    jobs: list[Print]
    events: list[OriginalEvent]


class Retried(msgspec.Struct, frozen=True):
    """How many jobs were made anew."""

    jobs: int


class Rule(msgspec.Struct, frozen=True):
    """What the rules make of one file. `destinations` is empty where `reason` says why it is left alone."""

    path: str
    size: int
    media_type: str
    at: str
    destinations: list[str]
    name: str
    original: str
    keep: int | None
    reason: str


class Rules(msgspec.Struct, frozen=True):
    """What the rules of now would do; nothing is done."""

    files: list[Rule]


def folder_shape(folder: FolderState, tally: Mapping[str, int]) -> Folder:
    return Folder(
        name=folder.name,
        path=folder.path,
        mode=folder.mode,
        why_mode=folder.why_mode,
        reachable=folder.reachable,
        trouble=folder.trouble,
        hint=folder.hint,
        scanned_at=_moment(folder.scanned_at),
        scanning=folder.scanning,
        done=folder.done,
        total=folder.total,
        seen=folder.seen,
        taken=folder.taken,
        ignored=dict(folder.ignored),
        waiting=dict(folder.waiting),
        failed=dict(folder.failed),
        bytes_waiting=folder.bytes_waiting,
        originals=dict(tally),
    )


def file_of_entry(entry: Entry) -> FolderFile:
    return FolderFile(legible(entry.path), entry.size, entry.kind, entry.reason, written(entry.mtime_ns), None, None)


def file_of_original(original: Original) -> FolderFile:
    kind = "failed" if original.state == "failed" else "taken"
    return FolderFile(
        legible(original.path),
        original.stamp.size,
        kind,
        original.state,
        written(original.stamp.mtime_ns),
        original.id,
        iso(original.taken_at),
    )


def original_shape(original: Original) -> OriginalShape:
    return OriginalShape(**_fields(original))


def original_with_life(original: Original, jobs: list[Print], events: list[Event]) -> OriginalWithLife:
    return OriginalWithLife(**_fields(original), jobs=jobs, events=[_event(event) for event in events])


def rule_of(row: DryRow) -> Rule:
    return Rule(
        legible(row.path),
        row.size,
        row.media_type,
        iso(row.at),
        list(row.destinations),
        legible(row.name),
        row.original,
        row.keep,
        row.reason,
    )


def written(mtime_ns: int) -> str | None:
    """The time of a file; null where it is none that a calendar knows."""
    try:
        return iso(mtime_ns // _NS)
    except (ValueError, OverflowError, OSError):
        return None


def _fields(original: Original) -> dict[str, Any]:
    return {
        "id": original.id,
        "folder": original.source,
        "path": legible(original.path),
        "state": original.state,
        "message": original.message,
        "size": original.stamp.size,
        "digest": original.document.digest,
        "media_type": original.document.media_type,
        "name": legible(original.document.name),
        "step": original.step,
        "modified_at": written(original.stamp.mtime_ns),
        "taken_at": iso(original.taken_at),
        "updated_at": iso(original.updated_at),
        "due_at": _moment(original.due_at),
        "keep_until": _moment(original.keep_until),
        "moved_to": legible(original.moved_to),
        "lot": original.lot,
        "is_lot": original.is_lot,
        "duplicate_of": original.duplicate_of,
    }


def _event(event: Event) -> OriginalEvent:
    return OriginalEvent(event.seq, iso(event.at), event.kind, event.job_id, msgspec.json.decode(event.body))


def _moment(at: int | None) -> str | None:
    return None if at is None else iso(at)
