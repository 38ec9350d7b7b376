"""Paper: what is said of it fits together, and what clients ask for is recognised."""

from __future__ import annotations

import pytest

from comptoir.core.sheet import A4, paper_of
from comptoir.sources.ipp_printer import media
from comptoir.wire import ipp_values as v


def test_every_size_is_one_that_the_station_knows() -> None:
    assert all(paper_of(one.name) == one for one in media.SIZES)
    assert len(media.database()) == len(media.SIZES)


def test_the_database_is_not_among_the_rest() -> None:
    known = media.attributes(A4)
    assert "media-col-database" not in known
    assert known["media-default"] == v.keyword("iso_a4_210x297mm")


@pytest.mark.parametrize(
    ("across", "along", "name"),
    [(21_000, 29_700, "iso_a4_210x297mm"), (20_990, 29_704, "iso_a4_210x297mm"), (21_590, 27_940, "na_letter_8.5x11in"),
     (12_345, 9_000, "")],
)  # fmt: skip
def test_a_size_that_is_asked_for_in_numbers(across: int, along: int, name: str) -> None:
    size = v.collection({"x-dimension": v.integer(across), "y-dimension": v.integer(along)})
    assert media.of_collection({"media-size": size, "media-source": v.keyword("manual")}) == (name, "manual")


def test_other_trays_and_empty_collections() -> None:
    assert media.of_collection({}) == ("", "")
    assert media.of_collection({"media-source": v.keyword("tray-99"), "media-size": v.integer(1)}) == ("", "")
