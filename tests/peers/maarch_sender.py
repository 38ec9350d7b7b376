"""Delivers one large document to an archive in a process of its own, and says how its memory has grown.

python -m tests.peers.maarch_sender URL FOLDER BYTES: the token is in FOLDER/laabs.token, the journal comes to FOLDER.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from pathlib import Path

from tests.peers.far import Told, a_job

from comptoir.clock import SystemClock
from comptoir.core.intake import Delivery, Plan, Take, Unit
from comptoir.core.job import Job
from comptoir.destinations import MaarchConfig
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks.maarch import make

PIECE = 1_000_000


async def _large_job(journal: SqliteJournal, folder: Path, size: int) -> Job:
    """A job as a watched folder makes it: only files may be as large as this."""
    incoming = folder / "incoming"
    incoming.mkdir()
    with (incoming / "large.pdf").open("wb") as file:
        for number in range(size // PIECE):
            file.write(bytes([number % 256]) * PIECE)
    (copied,) = await asyncio.to_thread(journal.ledger.copy, str(incoming), ["large.pdf"])
    take = Take(copied, Plan((Delivery("archives"),)))
    ((job,),) = await journal.ledger.take([Unit("factures", (take,))])
    return job


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def _main(url: str, folder: Path, size: int) -> None:
    journal = await SqliteJournal.open("", folder / "journal", SystemClock())
    job = await _large_job(journal, folder, size)
    sink = make(MaarchConfig(name="archives", url=url, token_file="laabs.token"), journal, folder, SystemClock())
    small = await a_job(journal, b"small " * 10_000)
    await sink.deliver(small, small.document, Told())  # what is imported and cached is there
    before = _peak()
    evidence = await sink.deliver(job, job.document, Told())
    print(json.dumps({"growth": _peak() - before, "detail": evidence.detail, "digest": job.document.digest}))
    await sink.close()
    await journal.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
