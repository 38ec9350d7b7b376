"""Receipts on one connection: what belongs to which, and how little is held."""

from __future__ import annotations

from comptoir.sources.port9100.pieces import END, Piece
from comptoir.sources.port9100.receipts import MOST_BETWEEN, Receipts

CUT = b"\x1dV\x00"


def test_what_stands_between_belongs_to_the_next() -> None:
    receipts = Receipts()
    assert receipts.feed(b"one\n" + CUT) == [Piece("body", b"one\n" + CUT)]
    assert receipts.settled
    assert receipts.feed(b"\x1b@\x1ba\x01") == []
    assert receipts.feed(b"two") == [END, Piece("body", b"\x1b@\x1ba\x01two")]
    assert not receipts.settled
    assert receipts.finish() == [END]


def test_endless_commands_that_print_nothing_are_not_held_for_ever() -> None:
    receipts = Receipts()
    (piece,) = receipts.feed(b"\x1b@" * MOST_BETWEEN)
    assert piece.kind == "body"
    assert len(piece.data) > MOST_BETWEEN


def test_half_a_question_is_nothing_and_half_a_picture_is_something() -> None:
    half = Receipts()
    assert half.feed(b"\x10\x04") == []
    assert half.finish() == []
    half = Receipts()
    assert half.feed(b"\x1dv0\x00\xff") == []
    assert half.cut_short
    assert half.finish() == [Piece("body", b"\x1dv0\x00\xff"), END]


def test_what_stalls_behind_a_cut_is_another_document() -> None:
    receipts = Receipts()
    receipts.feed(b"one\n" + CUT)
    assert receipts.feed(b"\x1b@\x1dv0\x00\xff") == []
    assert not receipts.settled
    assert receipts.finish() == [END, Piece("body", b"\x1b@\x1dv0\x00\xff"), END]
