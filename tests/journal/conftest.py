"""A journal that was written, copies of it that may be spoiled, and the words for that."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.databases import opened
from tests.peers.papers import submission

from comptoir.core.job import Change, Evidence
from comptoir.journal.sqlite import SqliteJournal
from comptoir.journal.verify import verify

LARGE = b"a large document " * 2_000


async def write(folder: Path) -> None:
    """Three jobs: 1 is printed, 2 has a file, 3 has just come."""
    journal = await SqliteJournal.open("", folder, FakeClock())
    await journal.accept(submission("Hello world"))
    await journal.accept(submission(LARGE))
    await journal.record([Change(1, "processing"), Change(1, "completed", evidence=Evidence("processed"))])
    await journal.note("pairing", {"station": "caisse-1"})
    await journal.accept(submission("third"))
    await journal.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a journal; not to be changed."""
    folder = tmp_path_factory.mktemp("written")
    asyncio.run(write(folder))
    return folder


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled. It has 6 events: 1, 2 accepted, 3, 4 of job 1, 5 a note, 6 accepted."""
    shutil.copytree(written, tmp_path / "copy")
    return tmp_path / "copy" / "journal.db"


def tamper(path: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    """What somebody with a database program does, triggers or not."""
    db = opened(path)
    for trigger in ("events_no_update", "events_no_delete"):
        db.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        db.execute(statement, values if "?" in statement else ())
    db.commit()
    db.close()


def findings(path: Path) -> str:
    """What `verify` says of it, a line each; there must be something."""
    report = verify(path)
    assert report.findings, "nothing was found"
    return "\n".join(report.findings)
