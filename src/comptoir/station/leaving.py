"""How an original leaves its folder: looked at, renamed to a hidden name, looked at again, then removed or moved.

All calls block; they are made in the folder's own thread, and what they say is written to the ledger by
`station/originals.py`: before the first rename, and after the last. Wherever the process is killed in between, the next
`look` finds the original, its hidden name, or what it has become, and goes on from there.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from comptoir.beneath import Beneath, stamp_of
from comptoir.core.intake import REPLACED, Original, Stamp, StepDone
from comptoir.sources.folder.mount import mode_of
from comptoir.sources.folder.signs import written
from comptoir.station.moving_out import free, move_out, numbered, same_content
from comptoir.windows.files import in_use
from comptoir.windows.paths import reachable

PIECE: Final = 1024 * 1024  # bytes
PREFIX: Final = ".comptoir-"
_LONGEST: Final = 200  # bytes: of a name that the hidden one repeats, for who finds it

UNREACHABLE: Final = "Its folder cannot be reached."
EMPTY: Final = "Its folder is empty; perhaps a share is away."
IN_USE: Final = "A program has it open."
OTHER: Final = REPLACED
ENDED: Final = "It was about to leave when the service ended, and is not there any more."
OTHERS: Final = "Other files are in its directory, which stays."

_NOT_THERE: Final = frozenset({errno.ENOENT, errno.ENOTDIR})
#: a link, or something else that is no file
_NO_FILE: Final = frozenset({errno.ELOOP, errno.EINVAL, errno.EISDIR})


class Leaving:
    """Some originals of one folder, in one go: first `look`, then `leave` for those that are "going"."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[int, Stamp] = {}
        self._writers = False

    def look(self, originals: Sequence[Original]) -> list[StepDone]:
        """What may begin now: "going"; or why not. Only what a crash has left is touched: it is put in order."""
        try:
            self._writers = mode_of(self._folder).writers
            with Beneath(self._folder) as beneath:
                return [self._look(beneath, one) for one in originals]
        except OSError:
            return [StepDone(one.id, "due", UNREACHABLE) for one in originals]

    def leave(self, originals: Sequence[tuple[Original, StepDone]]) -> list[StepDone]:
        """Do it, for what `look` has let go. It is on the disk when this returns."""
        try:
            with Beneath(self._folder) as beneath:
                done = [self._leave(beneath, one, going) for one, going in originals]
                # The directories, by a file in each: once for all that went from there.
                for path in {one.path.rpartition("/")[0]: one.path for one, _ in originals}.values():
                    beneath.sync(path)
                return done
        except OSError:
            return [StepDone(one.id, "due", UNREACHABLE) for one, _ in originals]

    def inside(self, done: Sequence[StepDone]) -> list[tuple[str, Stamp]]:
        """Path and stamp of what was moved, or is about to be, to where it is in the folder still."""
        found = []
        folder = Path(os.path.normpath(self._folder))
        for one in done:
            goal = Path(os.path.normpath(one.to)) if one.to else None
            if goal is not None and goal.is_relative_to(folder):
                try:
                    stamp = stamp_of(reachable(goal).lstat())
                except OSError:
                    stamp = self._seen.get(one.original, Stamp(0, 0, 0))
                found.append((goal.relative_to(folder).as_posix(), stamp))
        return found

    # -- looking ------------------------------------------------------------------------------------------------------

    def _look(self, beneath: Beneath, original: Original) -> StepDone:
        hid = hidden(original)
        try:
            if _is_there(beneath, hid) and not _was_put_back(beneath, hid, original.path):
                return self._resume(beneath, original, hid)
            if original.state == "going" and not _is_there(beneath, original.path):
                return _ended(beneath, original)
            return self._examine(beneath, original, original.path)
        except OSError as error:
            return _refused(beneath, original, error)

    def _resume(self, beneath: Beneath, original: Original, hid: str) -> StepDone:
        """A crash has left the hidden name: it is ended, or given its name back."""
        found = self._examine(beneath, original, hid)
        if found.state != "going":
            put_back(beneath, hid, original.path)
        return found

    def _examine(self, beneath: Beneath, original: Original, path: str) -> StepDone:
        """Whether it is what was delivered, byte for byte, and nobody writes it."""
        descriptor = beneath.open(path)
        try:
            before = stamp_of(os.fstat(descriptor))
            if self._writers and written(descriptor):
                return StepDone(original.id, "due", IN_USE)
            digest = _digest(descriptor)
            if stamp_of(os.fstat(descriptor)) != before:
                return StepDone(original.id, "due", IN_USE)
        finally:
            os.close(descriptor)
        if digest != original.document.digest:
            return StepDone(original.id, "changed", OTHER)
        self._seen[original.id] = before
        return StepDone(original.id, "going", to=self._goal(original), place=beneath.place(original.path))

    def _goal(self, original: Original) -> str:
        """Where it is to be moved, subdirectories kept; "" where it is to be removed."""
        kind, _, directory = original.step.partition(":")
        if kind != "move":
            return ""
        if original.moved_to and same_content(Path(original.moved_to), original.document.digest):
            return original.moved_to
        return str(free(self._folder / Path(directory).expanduser() / original.path))

    def _base(self, original: Original) -> Path:
        """The directory below which no link is followed: whoever may write into the folder could have put it there."""
        directory = Path(original.step.partition(":")[2]).expanduser()
        base = self._folder / directory
        return self._folder if base.is_relative_to(self._folder) and ".." not in directory.parts else base

    # -- leaving ------------------------------------------------------------------------------------------------------

    def _leave(self, beneath: Beneath, original: Original, going: StepDone) -> StepDone:
        hid = hidden(original)
        try:
            if not _is_there(beneath, hid):
                beneath.replace(original.path, hid)
            done = self._unlike(beneath, original, hid)
            if done is not None:
                put_back(beneath, hid, original.path)
                return done
            if not going.to:
                beneath.unlink(hid)
                return StepDone(original.id, "deleted")
            return self._move(beneath, original, hid, Path(going.to))
        except OSError as error:
            with suppress(OSError):
                put_back(beneath, hid, original.path)
            return _refused(beneath, original, error)

    def _move(self, beneath: Beneath, original: Original, hid: str, goal: Path) -> StepDone:
        base = self._base(original)
        if not goal.is_relative_to(base):  # the folder was another one when that was decided
            base = goal.parent
        try:
            target = move_out(beneath, hid, base, goal.relative_to(base).as_posix(), original.document.digest)
        except OSError as error:
            # Whatever is wrong there says nothing of the original.
            put_back(beneath, hid, original.path)
            return StepDone(original.id, "due", f"It cannot be moved to {goal.parent}: {error.strerror or error}.")
        return StepDone(original.id, "moved", to=str(target))

    def _unlike(self, beneath: Beneath, original: Original, hid: str) -> StepDone | None:
        """What has the hidden name now may be another file than the one that was looked at, or be written just now."""
        descriptor = beneath.open(hid)
        try:
            if stamp_of(os.fstat(descriptor)) != self._seen[original.id]:
                return StepDone(original.id, "changed", OTHER)
            if self._writers and written(descriptor):
                return StepDone(original.id, "due", IN_USE)
        finally:
            os.close(descriptor)
        return None


