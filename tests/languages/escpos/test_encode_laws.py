"""What is true of the bytes of every job: nothing acts at once, every command is known, the end is as the beginning."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, Buzz, Cell, Element, Feed, Line, Page, Picture, QrCode, Row, Style
from comptoir.core.profile import DEFAULT, Profile
from comptoir.languages.escpos.encode import RESET, encode
from comptoir.languages.escpos.paper import Unknown
from comptoir.languages.escpos.realtime import Watch
from comptoir.languages.escpos.render import read_papers
from comptoir.languages.profiles import profile

PROFILES = [
    DEFAULT,
    replace(DEFAULT, name="japanese", kanji="cp932", buzzer=True, cut="full"),
    replace(DEFAULT, name="columns", columns_only=True, strip=24),
    profile("TM-U220B"),
    profile("POS-5890"),
    profile("TM-m30III-CN"),
]

STYLES = st.builds(
    Style,
    bold=st.booleans(),
    underline=st.booleans(),
    inverse=st.booleans(),
    width=st.integers(1, 8),
    height=st.integers(1, 8),
    align=st.sampled_from(["left", "center", "right"]),
)
TEXTS = st.text("ab \x10\x04\x14\x1béçœ€’Жπł中한か…─", max_size=16)
DOTS = st.sampled_from([0x10, 0x14, 0x04, 0x05, 0x01, 0x00, 0xFF])


def picture(across: int, dots: list[int]) -> Picture:
    rows = len(dots) // across
    return Picture(across * 8, rows, bytes(dots[: rows * across]), "center")


ELEMENTS: st.SearchStrategy[Element] = st.one_of(
    st.builds(Line, TEXTS, STYLES),
    st.lists(st.tuples(TEXTS, STYLES), max_size=3).map(
        lambda cells: Row(tuple(Cell(16 * number, *cell) for number, cell in enumerate(cells)))
    ),
    st.builds(Feed, st.sampled_from([0, 4, 5, 16, 20, 300])),
    st.builds(Barcode, st.just("CODE128"), st.text("A0124561{", min_size=1, max_size=16), st.integers(1, 255)),
    st.builds(Barcode, st.just("ITF"), st.sampled_from(["16", "1604", "16201620162016"])),
    st.builds(QrCode, st.text("aé\n", min_size=1, max_size=140), st.integers(1, 16)),
    st.builds(Buzz, st.integers(0, 20)),
    st.builds(picture, st.integers(1, 30), st.lists(DOTS, max_size=300)),
)


@pytest.mark.parametrize("known", PROFILES, ids=lambda known: known.name)
@settings(deadline=None, max_examples=60)  # the first picture of a line loads fonts
@given(st.lists(st.builds(Page, st.lists(ELEMENTS, max_size=6).map(tuple), st.booleans()), max_size=3))
def test_every_job(known: Profile, pages: list[Page]) -> None:
    try:
        data = encode(pages, known.media, known).data
    except FormatError:
        return
    assert data.startswith(RESET)
    assert data.endswith(RESET)
    assert Watch().feed(data) == [], "nothing that a printer obeys at once"
    unknown = [
        element
        for paper in read_papers(data, known.media)
        for element in paper.elements
        if isinstance(element, Unknown)
    ]
    assert unknown == []
