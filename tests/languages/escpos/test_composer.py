from __future__ import annotations

import pytest

from comptoir.core.page import Media, Picture, Style
from comptoir.languages.escpos.composer import Composer
from comptoir.languages.escpos.elements import Element, Feed, Inset, TextLine
from comptoir.languages.escpos.tokens import Tokenizer


def composed(data: bytes, media: Media | None = None) -> list[Element]:
    composer = Composer(media or Media())
    out: list[Element] = []
    for token in Tokenizer().feed(data):
        if token.code == b"\x1b@":
            composer.reset()
        else:
            out += composer.text(token.body) if not token.code else composer.command(token.code, token.body)
    return [*out, *composer.flush()]


def texts(data: bytes) -> list[str]:
    return [element.text for element in composed(data) if isinstance(element, TextLine)]


def test_styles_change_within_a_line() -> None:
    (line,) = composed(b"a\x1bE\x01b\x1b-\x01\x1dB\x01c\x1d!\x12d\n")
    assert isinstance(line, TextLine)
    assert [(run.text, run.style) for run in line.runs] == [
        ("a", Style()),
        ("b", Style(bold=True)),
        ("c", Style(bold=True, underline=True, inverse=True)),
        ("d", Style(bold=True, underline=True, inverse=True, width=2, height=3)),
    ]


def test_print_mode_sets_all_at_once() -> None:
    (line,) = composed(b"\x1b!\xb9x\n")
    assert isinstance(line, TextLine)
    assert line.runs[0].small
    assert line.runs[0].style == Style(bold=True, underline=True, width=2, height=2)


def test_a_full_line_breaks_as_on_paper() -> None:
    assert texts(b"x" * 50) == ["x" * 48, "x" * 2]
    assert texts(b"\x1d!\x10" + b"x" * 25) == ["x" * 24, "x"]
    assert texts(b"\x1bM\x01" + b"x" * 65) == ["x" * 64, "x"]


def test_code_pages() -> None:
    assert texts(b"\x1bt\x13\xd5\x1bt\x10\x80\x1bt\x0e\x98\x1bt\x01\xb1\n") == ["€€αｱ"]
    assert texts("\x1c&日本\x1c.\n".encode("gb18030")) == ["日本"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\tb", "a       b"),
        (b"\x1bD\x04\x14\x00a\tb\tc", "a   b" + " " * 15 + "c"),
    ],
)
def test_tabs(data: bytes, text: str) -> None:
    assert texts(data + b"\n") == [text]


def test_feeds() -> None:
    assert composed(b"\x1bd\x03") == [Feed(90)]
    line, feed = composed(b"a\x1bd\x03")
    assert isinstance(line, TextLine)
    assert feed == Feed(60)


def test_margin_and_width() -> None:
    (first, second) = composed(b"\x1dL\x18\x00\x1dW\x78\x00" + b"x" * 12 + b"\n")
    assert isinstance(first, TextLine)
    assert isinstance(second, TextLine)
    assert (first.margin, len(first.text), len(second.text)) == (24, 10, 2)


def test_reset_forgets_the_line_and_the_style() -> None:
    (line,) = composed(b"gone\x1bE\x01\x1b@here\n")
    assert isinstance(line, TextLine)
    assert (line.text, line.runs[0].style) == ("here", Style())


def test_a_position_moves_in_dots_also_to_the_left() -> None:
    (line,) = composed(b"left\x1b$\x2c\x01right\x1b$\x00\x00____\x1b\\\xf4\xff=\n")
    assert isinstance(line, TextLine)
    assert [(run.text, run.at) for run in line.runs] == [("left", 0), ("right", 300), ("____", 0), ("=", 36)]


def test_a_position_beyond_the_paper_is_ignored() -> None:
    (line,) = composed(b"a\x1b$\x41\x02b\x1b\\\x00\x80c\n")
    assert isinstance(line, TextLine)
    assert [(run.text, run.at) for run in line.runs] == [("abc", 0)]


def test_motion_units_scale_positions() -> None:
    (line,) = composed(b"\x1dP\x66\x00\x1b$\x64\x00x\n", Media(dpi=204))
    assert isinstance(line, TextLine)
    assert line.runs[0].at == 200


def test_feeds_go_back() -> None:
    assert composed(b"\x1bK\x1e\x1be\x02") == [Feed(-30), Feed(-60)]


def test_a_band_of_dots_stands_beside_text() -> None:
    composer = Composer(Media())
    composer.text(b"a")
    assert composer.band(Picture(24, 24, b"\xff" * 72)) == []
    composer.text(b"b")
    (line,) = composer.command(b"\n", b"")
    assert isinstance(line, TextLine)
    assert [(run.text, run.at) for run in line.runs] == [("a", 0), ("b", 36)]
    assert line.insets == (Inset(Picture(24, 24, b"\xff" * 72), 12),)


def test_wide_characters_take_two_cells() -> None:
    first, second = composed(b"\x1c&" + "日".encode("gb18030") * 25)
    assert isinstance(first, TextLine)
    assert isinstance(second, TextLine)
    assert (len(first.text), len(second.text)) == (24, 1)


def test_upside_down_and_alignment_count_from_the_beginning_of_a_line() -> None:
    first, second = composed(b"a\x1b{\x01\x1ba\x02b\n\x1b{\x01c\n")
    assert isinstance(first, TextLine)
    assert isinstance(second, TextLine)
    assert (first.flipped, first.align, second.flipped) == (False, "left", True)


def test_user_defined_characters_are_dots() -> None:
    (line,) = composed(b"\x1b&\x03AA\x0c" + b"\xff" * 36 + b"A\x1b%\x01A\x1b%\x00A\n")
    assert isinstance(line, TextLine)
    assert [(run.text, run.at) for run in line.runs] == [("A", 0), ("A", 24)]
    assert line.insets == (Inset(Picture(12, 24, b"\xff\xf0" * 24), 12, "\ufffc"),)


def test_a_line_that_is_overprinted_without_end_has_an_end() -> None:
    composer = Composer(Media())
    for _ in range(5000):
        composer.text(b"x")
        composer.command(b"\x1b$", b"\0\0")
    (line,) = composer.command(b"\n", b"")
    assert isinstance(line, TextLine)
    assert len(line.runs) == 1000
