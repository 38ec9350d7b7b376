"""A job that was cut short anywhere: the next one is whole, and on a paper of its own."""

from __future__ import annotations

import random

import pytest

from comptoir.core.page import Barcode, Line, Page, Picture, QrCode, Style
from comptoir.core.profile import Profile
from comptoir.languages.escpos import Escpos
from comptoir.languages.escpos.render import read_papers

NOISE = random.Random(7).randbytes(72 * 300)
CUT_SHORT = Page(
    (
        Line("first é €", Style(bold=True, width=2)),
        Picture(576, 300, NOISE),
        QrCode("https://example.org/" + "x" * 60),
        Barcode("CODE128", "ABC-1234"),
        Line("end 日本"),
    )
)
NEXT = Page((Line("second à 12,50 €"), Line("whole")))


@pytest.mark.parametrize(
    "profile", [Profile(), Profile(strip=24), Profile(columns_only=True)], ids=["raster", "small", "columns"]
)
def test_the_next_job_is_whole_wherever_the_last_one_broke(profile: Profile) -> None:
    escpos = Escpos(profile)
    first = escpos.encode([CUT_SHORT], profile.media).data
    second = escpos.encode([NEXT], profile.media).data
    for end in [*range(60), *range(60, len(first), 211), *range(len(first) - 150, len(first))]:
        papers = read_papers(first[:end] + escpos.recover() + second, profile.media)
        assert papers[-1].text.split("\n") == ["second à 12,50 €", "whole"], end


def test_without_it_a_picture_swallows_the_next_job() -> None:
    escpos = Escpos()
    first = escpos.encode([CUT_SHORT], Profile().media).data
    second = escpos.encode([NEXT], Profile().media).data
    broken = first[: first.index(b"\x1dv0") + 20]
    assert all("second" not in paper.text for paper in read_papers(broken + second, Profile().media))
