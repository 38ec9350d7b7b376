"""What past nights teach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.habits import learn
from comptoir.core.night import Printed, Report

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)


def past(nights: int, *titles: str, skip: Sequence[int] = (), at: str = "02:10") -> dict[date, list[Printed]]:
    """So many nights before Friday; {d} is the date. skip: nights back on which it did not come."""
    found = {}
    for back in range(1, nights + 1):
        day = FRIDAY - back * DAY
        moment = datetime.combine(day + DAY, time.fromisoformat(at))
        said = [] if back in skip else [title.format(d=day, n=1000 + back) for title in titles]
        found[day] = [Printed(back * 100 + place, title, moment) for place, title in enumerate(said)]
    return found


def merged(*pasts: dict[date, list[Printed]]) -> dict[date, list[Printed]]:
    return {day: [one for each in pasts for one in each.get(day, [])] for day in pasts[0]}


def learned(nights: dict[date, list[Printed]]) -> list[Report]:
    return learn(FRIDAY, "06:00", nights)


def names(nights: dict[date, list[Printed]]) -> list[str]:
    return [report.name for report in learned(nights)]


ALWAYS = past(28, "Main courante {d}")


def test_what_came_every_night_is_expected_under_the_name_that_people_know() -> None:
    (report,) = learned(ALWAYS)
    assert report.name == "Main courante"
    assert (report.came, report.of, report.copies) == (28, 28, 1)
    assert report.takes("MAIN COURANTE 2026-11-20")
    assert not report.takes("Main courante")


def test_less_than_three_nights_teach_nothing_and_closed_ones_are_none() -> None:
    assert names(past(2, "Flash {d}")) == []
    assert names(past(28, "Flash {d}", skip=range(3, 29))) == []
    assert names(past(3, "Flash {d}")) == ["Flash"]


def test_most_nights_are_enough_and_half_of_them_are_not() -> None:
    assert "Flash" in names(merged(ALWAYS, past(28, "Flash {d}", skip=(2, 5, 9, 16))))
    assert "Flash" not in names(merged(ALWAYS, past(28, "Flash {d}", skip=range(1, 29, 2))))


def test_what_never_comes_on_this_weekday_is_not_expected_on_it() -> None:
    assert "Flash" not in names(merged(ALWAYS, past(28, "Flash {d}", skip=(7, 14, 21, 28))))


def test_what_comes_on_this_weekday_only_is_expected_on_it() -> None:
    weekly = merged(ALWAYS, past(28, "Semaine {d}", skip=[back for back in range(1, 29) if back % 7]))
    assert "Semaine" in names(weekly)
    assert [one.name for one in learn(FRIDAY + DAY, "06:00", weekly)] == ["Main courante"]


def test_what_is_new_and_came_a_whole_week_is_expected_and_what_is_gone_for_one_is_not() -> None:
    assert "Neuf" in names(merged(ALWAYS, past(28, "Neuf {d}", skip=range(8, 29))))
    assert "Neuf" not in names(merged(ALWAYS, past(28, "Neuf {d}", skip=range(7, 29))))
    assert "Vieux" not in names(merged(ALWAYS, past(28, "Vieux {d}", skip=range(1, 8))))


def test_numbers_that_stay_are_a_part_of_the_name_and_those_that_change_are_not() -> None:
    found = learned(merged(ALWAYS, past(28, "Occupation 30 jours", "Occupation 60 jours", "Lot {n}")))
    assert sorted(one.name for one in found) == ["Lot", "Main courante", "Occupation 30 jours", "Occupation 60 jours"]
    lot = next(one for one in found if one.name == "Lot")
    assert lot.takes("Lot 4711")
    assert not any(one.takes("Occupation 90 jours") for one in found)


def test_what_is_printed_twice_each_night_is_expected_twice_and_what_varies_in_any_number() -> None:
    twice = past(28, "Flash {d}", "Flash {d}")
    assert [one.copies for one in learned(twice)] == [2]
    varying = past(28, "Folio 1{n}")
    for back, prints in enumerate(varying.values()):
        prints += [
            Printed(9000 + back * 50 + more, f"Folio {9000 + back * 50 + more}", prints[0].at)
            for more in range(back % 9)
        ]
    assert [(one.name, one.copies) for one in learned(varying)] == [("Folio", None)]


def test_its_time_is_that_by_which_it_is_usually_there_and_a_while() -> None:
    nights = past(28, "Flash {d}", at="02:10")
    assert learned(nights)[0].by == time(2, 45)
    last = FRIDAY - DAY
    nights[last] = [Printed(1, f"Flash {last}", datetime.combine(FRIDAY, time(5, 30)))]
    assert learned(nights)[0].by == time(2, 45)
    assert learned(past(28, "Flash {d}", at="05:40"))[0].by is None


def test_they_stand_in_the_order_in_which_they_come() -> None:
    assert names(merged(past(28, "B {d}", at="01:00"), past(28, "A {d}", at="02:00"))) == ["B", "A"]


def test_only_nights_before_teach() -> None:
    assert learn(FRIDAY - 28 * DAY, "06:00", ALWAYS) == []


days = st.dates(FRIDAY - 30 * DAY, FRIDAY)
prints = st.builds(
    Printed, st.integers(1), st.sampled_from(["Flash 2026-11-20", "Flash", "Lot 1", "", "é"]),
    st.datetimes(datetime.fromisoformat("2026-10-01"), datetime.fromisoformat("2026-12-01")), st.integers(1, 3),
)  # fmt: skip


@given(st.dictionaries(days, st.lists(prints, max_size=4), max_size=12), st.sampled_from(["00:00", "06:00", "23:59"]))
def test_any_past_teaches_reports_that_take_what_they_were_learned_from(
    nights: dict[date, list[Printed]], day_starts: str
) -> None:
    for report in learn(FRIDAY, day_starts, nights):
        assert report.takes(report.example)
        assert 0 < report.came <= report.of
        assert report.copies is None or report.copies > 0
