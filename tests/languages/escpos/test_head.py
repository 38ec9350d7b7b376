from __future__ import annotations

from comptoir.core.page import Media, Picture
from comptoir.languages.escpos.decoding import Decoder
from comptoir.languages.escpos.elements import Pulse, Request, TextLine, Unknown
from comptoir.languages.escpos.head import Head
from comptoir.languages.escpos.paper import Paper
from comptoir.languages.escpos.tokens import Tokenizer

DOT = Picture(8, 1, b"\x80")


def head(read: bytes = b"") -> Head:
    """One whose tokenizer has read so much."""
    tokens = Tokenizer()
    list(tokens.feed(read))
    return Head(Media(), Decoder(), tokens)


def elements(made: Head) -> tuple[object, ...]:
    made.cut(b"")
    paper = made.events[-1]
    assert isinstance(paper, Paper)
    return paper.elements


def test_what_is_asked_and_the_drawer_are_on_the_paper_and_events() -> None:
    made = head()
    made.ask(b"\x1dr", b"\x01")
    made.pulse(Pulse(2, 100, 100))
    assert made.events == [Request(b"\x1dr\x01"), Pulse(2, 100, 100)]
    assert elements(made) == (Request(b"\x1dr\x01"), Pulse(2, 100, 100))


def test_a_report_says_how_far_was_read() -> None:
    made = head(b"\x1b@\x1b@")
    made.report(b"\x1bx", "not known")
    assert elements(made) == (Unknown(b"\x1bx", 4, "not known"),)


def test_a_picture_ends_the_line_before_it() -> None:
    made = head()
    made.print(made.composer.text(b"above"))
    made.place(DOT)
    line, picture = elements(made)
    assert isinstance(line, TextLine)
    assert picture == DOT


def test_beside_a_margin_a_picture_stands_in_a_line() -> None:
    made = head()
    made.composer.command(b"\x1dL", b"\x10\x00")
    made.place(DOT)
    (line,) = elements(made)
    assert isinstance(line, TextLine)
    assert (line.margin, line.insets[0].picture) == (16, DOT)


def test_a_page_takes_pictures_until_it_is_left() -> None:
    made = head()
    made.page.start()
    made.page.set_area(0, 0, 200, 100)
    made.composer.area.set_page(made.page.across)
    made.place(DOT)
    assert not made.page.empty
    made.leave_page()
    assert not made.page.on
    assert made.composer.area.room == 576
    assert elements(made) == ()


def test_a_cut_begins_the_next_paper() -> None:
    made = head()
    made.place(DOT)
    made.cut(b"\x1dV\x00")
    assert elements(made) == ()
    first = made.events[0]
    assert isinstance(first, Paper)
    assert first.elements == (DOT,)
