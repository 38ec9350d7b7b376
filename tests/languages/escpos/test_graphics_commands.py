from __future__ import annotations

import pytest

from comptoir.core.page import Picture
from comptoir.languages.escpos.elements import Request, Symbol, Unknown
from comptoir.languages.escpos.interpret import Interpreter
from comptoir.languages.escpos.paper import Paper


def elements(data: bytes) -> tuple[object, ...]:
    """What stands on the paper, blank or not."""
    paper = Interpreter().feed(data + b"\x1dV\x00")[-1]
    assert isinstance(paper, Paper)
    return paper.elements


def said(data: bytes) -> list[str]:
    return [each.why for each in elements(data) if isinstance(each, Unknown)]


@pytest.mark.parametrize(
    "data",
    [
        b"\x1dv0\x00\x01\x00\x02\x00\x80\x01",
        b"\x1d(L\x0c\x000p0\x01\x011\x08\x00\x02\x00\x80\x01\x1d(L\x02\x0002",
        b"\x1d8L\x0c\x00\x00\x000p0\x01\x011\x08\x00\x02\x00\x80\x01\x1d(L\x02\x0002",
    ],
)
def test_pictures_stand_on_the_paper(data: bytes) -> None:
    assert elements(data) == (Picture(8, 2, b"\x80\x01"),)


def test_the_settings_of_bars_hold_for_the_next_symbol() -> None:
    (symbol,) = elements(b"\x1dh\x32\x1dw\x04\x1dH\x02\x1df\x01\x1dk\x04A1\x00")
    assert isinstance(symbol, Symbol)
    assert (symbol.data, symbol.height, symbol.module, symbol.hri, symbol.hri_small) == ("A1", 50, 4, "below", True)


def test_what_is_not_understood_is_said() -> None:
    assert said(b"\x1dv\x07\x00\x01\x00\x01\x00\x80") == ["not understood"]
    assert said(b"\x1d(L\x02\x000\x63") == ["not understood"]
    assert said(b"\x1d(k\x03\x001\x63\x01") == ["not understood"]
    assert said(b"\x1dk\x63\x01A") == ["not known"]


def test_questions_about_stored_graphics_are_requests() -> None:
    assert elements(b"\x1d(L\x02\x000\x03") == (Request(b"\x1d(L\x02\x000\x03"),)


def test_a_logo_that_is_not_stored_prints_nothing() -> None:
    assert elements(b"\x1cp\x01\x00") == ()
