from __future__ import annotations

import pytest

from comptoir.languages.escpos.decoding import Decoder, Piece


def read(decoder: Decoder, data: bytes) -> str:
    decoder.put(data)
    return "".join(piece.text for piece in decoder.take())


@pytest.mark.parametrize(
    ("slot", "data", "text"),
    [
        (0, b"\x82\x87", "éç"),
        (1, b"\x95\xb1\xe2", "─ｱ╪"),
        (11, b"\xa4\xb7", "ΑΜ"),
        (13, b"\xd5", "€"),
        (16, b"\x80", "€"),
        (21, b"\xa1\xd2", "กา"),
        (43, b"\x80\xb5", "АĄ"),
        (99, b"a\x80", "a\ufffd"),
    ],
)
def test_slots(slot: int, data: bytes, text: str) -> None:
    decoder = Decoder()
    decoder.page(bytes((slot,)))
    assert read(decoder, data) == text


@pytest.mark.parametrize(
    ("country", "text"), [(0, "#$@[\\]^`{|}~"), (1, "#$à°ç§^`éùè¨"), (2, "#$§ÄÖÜ^`äöüß"), (8, "#$@[¥]^`{|}~")]
)
def test_international_sets(country: int, text: str) -> None:
    decoder = Decoder()
    decoder.country(bytes((country,)))
    assert read(decoder, b"#$@[\\]^`{|}~") == text


@pytest.mark.parametrize(
    ("kanji", "text"),
    [
        ("gb18030", "中文"),
        ("big5", "謝謝"),
        ("cp932", "日本"),
        ("cp949", "한국"),
        ("euc_kr", "한국"),
        ("gb18030", "㐀"),
    ],
)
def test_two_byte_characters_of_each_country(kanji: str, text: str) -> None:
    decoder = Decoder(kanji=kanji)
    decoder.kanji_on(b"")
    decoder.put(b"a" + text.encode(kanji) + b"b")
    assert decoder.take() == [Piece("a"), *[Piece(character, wide=True) for character in text], Piece("b")]


def test_what_is_no_pair_is_of_the_code_page() -> None:
    decoder = Decoder(auto_kanji=True)
    decoder.page(b"\x10")
    assert read(decoder, "中".encode("gb18030") + b" \x80 \xe9\n") == "中 € é\n"


def test_japanese_systems() -> None:
    decoder = Decoder()
    decoder.kanji_system(b"\x01")
    assert read(decoder, "日本ｱ".encode("cp932")) == "日本ｱ", "two-byte characters are known without FS &"
    decoder = Decoder(kanji="cp932")
    decoder.kanji_system(b"\x00")
    decoder.kanji_on(b"")
    assert read(decoder, b"\x46\x7c\x4b\x5c") == "日本"
    decoder.kanji_off(b"")
    assert read(decoder, b"\x46\x7c") == "F|"


def test_fs_c_0_means_nothing_to_a_chinese_printer() -> None:
    decoder = Decoder()
    decoder.kanji_system(b"0")
    decoder.kanji_on(b"")
    assert read(decoder, "中文".encode("gb18030")) == "中文"


def test_utf_8() -> None:
    decoder = Decoder()
    decoder.encoding(b"C\x02\x000\x02")
    decoder.put("é日x".encode() + b"\xff")
    assert decoder.take() == [Piece("é"), Piece("日", wide=True), Piece("x\ufffd")]
    decoder.encoding(b"C\x02\x000\x01")
    assert read(decoder, b"\x82") == "é"


def test_a_character_that_is_cut_waits() -> None:
    decoder = Decoder()
    decoder.kanji_on(b"")
    decoder.put("中文".encode("gb18030")[:3])
    assert decoder.take(final=False) == [Piece("中", wide=True)]
    decoder.put("中文".encode("gb18030")[3:])
    assert decoder.take() == [Piece("文", wide=True)]


def test_reset_brings_back_the_first_page() -> None:
    decoder = Decoder()
    decoder.page(b"\x11")
    decoder.country(b"\x01")
    decoder.kanji_on(b"")
    decoder.reset()
    assert read(decoder, b"#\x82") == "#é"
