"""Where documents begin and end in the bytes of a connection; whatever the split, the documents are the same."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.print_header import UEL
from comptoir.sources.port9100.stream import Stream

CUT = b"\x1dV\x00"
RASTER = b"\x1dv0\x00\x02\x00\x02\x00" + b"\x10\x04\x01\x1d"  # dots that read as a question
ONE, TWO = b"\x1b@Ticket 1\n" + CUT, b"\x1b@Ticket 2\n" + RASTER + CUT
JOB = (
    UEL + b'@PJL JOB NAME="a"\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bE\x1b&l0O page \x0c\x1bE' + UEL + b"@PJL EOJ\r\n" + UEL
)
BARE = UEL + b"@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS\nshowpage\n\x04" + UEL
PS, DSC = b"%!PS\n(\x04 in a string) show showpage\n\x04", b"\x04%!PS-Adobe-3.0\nshowpage\n%%EOF\n\x04"
PDF = b"%PDF-1.4 " + CUT + b"more" + UEL + b"%%EOF"


class Heard:
    """What a stream came to."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        stream = Stream()
        self.documents: list[bytes] = []
        self.asked: list[bytes] = []
        self.pulses: list[bytes] = []
        self._body = b""
        for piece in pieces:
            self._add(stream.feed(piece))
        self._add(stream.finish())
        assert self._body == b""
        assert stream.finish() == []

    def _add(self, pieces: Sequence[tuple[str, bytes]]) -> None:
        for kind, data in pieces:
            if kind == "body":
                assert data
                self._body += data
            elif kind == "end":
                assert self._body
                self.documents.append(self._body)
                self._body = b""
            else:
                (self.asked if kind == "ask" else self.pulses).append(data)


@pytest.mark.parametrize(
    ("data", "documents"),
    [
        (ONE, [ONE]),
        (ONE + TWO, [ONE, TWO]),
        (ONE + b"\x1b@" + CUT, [ONE + b"\x1b@" + CUT]),  # cut twice: one paper
        (ONE + b"\n\n\x1b@", [ONE + b"\n\n\x1b@"]),  # what comes behind the last one is its
        (b"no cut\n", [b"no cut\n"]),
        (b"\n\n" + CUT, [b"\n\n" + CUT]),
        (b"\x1b@\x1bt\x10", []),
        (b"\x1dv0\x00\x02\x00\x02\x00\xff", [b"\x1dv0\x00\x02\x00\x02\x00\xff"]),
        ("Été\n".encode(), ["Été\n".encode()]),
        (b"", []),
        (JOB, [JOB]),
        (JOB + JOB, [JOB, JOB]),
        (BARE + BARE, [BARE, BARE]),
        (BARE + b"@PJL EOJ\n" + UEL, [BARE + b"@PJL EOJ\n" + UEL]),
        (PS + DSC, [PS, DSC]),
        (DSC + DSC + JOB, [DSC, DSC, JOB]),
        (b"\r\n" + PS + b"\n" + PS, [b"\r\n" + PS + b"\n", PS]),
        (PDF, [PDF]),
        (UEL + b"@PJL SET X=1\n" + UEL, []),
        (b"\x1bE\x1b&l0O text" + UEL, [b"\x1bE\x1b&l0O text" + UEL]),
        (b"\x1b@\x1b*rA" + CUT + b"\x1b*rB" + ONE, [b"\x1b@\x1b*rA" + CUT + b"\x1b*rB" + ONE]),  # Star
        (b"BMW i3, 12.00\n" + CUT + ONE, [b"BMW i3, 12.00\n" + CUT, ONE]),
    ],
)
def test_documents(data: bytes, documents: list[bytes]) -> None:
    assert Heard([data]).documents == documents
    assert Heard([bytes([byte]) for byte in data]).documents == documents


