from __future__ import annotations

import pytest

from comptoir.core.page import Media, Style
from comptoir.languages.escpos.composer import Composer
from comptoir.languages.escpos.paper import Element, Feed, TextLine
from comptoir.languages.escpos.tokens import Tokenizer


def composed(data: bytes, media: Media | None = None) -> list[Element]:
    composer = Composer(media or Media())
    out: list[Element] = []
    for token in Tokenizer().feed(data):
        if token.code == b"\x1b@":
            composer.reset()
        else:
            out += composer.text(token.body) if not token.code else composer.command(token)
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
    assert texts(b"\x1bt\x13\xd5\x1bt\x10\x80\x1bt\x0e\x98\x1bt\x01\xb1\n") == ["€€α\ufffd"]
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
