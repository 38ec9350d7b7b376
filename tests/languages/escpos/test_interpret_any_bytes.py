"""The interpreter takes any bytes in any pieces, and its memory has an end.

COMPTOIR_FUZZ_BYTES=10000000 feeds so many more bytes of garbage, half of it shaped like commands.
"""

from __future__ import annotations

import os
import random
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.page import Media
from comptoir.languages.escpos.commands import FIXED, RULES
from comptoir.languages.escpos.describe import described
from comptoir.languages.escpos.interpret import Event, Interpreter
from comptoir.languages.escpos.paper import Paper, as_text
from comptoir.languages.escpos.render import render

MEDIA = Media()
FUZZ_BYTES = int(os.environ.get("COMPTOIR_FUZZ_BYTES", "200000"))

#: beginnings that lead far into the interpreter
HEADS = [
    *FIXED,
    *RULES,
    b"\x10\x04",
    b"\x10\x14\x01",
    b"\n",
    b"\t",
    b"\x0c",
    b"\x18",
    b"\x00",
    b"\x02\x00",
    b"text",
    b"\x1dV\x00",
    b"\x1bL",
    b"\x1bW\x00\x00\x00\x00\x80\x00\x80\x00",
    b"\x1b&\x03AA\x03123456789\x1b%\x01A",
    b"\x1d(L\x0c\x000\x700\x01\x011\x08\x00\x02\x00\xf0\x0f\x1d(L\x02\x0002",
    b"\x1d(L\x0c\x000\x430ab\x01\x08\x00\x01\x001\xff\x1d(L\x06\x000\x45ab\x01\x02",
    b"\x1cq\x01\x01\x00\x01\x0012345678\x1cp\x01\x03",
    b"\x1d*\x01\x0112345678\x1d/\x00",
    b"\x1d(k\x06\x001P0abc\x1d(k\x03\x001Q0",
    b"\x1dk\x02123456789012\x00",
    b"\x1d:xy\n\x1d:\x1d^\x09\x00\x00",
    b"\x1c(C\x02\x0002",
    b"\x1c(C\x02\x0001",
    b"\x1c&\xd6\xd0\x1cC\x01\x93\xfa",
    b"\x1b*\x21\x02\x00abcdef",
]
STREAM = st.lists(st.one_of(st.sampled_from(HEADS), st.binary(max_size=8)), max_size=60).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(STREAM)
def test_any_bytes_are_paper(data: bytes) -> None:
    interpreter = Interpreter(MEDIA)
    events: list[Event | None] = [*interpreter.feed(data), interpreter.finish()]
    for paper in events:
        if isinstance(paper, Paper):
            as_text(paper, MEDIA)
            described(paper)


@settings(max_examples=80, deadline=None)
@given(STREAM, st.sampled_from([100, 384, 576]))
def test_any_bytes_are_a_picture(data: bytes, dots: int) -> None:
    render(data, "png", Media(dots=dots))


@settings(max_examples=300, deadline=None)
@given(STREAM, st.lists(st.integers(0, 400), max_size=12))
def test_any_split_is_the_same_paper(data: bytes, cuts: list[int]) -> None:
    whole, split = Interpreter(MEDIA), Interpreter(MEDIA)
    edges = [0, *sorted(cuts), len(data)]
    events: list[Event] = []
    for start, end in pairwise(edges):
        events += split.feed(data[start:end])
    assert events == whole.feed(data)
    assert split.finish() == whole.finish()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["gb18030", "cp932", "big5", "cp949", "jis-like"]), st.binary(max_size=40), st.integers(0, 40))
def test_two_byte_characters_may_be_split_anywhere(codec: str, data: bytes, cut: int) -> None:
    kanji = "cp932" if codec == "jis-like" else codec
    start = b"\x1cC\x00\x1c&" if codec == "jis-like" else b"\x1c&"
    whole, split = Interpreter(MEDIA, kanji=kanji), Interpreter(MEDIA, kanji=kanji)
    whole.feed(start + data)
    split.feed(start + data[:cut])
    split.feed(data[cut:])
    assert split.finish() == whole.finish()


def test_long_texts_are_the_same_however_they_come() -> None:
    data = b"\x1c(C\x02\x0002" + "é日e\u0301 € ".encode() * 700
    whole, split = Interpreter(MEDIA), Interpreter(MEDIA)
    whole.feed(data)
    for at in range(0, len(data), 7):
        split.feed(data[at : at + 7])
    assert split.finish() == whole.finish()


def garbage(size: int, seed: int) -> Iterator[bytes]:
    """Pieces of 64 kB: random bytes and commands with random parameters."""
    source = random.Random(seed)
    made = 0
    while made < size:
        parts = []
        length = 0
        while length < 65_536:
            part = source.choice(HEADS) + source.randbytes(source.choice((0, 1, 2, 3, 8, 40)))
            parts.append(part)
            length += len(part)
        made += length
        yield b"".join(parts)


def wake(interpreter: Interpreter) -> None:
    """Garbage soon claims gigabytes, or selects another device: then nothing more would be tried."""
    tokens = interpreter._tokens
    tokens.consumed -= tokens._skip
    tokens._skip = 0
    if tokens._need > 2000:
        tokens._held.clear()
    interpreter._selected = True


def test_garbage_does_no_harm_and_takes_no_memory() -> None:
    interpreter = Interpreter(MEDIA)
    tracemalloc.start()
    try:
        for piece in garbage(FUZZ_BYTES, 1):
            for start in range(0, len(piece), 512):
                interpreter.feed(piece[start : start + 512])
                wake(interpreter)
            assert tracemalloc.get_traced_memory()[0] < 40_000_000
        interpreter.finish()
    finally:
        tracemalloc.stop()
