"""Ghostscript, which makes a PDF of PostScript: where it is, and how it is started.

PostScript is a program. It is given no file by its name, none that it could read or write (-dSAFER), nothing of our
environment, and a folder of its own for temporary files. It runs nothing: time, memory and what is said of a failure
are its callers', `archive/programs.py` and `sinks/ghostscript.py`.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path
from typing import Final

_PROGRAMS: Final = ("gs", "gswin64c", "gswin32c")

#: PostScript on standard input, PDF on standard output; Ghostscript's Use.htm: -P- takes away the search in the current
#: folder
OPTIONS: Final = (
    "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-P-", "-sDEVICE=pdfwrite", "-sstdout=%stderr", "-dAutoRotatePages=/None",
    "-sOutputFile=-", "-",
)  # fmt: skip


@cache
def program() -> str | None:
    """Where it is installed; None: nowhere."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name)) is not None), None)


def environment(folder: Path) -> dict[str, str]:
    """What it needs to start, and no GS_OPTIONS. `folder`: for its temporary files; -dSAFER lets a document read what
    lies there, so it is nobody else's."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", **{name: str(folder) for name in ("TEMP", "TMP", "TMPDIR")}}
