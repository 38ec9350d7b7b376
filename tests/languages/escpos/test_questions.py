"""Answers that look alike must not be taken for one another, whatever was lost or came late."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.escpos.questions import Questions

#: the four answers of a printer whose drawer is shut, cover open, cutter jammed, paper low
ANSWERS = (0x16, 0x16, 0x1A, 0x1E)
CLEAR = (0x12,) * 4


def take(questions: Questions, *answers: int) -> list[tuple[int, int]]:
    return [known for answer in answers for known in questions.answer(answer)]


WHOLE = list(enumerate(ANSWERS, 1))


def test_each_answer_is_known_at_once() -> None:
    questions = Questions()
    questions.ask()
    assert [take(questions, answer) for answer in ANSWERS] == [[known] for known in WHOLE]
    assert questions.answered == 1


def test_what_nobody_asked_for_means_nothing() -> None:
    questions = Questions()
    assert take(questions, *ANSWERS) == []
    questions.ask()
    assert take(questions, *ANSWERS) == WHOLE
    assert take(questions, *ANSWERS) == []
    assert questions.answered == 1


def test_a_question_that_was_never_answered_shifts_nothing() -> None:
    questions = Questions()
    for _ in range(5):
        questions.ask()
    assert take(questions, *ANSWERS) == WHOLE


def test_answers_that_come_late_come_first() -> None:
    questions = Questions()
    questions.ask()
    take(questions, *ANSWERS[:3])
    questions.ask()
    assert take(questions, ANSWERS[3], *ANSWERS) == WHOLE
    assert questions.answered == 1


def test_after_answers_that_never_come_only_good_news_is_understood() -> None:
    questions = Questions()
    questions.ask()
    take(questions, *ANSWERS[:3])
    for _ in range(3):
        questions.ask()
        assert take(questions, *ANSWERS) == [], "the first of them may be the last of the earlier"
        questions.ask()
        assert take(questions, *CLEAR)[-4:] == list(enumerate(CLEAR, 1))


def test_all_well_is_the_same_at_every_place() -> None:
    questions = Questions()
    questions.ask()
    take(questions, *CLEAR[:3])
    questions.ask()
    assert take(questions, *CLEAR) == list(enumerate(CLEAR, 1))
    assert take(questions, 0x12) == [], "the one that came late"
    questions.ask()
    assert take(questions, *ANSWERS) == WHOLE


@given(st.lists(st.integers(0, 8), min_size=1, max_size=12))
def test_nothing_lost_is_never_misread(arrivals: list[int]) -> None:
    """A slow printer: answers come when they come, in order; each that is believed is believed at its place."""
    questions = Questions()
    due: list[int] = []
    for count in arrivals:
        questions.ask()
        due += ANSWERS
        come, due = due[:count], due[count:]
        for place, answer in take(questions, *come):
            assert ANSWERS[place - 1] == answer
