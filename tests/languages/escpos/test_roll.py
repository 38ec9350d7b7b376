from comptoir.core.page import Picture
from comptoir.languages.escpos.elements import Feed, Run, TextLine
from comptoir.languages.escpos.roll import PAPER_LIMIT, Roll


def test_feeds_are_joined() -> None:
    roll = Roll()
    roll.add(Feed(30))
    roll.add(Feed(-10))
    assert roll.take(0).elements == (Feed(20),)
    assert roll.take(0).elements == ()


def test_bands_are_joined_until_something_comes_between() -> None:
    band = Picture(8, 1, b"\xff")
    roll = Roll()
    for element in (band, band):
        roll.add_band(element)
    roll.add(Feed(1))
    roll.add_band(band)
    roll.add_band(Picture(16, 1, b"\xff\xff"))
    assert [e.height for e in roll.take(0).elements if isinstance(e, Picture)] == [2, 1, 1]


def test_a_paper_without_end_is_kept_in_part() -> None:
    roll = Roll()
    for _ in range(100_000):
        roll.add(TextLine((Run("x" * 48),)))
    paper = roll.take(5, b"\x1bi")
    assert (paper.truncated, paper.end, paper.cut) == (True, 5, b"\x1bi")
    assert len(paper.elements) < PAPER_LIMIT // 400
    roll.add(Feed(1))
    assert not roll.take(0).truncated
