from __future__ import annotations

import codecs

from comptoir.languages.escpos.pages import ADDED, MORE_SLOTS, PAGES


def test_each_page_has_a_character_for_every_upper_byte() -> None:
    assert {name: len(page) for name, page in PAGES.items()} == dict.fromkeys(PAGES, 128)


def test_every_slot_names_a_page_that_there_is() -> None:
    for name in MORE_SLOTS.values():
        assert name in PAGES or codecs.lookup(name)


def test_what_is_added_is_missing_in_the_codec() -> None:
    for name, characters in ADDED.items():
        for code in characters:
            assert bytes([code]).decode(name, "replace") == "\N{REPLACEMENT CHARACTER}"
