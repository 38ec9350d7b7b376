"""Documents that stand between lines of PJL, as office printers' drivers send them: what is inside, for other printers.

Copies and sides that PJL says are in the document's record already (`sources.describing`). Blocks: call it in a thread.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from comptoir.core.print_header import HEAD, TAIL, wrapped


def unwrapped(source: Path | bytes) -> tuple[str, Path | bytes] | None:
    """The media type of what is inside, and its bytes, or a new file with them: the only one in its folder.

    None: nothing that could be drawn is inside. Raises OSError.
    """
    if isinstance(source, bytes):
        found = wrapped(source[:HEAD], source[-TAIL:], len(source))
        return None if found is None else (found.media_type, source[found.begins : found.ends])
    with source.open("rb") as file:
        head = file.read(HEAD)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL))
        found = wrapped(head, file.read(), size)
        if found is None:
            return None
        file.seek(found.begins)
        return found.media_type, _copied(file, found.ends - found.begins)


def _copied(file: IO[bytes], length: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="comptoir-"))
    made = folder / "document"
    try:
        with made.open("wb") as out:
            while length > 0 and (piece := file.read(min(length, 1 << 20))):
                out.write(piece)
                length -= len(piece)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return made
