"""Files that people and programs put into watched folders: what is known of one, what is to become of it, its record.

Values only. When a file is complete, `core.watch` decides; where it goes, the routes; who copies it and keeps the
record is the journal's side of `core.ports.Ledger`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from comptoir.core.document import Document

#: what the ledger says of an original:
#:   waiting   taken; its destinations do not all have it yet
#:   failed    a destination will not have it, until a person tries again
#:   due       all have it (or none is to): the step is to be done, at `due_at`
#:   going     the step has begun: after a crash it is looked at and ended
#:   kept · deleted · moved   the step is done
#:   changed   at its path is something else by now, which is not touched
#:   gone      somebody else has taken it away
OriginalState = Literal["waiting", "failed", "due", "going", "kept", "deleted", "moved", "changed", "gone"]

#: why an original is "changed": said where a newer one has come to its path
REPLACED: Final = "Something else is in its place by now."
#: nothing more happens to these by itself
AT_REST: Final[frozenset[OriginalState]] = frozenset({"kept", "deleted", "moved", "changed", "gone"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file system says of a file. Another stamp: another file, another content, or the same one touched."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What routes look at. `path`: relative to the source's folder, with / between names; of a lot its directory."""

    source: str
    path: str
    size: int
    mtime_ns: int
    media_type: str

    @property
    def file(self) -> str:
        """Its name, with its extension."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The directory that it is in, relative; "" for the source's folder itself."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One destination of a document, and how it is to look there.

    `attributes`: what is known and wished, by name: `path`, `modified`, and the job template attributes of RFC 8011
    §5.2 (`sides`, `media-source`, `print-scaling`). `expires_in`: ms.
    """

    destination: str
    format: str = ""
    copies: int = 1
    attributes: Mapping[str, str] = field(default_factory=dict)
    expires_in: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the routes make of a candidate.

    `name`: of the document, made by a template; "" as the file is called. `original`: keep, delete or move:DIR, and
    `after` (ms) how long it stays once every destination has it. `keep`: ms in the archive; None: as long as its jobs.
    `once`: a content that this source has brought before is not delivered again.
    """

    deliveries: tuple[Delivery, ...]
    name: str = ""
    original: str = "keep"
    after: int = 0
    keep: int | None = None
    once: bool = False
    #: to which the archive's record of it belongs, where it is kept
    business_date: str = ""


@dataclass(frozen=True, slots=True)
class Copied:
    """A file whose bytes are on disk in the store, held there for the `Ledger.take` that follows.

    `stamp`: as it was before and after the copy. `error`: why it could not be copied; the rest means nothing then.
    `changed`: because it changed meanwhile: it is not complete yet.
    """

    path: str
    stamp: Stamp
    document: Document | None
    error: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Take:
    """A copied file with what is to become of it."""

    copied: Copied
    plan: Plan


@dataclass(frozen=True, slots=True)
class Unit:
    """What is taken in one piece: a file, or a lot: the files of a directory, with the plan for all of them together.

    `lot`: the directory, relative; "" for a single file. `plan`: of the lot, whose document is its manifest
    (`core.lot`); what single files of it are to become (a printer prints no lot) stands with each of them.
    """

    source: str
    takes: tuple[Take, ...]
    lot: str = ""
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """One row of the ledger: a file that was taken, or a lot (`is_lot`; its members name it in `lot`)."""

    id: int
    source: str
    path: str
    stamp: Stamp
    document: Document
    state: OriginalState
    taken_at: int
    updated_at: int
    step: str = "keep"
    due_at: int | None = None
    lot: int | None = None
    is_lot: bool = False
    duplicate_of: int | None = None
    keep_until: int | None = None
    message: str = ""
    #: where it was moved or is about to be, and in which directory its step has begun, as StepDone said
    moved_to: str = ""
    place: str = ""
    #: ms; since when every destination has it (or none is to)
    delivered_at: int | None = None


@dataclass(frozen=True, slots=True)
class OriginalQuery:
    """Which originals, newest first: of this source, in these states, whose path holds `text` (case ignored)."""

    source: str = ""
    states: tuple[OriginalState, ...] = ()
    text: str = ""
    path: str = ""
    lot: int | None = None
    below: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class StepDone:
    """What became of an original's step. `message`: a sentence for people where it is not what was wished.

    `to`: where it was moved, or is about to be. "due" with a message: it could not be done, and is tried again `at`
    (ms). `place`: with "going", the directory that it is in, so that it is known again after a crash.
    """

    original: int
    state: OriginalState
    message: str = ""
    to: str = ""
    at: int | None = None
    place: str = ""


def identity(source: str, path: str, digest: str, mtime_ns: int, destination: str) -> str:
    """The identity of a file on its way to one destination: 32 hexadecimal digits, the same whoever computes it when.

    It does not depend on the journal: where that is lost and the folder read again, an archive knows the document.
    """
    fields = "\0".join((source, path, digest, str(mtime_ns), destination))
    return hashlib.sha256(fields.encode("utf-8", "surrogatepass")).hexdigest()[:32]