def test_questions_and_pulses_are_no_documents_and_stand_in_none() -> None:
    asks = [b"\x10\x04\x01", b"\x1dr\x01", b"\x1dI\x01", b"\x1da\x0f", b"\x1bv", b"\x1bu\x00"]
    heard = Heard([b"".join(asks), b"\x1bp\x00\x19\xfa", b"\x10\x14\x01\x00\x01"])
    assert (heard.documents, heard.asked) == ([], asks)
    assert heard.pulses == [b"\x1bp\x00\x19\xfa", b"\x10\x14\x01\x00\x01"]
    heard = Heard([b"\x1b@\x10\x04\x02Ticket\x1bp\x00\x19\xfa\n\x1da\x00" + CUT])
    assert heard.documents == [b"\x1b@Ticket\n\x1da\x00" + CUT]
    assert (heard.asked, heard.pulses) == ([b"\x10\x04\x02"], [b"\x1bp\x00\x19\xfa"])


def test_what_would_switch_a_shared_printer_off_is_dropped() -> None:
    heard = Heard([b"\x10\x14\x02\x01\x08Ticket\n\x10\x05\x02\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08" + CUT])
    assert heard.documents == [b"Ticket\n" + CUT]
    assert heard.asked == heard.pulses == []


def test_questions_of_page_languages() -> None:
    info = b"@PJL INFO STATUS\r\n"
    assert Heard([UEL + info + UEL]).asked == [UEL + info + UEL]
    heard = Heard([UEL + b"@PJL JOB\n" + info + b"@PJL ENTER LANGUAGE=PCL\nx" + UEL + b"@PJL EOJ\n" + UEL])
    assert heard.asked == [UEL + info + UEL]
    assert heard.documents == [UEL + b"@PJL JOB\n@PJL ENTER LANGUAGE=PCL\nx" + UEL + b"@PJL EOJ\n" + UEL]
    query = b"%!PS-Adobe-3.0 Query\n%%?BeginQuery: x\nstatusdict begin pagecount == flush end\n\x04"
    heard = Heard([query])
    assert (heard.asked, heard.documents) == ([query], [])
    assert Heard([b"%!\nproduct = flush showpage\n"]).asked == []


def test_a_pdf_may_come_in_any_piece() -> None:
    assert Heard([b"%", b"P", PDF[2:]]).documents == [PDF]


def test_silence_ends_a_receipt_that_was_cut_and_a_job_that_said_so() -> None:
    for data, settled in ((ONE, True), (ONE[:-3], False), (JOB, True), (JOB[:-30], False), (PS, True), (PDF, False)):
        stream = Stream()
        stream.feed(data)
        assert stream.settled is settled


def test_in_the_middle_of_a_picture_it_is_cut_short() -> None:
    stream = Stream()
    stream.feed(b"Ticket\n" + RASTER[:-1])
    assert stream.cut_short
    stream.feed(RASTER[-1:])
    assert not stream.cut_short


def test_a_picture_that_is_too_large_to_be_read_is_passed_on() -> None:
    huge = b"\x1dv0\x00\xff\xff\xff\x00" + b"\0" * (0xFFFF * 0xFF)
    assert Heard([b"a\n", huge[:1000], huge[1000:], CUT, ONE]).documents == [b"a\n" + huge + CUT, ONE]


PARTS = st.sampled_from((ONE, TWO, JOB, BARE, PS, DSC, RASTER, UEL, b"@PJL", b"\x04", b"text\n", b"\x1b", b"\x10\x04"))
STREAMS = st.lists(PARTS | st.binary(max_size=20), max_size=6).map(b"".join)


@settings(max_examples=150)
@given(STREAMS, st.data())
def test_the_split_changes_nothing(data: bytes, drawn: st.DataObject) -> None:
    places = sorted(drawn.draw(st.lists(st.integers(2, max(len(data), 2)), max_size=5)))
    whole, split = Heard([data]), Heard([data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)])
    assert b"".join(whole.documents) == b"".join(split.documents)
    assert (whole.asked, whole.pulses) == (split.asked, split.pulses)
