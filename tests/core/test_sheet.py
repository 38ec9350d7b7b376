"""Papers, wishes and sides: what can be said of a sheet, and what is refused."""

from __future__ import annotations

import pytest

from comptoir.core.errors import FormatError
from comptoir.core.sheet import A4, LANGUAGES, PAPERS, Setup, Side, Wishes, paper_of, wishes_of
from comptoir.languages import SHEETS


def test_the_configuration_knows_every_page_language() -> None:
    assert set(LANGUAGES) == set(SHEETS)


@pytest.mark.parametrize("name", ["A4", "a4", "iso_a4_210x297mm"])
def test_a_paper_has_a_name_of_its_own_and_one_that_people_use(name: str) -> None:
    assert (paper_of(name).width, paper_of(name).height) == (21_000, 29_700)


def test_inches_are_measured() -> None:
    assert (paper_of("na_letter_8.5x11in").width, PAPERS["letter"].height) == (21_590, 27_940)
    assert paper_of("custom_x_10x11in").width == 25_400


@pytest.mark.parametrize("name", ["A44", "", "custom_x_1x1mm", "custom_x_9000x9000mm", "x", "a_b_1x2"])
def test_what_is_no_paper_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(FormatError) as caught:
        paper_of(name)
    assert "letter" in caught.value.hint


def test_dots_of_a_sheet() -> None:
    assert (Setup(A4, 300).width, Setup(A4, 300).height) == (2480, 3508)


def test_wishes_are_read() -> None:
    given = {"sides": "one-sided", "media": "a4", "media-source": "tray-1", "print-scaling": "fit", "path": "x"}
    assert wishes_of(given, 2, "t", True) == Wishes(2, "one-sided", A4.name, "tray-1", "fit", "t", True)
    assert wishes_of({}) == Wishes()


@pytest.mark.parametrize(
    "given", [{"sides": "both"}, {"print-scaling": "big"}, {"media": "A44"}, {"media-source": 'x"\r\n@PJL'}]
)
def test_a_word_that_ipp_has_not_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(FormatError):
        wishes_of(given)


def test_a_side_has_as_many_bytes_as_it_says() -> None:
    assert Side(9, 2, "black", memoryview(bytes(4))).stride == 2
    assert Side(2, 2, "colours", memoryview(bytes(12))).depth == 3
    with pytest.raises(ValueError, match="bytes"):
        Side(2, 2, "greys", memoryview(bytes(3)))
