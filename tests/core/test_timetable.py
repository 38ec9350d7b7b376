"""Times and names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.timetable import Timetable


def test_the_earliest_comes_first_and_the_last_word_counts() -> None:
    table = Timetable()
    table.put("a", 30)
    table.put("b", 20)
    table.put("a", 10)
    assert table.next() == 10
    table.put("a", 40)
    table.drop("b")
    assert (table.next(), table.pop(39, 9), table.pop(40, 9), table.next()) == (40, [], ["a"], None)


def test_of_the_same_time_the_lowest_rank_comes_first() -> None:
    table = Timetable()
    for name, rank in (("a", 3), ("b", 1), ("c", 2)):
        table.put(name, 10, rank)
    assert table.pop(10, 9) == ["b", "c", "a"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9) | st.none())), st.integers(0, 9), st.integers(0, 3))
def test_it_is_a_dictionary_of_times(orders: list[tuple[str, int | None]], now: int, limit: int) -> None:
    table, known = Timetable(), dict[str, int]()
    for name, due in orders:
        if due is None:
            table.drop(name)
            known.pop(name, None)
        else:
            table.put(name, due)
            known[name] = due
    assert table.next() == min(known.values(), default=None)
    ripe = sorted((due, name) for name, due in known.items() if due <= now)
    assert table.pop(now, limit) == [name for _, name in ripe][:limit]
    assert len(table.pop(9, 9)) == len(known) - min(limit, len(ripe))
