from comptoir.core.page import Picture
from comptoir.languages.escpos.glyphs import Glyphs


def test_a_character_is_columns_of_dots() -> None:
    glyphs = Glyphs()
    assert glyphs.define(b"\x03AB" + b"\x02\xff\xff\xff\x80\x00\x01" + b"\x00", small=False)
    assert glyphs.single(False, 0x41) is None, "only after ESC % 1"
    glyphs.on = True
    assert glyphs.single(False, 0x41) == Picture(12, 24, b"\xc0\0" + b"\x80\0" * 22 + b"\xc0\0")
    assert glyphs.single(False, 0x42) is None, "a character of no columns is none"
    assert glyphs.single(True, 0x41) is None, "each font has its own"
    glyphs.forget(0x41, small=False)
    assert glyphs.single(False, 0x41) is None


def test_characters_larger_than_any_printer_has_are_not_kept() -> None:
    glyphs = Glyphs()
    assert not glyphs.define(b"\xffAA\x01" + bytes(255), small=False)
    assert glyphs.define(b"\x03AA\xff" + bytes(765), small=False)
    glyphs.on = True
    assert glyphs.single(False, 0x41) is None


def test_two_byte_characters() -> None:
    glyphs = Glyphs()
    glyphs.define_double(b"\xfe\xa1" + b"\xff" * 72)
    assert glyphs.double(b"\xfe\xa1") == Picture(24, 24, b"\xff" * 72)
    glyphs.forget_double(b"\xfe\xa1")
    assert glyphs.double(b"\xfe\xa1") is None
    for code in range(1000):
        glyphs.define_double(code.to_bytes(2, "big") + bytes(72))
    assert len(glyphs._double) == 256
