"""Puts what lies complete in a folder, under a hidden name, in its place there: at once, durably, over nothing.

Calls that block; who is to wait for them, and how long, is `folder.py`'s. A place is taken by the name that nobody has:
“a.pdf”, else “a (2).pdf”. What was put there earlier for the same job is found again: by the identity in the metadata
beside it, or, where none is written, by its content. On Windows whoever looks at a file, as a delivery beside this one
does, keeps every name of it from being removed for that moment: hence `unheld`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from contextlib import suppress
from functools import partial
from io import BufferedWriter
from pathlib import Path
from typing import Final

from comptoir.core.document import Document
from comptoir.durable import sync, sync_folder, unheld, write_new
from comptoir.sinks.naming import Goods, numbered

#: file systems without hard links say so in one of these ways
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})


class Filling:
    """A new file while its bytes come."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BufferedWriter | None = None

    def open(self) -> None:
        """Raises OSError; also where something has this name."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("xb")

    def write(self, piece: bytes) -> None:
        """Raises OSError."""
        assert self._file is not None
        self._file.write(piece)

    def finish(self) -> None:
        """Bring it to the disk. Raises OSError."""
        assert self._file is not None
        self._file.flush()
        sync(self._file.fileno())
        self._file.close()

    def close(self) -> None:
        """Nothing more comes. Never raises."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()


def part_of(place: Path, uid: str) -> Path:
    """The hidden name under which something lies until it is complete, in the folder that it will be in."""
    return place.with_name(f".comptoir-{uid}.part")


def beside(place: Path) -> Path:
    """Where its metadata is."""
    return place.with_name(f"{place.name}.json")


def found(place: Path, goods: Goods) -> Path | None:
    """Where it lies already, complete; None: nowhere. Raises OSError."""
    for name in numbered(place):
        if goods.metadata is None:
            if not os.path.lexists(name):
                return None
            if is_same(name, goods):
                return name
        elif _uid_at(beside(name)) == goods.uid:
            return name if is_same(name, goods) else None
        elif not os.path.lexists(name) and not os.path.lexists(beside(name)):
            return None
    return None


def put(place: Path, goods: Goods) -> Path:
    """Put what lies complete at `part_of(place, …)` to a free name; that name. Raises OSError.

    The metadata comes first and takes the name: where it lies alone for a moment, or after a crash, it says for whom.
    """
    part = part_of(place, goods.uid)
    for name in numbered(place):
        if goods.metadata is None:
            if _moved(part, name) or is_same(name, goods):
                break
        elif _claimed(name, goods):
            if _moved(part, name) or is_same(name, goods):
                break
            unheld(partial(beside(name).unlink, missing_ok=True))
    else:
        raise FileExistsError(errno.EEXIST, "every name is taken", str(place))
    sync_folder(name.parent)
    clear(part)
    return name


def clear(part: Path) -> None:
    """Remove what was not completed, or is not wanted any more; nothing there is no error. Raises OSError."""
    with suppress(FileNotFoundError, NotADirectoryError):
        if part.is_dir() and not part.is_symlink():
            unheld(lambda: shutil.rmtree(part))
        else:
            unheld(part.unlink)


def is_same(place: Path, goods: Goods) -> bool:
    """Whether exactly these bytes lie there, under these names. Raises OSError."""
    if not goods.is_lot:
        return _holds(place, goods.parts[0][1])
    if not place.is_dir():
        return False
    there = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir())
    wanted = sorted(name for name, _ in goods.parts)
    return there == wanted and all(_holds(place / name, document) for name, document in goods.parts)


def _holds(path: Path, document: Document) -> bool:
    if not path.is_file() or path.stat().st_size != document.size:
        return False
    with unheld(lambda: path.open("rb")) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == document.digest


def _claimed(name: Path, goods: Goods) -> bool:
    """Whether this name is ours: by our metadata, which is there now. Raises OSError."""
    note = beside(name)
    if _uid_at(note) == goods.uid:
        return True
    if os.path.lexists(note) or os.path.lexists(name):
        return False
    part = name.with_name(f".comptoir-{goods.uid}.json.part")
    write_new(part, goods.metadata or b"")
    try:
        return _moved(part, note)
    finally:
        clear(part)


def _uid_at(note: Path) -> str:
    if not note.is_file():  # what else has this name would keep us waiting: a pipe
        return ""
    try:
        found = json.loads(unheld(note.read_bytes)).get("uid", "")
    except (FileNotFoundError, ValueError, AttributeError):
        return ""  # none, or somebody else's
    return found if isinstance(found, str) else ""


def _moved(part: Path, name: Path) -> bool:
    """Give it the name, if nothing has it. Raises OSError."""
    if part.is_dir():
        # A directory cannot be linked; renamed over, an empty one loses nothing.
        return _renamed(part, name)
    try:
        # os.rename would replace what somebody has put there in this moment.
        os.link(part, name)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _renamed(part, name)
    unheld(part.unlink)
    return True


def _renamed(part: Path, name: Path) -> bool:
    if os.path.lexists(name):
        return False
    try:
        unheld(partial(part.rename, name))
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
            return False
        raise
    return True
