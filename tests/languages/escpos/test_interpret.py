from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.page import Line, Media, Page, Picture, Style
from comptoir.languages.escpos.commands import FIXED, RULES
from comptoir.languages.escpos.encode import encode
from comptoir.languages.escpos.interpret import PAPER_LIMIT, Event, Interpreter
from comptoir.languages.escpos.paper import Paper, Pulse, Request, Symbol, TextLine, Unknown, as_text

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
    assert paper.elements == (Symbol("QR", "abc"), Symbol("CODE128", "123"), Symbol("EAN13", "123456789012"))


def test_graphics_are_printed_on_order() -> None:
    store = b"\x1d(L\x0c\x000\x700\x01\x011\x08\x00\x02\x00\xf0\x0f"
    assert papers(store) == []
    (paper,) = papers(store + b"\x1d(L\x02\x0002")
    assert paper.elements == (Picture(8, 2, b"\xf0\x0f"),)


def test_an_unknown_command_is_on_the_paper() -> None:
    (paper,) = papers(b"a\x1b\x01b\n")
    assert Unknown(b"\x1b\x01") in paper.elements
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


STREAM = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *FIXED,
                *RULES,
                b"\x10\x04",
                b"\x10\x14",
                b"\n",
                b"\t",
                b"\x00",
                b"\x02\x00",
                b"text",
                b"\x1dV\x00",
            ]
        ),
        st.binary(max_size=8),
    ),
    max_size=60,
).map(b"".join)


@settings(max_examples=400, deadline=None)
@given(STREAM)
def test_any_bytes_are_paper(data: bytes) -> None:
    for paper in papers(data):
        as_text(paper, MEDIA)


@settings(deadline=None)
@given(STREAM, st.lists(st.integers(0, 400), max_size=12))
def test_any_split_is_the_same_paper(data: bytes, cuts: list[int]) -> None:
    whole, split = Interpreter(MEDIA), Interpreter(MEDIA)
    edges = [0, *sorted(cuts), len(data)]
    events: list[Event] = []
    for start, end in pairwise(edges):
        events += split.feed(data[start:end])
    assert events == whole.feed(data)
    assert split.finish() == whole.finish()


@given(st.lists(st.text("aé €œЖПγ’日-", max_size=30), max_size=6))
def test_text_survives_the_way_through_the_printer(lines: list[str]) -> None:
    encoded = encode([Page(tuple(Line(line) for line in lines))], MEDIA)
    text = "\n".join(paper.text for paper in papers(encoded.data))
    assert text.count("?") == "".join(lines).count("日")
    if not encoded.unprintable:
        assert text.replace("'", "’").split("\n") == (lines or [""])
