import codecs

from comptoir.languages.codepages import ALWAYS, LOOK_ALIKES, ORDER


def test_every_page_is_a_codec_and_ascii_below_128() -> None:
    for codec in ORDER:
        codecs.lookup(codec)
        assert bytes(range(0x20, 0x7F)).decode(codec) == bytes(range(0x20, 0x7F)).decode("ascii"), codec


def test_the_first_pages_have_the_euro() -> None:
    assert "€".encode(ORDER[0]) == b"\xd5"
    assert "€".encode(ORDER[1]) == b"\x80"


def test_stand_ins_are_ascii() -> None:
    assert all(text.isascii() for text in [*ALWAYS.values(), *LOOK_ALIKES.values()])


def test_frames_are_drawn_with_what_every_printer_has() -> None:
    assert "┌──┐│║╬═".translate(LOOK_ALIKES) == "+--+||+-"
