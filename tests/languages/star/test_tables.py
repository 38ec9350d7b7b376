from __future__ import annotations

import codecs

from comptoir.languages.star.tables import ALIGN, BARCODES, CODE_PAGES, CUTS, MODULES


def test_every_page_has_a_codec_and_the_first_has_the_euro() -> None:
    assert all(codecs.lookup(name) for name in CODE_PAGES.values())
    assert "€".encode(next(iter(CODE_PAGES.values())))


def test_no_two_names_mean_the_same_on_the_wire() -> None:
    for table in (ALIGN, BARCODES, CUTS, MODULES):
        assert len(set(table.values())) == len(table)
