from __future__ import annotations

import pytest

from comptoir.languages.escpos.elements import Symbol
from comptoir.languages.escpos.symbols import Symbols


def ordered(symbols: Symbols, kind: int, *settings: bytes, data: bytes) -> Symbol:
    for setting in settings:
        assert symbols.matrix(bytes((kind,)) + setting, "left") == "done"
    symbols.matrix(bytes((kind, 80)) + b"0" + data, "left")
    symbol = symbols.matrix(bytes((kind, 81)) + b"0", "center")
    assert isinstance(symbol, Symbol)
    return symbol


@pytest.mark.parametrize(
    ("body", "kind", "data", "content"),
    [
        (b"\x02123456789012\x00", "EAN13", "1234567890128", "1234567890128"),
        (b"\x04*ABC*\x00", "CODE39", "ABC", "ABC"),
        (b"\x49\x05{BABC", "CODE128", "ABC", "ABC"),
        (b"\x49\x09{C\x0c\x22\x38{Bab", "CODE128", "123456ab", "123456ab"),
        (b"\x49\x06{Ba{{b", "CODE128", "a{b", "a{b"),
        (b"\x49\x14{C{1\x01\x09\x50\x11", "CODE128", "01098017", "(01)098017"),
        (b"\x4a\x120109501101530003", "GS1-128", "(01)09501101530003", "(01)09501101530003"),
        (b"\x4f\x03abc", "CODE128", "abc", "abc"),
    ],
)
def test_barcodes(body: bytes, kind: str, data: str, content: str) -> None:
    symbol = Symbols().barcode(body, "left")
    assert symbol is not None
    assert (symbol.kind, symbol.data, symbol.content) == (kind, data, content)


def test_barcodes_have_the_settings_of_the_printer() -> None:
    symbols = Symbols()
    symbols.height, symbols.module, symbols.hri, symbols.hri_small = 80, 2, 50, True
    symbol = symbols.barcode(b"\x02123456789012\x00", "right")
    assert symbol is not None
    assert (symbol.height, symbol.module, symbol.hri, symbol.hri_small, symbol.align) == (80, 2, "below", True, "right")
    assert symbols.barcode(b"\x63\x00", "left") is None


def test_qr() -> None:
    symbol = ordered(Symbols(), 49, b"\x43\x06", b"\x45\x33", data="é".encode())
    assert (symbol.kind, symbol.data, symbol.module, symbol.options) == ("QR", "é", 6, (("level", 0x33),))
    assert symbol.align == "center"


def test_data_stay_until_others_come() -> None:
    symbols = Symbols()
    ordered(symbols, 49, data=b"a")
    again = symbols.matrix(b"1\x510", "left")
    assert isinstance(again, Symbol)
    assert again.data == "a"
    symbols.reset()
    assert symbols.matrix(b"1\x510", "left") == "bad"


def test_the_others() -> None:
    symbols = Symbols()
    pdf417 = ordered(symbols, 48, b"\x41\x04", b"\x43\x02", b"\x44\x05", b"\x4502", data=b"x")
    assert (pdf417.module, pdf417.height, dict(pdf417.options)) == (2, 5, {"columns": 4, "level": 0x32})
    assert ordered(symbols, 51, data=b"\x490950110153000").kind == "GS1 DataBar Stacked Omnidirectional"
    assert ordered(symbols, 55, b"\x45\x32", data=b"x").options == (("level", 50),)
    symbols.matrix(b"4\x5000A123", "left")
    assert ordered(symbols, 52, data=b"1A456").data == "123|456"
    assert symbols.matrix(b"1\x520", "left") == "ask"
    assert symbols.matrix(b"1\x630", "left") == "bad"
    assert symbols.matrix(b"\x63\x510", "left") == "bad"


def test_clone_qr() -> None:
    symbol = Symbols.clone_qr(b"\x00H\x05\x03\x00abc", "left")
    assert (symbol.data, symbol.module, symbol.options) == ("abc", 5, (("level", "H"),))
    assert Symbols.clone_qr(b"\x00\x01\x00\x01\x00\xff", "left").options == (("level", 48),)
