"""Hints that something happens in a folder, from the system, by watchdog. Nothing depends on them: scans are the truth.

Which kind of event says what differs from system to system, and some get lost. So each means the same here: look there.
"""

from __future__ import annotations

import errno
import os
import sys
import warnings
from collections.abc import Callable
from threading import Lock
from typing import Final

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

# In directories that come faster than it listens to them, watchdog listens twice, and says so in a thousand lines.
warnings.filterwarnings("ignore", message="Callback with id", category=RuntimeWarning)

#: so many hints that nobody has asked for: a look through the whole folder is less work
MOST: Final = 20_000

#: reading is no news, ours least of all; on Linux the end of writing says more than each write
_WANTED: Final[list[type[FileSystemEvent]]] = [
    DirCreatedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileClosedEvent if sys.platform == "linux" else FileModifiedEvent,
]


class Hints(FileSystemEventHandler):
    """Paths at which something may have happened, collected from the thread that hears of them.

    `woken` is called there when the first one after `drain` has come.
    """

    def __init__(self, root: str, woken: Callable[[], object]) -> None:
        self._root = os.path.join(root, "")
        self._woken = woken
        self._lock = Lock()
        self._paths: dict[str, None] = {}
        self._too_many = False

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Any event: look where it happened."""
        for path in (event.src_path, event.dest_path):
            if path:
                self.add(os.fsdecode(path))

    def add(self, path: str) -> None:
        """Look at this path, relative or not; one that is elsewhere is left out."""
        if os.path.isabs(path):
            if not path.startswith(self._root):
                return
            path = path[len(self._root) :]
        path = path.replace(os.sep, "/").strip("/")
        if not path:
            return
        with self._lock:
            first = not self._paths and not self._too_many
            if len(self._paths) < MOST:
                self._paths[path] = None
            else:
                self._too_many = True
        if first:
            self._woken()

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


class Events:
    """The system's events of one folder, while they are to be had."""

    def __init__(self, root: str, deep: bool, hints: Hints) -> None:
        """Begin to listen. It blocks; raises OSError where the system gives none (no more watches, no folder)."""
        self._observer = Observer()
        self._observer.schedule(hints, root, recursive=deep, event_filter=_WANTED)
        try:
            self._observer.start()
        except BaseException as error:
            self._observer.stop()  # it holds descriptors, and this is tried again and again
            if isinstance(error, RecursionError):
                raise OSError(errno.ENAMETOOLONG, "directories in directories, too many of them", root) from None
            raise

    @property
    def alive(self) -> bool:
        """False when they have ended, as they do with the folder."""
        return self._observer.is_alive() and all(emitter.is_alive() for emitter in self._observer.emitters)

    def stop(self) -> None:
        """No more; it blocks until the threads have ended, for a second at most."""
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join(1)
