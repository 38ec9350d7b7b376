"""Hints that something happens in a folder, from the system. Nothing depends on them: scans are the truth.

watchdog listens (`observing.py`), but on Windows `windows.directory_changes` does: it says why. Which kind of event
says what differs from system to system, and some get lost. So each means the same here: look there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

from comptoir.windows.paths import extended

#: so many hints that nobody has asked for: a look through the whole folder is less work
MOST: Final = 20_000

#: in no name of Windows: a pattern, or what is no file's own content
_NO_NAME: Final = frozenset('<>:"|?*')


class Hints:
    """Paths at which something may have happened, collected from the thread that hears of them.

    `woken` is called there when the first one after `drain` has come.
    """

    def __init__(self, root: str, woken: Callable[[], object]) -> None:
        self._root = os.path.join(extended(root) if os.name == "nt" else root, "")
        self._woken = woken
        self._lock = Lock()
        self._paths: dict[str, None] = {}
        self._too_many = False

    def add(self, path: str) -> None:
        """Look at this path, relative or not; one that is elsewhere is left out."""
        path = self._below(path).replace(os.sep, "/").strip("/")
        if not path or (os.name == "nt" and _NO_NAME & set(path)):
            return
        with self._lock:
            first = not self._paths and not self._too_many
            if len(self._paths) < MOST:
                self._paths[path] = None
            else:
                self._too_many = True
        if first:
            self._woken()

    def add_all(self, paths: Iterable[str]) -> None:
        """Look at these."""
        for path in paths:
            self.add(path)

    def overflow(self) -> None:
        """Something has happened, and nobody knows where."""
        with self._lock:
            self._too_many = True
        self._woken()

    def _below(self, path: str) -> str:
        """The path below the folder; "" for one that is elsewhere."""
        if not os.path.isabs(path):
            return path
        if os.name == "nt":
            path = extended(path)
        inside = os.path.normcase(path).startswith(os.path.normcase(self._root))
        return path[len(self._root) :] if inside else ""

    def drain(self) -> tuple[list[str], bool]:
        """What came since the last time, in its order; True: there was more than could be kept."""
        with self._lock:
            paths, self._paths = list(self._paths), {}
            too_many, self._too_many = self._too_many, False
        return paths, too_many

    @property
    def waiting(self) -> bool:
        """Whether there are any."""
        return bool(self._paths) or self._too_many


if sys.platform == "win32":
    from comptoir.windows.directory_changes import DirectoryChanges

    class Events(DirectoryChanges):
        """The system's events of one folder, while they are to be had."""

        def __init__(self, root: str, deep: bool, hints: Hints) -> None:
            """Begin to listen. It blocks; raises OSError where the system gives none (no folder)."""
            super().__init__(extended(root), deep, hints.add_all, hints.overflow)

else:
    from comptoir.sources.folder.observing import Events as Events  # noqa: PLC0414
