"""What every page language must do, whichever it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.ports import SheetLanguage
from comptoir.core.sheet import PAPERS, Ink, Paper, Setup, Side, Sides, Wishes
from comptoir.languages import SHEETS, sheet_language

SMALL = Paper("iso_a4_210x297mm", 2_540, 5_080)


@pytest.fixture(params=SHEETS)
def language(request: pytest.FixtureRequest) -> SheetLanguage:
    return sheet_language(request.param)


def setup_of(language: SheetLanguage, paper: Paper = SMALL) -> Setup:
    return Setup(paper, 300, language.ink)


def side_of(setup: Setup, ink: Ink, level: int = 0) -> Side:
    width, height = setup.width, setup.height
    size = (width + 7) // 8 * height if ink == "black" else width * height * (3 if ink == "colours" else 1)
    return Side(width, height, ink, memoryview(bytes([level]) * size))


def written(language: SheetLanguage, sides: list[Side], setup: Setup, wishes: Wishes | None = None) -> bytes:
    writer = language.writer(setup, wishes or Wishes())
    out = writer.begin()
    for side in sides:
        out += b"".join(writer.side(side))
    return out + writer.end()


def test_the_same_sides_give_the_same_bytes(language: SheetLanguage) -> None:
    setup = setup_of(language)
    sides = [side_of(setup, language.ink), side_of(setup, language.ink, 255)]
    assert written(language, sides, setup) == written(language, sides, setup)


def test_each_side_adds_to_the_document(language: SheetLanguage) -> None:
    setup = setup_of(language)
    one = side_of(setup, language.ink, 85)
    assert len(written(language, [one, one], setup)) > len(written(language, [one], setup))


def test_greys_are_written_where_there_may_be_colours(language: SheetLanguage) -> None:
    if language.ink == "colours":
        setup = setup_of(language)
        assert written(language, [side_of(setup, "greys"), side_of(setup, "colours")], setup)


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
@pytest.mark.parametrize("sides", ["", "one-sided", "two-sided-long-edge", "two-sided-short-edge"])
def test_every_paper_and_both_sides(language: SheetLanguage, paper: Paper, sides: Sides) -> None:
    writer = language.writer(setup_of(language, paper), Wishes(sides=sides))
    assert isinstance(writer.begin() + writer.end(), bytes)


def test_a_tray_is_known_or_refused(language: SheetLanguage) -> None:
    setup = setup_of(language)
    written(language, [], setup, Wishes(tray="tray-1"))
    if language.around(Wishes()) != (b"", b""):
        with pytest.raises(FormatError, match="tray-99"):
            language.around(Wishes(tray="tray-99"))


def test_what_is_sent_around_a_document_leaves_the_printer_as_it_was(language: SheetLanguage) -> None:
    head, tail = language.around(Wishes(title='Facture "A"\r\n@PJL SET X', sides="two-sided-long-edge"))
    assert head.startswith(b"\x1b%-12345X") == tail.endswith(b"\x1b%-12345X") == bool(head)
    assert head.count(b"@PJL SET X") == 0 or b"\r\n@PJL SET X" not in head


@pytest.mark.parametrize("name", SHEETS)
@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), levels=st.integers(1, 256))
def test_any_dots_are_written(name: str, seed: int, levels: int) -> None:
    known = sheet_language(name)
    setup = setup_of(known)
    empty = side_of(setup, known.ink)
    dots = np.random.default_rng(seed).integers(0, levels, empty.dots.nbytes, np.uint8)
    assert written(known, [Side(setup.width, setup.height, known.ink, dots.data)], setup)
