from comptoir.languages.escpos.codepages import ALWAYS, CODECS, LOOK_ALIKES, PREFERENCE


def test_every_preferred_page_can_be_encoded() -> None:
    for slot in PREFERENCE:
        assert "A".encode(CODECS[slot]) == b"A"


def test_every_preferred_page_is_ascii_below_128() -> None:
    ascii_letters = bytes(range(0x20, 0x7F))
    for slot in PREFERENCE:
        assert ascii_letters.decode("ascii").encode(CODECS[slot]) == ascii_letters, CODECS[slot]


def test_the_first_pages_have_the_euro() -> None:
    assert "€".encode(CODECS[PREFERENCE[0]]) == b"\xd5"
    assert "€".encode(CODECS[PREFERENCE[1]]) == b"\x80"


def test_stand_ins_are_ascii() -> None:
    assert all(text.isascii() for text in [*ALWAYS.values(), *LOOK_ALIKES.values()])
