"""A closer look at a file: can it be read, does a program have it open for writing, has it its format's end.

What is found is a `core.watch.Signs`; what follows from it is decided there. All calls block.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
from typing import Final

from comptoir.core.document import media_type_of
from comptoir.core.ending import HEAD, ended, tail_length
from comptoir.core.waiting import CLOUD
from comptoir.core.watch import Signs
from comptoir.sources.folder.scanner import LINK, UNREADABLE, Place, reason_of
from comptoir.windows.files import InCloud, in_use, not_there

if sys.platform == "win32":
    from comptoir.windows.files import open_for_reading

    def written(descriptor: int) -> bool:
        """It could be opened so that nobody writes it: nobody does."""
        return False

else:
    #: a pipe that came in the file's place must not hold us up, a link not lead elsewhere
    _FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

    def open_for_reading(path: str) -> int:
        """A descriptor of the file. Raises OSError."""
        return os.open(path, _FLAGS)


if sys.platform == "linux":
    import fcntl

    def written(descriptor: int) -> bool:
        """Whether a process has the file open for writing: then no lease for reading is given (fcntl(2), F_SETLEASE).

        Asked on local file systems, of files that are ours or with CAP_LEASE; False where it cannot be asked. The lease
        is given back at once. Who opens the file in between waits that long; the signal that says so is one that does
        nothing, for the usual one ends a process.
        """
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False

elif sys.platform != "win32":

    def written(descriptor: int) -> bool:
        """No such question can be asked here."""
        return False


def examine(place: Place, path: str, writers: bool = True) -> Signs:
    """Look at one file. `writers`: whether the question for programs that write it can be asked on its file system."""
    try:
        descriptor = open_for_reading(place.at(path))
    except BlockingIOError:
        return _stamped(place, path, writer=True)
    except OSError as error:
        return _not_opened(place, path, error)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return Signs(None, failed=UNREADABLE)
        writer = writers and written(descriptor)
        media_type, whole = _content(descriptor, found.st_size)
        return Signs(place.stamp(found), writer=writer, ended=whole, media_type=media_type)
    except PermissionError as error:
        if os.name == "nt":  # a part of it is locked
            return _stamped(place, path, writer=True)
        return Signs(None, failed=reason_of(error))
    except OSError as error:
        return Signs(None, failed=reason_of(error))
    finally:
        os.close(descriptor)


def _not_opened(place: Place, path: str, error: OSError) -> Signs:
    """What it means that the system does not open it."""
    if not_there(error) or isinstance(error, NotADirectoryError):
        return Signs(None)
    if in_use(error):
        return _stamped(place, path, writer=True)
    if isinstance(error, InCloud):
        return Signs(None, failed=CLOUD)
    return Signs(None, failed=LINK if error.errno == errno.ELOOP else reason_of(error))


def _stamped(place: Place, path: str, *, writer: bool) -> Signs:
    """Of a file that cannot be opened now because somebody else has it."""
    try:
        return Signs(place.stamp(os.lstat(place.at(path))), writer=writer)
    except OSError:
        return Signs(None)


def _content(descriptor: int, size: int) -> tuple[str, bool]:
    """Its media type, and whether it has its end."""
    head = os.read(descriptor, HEAD)
    media_type = media_type_of(head)
    wanted = min(tail_length(media_type), size)
    if not wanted:
        return media_type, True
    if size <= len(head):
        return media_type, ended(media_type, head, head[-wanted:], size)
    os.lseek(descriptor, size - wanted, os.SEEK_SET)
    return media_type, ended(media_type, head, _read(descriptor, wanted), size)


def _read(descriptor: int, length: int) -> bytes:
    pieces: list[bytes] = []
    while length > 0 and (piece := os.read(descriptor, length)):
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
