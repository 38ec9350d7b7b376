from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media, Page, Picture, Style
from comptoir.languages.escpos.encode import CUT, RESET, STRIP_ROWS, encode

MEDIA = Media()


def body(*elements: Line | Picture) -> bytes:
    """The bytes of one page, without resets and cut."""
    data = encode([Page(elements)], MEDIA).data
    assert data.startswith(RESET)
    assert data.endswith(CUT + RESET)
    return data.removeprefix(RESET).removesuffix(CUT + RESET)


def test_golden_bytes_of_a_receipt() -> None:
    page = Page(
        (
            Line("Café €", Style(bold=True, align="center", width=2, height=2)),
            Line("plain"),
            Line("x", Style(underline=True, inverse=True, align="right")),
            Line(""),
        )
    )
    assert encode([page], MEDIA).data == (
        b"\x1b@\x1bR\x00"
        b"\x1bE\x01\x1d!\x11\x1ba\x01\x1bt\x13Caf\x82 \xd5\n"
        b"\x1bE\x00\x1d!\x00\x1ba\x00plain\n"
        b"\x1b-\x01\x1dB\x01\x1ba\x02x\n"
        b"\x1b-\x00\x1dB\x00\x1ba\x00\n"
        b"\x1dVB\x00"
        b"\x1b@\x1bR\x00"
    )


def test_each_page_has_its_cut() -> None:
    assert encode([Page((Line("a"),)), Page((Line("b"),))], MEDIA).data.count(CUT) == 2


def test_the_page_is_set_once_for_lines_of_one_page() -> None:
    assert body(Line("é"), Line("à"), Line("€")) == b"\x1bt\x13\x82\n\x85\n\xd5\n"


def test_unprintable_is_named_once_over_the_job() -> None:
    encoded = encode([Page((Line("日本"), Line("本"))), Page((Line("日"),))], MEDIA)
    assert encoded.unprintable == "日本"
    assert encoded.data.count(b"?") == 4


def test_sizes_beyond_the_printer_are_held_to_eight() -> None:
    assert body(Line("x", Style(width=99, height=0))) == b"\x1d!\x70x\n"


def test_a_picture_goes_out_in_strips() -> None:
    rows = STRIP_ROWS + 2
    data = body(Picture(16, rows, b"\xaa\x55" * rows, "center"))
    first = b"\x1dv0\x00\x02\x00\x80\x00" + b"\xaa\x55" * STRIP_ROWS
    assert data == b"\x1ba\x01" + first + b"\x1dv0\x00\x02\x00\x02\x00" + b"\xaa\x55" * 2


def test_a_picture_wider_than_the_paper_is_refused() -> None:
    with pytest.raises(FormatError, match="577 dots wide"):
        encode([Page((Picture(577, 1, bytes(73)),))], MEDIA)


@given(st.lists(st.sampled_from([0x10, 0x14, 0x04, 0x05, 0x01, 0x00, 0x02, 0x08]), min_size=600, max_size=900))
def test_no_picture_opens_the_drawer(dots: list[int]) -> None:
    rows = len(dots) // 3
    data = encode([Page((Picture(24, rows, bytes(dots[: rows * 3])),))], MEDIA).data
    assert not re.search(rb"\x10[\x04\x05\x14]", data)


@given(st.text(max_size=80))
def test_no_text_commands_the_printer(text: str) -> None:
    line = body(Line(text)).removesuffix(b"\n")
    for command in re.findall(rb"\x1b..", line, re.DOTALL):
        assert command[1:2] == b"t"
    rest = re.sub(rb"\x1bt.", b"", line, flags=re.DOTALL)
    assert all(byte >= 0x20 and byte != 0x7F for byte in rest)
