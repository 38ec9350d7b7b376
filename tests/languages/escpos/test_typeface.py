from __future__ import annotations

import pytest
from PIL import Image

from comptoir.core.page import Style
from comptoir.languages.escpos.elements import Look, Run
from comptoir.languages.escpos.typeface import run_mask


def ink(picture: Image.Image) -> int:
    return picture.histogram()[255]


@pytest.mark.parametrize(
    "run",
    [
        Run("abc"),
        Run("abc", small=True),
        Run("日本", look=Look(wide=True)),
        Run("ab", Style(width=2, height=3), look=Look(gap=3)),
        Run("ab", look=Look(turned=True)),
        Run("ก✓", small=True),
        Run("e\u0301a", cells=2),
        Run("ab", Style(inverse=True, underline=True), look=Look(italic=True)),
    ],
)
def test_a_run_is_drawn_as_large_as_it_stands(run: Run) -> None:
    mask = run_mask(run)
    assert mask.size == (run.width, run.cell[1])
    assert 0 < ink(mask) < mask.width * mask.height


@pytest.mark.parametrize("letter", ["中", "か", "한", "ع", "ש", "ก", "क", "ა", "✓", "😀", "ｱ", "♠"])
def test_letters_of_other_scripts_are_not_boxes(letter: str) -> None:
    run = Run(letter, look=Look(wide=letter in "中か한😀"))
    assert run_mask(run).tobytes() != run_mask(Run("\ufffd", look=run.look)).tobytes()
    assert ink(run_mask(run)) > 10


def test_a_turned_letter_lies_on_its_right_side() -> None:
    upright = run_mask(Run("L"))
    turned = run_mask(Run("L", look=Look(turned=True)))
    assert turned.rotate(90, expand=True).tobytes() == upright.tobytes()


def test_the_thickness_of_the_underline() -> None:
    plain = ink(run_mask(Run("  ")))
    assert plain == 0
    assert ink(run_mask(Run("  ", Style(underline=True), look=Look(thickness=1)))) == 24
    assert ink(run_mask(Run("  ", Style(underline=True)))) == 48
