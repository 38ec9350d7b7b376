"""Processes of our own beside the service: what is run for each, from the source and from the program file.

The program file is Python and Comptoir in one: it has no `-m`, and its first argument says which of CHILDREN it is to
be. Who starts a child, what it is told and how long it may take is the business of who needs it.
"""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import Final

#: the modules that may be run so; nothing else is
CHILDREN: Final = ("comptoir.archive.binding", "comptoir.archive.worker_main", "comptoir.windows.driver_main")
#: the first argument of a program file that is to be a child
CHILD: Final = "--child"
#: for `creationflags`: no window appears beside a service, and Ctrl+C in the service's own is not the child's affair
WINDOWLESS: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def is_program_file() -> bool:
    """Whether this is the program file (PyInstaller's), not a Python with the package."""
    return bool(getattr(sys, "frozen", False))


def own_name() -> str:
    """How a person calls this program in a command window."""
    return f'"{sys.executable}"' if is_program_file() else "comptoir"


def command(module: str, *arguments: str) -> tuple[str, ...]:
    """What runs a module of CHILDREN as a process. Raises ValueError for another one."""
    if module not in CHILDREN:
        raise ValueError(f"{module} is no child")
    return (sys.executable, CHILD if is_program_file() else "-m", module, *arguments)


def bounded(pid: int, memory: int, seconds: int = 0) -> ExitStack:
    """Bounds of a child from outside, where it cannot set its own (Windows): bytes, and seconds of a processor.

    Closed, it ends the child there and what the child has started.
    """
    held = ExitStack()
    if sys.platform == "win32":
        from comptoir.windows.bounds import Bounds  # noqa: PLC0415 - nowhere else

        with suppress(OSError):
            held.callback(Bounds(pid, memory, seconds).close)
    return held


def run(arguments: Sequence[str]) -> None:
    """Be the child that a program file was started as: its module, then what it is told. Raises SystemExit."""
    module, *rest = arguments or [""]
    if module not in CHILDREN:
        raise SystemExit(2)
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
