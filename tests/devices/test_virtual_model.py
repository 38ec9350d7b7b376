from __future__ import annotations

import pytest

from comptoir.devices.virtual_model import MUTE, ONLY_IN_ORDER, ONLY_STATUS, Condition, Model, changed
from comptoir.languages.escpos.replies import Hearing

EVERYTHING = Condition(offline=True, paper_end=True, cover=True, cutter=True, drawer_high=True)


@pytest.mark.parametrize(
    ("condition", "problems"),
    [
        (Condition(), ()),
        (Condition(offline=True), ("offline-report",)),
        (Condition(offline=True, paper_end=True), ("media-empty-error",)),
        (Condition(offline=True, cover=True), ("cover-open-error",)),
        (Condition(offline=True, cutter=True), ("media-jam-error",)),
        (EVERYTHING, ("media-empty-error", "cover-open-error", "media-jam-error")),
    ],
)
def test_asked_or_by_itself_it_says_the_same(condition: Condition, problems: tuple[str, ...]) -> None:
    asked, told = Hearing(), Hearing()
    asked.asking()
    asked.feed(b"".join(condition.real_time(question) for question in (1, 2, 3, 4)))
    told.feed(condition.automatic())
    assert asked.state == told.state
    assert (asked.answers, asked.state.problems, asked.state.drawer_high) == (1, problems, condition.drawer_high)


def test_little_paper() -> None:
    condition = Condition(paper_low=True)
    assert (condition.real_time(4), condition.automatic(), condition.in_turn(1)) == (b"\x1e", b"\x10\0\x03\0", b"\x03")


def test_answers_in_turn() -> None:
    assert (Condition().in_turn(1), Condition().in_turn(49)) == (b"\0", b"\0")
    assert (Condition(drawer_high=True).in_turn(2), Condition().in_turn(50)) == (b"\x01", b"\0")


def test_questions_that_it_does_not_know() -> None:
    assert [Condition().real_time(number) for number in (0, 5, 7, 8, 18)] == [b""] * 5
    assert [Condition().in_turn(number) for number in (0, 3, 4, 255)] == [b""] * 4


@pytest.mark.parametrize(
    ("mask", "after", "told"),
    [
        (0x01, Condition(drawer_high=True), True),
        (0x01, Condition(offline=True, cover=True), False),
        (0x02, Condition(offline=True), True),
        (0x02, Condition(drawer_high=True), False),
        (0x04, Condition(cutter=True), True),
        (0x08, Condition(paper_low=True), True),
        (0x08, Condition(cutter=True), False),
        (0x0F, Condition(), False),
    ],
)
def test_it_tells_of_what_it_was_asked_to(mask: int, after: Condition, told: bool) -> None:
    assert changed(mask, Condition().automatic(), after.automatic()) is told


def test_who_it_is() -> None:
    model = Model()
    assert (model.name(66), model.name(67), model.name(65)) == (
        b"_Comptoir\0",
        b"_Virtual receipt printer\0",
        b"_0.1\0",
    )
    assert [model.name(number) for number in (1, 49, 2, 3, 35)] == [b"\x20", b"\x20", b"\x02", b"\x01", b"=#0\0"]
    assert model.name(99) == b""
    assert Model(names={66: "EPSON"}).name(66) == b"_EPSON\0"


def test_models_that_can_do_less() -> None:
    assert (MUTE.status, MUTE.confirms, MUTE.automatic, MUTE.name(66)) == (False, (), False, b"")
    assert (ONLY_STATUS.status, ONLY_STATUS.confirms) == (True, ())
    assert (ONLY_IN_ORDER.status, ONLY_IN_ORDER.confirms) == (False, ("in-order",))
