"""The values of keeping: sums, and that the station's part is what the page asks for."""

from __future__ import annotations

from typing import get_type_hints

from comptoir.station.archive.keeping import Keeper
from comptoir.web.keeping_desk import ALL, Due, KeepingDesk, Pile, Wanted


def test_what_is_due_is_the_sum_of_its_piles() -> None:
    due = Due(1, (Pile("a", "2015", 2, 30, "", ""), Pile("b", "2014", 1, 5, "", "")))
    assert (due.documents, due.size) == (3, 35)
    assert (Due(1).documents, Due(1).size) == (0, 0)
    assert Wanted() == ALL


def test_the_stations_part_answers_all_that_is_asked() -> None:
    asked = {name for name in vars(KeepingDesk) if not name.startswith("_")} - {"work"}
    assert asked <= set(vars(Keeper))
    for name in asked:
        assert get_type_hints(getattr(Keeper, name)) == get_type_hints(getattr(KeepingDesk, name)), name
