from __future__ import annotations

from comptoir.languages.codepages import ORDER
from comptoir.languages.escpos.codepages import CODECS, EPSON, ordered


def test_pages_in_order_each_once_and_where_epson_has_them() -> None:
    listed = {
        9: "CP1252",
        16: "CP1252",
        0: "CP437",
        1: "CP932",
        15: "ISO_8859-7",
        50: "CP437",
        19: "CP858",
        3: "Unknown",
    }
    assert list(ordered(listed).items()) == [(19, "cp858"), (16, "cp1252"), (0, "cp437")]


def test_pages_that_cannot_be_trusted_are_read_but_never_tried() -> None:
    assert CODECS[15] == "iso8859_7"
    assert not {"iso8859_7", "cp720", "cp862", "cp864", "cp1255", "cp1256"} & {*ORDER, *EPSON.values()}


def test_the_page_of_every_printer_is_tried_first() -> None:
    assert list(EPSON.items())[:3] == [(19, "cp858"), (16, "cp1252"), (0, "cp437")]
