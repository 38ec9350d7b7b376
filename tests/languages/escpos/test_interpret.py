from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.page import Line, Media, Page, Picture, Style
from comptoir.languages.escpos.encode import encode
from comptoir.languages.escpos.interpret import Interpreter
from comptoir.languages.escpos.paper import (
    Notice,
    Paper,
    Pulse,
    Request,
    Sheet,
    Symbol,
    TextLine,
    Unknown,
)
from comptoir.languages.escpos.roll import PAPER_LIMIT

MEDIA = Media()


def papers(data: bytes) -> list[Paper]:
    interpreter = Interpreter(MEDIA)
    cut = [event for event in interpreter.feed(data) if isinstance(event, Paper)]
    rest = interpreter.finish()
    return [*cut, rest] if rest else cut


def test_what_is_encoded_is_read_back() -> None:
    picture = Picture(24, 130, b"\x18\x3c\x7e" * 130, "right")
    page = Page((Line("Café – 12,50 €", Style(bold=True, align="center")), picture, Line("fin")))
    first, second = papers(encode([page, Page((Line("deux"),))], MEDIA).data)
    line, top, bottom, last = first.elements
    assert isinstance(line, TextLine)
    assert (line.text, line.align, line.runs[0].style.bold) == ("Café – 12,50 €", "center", True)
    assert isinstance(top, Picture)
    assert isinstance(bottom, Picture)
    assert (top.bits + bottom.bits, top.height, bottom.height, top.align) == (picture.bits, 128, 2, "right")
    assert isinstance(last, TextLine)
    assert (last.text, second.text) == ("fin", "deux")


def test_a_paper_knows_where_it_ended() -> None:
    interpreter = Interpreter(MEDIA)
    (paper,) = interpreter.feed(b"abc\n\x1dVB\x00def")
    assert isinstance(paper, Paper)
    assert paper.end == 8


@pytest.mark.parametrize("cut", [b"\x1dV\x00", b"\x1dV1", b"\x1dVA\x10", b"\x1dVB\x00", b"\x1bi", b"\x1bm"])
def test_cuts(cut: bytes) -> None:
    assert [paper.text for paper in papers(b"one\n" + cut + b"two\n" + cut)] == ["one", "two"]


def test_what_is_not_cut_is_partial() -> None:
    (paper,) = papers(b"half a li")
    assert (paper.text, paper.partial) == ("half a li", True)


def test_drawer_pulses_and_requests_are_told_in_order() -> None:
    events = Interpreter(MEDIA).feed(
        b"\x1bp\x00\x1a\xfa\x10\x14\x01\x01\x02\x10\x04\x01x\n\x1dr\x01\x1d(H\x06\x0000abcd"
    )
    assert events == [
        Pulse(2, 52, 500),
        Pulse(5, 200, 200),
        Request(b"\x10\x14\x01\x01\x02"),
        Request(b"\x10\x04\x01"),
        Request(b"\x1dr\x01"),
        Request(b"\x1d(H\x06\x0000abcd"),
    ]


def test_symbols_are_named() -> None:
    stream = b"\x1d(k\x06\x001P0abc\x1d(k\x03\x001Q0\x1dk\x49\x05{B123\x1dk\x02123456789012\x00"
    (paper,) = papers(stream)
    named = [(e.kind, e.data) for e in paper.elements if isinstance(e, Symbol)]
    assert named == [("QR", "abc"), ("CODE128", "123"), ("EAN13", "1234567890128")]


def test_graphics_are_printed_on_order() -> None:
    store = b"\x1d(L\x0c\x000\x700\x01\x011\x08\x00\x02\x00\xf0\x0f"
    assert papers(store) == []
    (paper,) = papers(store + b"\x1d(L\x02\x0002")
    assert paper.elements == (Picture(8, 2, b"\xf0\x0f"),)


def test_an_unknown_command_is_on_the_paper() -> None:
    (paper,) = papers(b"a\x1b\x01b\n")
    assert Unknown(b"\x1b\x01", 3) in paper.elements
    assert paper.text == "ab"


def test_a_paper_without_end_is_kept_in_part() -> None:
    interpreter = Interpreter(MEDIA)
    picture = b"\x1dv0\x00\x48\x00\x00\x10" + bytes(72 * 4096)
    for _ in range(40):
        interpreter.feed(picture)
    (paper,) = interpreter.feed(b"\x1dV\x00")
    assert isinstance(paper, Paper)
    assert paper.truncated
    assert sum(len(e.bits) for e in paper.elements if isinstance(e, Picture)) <= PAPER_LIMIT


def test_what_is_for_the_customer_display_is_not_on_the_paper() -> None:
    (paper,) = papers(b"paper\x1b=\x02display\x10\x04\x01\x1b=\x01 again\n")
    assert paper.text == "paper again"
    assert Request(b"\x10\x04\x01") in paper.elements


def test_what_is_asked_in_blocks_comes_out_in_order() -> None:
    asked = [
        b"\x1d(H\x06\x0000abcd",
        b"\x1d(L\x02\x0000",
        b"\x1d(k\x03\x001R0",
        b"\x1d(E\x03\x00\x01IN",
        b"\x1c(e\x02\x003\x01",
    ]
    asked += [b"\x1dI\x42", b"\x1dj\x01", b"\x1da\xff", b"\x1bu\x00", b"\x1bv", b"\x1dg2\x00\x14\x00", b"\x10\x05\x02"]
    assert Interpreter(MEDIA).feed(b"".join(asked)) == [Request(command) for command in asked]


