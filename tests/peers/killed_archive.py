"""An archive at work in a process of its own, to be killed: `python -m tests.peers.killed_archive FOLDER`.

It follows a journal that it does not write, and says a line for each document of which something was made.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.peers.clock import FakeClock

from comptoir.archive.archive import Archive
from comptoir.config import ArchiveConfig
from comptoir.journal import open_journal


async def main(folder: Path) -> None:
    """Until it is killed."""
    journal = await open_journal("", folder / "data", FakeClock())
    archive = Archive(folder / "archive", journal, FakeClock(), ArchiveConfig(ocr="never"))
    archive.on_change.append(lambda number: print(number, flush=True))
    await archive.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
