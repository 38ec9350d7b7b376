"""Looks through folders: what lies there, told of bit by bit. It follows no link, opens no file and decides nothing.

All calls block; the source makes them in the folder's own thread.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from comptoir.core.intake import Stamp
from comptoir.core.whereabouts import Listing
from comptoir.windows.files import leads_elsewhere, no_name, not_there

if sys.platform == "win32":
    from comptoir.windows.paths import real_name

#: the rules by which something is no file to take at all
LINK: Final = "link"
SPECIAL: Final = "special"  # a pipe, a socket, a device
#: why something cannot be read
RIGHTS: Final = "rights"
UNREADABLE: Final = "unreadable"
NAME: Final = "name"  # longer than the system opens, or not to be written down

#: a slice of a look through the folder ends after so many files, or seconds
SLICE: Final = 2_000
SLICE_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and how it is looked through. `skipped`: the rule by which a directory (relative) is not entered.

    `inodes`: whether a file keeps its inode on this file system; else it is 0 in all stamps.
    """

    root: str
    deep: bool
    inodes: bool
    skipped: Callable[[str], str]

    def at(self, path: str) -> str:
        """The full path of a relative one. Windows takes / for \\ in short paths only."""
        return os.path.join(self.root, path.replace("/", os.sep)) if path else self.root

    def stamp(self, found: os.stat_result) -> Stamp:
        """The stamp of a file."""
        return Stamp(found.st_size, found.st_mtime_ns, found.st_ino if self.inodes else 0)


