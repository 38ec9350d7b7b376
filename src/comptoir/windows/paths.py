"""How Windows writes paths and names: the form that may be long, and the name that a file really has.

`extended` and its undoing are pure; `real_name` asks the file system. Microsoft describes it under "Naming Files,
Paths, and Namespaces" and "Maximum Path Length Limitation".
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_LONG: Final = "\\\\?\\"
_LONG_SHARE: Final = "\\\\?\\UNC\\"
#: of other kinds: devices, and what is extended already
_OTHER: Final = ("\\\\?\\", "\\\\.\\", "\\??\\")


def extended(path: str) -> str:
    r"""An absolute path as it may be longer than 260 characters: \\?\C:\… or \\?\UNC\SERVER\SHARE\….

    Nothing in it is interpreted any more: so CON, a name that ends with a point, and the like are names of files, too.
    A relative path stays as it is, and so does one of another system.
    """
    path = path.replace("/", "\\")
    if path.startswith(_OTHER):
        return path
    if path.startswith("\\\\"):
        return f"{_LONG_SHARE}{path[2:]}"
    return f"{_LONG}{path}" if path[1:3] == ":\\" else path


def plain(path: str) -> str:
    """What people write for an extended path."""
    if path.startswith(_LONG_SHARE):
        return f"\\\\{path[len(_LONG_SHARE) :]}"
    return path.removeprefix(_LONG)


def reachable(path: Path) -> Path:
    """The path by which it can be opened however long it is: on Windows absolute and extended; elsewhere itself."""
    return Path(extended(os.path.abspath(path))) if os.name == "nt" else path


def system_program(name: str) -> str:
    """A program of Windows by its whole path: a name alone is looked for beside our own program first, and in the
    working directory, where anybody may have put one of that name. Elsewhere, and what is a path already: itself."""
    if sys.platform == "win32" and not os.path.isabs(name):
        import win32api  # noqa: PLC0415

        return os.path.join(win32api.GetSystemDirectory(), f"{name.removesuffix('.exe')}.exe")
    return name


if sys.platform == "win32":

    def real_name(path: str) -> str:
        """The last name of a path as its directory has it: in its own case, and not the short one (FACTUR~1.PDF).

        Raises OSError where nothing has this name. It opens nothing.
        """
        import pywintypes  # noqa: PLC0415
        import win32file  # noqa: PLC0415

        name = path.rpartition("\\")[2]
        try:
            found = [one[8] for one in win32file.FindFilesW(path)]
        except pywintypes.error as error:
            raise OSError(0, error.strerror, path, error.winerror) from None
        if not found:
            raise FileNotFoundError(2, os.strerror(2), path)
        return name if name in found else str(found[0])
