"""PostScript for printers that do not take it: an installed Ghostscript makes a PDF of it.

It runs in a process of its own, as `comptoir.ghostscript` has it, with bounds of time, memory and what it may write.
Where Ghostscript is not installed, nothing else reads PostScript.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from comptoir.children import WINDOWLESS
from comptoir.core.errors import Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR
from comptoir.ghostscript import OPTIONS, environment, program

if sys.platform == "linux":
    import resource

PATIENCE: Final = 120.0  # seconds
#: bytes of memory, and of a PDF
MOST_MEMORY: Final = 2_000_000_000
LARGEST: Final = 1_000_000_000
_AGAIN: Final = "Print it again, or with a driver that sends PDF."


async def as_pdf(source: Path | bytes) -> Path:
    """A new file with the document as PDF; `remove` it in the end. Raises Refused."""
    found = program()
    if found is None:
        raise Refused(
            "the document is PostScript, and Ghostscript, which would draw it for this printer, is not installed here",
            "Install Ghostscript on this computer, or print with a driver that sends PDF.",
            DOCUMENT_FORMAT_ERROR,
        )
    made = Path(tempfile.mkdtemp(prefix="comptoir-")) / "document.pdf"
    whole = False
    try:
        # Of a program with a fault it makes a PDF of the pages before.
        whole = await _run(found, source, made) and _is_pdf(made)
    except OSError as error:
        raise Refused(f"Ghostscript cannot be used: {error.strerror or error}", _AGAIN, OTHER_ERROR) from error
    finally:
        if not whole:
            remove(made)
    if not whole:
        raise Refused("Ghostscript cannot read this PostScript", _AGAIN, DOCUMENT_FORMAT_ERROR)
    return made


async def as_pdf_bytes(source: bytes) -> bytes:
    """The same for a document that is in memory anyway. Raises Refused."""
    made = await as_pdf(source)
    try:
        return await asyncio.to_thread(made.read_bytes)
    finally:
        remove(made)


def remove(made: Path) -> None:
    """What `as_pdf` made, with its folder. Never raises."""
    shutil.rmtree(made.parent, ignore_errors=True)


async def _run(found: str, source: Path | bytes, made: Path) -> bool:
    """Whether it found no fault. Raises Refused, OSError."""
    with _opened(source) as given, made.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            found,
            *OPTIONS,
            stdin=given,
            stdout=out,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(made.parent),
            creationflags=WINDOWLESS,
        )
    try:
        _bound(process.pid)
        async with asyncio.timeout(PATIENCE):
            return await process.wait() == 0
    except TimeoutError:
        raise Refused(
            f"Ghostscript took longer than {PATIENCE:.0f} s for the document", _AGAIN, DOCUMENT_FORMAT_ERROR
        ) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _opened(source: Path | bytes) -> IO[bytes]:
    if isinstance(source, Path):
        return source.open("rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    file.write(source)
    file.seek(0)
    return file


def _is_pdf(made: Path) -> bool:
    with made.open("rb") as file:
        return file.read(5) == b"%PDF-"


def _bound(process: int) -> None:
    """As far as the system has bounds for another process."""
    if sys.platform == "linux":
        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(process, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            resource.prlimit(process, resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
