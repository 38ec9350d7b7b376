"""That a computer has slept is seen from its clocks, whichever of them goes on; nothing is seen where nothing was."""

from __future__ import annotations

import asyncio
import logging

import pytest
from tests.peers.clock import FakeClock

from comptoir import waking as module
from comptoir.waking import AWAY, HELD_UP, JUST, STAYED, Absence, Waking


class Clocks(FakeClock):
    """The clock on the wall, and the one that nobody sets."""

    def __init__(self) -> None:
        super().__init__()
        self.steady = 1_000.0

    def pass_by(self, steady: float, wall: float | None = None) -> None:
        self.steady += steady
        self.advance(round((steady if wall is None else wall) * 1000))


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def waking(clocks: Clocks) -> Waking:
    return Waking(clocks, lambda: clocks.steady)


def told(waking: Waking) -> list[Absence]:
    absences: list[Absence] = []
    waking.on_wake.append(absences.append)
    return absences


def test_a_night_asleep_is_told_once(waking: Waking, clocks: Clocks) -> None:
    absences = told(waking)
    clocks.pass_by(28_800)
    waking.look()
    waking.look()
    assert absences == [Absence(28_800, certain=True)]


def test_a_machine_whose_other_clocks_stood_still_is_known_by_the_wall(waking: Waking, clocks: Clocks) -> None:
    """A virtual machine that was halted with its host."""
    absences = told(waking)
    clocks.pass_by(1, wall=3_600)
    assert not waking.just_woke(), "perhaps somebody has only set the clock"
    assert absences == [Absence(3_600, certain=False)]


@pytest.mark.parametrize(("steady", "wall"), [(1, 1), (HELD_UP - 1, HELD_UP - 1), (1, -86_400), (1, 3)])
def test_usual_moments_and_a_clock_set_back_are_no_absence(
    waking: Waking, clocks: Clocks, steady: float, wall: float
) -> None:
    absences = told(waking)
    clocks.pass_by(steady, wall)
    assert not waking.just_woke()
    assert not absences


def test_a_call_right_after_it_may_have_been_made_before(waking: Waking, clocks: Clocks) -> None:
    clocks.pass_by(AWAY)
    assert waking.just_woke(), "the call itself is the first that looks"
    clocks.pass_by(JUST / 2)
    assert waking.just_woke()
    clocks.pass_by(JUST)
    assert not waking.just_woke()


def test_a_computer_that_is_about_to_sleep_begins_nothing_that_must_be_now(waking: Waking, clocks: Clocks) -> None:
    absences = told(waking)
    waking.heard("suspend")
    assert waking.just_woke()
    clocks.pass_by(1)
    waking.heard("resume")
    assert not waking.just_woke(), "it has not slept"
    waking.heard("suspend")
    clocks.pass_by(3_600)
    waking.heard("resume")
    assert (waking.just_woke(), absences) == (True, [Absence(3_600, certain=True)])


def test_one_that_was_to_sleep_and_did_not_goes_on(waking: Waking, clocks: Clocks) -> None:
    waking.heard("suspend")
    for _ in range(int(STAYED)):
        clocks.pass_by(1)
        waking.look()
    assert not waking.just_woke()


def test_who_was_held_up_for_moments_drops_no_connection(waking: Waking, clocks: Clocks) -> None:
    absences = told(waking)
    clocks.pass_by(HELD_UP)
    assert waking.just_woke()
    assert not absences


def test_one_that_fails_keeps_no_other_from_hearing(
    waking: Waking, clocks: Clocks, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(absence: Absence) -> None:
        raise ValueError(absence.seconds)

    waking.on_wake.append(fails)
    absences = told(waking)
    clocks.pass_by(60)
    with caplog.at_level(logging.WARNING):
        waking.look()
    assert len(absences) == 1
    assert "slept or was held up for 60 s" in caplog.text


async def test_it_looks_by_itself(waking: Waking, clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK", 0.001)
    heard = asyncio.Event()
    waking.on_wake.append(lambda absence: heard.set())
    running = asyncio.create_task(waking.run())
    await asyncio.sleep(0)
    clocks.pass_by(60)
    async with asyncio.timeout(5):
        await heard.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
