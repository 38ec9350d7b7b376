"""What a folder source is told: which folder, which files, how patient it is; and whom it asks what a file becomes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

from comptoir.core.intake import Candidate, Plan
from comptoir.core.selection import Selection


@dataclass(frozen=True, slots=True)
class Scope:
    """Which files a source looks for: what it has not looked for it does not know, however long it lies there."""

    path: str
    deep: bool
    match: tuple[str, ...]
    ignore: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Scope:
        """As `written` has it. Raises ValueError, KeyError, TypeError for another text."""
        told = json.loads(text)
        return cls(told["path"], told["deep"], tuple(told["match"]), tuple(told["ignore"]))

    @property
    def written(self) -> str:
        return json.dumps(asdict(self))

    def holds(self, path: str) -> bool:
        """Whether the file at this path, relative to the folder, is among them."""
        selection = Selection(self.match, self.ignore)
        above = path.split("/")[:-1]
        if above and (not self.deep or any(selection.skipped("/".join(above[: n + 1])) for n in range(len(above)))):
            return False
        return not selection.ignored(path)


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """One folder. `quiet` and `scan` in ms; the rest as `arrivals.FolderSourceConfig` says.

    `once`: of the same content only the first file is delivered; it is the planner's `Plan.once` that does it.
    """

    name: str
    path: Path
    match: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    recursive: bool = False
    existing: Literal["take", "ignore"] = "take"
    quiet: int = 2_000
    scan: int = 30_000
    lot: Literal["file", "directory"] = "file"
    marker: str = ""
    once: bool = False
    watch: Literal["auto", "events", "poll"] = "auto"

    @property
    def deep(self) -> bool:
        """Whether directories below the folder are looked into."""
        return self.recursive or self.lot == "directory"

    @property
    def scope(self) -> Scope:
        """Which files are looked for."""
        return Scope(os.path.normcase(os.path.abspath(self.path)), self.deep, self.match, self.ignore)


class Planner(Protocol):
    """Says what the routes make of a file. Called on the event loop; must return at once."""

    def plan(self, candidate: Candidate) -> Plan | str:
        """What is to become of it; a text: why it is ignored."""
        ...

    def plan_lot(self, directory: str, members: Sequence[Candidate]) -> tuple[Plan, Sequence[Plan]] | str:
        """The same for a directory that is one unit: the plan of the whole, and one for each member in its order."""
        ...
