"""Jobs of page languages: their ends, and the programs that only ask."""

from __future__ import annotations

import pytest

from comptoir.core.print_header import UEL
from comptoir.sources.port9100.pieces import END, Piece
from comptoir.sources.port9100.sheets import MOST_HELD, Sheets, is_question

HEAD = UEL + b"@PJL JOB\n@PJL ENTER LANGUAGE=PCL\n"


def test_ends_without_end_hold_up_nobody() -> None:
    """So many that who looks from each of them to the last is stopped by the time that a test has."""
    data = b"%!PS\nshowpage\n" + b"\x04" * 500_000
    sheets = Sheets()
    pieces = [*sheets.feed(data), *sheets.finish()]
    assert b"".join(piece.data for piece in pieces) == data


def test_a_document_goes_on_as_it_comes() -> None:
    sheets = Sheets()
    assert sheets.feed(HEAD) == []
    assert sheets.feed(b"\x1bE page one") == [Piece("body", HEAD + b"\x1bE page one")]
    assert sheets.feed(b" more\x1b%-1") == [Piece("body", b" more")]
    assert sheets.feed(b"2 no end") == [Piece("body", b"\x1b%-12 no end")]
    assert sheets.feed(UEL + b"@PJL EOJ\n") == [Piece("body", UEL), Piece("body", b"@PJL EOJ\n")]
    assert sheets.settled
    assert sheets.finish() == [END]


def test_two_languages_in_one_job_are_one_document() -> None:
    sheets = Sheets()
    stream = HEAD + b"a" + UEL + b"@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS\nshowpage" + UEL + b"@PJL EOJ\n" + UEL
    pieces = [*sheets.feed(stream + b"@PJL JOB\n"), *sheets.finish()]
    assert b"".join(piece.data for piece in pieces) == stream
    assert pieces.count(END) == 1
    assert sheets.rest == b"@PJL JOB\n"


def test_a_job_without_an_end_ends_with_the_next() -> None:
    sheets = Sheets()
    pieces = sheets.feed(HEAD + b"a" + UEL + HEAD[len(UEL) :] + b"b")
    assert pieces[-1] == END
    assert sheets.rest == HEAD[len(UEL) :] + b"b"


def test_endless_pjl_is_not_held_for_ever() -> None:
    sheets = Sheets()
    pieces = sheets.feed(UEL + b"@PJL COMMENT x\n" * MOST_HELD)
    assert sum(len(piece.data) for piece in pieces) > MOST_HELD
    sheets = Sheets()
    assert sheets.feed(UEL + b"@PJL " + b"x" * 2 * MOST_HELD) != []


@pytest.mark.parametrize(
    ("program", "asks"),
    [
        (b"%!PS-Adobe-3.0 Query\n%%?BeginQuery: fonts\n/a == flush", True),
        (b"%!\nstatusdict begin product print flush end", True),
        (b"%!\ncurrentdict (a) = flush", False),
        (b"%!\nstatusdict begin 1 setjobtimeout end", False),
        (b"%!\nstatusdict begin pagecount == end showpage", False),
    ],
)
def test_programs_that_only_ask(program: bytes, asks: bool) -> None:
    assert is_question(program) is asks
