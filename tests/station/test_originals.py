"""What happens to originals: removed or moved where they are what was delivered, and left alone in every other case."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import FakeClock
from tests.peers.crashing import FILES, crashes
from tests.peers.takings import LARGE, SOURCE, Taking, plan

from comptoir.core.intake import Original, OriginalQuery, Plan, StepDone
from comptoir.core.job import Change
from comptoir.core.ports import Journal
from comptoir.journal import open_journal
from comptoir.station import leaving, originals
from comptoir.station.originals import Originals

DELETE = plan("T", original="delete")
MOVE = plan("T", original="move:done")

links = pytest.mark.skipif(os.name == "nt", reason="Windows has links for administrators only")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def journal(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Journal]:
    journal = await open_journal("", tmp_path / "data", clock)
    yield journal
    await journal.close()


@pytest.fixture
def taking(journal: Journal, tmp_path: Path) -> Taking:
    (tmp_path / "in").mkdir()
    return Taking(journal, tmp_path / "in")


@pytest.fixture
async def steps(taking: Taking, clock: FakeClock) -> AsyncIterator[Originals]:
    steps = Originals({SOURCE: taking.folder}, taking.journal.ledger, clock)
    yield steps
    await steps.close()


async def delivered(taking: Taking, path: str, made: Plan = DELETE, content: bytes | str = "content") -> Original:
    """A file that every destination has; its step is due."""
    taking.put(path, content)
    (job,) = await taking.take(path, made)
    unit = await taking.end(job)
    assert unit is not None
    assert unit.state == "due"
    return unit


async def do(steps: Originals, taking: Taking, clock: FakeClock) -> None:
    """Carry out what is due now."""
    await steps.carry_out(await taking.journal.ledger.due(clock.now(), 500))


def lying(taking: Taking) -> list[str]:
    """The files in the folder, hidden ones too."""
    paths = taking.folder.rglob("*")
    return sorted(path.relative_to(taking.folder).as_posix() for path in paths if path.is_file() or path.is_symlink())


# -- what is done -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"small", LARGE], ids=len)
async def test_an_original_is_removed(taking: Taking, steps: Originals, clock: FakeClock, content: bytes) -> None:
    unit = await delivered(taking, "sub/a.pdf", content=content)
    await do(steps, taking, clock)
    assert lying(taking) == []
    assert (taking.folder / "sub").is_dir(), "directories of single files stay"
    assert (await taking.newest("sub/a.pdf")).state == "deleted"
    kinds = [event.kind for event in await taking.journal.ledger.events_of(unit.id)]
    assert kinds == ["file-taken", "file-delivered", "original-going", "original-deleted"]


async def test_an_original_is_moved_with_its_directories_and_over_nothing(
    taking: Taking, steps: Originals, clock: FakeClock
) -> None:
    taking.put("done/sub/a.pdf", "an earlier one")
    await delivered(taking, "sub/a.pdf", MOVE)
    await do(steps, taking, clock)
    assert lying(taking) == ["done/sub/a (2).pdf", "done/sub/a.pdf"]
    found = await taking.newest("sub/a.pdf")
    assert (found.state, found.moved_to) == ("moved", str(taking.folder / "done/sub/a (2).pdf"))
    assert (taking.folder / "done/sub/a (2).pdf").read_text() == "content"


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="no second file system")
async def test_an_original_is_moved_to_another_file_system(taking: Taking, steps: Originals, clock: FakeClock) -> None:
    away = Path(f"/dev/shm/comptoir-{os.getpid()}").absolute()
    try:
        await delivered(taking, "sub/a.pdf", plan("T", original=f"move:{away}"), LARGE)
        before = (taking.folder / "sub/a.pdf").stat()
        await do(steps, taking, clock)
        assert lying(taking) == []
        moved = away / "sub/a.pdf"
        assert moved.read_bytes() == LARGE
        assert (moved.stat().st_mtime_ns, moved.stat().st_mode) == (before.st_mtime_ns, before.st_mode)
        assert [path.name for path in away.rglob("*") if path.is_file()] == ["a.pdf"]
    finally:
        for path in sorted(away.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        away.rmdir()


async def test_a_file_system_without_second_names_will_do(
    taking: Taking, steps: Originals, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    taking.put("done/a.pdf", "an earlier one")
    await delivered(taking, "a.pdf", MOVE)
    await do(steps, taking, clock)
    assert {path: (taking.folder / path).read_text() for path in lying(taking)} == {
        "done/a.pdf": "an earlier one",
        "done/a (2).pdf": "content",
    }


async def test_a_long_name_and_one_that_is_no_unicode_go(taking: Taking, steps: Originals, clock: FakeClock) -> None:
    for path in ("é" * 127, os.fsdecode(b"caf\xe9.txt") if os.name != "nt" else "café 🧾.txt"):
        await delivered(taking, path)
    await do(steps, taking, clock)
    assert lying(taking) == []
    assert await taking.states() == {"deleted": 2}


async def test_a_delay_is_waited_for(taking: Taking, steps: Originals, clock: FakeClock) -> None:
    await delivered(taking, "a", plan("T", original="delete", after=1_000))
    await do(steps, taking, clock)
    assert lying(taking) == ["a"]
    clock.advance(1_000)
    await do(steps, taking, clock)
    assert lying(taking) == []


async def test_a_lot_goes_with_its_directories(taking: Taking, steps: Originals, clock: FakeClock) -> None:
    paths = ["lot/a", "lot/sub/b"]
    for path in paths:
        taking.put(path, path)
    (job,) = await taking.take_lot("lot", paths, DELETE)
    await taking.end(job)
    for _ in range(2):
        await do(steps, taking, clock)
    assert list(taking.folder.iterdir()) == []
    assert await taking.states() == {"deleted": 3}


async def test_a_lot_with_another_file_keeps_its_directory(taking: Taking, steps: Originals, clock: FakeClock) -> None:
    taking.put("lot/a")
    (job,) = await taking.take_lot("lot", ["lot/a"], DELETE)
    taking.put("lot/new")
    await taking.end(job)
    for _ in range(2):
        await do(steps, taking, clock)
    assert lying(taking) == ["lot/new"]
    assert (await taking.newest("lot")).message == leaving.OTHERS


async def test_thousands_are_few_commits(taking: Taking, steps: Originals, clock: FakeClock) -> None:
    jobs = []
    for number in range(300):
        taking.put(f"{number}", f"{number}")
        jobs += await taking.take(f"{number}", DELETE)
    await taking.journal.record([_completed(job.id) for job in jobs])
    await taking.journal.ledger.settle_jobs([job.id for job in jobs])
    commits: list[int] = []
    taking.journal.subscribe(lambda events: commits.append(len(events)))
    await do(steps, taking, clock)
    assert lying(taking) == []
    assert len(commits) == 2 * -(-300 // originals.TOGETHER)


def _completed(number: int) -> Change:
    return Change(number, "completed")


# -- what is left alone -----------------------------------------------------------------------------------------------


def _other_content(file: Path) -> None:
    """Even with the size and the time that it had."""
    found = file.stat()
    file.write_bytes(b"CONTENT")
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


def _link(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")


def _directory(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("change", [_other_content, pytest.param(_link, marks=links), _directory])
async def test_what_is_not_what_was_delivered_is_left_alone(
    taking: Taking, steps: Originals, clock: FakeClock, change: Callable[[Path], None]
) -> None:
    await delivered(taking, "a")
    change(taking.folder / "a")
    before = lying(taking)
    await do(steps, taking, clock)
    assert lying(taking) == before
    found = await taking.newest("a")
    assert (found.state, found.message) == ("changed", leaving.OTHER)


async def test_what_somebody_has_taken_away_is_gone(taking: Taking, steps: Originals, clock: FakeClock) -> None:
    taking.put("other")
    await delivered(taking, "a")
    (taking.folder / "a").unlink()
    await do(steps, taking, clock)
    assert (await taking.newest("a")).state == "gone"


async def test_nothing_is_inferred_from_a_folder_that_is_away_or_empty(
    taking: Taking, steps: Originals, clock: FakeClock
) -> None:
    await delivered(taking, "a")
    taking.folder.rename(taking.folder.with_name("away"))
    await do(steps, taking, clock)
    found = await taking.newest("a")
    assert (found.state, found.message) == ("due", leaving.UNREACHABLE)
    taking.folder.mkdir()
    clock.advance(600_000)
    await do(steps, taking, clock)
    assert ((await taking.newest("a")).state, (await taking.newest("a")).message) == ("due", leaving.EMPTY)
    taking.folder.rmdir()
    taking.folder.with_name("away").rename(taking.folder)
    clock.advance(600_000)
    await do(steps, taking, clock)
    assert (await taking.newest("a")).state == "deleted"


async def test_a_step_that_fails_is_tried_again_less_and_less_often(
    taking: Taking, steps: Originals, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    await delivered(taking, "a")
    with monkeypatch.context() as denied:
        denied.setattr("os.replace", refused)
        waits = []
        for _ in range(3):
            await do(steps, taking, clock)
            found = await taking.newest("a")
            assert (found.state, found.message) == ("due", "It cannot be touched: Permission denied.")
            waits.append((found.due_at or 0) - clock.now())
            clock.advance(waits[-1])
    assert waits == [5_000, 10_000, 20_000]
    await do(steps, taking, clock)
    assert (await taking.newest("a")).state == "deleted"


async def test_a_file_that_a_program_writes_waits(taking: Taking, steps: Originals, clock: FakeClock) -> None:
    await delivered(taking, "a")
    with (taking.folder / "a").open("ab"):
        await do(steps, taking, clock)
        assert (await taking.newest("a")).message == leaving.IN_USE
        assert lying(taking) == ["a"]
    clock.advance(5_000)
    await do(steps, taking, clock)
    assert lying(taking) == []


@pytest.mark.parametrize("returns", [False, True], ids=["the name is free", "another file has come"])
async def test_what_changes_in_the_last_moment_gets_its_name_back(
    taking: Taking, steps: Originals, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, returns: bool
) -> None:
    await delivered(taking, "a.txt")
    replace = os.replace

    def changed(old: str, new: str, **more: Any) -> None:
        (taking.folder / "a.txt").write_text("the last word")
        replace(old, new, **more)
        if returns:
            taking.put("a.txt", "another")

    monkeypatch.setattr("os.replace", changed)
    await do(steps, taking, clock)
    names = ["a (2).txt", "a.txt"] if returns else ["a.txt"]
    assert lying(taking) == names
    assert (taking.folder / names[0]).read_text() == "the last word"
    assert (await taking.newest("a.txt")).state == "changed"


async def test_a_folder_that_is_not_configured_any_more_waits(taking: Taking, clock: FakeClock) -> None:
    await delivered(taking, "a")
    steps = Originals({}, taking.journal.ledger, clock)
    await do(steps, taking, clock)
    assert (await taking.newest("a")).message == originals.NO_FOLDER
    assert lying(taking) == ["a"]


async def test_a_folder_that_hangs_holds_up_no_other(
    taking: Taking, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "PATIENCE", 0.01 if os.name != "nt" else 0.5)  # its clock has coarser steps
    other = Taking(taking.journal, tmp_path / "other", "other")
    await delivered(taking, "a")
    await delivered(other, "b")
    hangs, look = threading.Event(), leaving.Leaving.look
    asked: list[Path] = []

    def hanging(self: leaving.Leaving, files: list[Original]) -> list[StepDone]:
        asked.append(self._folder)
        if self._folder == taking.folder:
            hangs.wait()
        return look(self, files)

    monkeypatch.setattr(leaving.Leaving, "look", hanging)
    steps = Originals({SOURCE: taking.folder, "other": other.folder}, taking.journal.ledger, clock)
    while (await other.newest("b")).state != "deleted":
        await do(steps, taking, clock)
    for _ in range(2):
        assert await taking.journal.ledger.due(clock.now(), 10) == [], "it is put off, and asked for again later"
        clock.advance(originals.ASIDE)
        await do(steps, taking, clock)
    assert asked.count(taking.folder) == 1, "nothing piles up behind what hangs"
    hangs.set()
    while (await taking.newest("a")).state != "deleted":
        await asyncio.sleep(0)
    await steps.close()


# -- crashes ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
@pytest.mark.parametrize(
    ("case", "states", "here", "away"),
    [
        ("take", {"waiting": 2}, sorted(FILES), []),
        ("delete", {"deleted": 2}, [], []),
        ("lot", {"deleted": 3}, [], []),
        ("move", {"moved": 2}, [f"done/{path}" for path in sorted(FILES)], []),
        pytest.param(
            "move-away", {"moved": 2}, [], sorted(FILES),
            marks=pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="no second file system"),
        ),
    ],
)  # fmt: skip
def test_a_crash_at_any_step_ends_as_if_there_had_been_none(
    tmp_path: Path, case: str, states: dict[str, int], here: list[str], away: list[str]
) -> None:
    elsewhere = Path(f"/dev/shm/comptoir-crashes-{os.getpid()}") if case == "move-away" else tmp_path / "elsewhere"
    elsewhere.mkdir()
    try:
        found = crashes(case, tmp_path, elsewhere)
    finally:
        for path in sorted(elsewhere.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        elsewhere.rmdir()
    assert len(found) >= 10
    expected = {"states": states, "in": here, "away": away, "whole": True, "unneeded": 0, "findings": []}
    assert [{key: one[key] for key in expected} for one in found] == [expected] * len(found)
    assert {tuple(one["jobs"]) for one in found} == {tuple(found[-1]["jobs"])}
    assert len(found[-1]["jobs"]) == {"take": 4, "lot": 1}.get(case, 2)


async def test_what_was_about_to_leave_and_is_in_another_directory_now_is_gone(
    taking: Taking, steps: Originals, clock: FakeClock
) -> None:
    """After a crash only the same directory proves that the file was removed by us."""
    unit = await delivered(taking, "a")
    await taking.journal.ledger.step([StepDone(unit.id, "going", place="other")])
    (taking.folder / "a").unlink()
    await do(steps, taking, clock)
    (found,) = await taking.journal.ledger.originals(OriginalQuery())
    assert (found.state, found.message) == ("gone", leaving.ENDED)
