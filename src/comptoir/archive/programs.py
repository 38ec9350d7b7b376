"""Programs that may be installed: Ghostscript, which makes a PDF of PostScript, and tesseract, which reads pictures.

They run in the process that reads documents, below its bounds of memory, and have a bound of time here. What they are
given comes through a pipe: they are told no name of a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from comptoir.children import WINDOWLESS
from comptoir.core.errors import FormatError
from comptoir.ghostscript import OPTIONS, environment
from comptoir.ghostscript import program as ghostscript

#: seconds
GHOSTSCRIPT_PATIENCE: Final = 25
TESSERACT_PATIENCE: Final = 60
LARGEST_TEXT: Final = 2_000_000  # letters


@cache
def tesseract() -> str | None:
    """Where it is; None: nowhere."""
    return shutil.which("tesseract")


def as_pdf(postscript: bytes) -> bytes | None:
    """The document as PDF; None where there is no Ghostscript. Raises FormatError where it makes none of it."""
    program = ghostscript()
    if program is None:
        return None
    with TemporaryDirectory(prefix="comptoir-") as folder:
        pdf = _run([program, *OPTIONS], postscript, GHOSTSCRIPT_PATIENCE, environment(Path(folder)))
    if not pdf.startswith(b"%PDF-"):
        raise FormatError("Ghostscript cannot read this PostScript.", "Print it again, or send it as a PDF.")
    return pdf


def ocr(png: bytes, languages: str) -> str:
    """The words in a picture; those of English where the others are not installed. Raises FormatError."""
    program = tesseract()
    if program is None:
        return ""
    wanted = "+".join(one for one in languages.split("+") if one in _languages(program)) or "eng"
    return _tesseract(program, png, "-", "-", "-l", wanted)[:LARGEST_TEXT]


@cache
def _languages(program: str) -> frozenset[str]:
    """Those that are installed; the first line of the list is a heading."""
    return frozenset(_tesseract(program, b"", "--list-langs").split()[1:])


def _tesseract(program: str, given: bytes, *options: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    told = {**kept, "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    return _run([program, *options], given, TESSERACT_PATIENCE, told).decode("utf-8", "replace")


def _run(command: list[str], given: bytes, seconds: float, told: dict[str, str]) -> bytes:
    """What it writes. `told`: its environment."""
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, told nothing of the document's
            command, input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds, check=False,
            env=told, creationflags=WINDOWLESS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise FormatError(f"The document took longer than {seconds:.0f} seconds to read.") from None
    except OSError as error:
        raise FormatError(f"The program {command[0]} cannot be started: {error.strerror or error}.") from None
    return done.stdout