@dataclass(slots=True)
class Seen:
    """What was found. `files`: path, stamp, and the rule by which it is none to take (link, special, a pattern).

    `failed`: path and reason; a directory's path ends with /. `gone`: asked for, and not there.
    """

    files: list[tuple[str, Stamp, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)


class Walk:
    """One look through a folder, or through the directory `below` of it.

    `settled`: whether a file is as it was when it was last seen: then it is only counted. `naming`: whether the listing
    is to name all paths. Raises OSError when the folder itself cannot be read.
    """

    def __init__(
        self, place: Place, settled: Callable[[str, Stamp], bool], *, naming: bool = False, below: str = ""
    ) -> None:
        self._place = place
        self._settled = settled
        self._below = below
        self.listing = Listing(identity(place), paths=set() if naming else None)
        self.count = 0
        self.done = False
        self._seen = Seen()
        self._steps = self._walk()

    def slice(self, most: int = SLICE) -> Seen:
        """What the next files are, the settled ones left out. `done` says whether these were the last."""
        until = time.monotonic() + SLICE_SECONDS
        for number, _ in enumerate(self._steps, 1):
            if number >= most or time.monotonic() > until:
                break
        else:
            self.done = True
        seen, self._seen = self._seen, Seen()
        return seen

    def whole(self) -> Seen:
        """All of it at once."""
        for _ in self._steps:
            pass
        self.done = True
        return self._seen

    def _walk(self) -> Iterator[None]:
        waiting = [self._below]
        while waiting:
            directory = waiting.pop()
            try:
                with os.scandir(self._place.at(directory)) as entries:
                    self.listing.devices.add(os.stat(self._place.at(directory)).st_dev)
                    for entry in entries:
                        self._entry(entry, f"{directory}/{entry.name}" if directory else entry.name, waiting)
                        yield
            except OSError as error:
                if directory == "":
                    raise
                if not not_there(error):
                    self._closed(directory, error, directory=True)
        if identity(self._place) != self.listing.root:
            raise OSError(errno.ESTALE, "it is a stale look at a folder that is another one now", self._place.root)

    def _entry(self, entry: os.DirEntry[str], path: str, waiting: list[str]) -> None:
        try:
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return
        except OSError as error:
            self._closed(path, error, directory=entry.is_dir(follow_symlinks=False))
            return
        odd = _odd(found)
        if odd or not stat.S_ISDIR(found.st_mode):
            self._file(path, self._place.stamp(found), odd)
        elif self._place.deep:
            rule = self._place.skipped(path)
            if rule:
                self._file(f"{path}/", Stamp(0, 0, 0), rule)
            else:
                self._seen.directories.append(path)
                waiting.append(path)

    def _closed(self, path: str, error: OSError, *, directory: bool) -> None:
        """It is there, and cannot be looked at."""
        path = f"{path}/" if directory else path
        if directory:
            self.listing.closed.append(path)
        self._seen.failed.append((path, reason_of(error)))
        self._name(path)

    def _file(self, path: str, stamp: Stamp, odd: str) -> None:
        self.count += 1
        self._name(path)
        if self._settled(path, stamp):
            self.listing.settled += 1
            return
        if os.name == "nt" and not path.endswith("/"):
            # What a directory says of a file that is open may be old there.
            try:
                stamp = self._place.stamp(os.lstat(self._place.at(path)))
            except OSError:
                return
        self._seen.files.append((path, stamp, odd))

    def _name(self, path: str) -> None:
        if self.listing.paths is not None:
            self.listing.paths.add(path)


def look(place: Place, paths: Iterable[str]) -> Seen:
    """What lies at these paths; directories among them with all that is in them. Raises OSError for the folder."""
    seen = Seen()
    entered: dict[str, bool] = {"": True}
    for path in _named(place, paths):
        parent = path.rpartition("/")[0]
        if (parent and not place.deep) or not _entered(place, parent, entered):
            continue
        try:
            found = os.lstat(place.at(path))
        except OSError as error:
            if not_there(error) or isinstance(error, NotADirectoryError):
                seen.gone.append(path)
            else:
                seen.failed.append((path, reason_of(error)))
            continue
        odd = _odd(found)
        if odd or not stat.S_ISDIR(found.st_mode):
            seen.files.append((path, place.stamp(found), odd))
        elif place.deep and not place.skipped(path):
            inside = Walk(place, lambda path, stamp: False, below=path).whole()
            seen.files += inside.files
            seen.failed += inside.failed
    return seen


if sys.platform == "win32":

    def _named(place: Place, paths: Iterable[str]) -> Iterator[str]:
        """The same paths as a look through the folder would name them: one file must not be taken under two names."""
        known: dict[str, str] = {"": ""}
        for path in dict.fromkeys(paths):
            so_far = ""
            for part in path.split("/"):
                below = f"{so_far}/{part}".lstrip("/")
                if below not in known:
                    known[below] = f"{known[so_far]}/{_name_of(place.at(below), part)}".lstrip("/")
                so_far = below
            yield known[path]

    def _name_of(path: str, name: str) -> str:
        try:
            return real_name(path)
        except OSError:
            return name

else:

    def _named(place: Place, paths: Iterable[str]) -> Iterable[str]:
        return paths


def identity(place: Place) -> tuple[int, int]:
    """Device and number of the folder. Raises OSError."""
    found = os.stat(place.root)
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), place.root)
    return found.st_dev, found.st_ino


def reason_of(error: OSError) -> str:
    """Why something cannot be read, in one word."""
    if isinstance(error, PermissionError):
        return RIGHTS
    return NAME if error.errno == errno.ENAMETOOLONG or no_name(error) else UNREADABLE


def _entered(place: Place, directory: str, known: dict[str, bool]) -> bool:
    """Whether a directory is one that a look through the folder would enter: no link leads to it, no rule skips it."""
    if directory not in known:
        parent = directory.rpartition("/")[0]
        try:
            found = os.lstat(place.at(directory))
            plain = stat.S_ISDIR(found.st_mode) and not _odd(found) and not place.skipped(directory)
        except OSError:
            plain = True  # what was in it is to be told as gone
        known[directory] = plain and _entered(place, parent, known)
    return known[directory]


def _odd(found: os.stat_result) -> str:
    if leads_elsewhere(found):
        return LINK
    return "" if stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode) else SPECIAL
