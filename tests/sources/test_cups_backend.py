"""The spool of the CUPS backend: everything in it is taken, once, and leaves it only then."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.backend_runs import UUID, Runs
from tests.peers.prints import Prints

from comptoir.arrivals import CupsBackendSourceConfig
from comptoir.clock import SystemClock
from comptoir.core.document import Origin
from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Filed
from comptoir.journal import open_journal
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sources.cups_backend import CupsBackendSource, make

pytestmark = pytest.mark.skipif(os.name == "nt", reason="CUPS")


@pytest.fixture
async def prints(tmp_path: Path) -> AsyncIterator[Prints]:
    (tmp_path / "data").mkdir()
    journal = await open_journal("", tmp_path / "data", SystemClock())
    assert isinstance(journal, SqliteJournal)
    yield Prints(journal, tmp_path / "data", SystemClock())
    await journal.close()


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def source(runs: Runs, prints: Prints) -> CupsBackendSource:
    return make(CupsBackendSourceConfig(name="queues", spool=str(runs.spool)), prints.surroundings())


async def test_a_print_is_taken_with_all_that_is_known(runs: Runs, prints: Prints) -> None:
    runs.document(b"%PDF-1 the original")
    runs.run(b"%!PS what was printed", title="Café “É” $HOME; 'x' 😀", copies="2")
    taking = source(runs, prints)
    await taking.work()
    (kept,) = await prints.kept()
    assert (kept.title, kept.printer, kept.copies, kept.uid) == ("Café “É” $HOME; 'x' 😀", "FACTURE", 2, UUID)
    assert kept.origin == Origin("queues", "marie", "pc")
    assert kept.attributes == {
        "sides": "two-sided-long-edge", "cups-job": "7", "job-uuid": UUID, "outcome": "printed"
    }  # fmt: skip
    assert await prints.content() == [b"%PDF-1 the original", b"%!PS what was printed"]
    assert [part.role for part in kept.others] == ["printed"]
    assert (kept.document.media_type, kept.others[0].document.media_type) == (
        "application/pdf",
        "application/postscript",
    )
    assert runs.files() == [], "it has left the spool"
    assert runs.state()["state"] == "printed", "what became of the job is remembered"
    state = taking.state()
    assert (state.taken, state.trouble, state.addresses) == (1, "", (str(runs.spool),))


async def test_what_was_printed_while_nobody_ran_comes_in_its_order(runs: Runs, prints: Prints) -> None:
    for number in range(5):
        runs.run(b"x%d" % number, options=f"job-uuid=urn:uuid:{number:08x}")
    await source(runs, prints).work()
    assert [capture.uid for capture in prints.captures] == [f"{number:08x}" for number in range(5)]


async def test_a_print_that_came_to_nothing_says_so(runs: Runs, prints: Prints) -> None:
    runs.backend("real", "exit 1")
    runs.run(b"x")
    await source(runs, prints).work()
    assert prints.captures[0].attributes["outcome"] == "failed"


async def test_killed_before_it_left_the_spool_it_is_known(runs: Runs, prints: Prints) -> None:
    runs.run(b"x")
    left = {name: (runs.spool / name).read_bytes() for name in runs.files()}
    await source(runs, prints).work()
    for name, content in left.items():
        (runs.spool / name).write_bytes(content)
    await source(runs, prints).work()
    assert len(await prints.kept()) == 1
    assert runs.files() == []


async def test_nothing_leaves_the_spool_that_is_not_on_disk(runs: Runs, prints: Prints) -> None:
    runs.run(b"x" * 100_000)
    prints.broken = JournalError("the disk is full", "Make room.")
    taking = source(runs, prints)
    await taking.work()
    assert len(runs.files()) == 2
    assert (taking.state().trouble, taking.state().hint) == ("the disk is full", "Make room.")
    prints.broken = None
    await taking.work()
    assert (taking.state().trouble, runs.files()) == ("", [])


async def test_a_damaged_print_is_shown_and_holds_up_no_other(runs: Runs, prints: Prints) -> None:
    for number in range(3):
        runs.run(b"x%d" % number, options=f"job-uuid=urn:uuid:{number:08x}")
    (runs.spool / "00000000.json").write_text("{")
    (runs.spool / "00000001.printed").write_bytes(b"y1")
    taking = source(runs, prints)
    await taking.work()
    assert [capture.uid for capture in prints.captures] == ["00000002"]
    why = {one.reference: one.why for one in taking.state().unkept}
    assert why["00000000"].startswith("its description cannot be read: ")
    assert why["00000001"] == "its file 00000001.printed is not what was written"
    again = source(runs, prints)
    await again.work()
    assert len(again.state().unkept) == 2, "after a restart, too"
    for path in (runs.spool / "damaged").iterdir():
        path.unlink()
    await again.work()
    assert again.state().unkept == ()


@pytest.mark.parametrize("name", ["../secret", "other.printed", "00000001.x/../../y"])
async def test_a_description_names_its_own_files_only(runs: Runs, prints: Prints, name: str) -> None:
    runs.run(b"x", options="job-uuid=urn:uuid:00000001")
    (runs.folder / "secret").write_text("x")
    (runs.spool / "other.printed").write_bytes(b"x")
    path = runs.spool / "00000001.json"
    path.write_text(path.read_text().replace("00000001.printed", name))
    taking = source(runs, prints)
    await taking.work()
    assert prints.captures == []
    assert "not its own" in taking.state().unkept[0].why


async def test_what_was_compressed_on_its_way_is_unpacked(runs: Runs, prints: Prints) -> None:
    original = b"%PDF-1" + os.urandom(100) * 50_000
    runs.document(gzip.compress(original))
    runs.run(b"%!PS")
    await source(runs, prints).work()
    assert (await prints.content())[0] == original


async def test_a_print_may_be_larger_than_what_programs_hand_over(
    runs: Runs, prints: Prints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.journal.files.LARGEST", 1000)
    runs.document(b"%PDF-1" + b"x" * 5000)
    runs.run(b"y" * 5000)
    await source(runs, prints).work()
    assert [len(content) for content in await prints.content()] == [5006, 5000]


async def test_what_was_made_to_fill_the_disk_is_shown_and_holds_up_no_other(
    runs: Runs, prints: Prints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.sources.cups_spool.UNPACKED", 100_000)
    runs.document(gzip.compress(bytes(5_000_000)))
    runs.run(b"x0", options="job-uuid=urn:uuid:00000000")
    runs.document(b"whole")
    runs.run(b"x1", options="job-uuid=urn:uuid:00000001")
    taking = source(runs, prints)
    await taking.work()
    assert [capture.uid for capture in prints.captures] == ["00000001"]
    assert "cannot be unpacked" in taking.state().unkept[0].why


async def test_what_is_no_file_holds_up_no_print(runs: Runs, prints: Prints) -> None:
    """The backend writes none of these; whoever does must not stop what it writes."""
    for number in range(3):
        runs.run(b"x%d" % number, options=f"job-uuid=urn:uuid:{number:08x}")
    (runs.spool / "00000000.printed").unlink()
    (runs.spool / "00000000.printed").symlink_to("/dev/zero")
    (runs.spool / "00000001.json").unlink()
    os.mkfifo(runs.spool / "00000001.json")
    (runs.spool / "nowhere.json").symlink_to("nowhere")
    (runs.spool / "deep.json").write_text('{"x": ' + "[" * 100_000)
    taking = source(runs, prints)
    await taking.work()
    assert [capture.uid for capture in prints.captures] == ["00000002"]
    assert {one.reference for one in taking.state().unkept} == {"00000000", "00000001", "nowhere", "deep"}


async def test_a_print_on_a_printer_that_takes_long_is_waited_for_a_while(runs: Runs, prints: Prints) -> None:
    runs.run(b"x")
    (runs.spool / f"{UUID}.state").write_text('{"state": "begun", "times": 1}')
    taking = CupsBackendSource(
        CupsBackendSourceConfig(name="queues", spool=str(runs.spool)), prints.surroundings(), patience=100_000
    )
    assert 0 < await taking.work() <= 100_000
    assert prints.captures == []
    await CupsBackendSource(
        CupsBackendSourceConfig(name="queues", spool=str(runs.spool)), prints.surroundings(), patience=0
    ).work()
    assert prints.captures[0].attributes["outcome"] == "printing"


async def test_without_a_spool_it_says_what_to_do(runs: Runs, prints: Prints) -> None:
    runs.spool.rmdir()
    taking = source(runs, prints)
    told: list[str] = []
    taking.on_change.append(lambda: told.append(taking.state().trouble))
    await taking.work()
    assert told == [f"there is no spool directory {runs.spool}"]
    assert "comptoir capture install" in taking.state().hint
    runs.spool.mkdir()
    runs.run(b"x")
    await taking.work()
    assert (taking.state().trouble, len(prints.captures)) == ("", 1)


async def test_what_nobody_finished_goes_and_so_do_old_states(runs: Runs, prints: Prints) -> None:
    runs.run(b"x")
    for name, age in ((".a.1.part", 90_000), ("b.1.document", 90_000), ("c.1.document", 60), ("d.state", 31 * 86_400)):
        path = runs.spool / name
        path.write_bytes(b"x")
        at = SystemClock().now() / 1000 - age
        os.utime(path, (at, at))
    await source(runs, prints).work()
    left = sorted(path.name for path in runs.spool.iterdir())
    assert left == [f"{UUID}.lock", f"{UUID}.state", "c.1.document"]


async def test_it_hears_of_a_print_at_once(runs: Runs, prints: Prints) -> None:
    taking = source(runs, prints)
    taken = asyncio.Event()
    surroundings = prints.take

    async def take(capture: Capture) -> Filed:
        filed = await surroundings(capture)
        taken.set()
        return filed

    prints.take = take  # type: ignore[method-assign]
    taking = source(runs, prints)
    running = asyncio.create_task(taking.run())
    await asyncio.to_thread(runs.run, b"x")
    async with asyncio.timeout(20):
        await taken.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert prints.captures[0].uid == UUID
