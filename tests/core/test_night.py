"""What is expected of a night, held against what was printed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.night import Audit, Printed, Report, audit, due, expected_on

FRIDAY = date(2026, 11, 20)


def wall(text: str) -> datetime:
    """On the clock on the wall in November 2026: day, hour, minute."""
    return datetime.fromisoformat(f"2026-11-{text}")


MORNING = wall("21 08:00")
FLASH = Report("manager flash*", "Manager Flash", time(4, 0))


def printed(number: int, title: str, at: str = "02:00", copies: int = 1) -> Printed:
    day = 21 if at < "06:00" else 20
    return Printed(number, title, wall(f"{day} {at}"), copies)


def judged(*prints: Printed, now: datetime = MORNING, reports: tuple[Report, ...] = (FLASH,)) -> Audit:
    return audit(FRIDAY, "06:00", reports, prints, now)


def test_what_is_there_in_time_is_present_whatever_its_case_and_accents() -> None:
    found = judged(printed(1, "MANAGER FLÀSH 2026-11-20"))
    assert [(one.state, one.prints[0].number) for one in found.reports] == [("present", 1)]
    assert found.complete


def test_what_is_not_there_is_missing_once_its_time_has_come() -> None:
    assert judged().reports[0].state == "missing"
    assert judged(now=wall("21 04:00")).missing == 1
    waiting = judged(now=wall("21 03:59"))
    assert waiting.reports[0].state == "awaited"
    assert not waiting.missing
    assert not waiting.complete
    assert not waiting.over


def test_what_came_after_its_time_is_late() -> None:
    found = judged(printed(1, "Manager Flash", "04:01"))
    assert found.reports[0].state == "late"
    assert found.reports[0].due == wall("21 04:00")
    assert found.complete


def test_what_came_in_time_and_again_later_is_not_late() -> None:
    assert (
        judged(printed(1, "Manager Flash", "03:00"), printed(2, "Manager Flash", "05:00")).reports[0].state == "twice"
    )


def test_one_without_a_time_has_the_whole_business_date() -> None:
    report = Report("x", "x")
    assert judged(reports=(report,), now=wall("21 05:59")).reports[0].state == "awaited"
    assert judged(reports=(report,), now=wall("21 06:00")).reports[0].state == "missing"


@pytest.mark.parametrize(("copies", "state"), [(1, "few"), (2, "present"), (3, "twice")])
def test_copies_are_counted_over_all_prints_of_it(copies: int, state: str) -> None:
    two = Report("flash*", "Flash", copies=2)
    assert judged(printed(1, "Flash", copies=copies), reports=(two,)).reports[0].state == state
    one_by_one = [printed(number, "Flash") for number in range(copies)]
    assert judged(*one_by_one, reports=(two,)).reports[0].state == state


def test_few_copies_are_waited_for_until_its_time() -> None:
    report = Report("flash*", "Flash", copies=2)
    early = judged(printed(1, "Flash", "23:00"), reports=(report,), now=wall("20 23:30"))
    assert early.reports[0].state == "awaited"


def test_any_number_of_copies_is_right_where_none_is_known() -> None:
    report = Report("folio\0", "Folio", copies=None, pattern=False)
    assert judged(*(printed(number, f"Folio {number}") for number in range(9)), reports=(report,)).complete


def test_missing_ones_come_first_then_what_is_not_as_it_should_be() -> None:
    reports = tuple(Report(f"{name}*", name, time(4), 1) for name in ("there", "double", "late", "gone"))
    found = judged(
        printed(1, "there"), printed(2, "double"), printed(3, "double"), printed(4, "late", "05:00"), reports=reports
    )
    assert [one.report.name for one in found.reports] == ["gone", "late", "double", "there"]
    assert found.tally == {"missing": 1, "late": 1, "twice": 1, "present": 1}


def test_what_nobody_expected_is_said_in_the_order_of_printing() -> None:
    found = judged(printed(2, "Menu", "03:00"), printed(1, "Letter", "23:00"), printed(3, "Manager Flash"))
    assert [one.number for one in found.others] == [1, 2]


def test_a_written_name_without_stars_takes_its_title_with_any_date() -> None:
    assert Report("Manager Flash", "x").takes("Manager Flash - 20/11/2026")
    assert not Report("Manager Flash", "x").takes("Manager Flash 2")


def test_the_days_of_a_report_are_those_that_are_written() -> None:
    weekly = Report("weekly*", "Weekly")
    assert expected_on(FRIDAY, [(weekly, ["sun"])], []) == []
    assert expected_on(date(2026, 11, 22), [(weekly, ["sun"])], []) == [weekly]


def test_what_is_written_down_is_not_learned_as_well_on_no_day() -> None:
    learned = Report("weekly\0", "Weekly", pattern=False, example="Weekly 2026-11-13")
    other = Report("flash\0", "Flash", pattern=False, example="Flash 2026-11-13")
    assert expected_on(FRIDAY, [(Report("weekly*", "Weekly"), ["sun"])], [learned, other]) == [other]


def test_a_time_before_the_begin_of_the_date_is_of_the_next_day() -> None:
    assert due(FRIDAY, "06:00", time(4)) == wall("21 04:00")
    assert due(FRIDAY, "06:00", time(23)) == wall("20 23:00")
    assert due(FRIDAY, "06:00", None) == wall("21 06:00")


def test_nothing_expected_is_not_complete() -> None:
    assert not judged(printed(1, "x"), reports=()).complete


names = st.sampled_from(["Manager Flash", "Manager Flash 2026-11-20", "Balance", "x", ""])
moments = st.datetimes(wall("20 06:00"), wall("21 06:00"))
prints = st.builds(Printed, st.integers(1, 99), names, moments, st.integers(1, 3))


@given(
    st.lists(
        st.builds(Printed, st.integers(1, 99), names, moments, st.integers(1, 3)), unique_by=lambda one: one.number
    ),
    st.lists(st.builds(Report, names, names, st.none() | st.times(), st.none() | st.integers(1, 3))),
    moments,
)
def test_each_document_counts_once_and_each_report_has_one_state(
    prints: list[Printed], reports: list[Report], now: datetime
) -> None:
    found = audit(FRIDAY, "06:00", reports, prints, now)
    counted = [one.number for each in found.reports for one in each.prints] + [one.number for one in found.others]
    assert sorted(counted) == sorted(one.number for one in prints)
    assert len(found.reports) == len(reports) == sum(found.tally.values())
    assert all(bool(one.prints) != (one.state == "missing") or one.state == "awaited" for one in found.reports)
