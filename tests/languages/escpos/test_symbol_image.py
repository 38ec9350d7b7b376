"""What is drawn is read again, by a reader that has not drawn it."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image

from comptoir.core.page import Media
from comptoir.languages.escpos.draw import image
from comptoir.languages.escpos.elements import Symbol
from comptoir.languages.escpos.render import read_papers
from comptoir.languages.escpos.symbol_image import mask, problem, zero_suppressed


def seen(data: bytes) -> list[tuple[str, str]]:
    """Kind and text of every symbol on the paper of a stream."""
    (paper,) = read_papers(data, Media())
    drawn = image(paper, Media(), margin=40).convert("L")
    drawn = drawn.resize((drawn.width * 2, drawn.height * 2), Image.Resampling.NEAREST)
    return [(str(found.format), found.text) for found in zxingcpp.read_barcodes(drawn)]


def ordered(kind: int, data: bytes, *settings: bytes) -> bytes:
    """GS ( k: settings, store, print."""
    blocks = [*settings, b"\x500" + data, b"\x510"]
    return b"".join(b"\x1d(k" + (len(block) + 1).to_bytes(2, "little") + bytes((kind,)) + block for block in blocks)


@pytest.mark.parametrize(
    ("stream", "text"),
    [
        (b"\x1dk\x02123456789012\x00", "1234567890128"),
        (b"\x1dk\x43\x0d1234567890128", "1234567890128"),
        (b"\x1dk\x031234567\x00", "12345670"),
        (b"\x1dk\x0001234567890\x00", "0012345678905"),
        (b"\x1dk\x42\x0b01234500006", "0012345000065"),
        (b"\x1dk\x04ABC-12\x00", "ABC-12"),
        (b"\x1dk\x05123456\x00", "123456"),
        (b"\x1dk\x06A1234B\x00", "A1234B"),
        (b"\x1dk\x48\x06TEST93", "TEST93"),
        (b"\x1dk\x49\x08{BAbc-12", "Abc-12"),
        (b"\x1dk\x49\x05{C\x0c\x22\x38", "123456"),
        (b"\x1dk\x4a\x100109501101530003", "(01)09501101530003"),
        (b"\x1dk\x4b\x0d0950110153000", "(01)09501101530003"),
        (b"\x1dk\x4d\x0d0950110153000", "(01)09501101530003"),
        (b"\x1dw\x02\x1dk\x4e\x1c(01)09501101530003(10)ABC123", "(01)09501101530003(10)ABC123"),
    ],
)
def test_barcodes_are_read(stream: bytes, text: str) -> None:
    assert [found for _, found in seen(b"\x1dw\x03\x1dh\x50\x1dH\x02" + stream)] == [text]


@pytest.mark.parametrize(
    ("stream", "kind", "text"),
    [
        (ordered(48, b"PDF417 data", b"\x41\x04", b"\x43\x03", b"\x44\x04", b"\x4502"), "PDF417", "PDF417 data"),
        (ordered(49, "QR é €".encode(), b"\x43\x04", b"\x45\x33"), "QR Code", "QR é €"),
        (ordered(49, b"12345", b"\x41\x33\x00", b"\x43\x06"), "Micro QR Code", "12345"),
        (ordered(50, b"MaxiCode data"), "MaxiCode", "MaxiCode data"),
        (ordered(51, b"\x490950110153000", b"\x43\x04"), "DataBar Stacked Omni", "(01)09501101530003"),
        (ordered(54, b"DataMatrix", b"\x43\x05"), "Data Matrix", "DataMatrix"),
        (ordered(55, b"Aztec", b"\x43\x05", b"\x45\x32"), "Aztec", "Aztec"),
        (b"\x1bZ\x00M\x05\x05\x00clone", "QR Code", "clone"),
    ],
)
def test_matrix_symbols_are_read(stream: bytes, kind: str, text: str) -> None:
    ((format_, found),) = seen(stream)
    assert found == text
    assert format_.startswith(kind.split(maxsplit=1)[0])


def test_sizes_are_those_of_the_stream() -> None:
    bars = mask(Symbol("EAN13", "123456789012", module=2, height=80))
    assert bars is not None
    assert bars.size == (190, 80)
    named = mask(Symbol("EAN13", "123456789012", module=2, height=80, hri="both"))
    assert named is not None
    assert named.height == 80 + 2 * 28
    small = mask(Symbol("EAN13", "123456789012", module=2, height=80, hri="below", hri_small=True))
    assert small is not None
    assert small.height == 80 + 21
    square = mask(Symbol("QR", "hello", module=5))
    assert square is not None
    assert square.size == (105, 105)
    low = mask(Symbol("PDF417", "hello", module=2, height=3))
    high = mask(Symbol("PDF417", "hello", module=2, height=6))
    assert low is not None
    assert high is not None
    assert (high.width, high.height) == (low.width, 2 * low.height)


def test_what_cannot_be_encoded_has_a_problem_and_a_frame() -> None:
    wrong = Symbol("EAN13", "1234567890123", height=50)
    assert mask(wrong) is None
    assert "check digit" in problem(wrong)
    assert problem(Symbol("EAN13", "1234567890128")) == ""
    assert problem(Symbol("Composite", "a|b")) != ""
    assert problem(Symbol("QR", "")) != ""
    assert seen(b"\x1dk\x021234567890123\x00") == []


@pytest.mark.parametrize(
    ("digits", "short"),
    [
        ("01234500006", "0123456"),
        ("04210000526", "0425261"),
        ("01230000078", "0123783"),
        ("123456", "0123456"),
        ("0123456", "0123456"),
    ],
)
def test_upc_e(digits: str, short: str) -> None:
    assert zero_suppressed(digits) == short


def test_upc_a_without_a_short_form() -> None:
    with pytest.raises(ValueError, match="short form"):
        zero_suppressed("12345678901")
