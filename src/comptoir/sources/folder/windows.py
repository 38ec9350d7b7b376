"""Windows: a file opened so that nobody can be writing it at that moment. Imported there only."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    import msvcrt
    import os
    from ctypes import wintypes
    from typing import Final

    _GENERIC_READ: Final = 0x80000000
    _SHARE_READ_AND_DELETE: Final = 0x1 | 0x4
    _OPEN_EXISTING: Final = 3
    #: the file itself where it is a link; and no buffer for what is read once
    _FLAGS: Final = 0x00200000
    _INVALID: Final = wintypes.HANDLE(-1).value

    _create = ctypes.WinDLL("kernel32", use_last_error=True).CreateFileW
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

    def open_for_reading(path: str) -> int:
        """A descriptor. Raises OSError: with winerror 32, a sharing violation, while a program has it open to write.

        Others may read and remove it meanwhile; one that wants to write waits, as with any other reader.
        """
        handle = _create(path, _GENERIC_READ, _SHARE_READ_AND_DELETE, None, _OPEN_EXISTING, _FLAGS, None)
        if handle == _INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
        return msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY)

    def written(descriptor: int) -> bool:
        """It could be opened so that nobody writes it: nobody does."""
        return False
