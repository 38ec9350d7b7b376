"""Whatever is changed in the ledger is found; what was only done is not."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.journal.conftest import findings, tamper
from tests.peers.clock import FakeClock
from tests.peers.takings import LARGE, SOURCE, Taking, plan

from comptoir.core.intake import Plan, StepDone
from comptoir.journal.sqlite import SqliteJournal
from comptoir.journal.verify import verify
from comptoir.journal.verify_originals import TOLD


async def write(folder: Path) -> None:
    """1 is in the archive alone, 2 a lot with 3 and 4 in it, 5 deleted, 6 failed, missing, and back, 7 kept."""
    clock = FakeClock()
    journal = await SqliteJournal.open("", folder / "data", clock)
    taking = Taking(journal, folder / "in")
    taking.put("large", LARGE)
    await taking.take("large", Plan((), keep=10**9))
    for path in ("lot/a", "lot/b"):
        taking.put(path, path)
    await taking.take_lot("lot", ["lot/a", "lot/b"], plan("ARCHIVE", original="delete"), plan("T"))
    for path in "567":
        taking.put(path, path)
        (job,) = await taking.take(path, plan("T", original="keep" if path == "7" else "delete"))
        await taking.end(job, "aborted" if path == "6" else "completed", "No paper.")
    for done in (StepDone(5, "due", "In use."), StepDone(5, "going"), StepDone(5, "deleted")):
        await journal.ledger.step([done])
    await journal.ledger.missing(SOURCE, ["6"])
    assert await taking.take("6", plan("T")) == []
    assert await journal.ledger.release(SOURCE) == 1
    await journal.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a journal; not to be changed."""
    folder = tmp_path_factory.mktemp("written")
    asyncio.run(write(folder))
    return folder / "data"


@pytest.fixture
def path(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled."""
    shutil.copytree(kept, tmp_path / "copy")
    return tmp_path / "copy" / "journal.db"


def test_what_was_only_written_is_as_it_was_written(path: Path) -> None:
    report = verify(path)
    assert report.findings == []
    assert report.documents == 7, "those of six jobs, and that of the file which has none"


@pytest.mark.parametrize("column", ["state", *TOLD])
def test_a_changed_column_is_named(path: Path, column: str) -> None:
    value = 17 if column in ("size", "lot", "duplicate_of", "keep_until") else "'other'"
    tamper(path, f"UPDATE originals SET {column} = {value} WHERE id = 6")
    assert "original 6" in findings(path)


def test_a_removed_original_is_named(path: Path) -> None:
    tamper(path, "DELETE FROM originals WHERE id = 5")
    assert findings(path) == "original 5 was removed, and no purge is on record"


def test_an_inserted_original_is_named(path: Path) -> None:
    columns = (
        "source, path, size, mtime_ns, inode, document, digest, media_type, name, is_lot, deliveries, state, message"
    )
    rest = "step, after, moved_to, place, taken_at, updated_at"
    tamper(
        path, f"INSERT INTO originals (here, {columns}, {rest}) SELECT 0, {columns}, {rest} FROM originals WHERE id = 7"
    )
    assert "original 8 has no event: it was inserted" in findings(path)


def test_a_changed_event_is_named_and_proves_nothing(path: Path) -> None:
    tamper(path, "UPDATE events SET body = replace(body, 'deleted', 'moved') WHERE kind = 'original-deleted'")
    assert "original-deleted" in findings(path)
    assert "original 5" not in findings(path)


@pytest.mark.parametrize(
    "spoil",
    [lambda file: file.write_bytes(b"other"), Path.unlink, lambda file: file.write_bytes(LARGE + b"x")],
    ids=["changed", "removed", "longer"],
)
def test_a_document_that_no_job_has_is_read(path: Path, spoil: Callable[[Path], None]) -> None:
    (file,) = (entry for entry in path.parent.glob("documents/*/*"))
    spoil(file)
    assert "original 1" in findings(path)


def test_a_document_whose_row_is_gone_or_another_is_named(path: Path) -> None:
    tamper(path, "UPDATE originals SET document = 99 WHERE id = 1")
    assert "the document of original 1 was removed" in findings(path)


async def test_a_purge_is_no_finding_and_its_rows_must_stay_away(tmp_path: Path) -> None:
    clock = FakeClock()
    journal = await SqliteJournal.open("", tmp_path / "data", clock)
    taking = Taking(journal, tmp_path / "in")
    taking.put("a")
    (job,) = await taking.take("a", plan("T", original="delete"))
    await taking.end(job)
    await journal.ledger.step([StepDone(1, "deleted")])
    clock.advance(1000)
    await journal.purge(clock.now())
    assert dict(await journal.ledger.tally(SOURCE)) == {}
    await journal.close()
    assert verify(tmp_path / "data" / "journal.db").findings == []
