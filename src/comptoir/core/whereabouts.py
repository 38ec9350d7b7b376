"""Whether a folder is the one that it was when it was last looked through: an empty mount point is no empty folder.

What is not there is believed to be gone only where this is certain. Two things make it so: the directory has the same
device and number as before, or at least one of the files that were known lies there as it did. Of a file system that
was mounted somewhere below and is not any more, nothing is concluded either. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field


@dataclass(slots=True)
class Listing:
    """What a look through a whole folder found, besides the files that it told of one by one.

    `root`: device and number of the folder itself; `devices`: of all directories that were entered. `settled`: files
    that were as they had been. `paths`: all that lay there, where somebody had asked for them. `closed`: directories
    that could not be read, with / at the end: of what is below them nothing is known.
    """

    root: tuple[int, int]
    devices: set[int] = field(default_factory=set)
    settled: int = 0
    paths: set[str] | None = None
    closed: list[str] = field(default_factory=list)

    def hides(self, path: str) -> bool:
        """Whether it may lie in a directory that could not be read."""
        return any(path.startswith(directory) for directory in self.closed)


class Whereabouts:
    """The folder as it was when it was last certain."""

    def __init__(self) -> None:
        self._home: tuple[int, int] | None = None
        self._devices: set[int] = set()
        self._doubtful: set[str] = set()

    @property
    def doubting(self) -> bool:
        """Whether another directory stands where the folder was, and nothing of what was known is in it."""
        return bool(self._doubtful)

    def doubts(self, path: str) -> bool:
        """Whether this file was known in another directory than the one that stands there now."""
        return path in self._doubtful

    def trusts(self, listing: Listing, known: Callable[[], Collection[str]], lies: Callable[[str], bool]) -> bool:
        """Whether this listing, which names its paths, may tell that something is gone.

        `known`: the files that were known; `lies`: whether such a one was found to lie there, as it was.
        """
        paths = listing.paths or set()
        if listing.root != self._home:
            self._home = listing.root
            self._doubtful = set(known())
        if self._doubtful and any(path in paths and lies(path) for path in self._doubtful):
            self._doubtful = set()
        if not listing.devices >= self._devices:
            return False
        self._devices = set(listing.devices)
        return True
