"""Prints whose sender was not told are recognised when they come again; all others are new ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock

from comptoir.core.document import Document, Origin
from comptoir.core.kept import Capture, Kept, Part
from comptoir.sources.ipp_printer import answers as module
from comptoir.sources.ipp_printer.answers import RETRY, Answers

CAPTURE = Capture(Origin("nuit", "anne", "10.0.0.3"), "u1/1/abc", (Part(Document.of(b"one")),), "Balance")
AGAIN = replace(CAPTURE, uid="u2/1/abc")


def kept(capture: Capture, partial: str = "") -> Kept:
    at = FakeClock().now()
    return Kept(1, capture.uid, capture.origin, capture.document, capture.title, "", at, at, "", None, partial=partial)


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    return Answers(tmp_path, FakeClock())


def test_who_was_told_prints_anew(answers: Answers) -> None:
    answers.given(CAPTURE)
    assert answers.known(AGAIN) == ""


def test_who_was_not_told_sends_it_again_once(answers: Answers) -> None:
    answers.missed(CAPTURE)
    assert answers.known(AGAIN) == "u1/1/abc"
    assert answers.known(AGAIN) == ""


@pytest.mark.parametrize(
    "other",
    [
        replace(AGAIN, title="Other"),
        replace(AGAIN, origin=Origin("nuit", "marc", "10.0.0.3")),
        replace(AGAIN, origin=Origin("nuit", "anne", "10.0.0.4")),
        replace(AGAIN, parts=(Part(Document.of(b"two")),)),
    ],
)
def test_another_print_is_another_one(answers: Answers, other: Capture) -> None:
    answers.missed(CAPTURE)
    assert answers.known(other) == ""


def test_after_a_while_it_is_a_new_print(tmp_path: Path) -> None:
    clock = FakeClock()
    answers = Answers(tmp_path, clock)
    answers.missed(CAPTURE)
    clock.advance(RETRY)
    assert answers.known(AGAIN) == ""


@pytest.mark.parametrize("told", [True, False])
def test_the_process_died_before_or_after_it_told(tmp_path: Path, told: bool) -> None:
    if told:
        Answers(tmp_path, FakeClock()).given(CAPTURE)
    answers = Answers(tmp_path, FakeClock())
    answers.load([kept(CAPTURE)])
    assert answers.known(AGAIN) == ("" if told else "u1/1/abc")


def test_a_part_of_a_print_is_no_print(tmp_path: Path) -> None:
    answers = Answers(tmp_path, FakeClock())
    answers.load([kept(CAPTURE, "gone")])
    assert answers.known(AGAIN) == ""


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answers = Answers(tmp_path / "file", FakeClock())
    answers.load([kept(CAPTURE)])
    answers.given(CAPTURE)
    assert answers.known(AGAIN) == "u1/1/abc"


def test_the_file_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 20)
    monkeypatch.setattr(module, "LATEST", 5)
    answers = Answers(tmp_path, FakeClock())
    for number in range(100):
        answers.given(replace(CAPTURE, uid=f"u{number}"))
    lines = (tmp_path / "answered").read_text().split()
    assert len(lines) <= 40
    assert lines[-1] == "u99"


def test_those_who_were_told_last_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LATEST", 5)
    told = Answers(tmp_path, FakeClock())
    for number in range(50):
        told.given(replace(CAPTURE, uid=f"u{number}"))
    for _ in range(2):
        Answers(tmp_path, FakeClock()).load([])
    assert (tmp_path / "answered").read_text().split() == [f"u{number}" for number in range(45, 50)]


def test_what_was_taken_long_ago_is_a_new_print_today(tmp_path: Path) -> None:
    clock = FakeClock()
    clock.advance(module.LONG_AGO)
    answers = Answers(tmp_path, clock)
    answers.load([kept(CAPTURE)])
    assert answers.known(AGAIN) == ""
