"""Files of Windows opened so that nobody can be writing them, and so that none is fetched from a cloud by that.

What Linux answers with a lease, Windows answers with its sharing modes: whoever opens a file so gets a sharing
violation while a program has it open to write, on a share as well. The rest tells what a file is before it is opened.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import Final

#: tags of reparse points that lead elsewhere: symbolic links and junctions (MS-FSCC 2.1.2.1)
LEADS_ELSEWHERE: Final = frozenset({0xA000000C, 0xA0000003})
#: FILE_ATTRIBUTE_OFFLINE, …_RECALL_ON_OPEN, …_RECALL_ON_DATA_ACCESS: its bytes are elsewhere, and opening fetches them
_ELSEWHERE: Final = 0x1000 | 0x40000 | 0x400000
#: ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
_IN_USE: Final = frozenset({32, 33})
#: ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND; of a server that is away, Python says the same otherwise
_NOT_THERE: Final = frozenset({2, 3})
#: ERROR_INVALID_NAME, ERROR_BAD_PATHNAME, ERROR_FILENAME_EXCED_RANGE
_NO_NAME: Final = frozenset({123, 161, 206})


def in_use(error: OSError) -> bool:
    """Whether it is refused because a program has the file open, or a part of it locked."""
    return getattr(error, "winerror", None) in _IN_USE


def not_there(error: OSError) -> bool:
    """Whether there is nothing of this name, for certain: not a server that does not answer either."""
    return isinstance(error, FileNotFoundError) and (getattr(error, "winerror", None) or 2) in _NOT_THERE


def no_name(error: OSError) -> bool:
    """Whether the system can have nothing of this name, or none so long."""
    return getattr(error, "winerror", None) in _NO_NAME


def in_cloud(found: os.stat_result) -> bool:
    """Whether only the name of a file is here: OneDrive and the like fetch its bytes when somebody reads them."""
    return bool(getattr(found, "st_file_attributes", 0) & _ELSEWHERE)


def leads_elsewhere(found: os.stat_result) -> bool:
    """Whether it is a link, or a junction, which Python calls a directory."""
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) in LEADS_ELSEWHERE


class InCloud(OSError):
    """Its bytes are not on this computer, and it is not for us to fetch them."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.ENODATA, "its bytes are not on this computer", path)


if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _GENERIC_READ: Final = 0x80000000
    _SHARE_READ_AND_DELETE: Final = 0x1 | 0x4
    _SHARE_ALL: Final = 0x1 | 0x2 | 0x4
    _OPEN_EXISTING: Final = 3
    #: FILE_FLAG_OPEN_NO_RECALL. Not …_OPEN_REPARSE_POINT: what is compressed or stored once by the system is one, too
    _FLAGS: Final = 0x00100000
    #: FILE_FLAG_BACKUP_SEMANTICS
    _OF_DIRECTORIES: Final = 0x02000000
    _INVALID: Final = wintypes.HANDLE(-1).value
    _LONGEST: Final = 32_768

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _create = _kernel32.CreateFileW
    _create.restype = wintypes.HANDLE
    _create.argtypes = [
        wintypes.LPCWSTR,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.HANDLE,
    ]
    _final_path = _kernel32.GetFinalPathNameByHandleW
    _final_path.argtypes = [wintypes.HANDLE, wintypes.LPWSTR, wintypes.DWORD, wintypes.DWORD]

    def open_for_reading(path: str) -> int:
        """A descriptor. Raises OSError: `in_use` while a program has it open to write; InCloud; ELOOP for a link.

        Others may read and remove it meanwhile; one that wants to write waits, as with any other reader.
        """
        found = os.lstat(path)
        if leads_elsewhere(found):
            raise OSError(errno.ELOOP, "it is a link", path)
        if in_cloud(found):
            raise InCloud(path)
        if stat.S_ISDIR(found.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", path)
        handle = _create(path, _GENERIC_READ, _SHARE_READ_AND_DELETE, None, _OPEN_EXISTING, _FLAGS, None)
        if handle == _INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            descriptor = msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY)
        except OSError:
            _kernel32.CloseHandle(wintypes.HANDLE(handle))
            raise
        try:
            if not os.path.samestat(found, os.fstat(descriptor)):  # a link, perhaps
                raise OSError(errno.ESTALE, "another file has come in its place", path)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def file_at(descriptor: int) -> str:
        """The path at which an open file really is, whatever led to it; "" where the file system does not tell."""
        return _where(msvcrt.get_osfhandle(descriptor))

    def directory_at(path: str) -> str:
        """The same of a directory; a disk has no \\ at its end either. Raises OSError where it cannot be opened."""
        handle = _create(path, 0, _SHARE_ALL, None, _OPEN_EXISTING, _OF_DIRECTORIES, None)
        if handle == _INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return _where(handle).rstrip("\\")
        finally:
            _kernel32.CloseHandle(wintypes.HANDLE(handle))

    def _where(handle: int) -> str:
        buffer = ctypes.create_unicode_buffer(_LONGEST)
        length = _final_path(handle, buffer, _LONGEST, 0)
        return buffer.value if 0 < length < _LONGEST else ""
