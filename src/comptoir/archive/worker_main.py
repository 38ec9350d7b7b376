"""The process that reads documents: `python -m comptoir.archive.worker_main BYTES`. It ends when its input does.

Errands come in, answers go out (`errand.py`). What a document does to the output of some library is kept out of the
answers; what cannot be read is an answer, too.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from comptoir.archive.errand import HEAD, Errand, packed
from comptoir.archive.reading import Reader


def main(memory: int) -> None:
    """Answer until there is nothing more to read."""
    bounded(memory)
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(source, target)


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Errand after errand."""
    reader = Reader()
    while len(head := source.read(HEAD.size)) == HEAD.size:
        errand = msgspec.json.decode(source.read(*HEAD.unpack(head)), type=Errand)
        content = Path(errand.path) if errand.path else source.read(errand.size)
        answer, picture = reader.do(errand, content)
        target.write(packed(msgspec.structs.replace(answer, size=len(picture))) + picture)
        target.flush()


def bounded(memory: int) -> None:
    """Take no more address space than that, and give way to whatever else is to be done on this machine.

    On Windows who starts this process sees to it (`children.bounded`).
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            # Ghostscript's temporary files, too.
            resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(OSError):
            os.nice(10)


if __name__ == "__main__":
    main(int(sys.argv[1]))