def test_buzzers_and_setup_are_noticed() -> None:
    (paper,) = papers(b"x\n\x1bB\x02\x03\x1b(A\x03\x00\x61\x01\x02\x1d(K\x02\x001\x05\x1d(D\x03\x00\x14\x01\x00")
    assert [e.what for e in paper.elements if isinstance(e, Notice)] == [
        "buzzer", "buzzer", "print control", "real-time commands"
    ]  # fmt: skip


def test_real_time_bytes_inside_a_picture_are_dots_here() -> None:
    """Who obeys them there is realtime.Watch: the picture must not be torn."""
    bits = b"\x10\x04\x01\x10\x14\x01\x00\x01"
    interpreter = Interpreter(MEDIA)
    assert interpreter.feed(b"\x1dv0\x00\x08\x00\x01\x00" + bits) == []
    paper = interpreter.finish()
    assert paper is not None
    assert paper.elements == (Picture(64, 1, bits),)


def test_blocks_that_are_not_known_are_skipped_by_their_length_and_told() -> None:
    (paper,) = papers(b"a\x1d(Q\x03\x00abcb\x1b(Y\x01\x00xc\x1d8X\x01\x00\x00\x00xd\n")
    assert paper.text == "abcd"
    assert [e.code for e in paper.elements if isinstance(e, Unknown)] == [b"\x1d(Q", b"\x1b(Y", b"\x1d8X"]


def test_a_macro_is_repeated() -> None:
    (paper,) = papers(b"\x1d:ab\n\x1d:\x1d^\x02\x00\x00")
    assert paper.text == "ab\nab\nab"


def test_a_macro_that_cuts_and_is_called_for_ever_has_an_end() -> None:
    interpreter = Interpreter(MEDIA)
    interpreter.feed(b"\x1d:" + b"x\n" * 500 + b"\x1d:")
    lines = 0
    for _ in range(300):
        events = interpreter.feed(b"\x1d^\xff\x00\x00\x1dV\x00")
        lines += sum(len(event.lines) for event in events if isinstance(event, Paper))
    assert lines < 40_000


def test_page_mode_prints_at_once() -> None:
    (paper,) = papers(b"before\n\x1bLin the\x1b$\x64\x00\x1d$\x64\x00page\x0cafter\n")
    _, sheet, _ = paper.elements
    assert isinstance(sheet, Sheet)
    assert [(placed.base, placed.element.text) for placed in sheet.lines if isinstance(placed.element, TextLine)] == [
        (24, "in the"), (100, "        page")
    ]  # fmt: skip
    assert paper.text.split() == ["before", "in", "the", "page", "after"]


def test_a_page_that_is_left_is_not_printed() -> None:
    (paper,) = papers(b"a\n\x1bLgone\x1bSb\n\x1bLgone\x18kept\x0c")
    assert paper.text == "a\nb\nkept"
    (paper,) = papers(b"a\n\x1bLwaits")
    assert paper.elements[-1] == Unknown(b"\x1bL", 9, "page not printed")


def test_what_is_cut_short_is_told() -> None:
    (paper,) = papers(b"a\n\x1dv0\x00\x08\x00\x08\x00abc")
    assert paper.elements[-1] == Unknown(b"\x1dv", 2, "cut short")


def test_what_is_too_long_is_told() -> None:
    (paper,) = papers(b"a\n\x1dv0\x00\xff\xff\xff\xff")
    assert [e.why for e in paper.elements if isinstance(e, Unknown)] == ["too long"]


def test_bands_are_joined_to_one_picture() -> None:
    band = b"\x1b*\x21\x08\x00" + b"\xff\x00\x0f" * 8 + b"\n"
    (paper,) = papers(b"\x1b3\x18" + band * 3)
    (picture,) = paper.elements
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (8, 72)


def test_pictures_keep_to_the_margins() -> None:
    (paper,) = papers(b"\x1dL\x40\x00\x1dv0\x00\x01\x00\x01\x00\xff")
    (line,) = paper.elements
    assert isinstance(line, TextLine)
    assert (line.margin, line.insets[0].picture) == (64, Picture(8, 1, b"\xff"))


def test_reset_leaves_page_mode_and_keeps_nv_graphics() -> None:
    define = b"\x1d(L\x0c\x000\x430ab\x01\x08\x00\x01\x001\xff"
    (paper,) = papers(define + b"\x1bLgone\x1b@\x1d(L\x06\x000\x45ab\x01\x01")
    assert paper.elements == (Picture(8, 1, b"\xff"),)


def test_slots_and_two_byte_codec_are_those_of_the_model() -> None:
    interpreter = Interpreter(MEDIA, slots={6: "cp1251"}, kanji="big5", auto_kanji=True)
    interpreter.feed(b"\x1bt\x06\x80 " + "謝".encode("big5"))
    paper = interpreter.finish()
    assert paper is not None
    assert paper.text == "Ђ 謝"


@given(st.lists(st.text("aé €œЖПγ’-", max_size=30), max_size=6))
def test_text_survives_the_way_through_the_printer(lines: list[str]) -> None:
    encoded = encode([Page(tuple(Line(line) for line in lines))], MEDIA)
    text = "\n".join(paper.text for paper in papers(encoded.data))
    if not encoded.unprintable:
        assert text.replace("'", "’").split("\n") == (lines or [""])
