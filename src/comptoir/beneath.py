"""Files beneath a folder, reached a directory at a time, so that no link that somebody put there leads elsewhere.

It stands beside the layers: the journal reads originals through it, the station removes and moves them. Where a system
has no handles of directories (Windows), whole paths are used, and links are looked for first.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from comptoir.core.intake import Stamp
from comptoir.durable import sync, sync_folder
from comptoir.windows.files import leads_elsewhere
from comptoir.windows.paths import reachable

if sys.platform == "win32":
    from comptoir.windows.files import directory_at, file_at, open_for_reading

#: whether names can be looked up in an open directory
BY_HANDLE: Final = os.open in os.supports_dir_fd and os.name != "nt"
_DIRECTORY: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
#: a pipe does not keep whoever opens it waiting for its other end
_FILE: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
#: on Windows, between directories, and before a stream that is not the file's own content
_STRANGE: Final = frozenset("\\:")
#: what file systems say that have no second names of a file, or give none of this one
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def stamp_of(found: os.stat_result) -> Stamp:
    """What a file system said of a file."""
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


class Beneath:
    """A folder, for a while. Paths are relative to it, with / between names. All calls block, and raise OSError.

    The directory that was last used stays open, as callers mostly go through one after the other.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = reachable(folder)
        #: where it really is, whatever links lead to it: on Windows
        self._home = ""
        self._root: int | None = None
        self._last: tuple[str, int] | None = None

    def __enter__(self) -> Beneath:
        if BY_HANDLE:
            self._root = os.open(self.folder, _DIRECTORY)
        elif not self.folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.folder))
        elif sys.platform == "win32":
            self._home = directory_at(str(self.folder))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()
        if self._root is not None:
            os.close(self._root)

    def open(self, path: str) -> int:
        """The descriptor of a regular file, to read. On Windows nobody can write it until it is closed."""
        name, directory = self._at(path)
        return self._opened(name, directory, path)

    def lstat(self, path: str) -> os.stat_result:
        """What stands at this path, links not followed."""
        name, directory = self._at(path)
        return os.stat(name, dir_fd=directory, follow_symlinks=False)

    def replace(self, old: str, new: str) -> None:
        """Within one directory, in one step: there is one name or the other. What bears the new name is replaced."""
        name, directory = self._at(old)
        other, _ = self._at(new)
        os.replace(name, other, src_dir_fd=directory, dst_dir_fd=directory)

    def rename(self, old: str, new: str) -> None:
        """Within one directory, to a name that must be free: raises FileExistsError."""
        name, directory = self._at(old)
        other, _ = self._at(new)
        _rename(name, directory, other, directory)

    def rename_out(self, path: str, there: Beneath, target: str) -> None:
        """To another folder on the same file system, to a name that must be free: raises FileExistsError."""
        name, directory = self._at(path)
        other, other_directory = there._at(target)
        _rename(name, directory, other, other_directory)

    def create(self, path: str) -> int:
        """The descriptor of a new file, to write, for its owner only. Raises FileExistsError."""
        name, directory = self._at(path)
        return os.open(name, _NEW, 0o600, dir_fd=directory)

    def make_directories(self, path: str) -> None:
        """Those above this path, durably, where they are missing."""
        with suppress(FileNotFoundError):
            self.place(path)
            return
        above = ""
        for part in path.split("/")[:-1]:
            above = f"{above}/{part}".lstrip("/")
            with suppress(FileExistsError):
                name, directory = self._at(above)
                os.mkdir(name, dir_fd=directory)
                self.sync(above)

    def place(self, path: str) -> str:
        """What its file system calls the directory of this path: device and inode."""
        _, directory = self._at(path)
        found = os.stat(self.folder / path.rpartition("/")[0] if directory is None else directory)
        return f"{found.st_dev:x}:{found.st_ino:x}"

    def names(self) -> list[str]:
        """What is in the folder itself."""
        return os.listdir(self.folder if self._root is None else self._root)

    def unlink(self, path: str) -> None:
        name, directory = self._at(path)
        try:
            os.unlink(name, dir_fd=directory)
        except PermissionError:
            # Windows keeps what is for reading only, as what came from a camera or a CD often is.
            if os.name != "nt" or os.lstat(name).st_mode & stat.S_IWRITE:
                raise
            os.chmod(name, stat.S_IWRITE)
            os.unlink(name)

    def rmdir(self, path: str) -> None:
        """One that is not empty stays: raises OSError."""
        self._leave()
        name, directory = self._at(path)
        os.rmdir(name, dir_fd=directory)

    def sync(self, path: str) -> None:
        """Make what happened to names in this file's directory durable."""
        _, directory = self._at(path)
        if directory is None:
            sync_folder(self.folder / path.rpartition("/")[0])
        else:
            sync(directory)

    def _at(self, path: str) -> tuple[str, int | None]:
        """The name and the open directory that it is in; where there are no such handles, the whole path."""
        parts = path.split("/")
        if any(part in ("", ".", "..") or (os.name == "nt" and _STRANGE & set(part)) for part in parts):
            raise OSError(errno.EINVAL, "it is no path beneath the folder", path)
        if self._root is None:
            return self._unlinked(parts), None
        if len(parts) == 1:
            return path, self._root
        directory = path.rpartition("/")[0]
        if self._last is None or self._last[0] != directory:
            self._leave()
            self._last = (directory, self._walk(parts[:-1]))
        return parts[-1], self._last[1]

    def _walk(self, parts: list[str]) -> int:
        """Open one directory after the other; links are refused."""
        assert self._root is not None
        current = self._root
        for part in parts:
            try:
                following = os.open(part, _DIRECTORY | getattr(os, "O_NOFOLLOW", 0), dir_fd=current)
            finally:
                if current != self._root:
                    os.close(current)
            current = following
        return current

    def _unlinked(self, parts: list[str]) -> str:
        path = self.folder
        for part in parts:
            path = path / part
            with suppress(FileNotFoundError):
                if leads_elsewhere(path.lstat()):
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        return str(path)

    if sys.platform == "win32":

        def _opened(self, name: str, directory: int | None, path: str) -> int:
            """A file's descriptor, if it is where its path says: a link may have come after the look for links."""
            descriptor = open_for_reading(name)
            there, said = file_at(descriptor), "\\".join((self._home, *path.split("/")))
            if there and self._home and _alike(there) != _alike(said):
                os.close(descriptor)
                raise OSError(errno.ELOOP, "it is reached by a link", path)
            return descriptor

    else:

        def _opened(self, name: str, directory: int | None, path: str) -> int:
            descriptor = os.open(name, _FILE, dir_fd=directory)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                raise OSError(errno.EINVAL, "it is no regular file", path)
            return descriptor

    def _leave(self) -> None:
        if self._last is not None:
            os.close(self._last[1])
            self._last = None


def _alike(path: str) -> list[str]:
    """The names of a path as Windows compares them; it does not always tell of points at their ends."""
    return [part.rstrip(". ") for part in os.path.normcase(path).split("\\")]


def _rename(old: str, old_directory: int | None, new: str, new_directory: int | None) -> None:
    """Never over another file, which a plain rename would be. A crash leaves both names, or the old one."""
    if os.name == "nt":
        os.rename(old, new)
        return
    try:
        os.link(old, new, src_dir_fd=old_directory, dst_dir_fd=new_directory, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # The name is taken by an empty file first, which nobody else's can be then.
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=new_directory))
        os.replace(old, new, src_dir_fd=old_directory, dst_dir_fd=new_directory)
    else:
        os.unlink(old, dir_fd=old_directory)