def hidden(original: Original) -> str:
    """The name that an original has between its own and its end, in the same directory. Scans pass it over."""
    directory, slash, name = original.path.rpartition("/")
    while len(os.fsencode(name)) > _LONGEST:
        name = name[:-1]
    return f"{directory}{slash}{PREFIX}{original.id}-{name}"


def put_back(beneath: Beneath, hid: str, path: str) -> None:
    """Give a file its name back, or one beside it where another file has come: nothing is lost."""
    for name in numbered(Path(path)):
        with suppress(FileExistsError):
            beneath.rename(hid, name.as_posix())
            return


def _was_put_back(beneath: Beneath, hid: str, path: str) -> bool:
    """Whether a crash has come while it was given its name back: both are names of one file; the hidden one goes."""
    if not _is_there(beneath, path) or not os.path.samestat(beneath.lstat(path), beneath.lstat(hid)):
        return False
    beneath.unlink(hid)
    return True


def remove_directories(folder: Path, lot: str, members: Sequence[str]) -> str:
    """Remove the directories of a lot that are empty now; a sentence where the lot's own stays."""
    above = [parent.as_posix() for path in members for parent in PurePosixPath(path).parents]
    below = {path for path in above if path == lot or path.startswith(f"{lot}/")}
    try:
        with Beneath(folder) as beneath:
            for directory in sorted(below, key=lambda path: path.count("/"), reverse=True):
                with suppress(OSError):
                    beneath.rmdir(directory)
            return OTHERS if _is_there(beneath, lot) else ""
    except OSError:
        return ""


def _ended(beneath: Beneath, original: Original) -> StepDone:
    """A crash has come, and neither name is there any more. Only in the same directory as then that is our work."""
    if original.moved_to and same_content(Path(original.moved_to), original.document.digest):
        return StepDone(original.id, "moved", to=original.moved_to)
    if beneath.place(original.path) != original.place:
        return StepDone(original.id, "gone", ENDED)
    if original.moved_to:
        return StepDone(original.id, "moved", to=original.moved_to)
    return StepDone(original.id, "deleted")


def _refused(beneath: Beneath, original: Original, error: OSError) -> StepDone:
    """What it means that the system refuses: the file is gone, or another one, or cannot be touched for now."""
    if error.errno in _NO_FILE:
        return StepDone(original.id, "changed", OTHER)
    if in_use(error):
        return StepDone(original.id, "due", IN_USE)
    if error.errno not in _NOT_THERE:
        return StepDone(original.id, "due", f"It cannot be touched: {error.strerror or error}.")
    with suppress(OSError):
        if beneath.names():
            return StepDone(original.id, "gone")
    return StepDone(original.id, "due", EMPTY)


def _is_there(beneath: Beneath, path: str) -> bool:
    try:
        beneath.lstat(path)
    except OSError as error:
        if error.errno in _NOT_THERE:
            return False
        raise
    return True


def _digest(descriptor: int) -> str:
    found = hashlib.sha256()
    while piece := os.read(descriptor, PIECE):
        found.update(piece)
    return found.hexdigest()
