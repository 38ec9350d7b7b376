"""Moves a file out of a watched folder, to a name that was free: on the same file system by a rename, else by a copy.

Nothing is ever overwritten. A copy is on the disk and read again before the original goes. All calls block and raise
OSError; a crash leaves the file under its old name, its new one, or both: called again, it ends the move.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath, PurePosixPath
from typing import Final, TypeVar

from comptoir.beneath import Beneath
from comptoir.windows.paths import reachable

P = TypeVar("P", bound=PurePath)

PIECE: Final = 1024 * 1024  # bytes


def move_out(beneath: Beneath, path: str, base: Path, wanted: str, digest: str) -> Path:
    """Where it is now: `wanted`, or beside it with a number where that has come to be taken. `path`: a hidden name.

    `wanted` is relative to `base`, which is made where it is missing; no link that stands below it is followed.
    """
    reachable(base).mkdir(parents=True, exist_ok=True)
    with Beneath(base) as there:
        there.make_directories(wanted)
        for target in (one.as_posix() for one in numbered(PurePosixPath(wanted))):
            if _holds(there, target, digest):  # a crash has come before the old name went
                _clear(there, _part(path, target))
                beneath.unlink(path)
                break
            with suppress(FileExistsError):
                _move(beneath, path, there, target, digest)
                break
        there.sync(target)
    return base / target


def free(wanted: Path) -> Path:
    """This path, or one beside it with a number: the first that is free just now."""
    return next(path for path in numbered(wanted) if not os.path.lexists(reachable(path)))


def numbered(path: P) -> Iterator[P]:
    """name.pdf, name (2).pdf, name (3).pdf … without end."""
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1


def same_content(path: Path, digest: str) -> bool:
    """Whether a file with this content is there."""
    try:
        with Beneath(path.parent) as there:
            return _holds(there, path.name, digest)
    except OSError:
        return False


def _holds(there: Beneath, path: str, digest: str) -> bool:
    try:
        with os.fdopen(there.open(path), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def _move(beneath: Beneath, path: str, there: Beneath, target: str, digest: str) -> None:
    try:
        beneath.rename_out(path, there, target)
    except OSError as error:
        if error.errno != errno.EXDEV and getattr(error, "winerror", 0) != 17:
            raise
        _copy(beneath, path, there, target, digest)
        beneath.unlink(path)


def _copy(beneath: Beneath, path: str, there: Beneath, target: str, digest: str) -> None:
    """To another file system: under a hidden name first. Raises FileExistsError where the target is taken."""
    part = _part(path, target)
    _clear(there, part)  # a crash has left it
    try:
        _write(beneath, path, there, part)
        if not _holds(there, part, digest):
            raise OSError(errno.EIO, "the copy is not what was copied")
        there.rename(part, target)
        there.sync(target)
    finally:
        _clear(there, part)


def _part(path: str, target: str) -> str:
    """The name of a copy that is not whole yet: that of this original alone."""
    directory, slash, _ = target.rpartition("/")
    return f"{directory}{slash}{path.rpartition('/')[2]}"


def _clear(there: Beneath, path: str) -> None:
    with suppress(FileNotFoundError):
        there.unlink(path)


def _write(beneath: Beneath, path: str, there: Beneath, copy: str) -> None:
    source = beneath.open(path)
    try:
        found = os.fstat(source)
        with os.fdopen(there.create(copy), "wb") as file:
            while piece := os.read(source, PIECE):
                file.write(piece)
            file.flush()
            _liken(file.fileno() if os.utime in os.supports_fd else there.folder / copy, found)
            os.fsync(file.fileno())
    finally:
        os.close(source)


def _liken(copy: int | Path, found: os.stat_result) -> None:
    """Give a copy the time and the rights of what was copied."""
    os.utime(copy, ns=(found.st_atime_ns, found.st_mtime_ns))
    with suppress(OSError):  # a file system may have no rights
        os.chmod(copy, found.st_mode & 0o777)
