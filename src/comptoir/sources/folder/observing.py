"""The system's events of one folder, by watchdog: where it is no Windows. See `events.py`."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from typing import TYPE_CHECKING, Final

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

if TYPE_CHECKING:
    from comptoir.sources.folder.events import Hints

# In directories that come faster than it listens to them, watchdog listens twice, and says so in a thousand lines.
warnings.filterwarnings("ignore", message="Callback with id", category=RuntimeWarning)

#: reading is no news, ours least of all; on Linux the end of writing says more than each write
_WANTED: Final[list[type[FileSystemEvent]]] = [
    DirCreatedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileClosedEvent if sys.platform == "linux" else FileModifiedEvent,
]


class Events:
    """The system's events of one folder, while they are to be had."""

    def __init__(self, root: str, deep: bool, hints: Hints) -> None:
        """Begin to listen. It blocks; raises OSError where the system gives none (no more watches, no folder)."""
        self._observer = Observer()
        self._observer.schedule(_Handler(hints), root, recursive=deep, event_filter=_WANTED)
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


class _Handler(FileSystemEventHandler):
    def __init__(self, hints: Hints) -> None:
        self._hints = hints

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Any event: look where it happened."""
        self._hints.add_all(os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
