"""What pages and API may ask about watched folders, as a protocol: the composition root answers. It knows no HTTP.

What lies in a folder now comes from the source that watches it (`core.watch`); what was ever taken, from the ledger
(`core.intake`). Nothing is decided in this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, get_args

from comptoir.core.errors import UnknownName
from comptoir.core.intake import Original, OriginalQuery
from comptoir.core.job import Job
from comptoir.core.record import Event
from comptoir.core.watch import Entry, FolderState, Kind

#: how Python holds what of a file's name is no Unicode
_NO_TEXT: Final = re.compile("[\ud800-\udfff]")
#: what a file that lies in a folder can be: in this order their numbers make the sum on the page
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class DryRow:
    """What the rules of today make of one file. Nothing is done.

    `at`: ms; when it was last written, or when it was taken. `destinations`: empty where no route takes it; then
    `reason` says why. `name`: what it is called there; `original`: keep, delete or move:DIR; `keep`: ms in the archive.
    """

    path: str
    size: int
    media_type: str
    at: int
    destinations: tuple[str, ...] = ()
    name: str = ""
    original: str = "keep"
    keep: int | None = None
    reason: str = ""


class FolderDesk(Protocol):
    """The watched folders of a station. What has no such name or number raises UnknownName."""

    on_change: list[Callable[[str], None]]
    """Called on the event loop with the name of a folder of which something has changed; must return at once."""

    def folders(self) -> Sequence[FolderState]:
        """The configured folders in their order, also those that cannot be read."""
        ...

    async def tally(self, name: str) -> Mapping[str, int]:
        """How many originals of this folder there are of each state."""
        ...

    def entries(self, name: str, kind: Kind, text: str, limit: int) -> Sequence[Entry]:
        """What lies there now, of this kind, its path holding `text` (case ignored); the newest first."""
        ...

    async def originals(self, query: OriginalQuery) -> Sequence[Original]: ...

    async def life(self, original: int) -> tuple[Original, Sequence[Job], Sequence[Event]]:
        """All that is known of it: its row, its jobs (a lot's: those of its members, too), its events in order."""
        ...

    async def retry(self, original: int, by: str) -> int:
        """New jobs for what failed of it; how many. Raises WrongState where nothing failed."""
        ...

    async def retry_all(self, name: str, by: str) -> int:
        """The same for all that failed of a folder; how many originals."""
        ...

    async def leave(self, original: int, by: str) -> None:
        """Give up what failed: the file stays where it is, and nothing more happens to it. Raises WrongState."""
        ...

    async def rescan(self, name: str) -> None:
        """Look through a folder now; returns at once. What could not be read is tried again."""
        ...

    async def dry_run(self, name: str, days: int) -> Sequence[DryRow]:
        """What the rules of today make of the files that lie there, and of those that were taken in the last days."""
        ...


def folder_named(folders: Sequence[FolderState], name: str) -> FolderState:
    """Raises UnknownName."""
    for folder in folders:
        if folder.name == name:
            return folder
    raise UnknownName(f"there is no folder “{name[:64]}”", "The page Folders names those that there are.")


def legible(name: str) -> str:
    """A file's name as pages and JSON can say it: for what is no Unicode stands a question mark in a diamond."""
    return _NO_TEXT.sub("\ufffd", name)
