"""What a driver is asked and answers, as it lies in a pipe."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.windows.driver import HEAD, LARGEST, Answer, Band, Capabilities, Request, Settings, packed, read

BAND = Band(ink="greys", width=4, height=1, first=0, last=4, left=0, top=0, across=4, down=1)


def test_a_message_comes_as_it_went() -> None:
    sent = [
        Request(task="look", printer="Bureau d’accueil"),
        Request(task="set", settings=Settings(copies=2, paper=9)),
        Request(task="band", band=BAND, size=4),
    ]
    pipe = io.BytesIO(b"".join(packed(one, bytes(one.size)) for one in sent))
    for one in sent:
        assert read(pipe, Request) == one
        pipe.read(one.size)
    assert read(pipe, Request) is None


def test_an_answer_too() -> None:
    answer = Answer(can=Capabilities(papers=((9, 2100, 2970),), bins=((1, "Bac 1"),)), trouble="no", error=5)
    assert read(io.BytesIO(packed(answer)), Answer) == answer


@pytest.mark.parametrize(
    "data", [b"\xff\xff\xff\xff{}", packed(Request(task="band", size=LARGEST + 1)), HEAD.pack(2) + b"{}"]
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read(io.BytesIO(data), Request)


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_none(data: bytes) -> None:
    try:
        read(io.BytesIO(data), Answer)
    except ValueError:
        return
