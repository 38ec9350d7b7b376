from __future__ import annotations

import pytest

from comptoir.core.page import Line, Media, Page, Picture
from comptoir.core.profile import Profile
from comptoir.devices.virtual_head import LONGEST, Head
from comptoir.languages.escpos import Escpos


def lines_of(data: bytes) -> int:
    head = Head(Media())
    head.print(data)
    return head.lines


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"one\ntwo\n", 2),
        (b"not ended", 0),
        (b"\x1bd\x05", 5),
        (b"\x1bJ\x3c\x1bJ\x1e", 3),
        (b"\x1dv0\x00\x01\x00\x3c\x00" + bytes(60), 2),
        (b"\x1dv0\x02\x01\x00\x3c\x00" + bytes(60), 4),
        (b"\x1d(L\x4a\x00\x30\x70\x30\x01\x01\x31\x08\x00\x3c\x00" + bytes(64) + b"\x1d(L\x02\x00\x30\x32", 2),
        (b"\x1d8L\x0a\0\0\0\x30\x70\x30\x01\x02\x31\0\0\x3c\x00" + b"\x1d(L\x02\x00\x30\x02", 4),
        (b"\x1dk\x04ABC\x00", 5),
        (b"\x1d(k\x03\x001Q0", 5),
        (b"\x1d(k\x03\x001C\x04\x1b@\x1d(L\x01\x00\x30", 0),
        (b"\x1dv0\x00\xff\xff\xff\xff", 0),
    ],
)
def test_lines_are_counted(data: bytes, lines: int) -> None:
    assert lines_of(data) == lines


def test_our_own_pictures_are_counted() -> None:
    page = Page((Picture(576, 300, bytes(72 * 300)), Line("x")))
    assert 10 <= lines_of(Escpos().encode([page], Media()).data) <= 20


def test_a_stream_without_cuts_is_kept_in_part() -> None:
    head = Head(Media())
    for _ in range(LONGEST // 1_000_000 + 2):
        head.print(bytes(1_000_000))
    assert head.kept <= LONGEST
    head.print(b"end\n\x1dV\x00")
    head.print(b"next\n\x1dV\x00")
    assert [printed.paper.text for printed in head.take_printed()] == ["end", "next"]


def test_what_is_torn_off_is_a_paper_and_half_a_command_is_forgotten() -> None:
    head = Head(Media())
    head.print(b"half\x1d")
    head.tear()
    head.print(b"V\n\x1dV\x00")
    first, second = head.take_printed()
    assert (first.paper.text, first.partial, first.data) == ("half", True, b"half")
    assert (second.paper.text, second.partial, second.data) == ("V", False, b"V\n\x1dV\x00")


def test_the_models_own_characters() -> None:
    profile = Profile(code_pages={0: "cp437", 77: "cp1253"}, kanji="cp932")
    head = Head(Media(), profile)
    head.print(b"\x1bt\x4d" + "λόγος".encode("cp1253") + b"\n\x1c&" + "日本".encode("cp932") + b"\n\x1dV\x00")
    (printed,) = head.take_printed()
    assert printed.paper.text == "λόγος\n日本"


def test_a_long_job_is_read_as_it_comes() -> None:
    head = Head(Media())
    for byte in b"one\n\x1dVB\x00two":
        head.print(bytes([byte]))
    head.tear()
    assert [printed.data for printed in head.take_printed()] == [b"one\n\x1dVB\x00", b"two"]
