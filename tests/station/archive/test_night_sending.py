"""Each night's pack goes out once, at its hour or when the machine is back, whatever ends in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.peers.nights import House, house

from comptoir.archive import pack
from comptoir.config import ReportConfig
from comptoir.core.errors import UnknownName

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)
FLASH = ReportConfig(title="Manager Flash")


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.expects(send_to="DIRECTION")
        yield one


async def test_it_goes_at_its_hour_and_only_once(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    hotel.at("2026-11-21 07:29")
    assert await hotel.sending.send_due() == []
    hotel.at("2026-11-21 07:30")
    assert await hotel.sending.send_due() == [FRIDAY]
    assert await hotel.sending.send_due() == []
    assert [order.key for order in hotel.orders] == ["night:2026-11-20"]
    view = await hotel.nights.night(FRIDAY)
    assert view.parcel is not None
    assert view.parcel.destination == "DIRECTION"
    assert view.said.sent_at == hotel.clock.at


async def test_ended_between_the_job_and_the_word_that_it_was_sent_it_is_not_sent_twice(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash")

    async def killed(day: date) -> None:
        raise UnknownName("the service is ended here")

    hotel.nights.sent = killed  # type: ignore[method-assign]
    with pytest.raises(UnknownName):
        await hotel.sending.send_due()
    hotel.anew()
    # Another document came meanwhile: the pack would have other bytes now.
    await hotel.hotel.prints(FRIDAY, "Balance")
    assert await hotel.sending.send_due() == [FRIDAY]
    assert len(hotel.orders) == 1
    assert (await hotel.nights.night(FRIDAY)).said.sent_at is not None


async def test_ended_before_the_job_it_is_sent_at_the_next_start(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    hotel.anew()
    hotel.at("2026-11-21 15:00")
    assert await hotel.sending.send_due() == [FRIDAY]


async def test_what_was_due_while_the_machine_was_off_goes_when_it_is_back(hotel: House) -> None:
    for back in range(4):
        await hotel.hotel.prints(FRIDAY - back * DAY, "Manager Flash")
    hotel.at("2026-11-18 08:00")
    assert await hotel.sending.send_due() == [FRIDAY - 3 * DAY], "the first time the last night only"
    hotel.at("2026-11-21 10:00")
    assert await hotel.sending.send_due() == [FRIDAY - 2 * DAY, FRIDAY - DAY, FRIDAY]


async def test_a_night_without_anything_is_not_sent_and_one_with_everything_missing_is(hotel: House) -> None:
    assert await hotel.sending.send_due() == []
    hotel.expects(FLASH, send_to="DIRECTION")
    assert await hotel.sending.send_due() == [], "nothing was captured here yet"
    await hotel.hotel.prints(FRIDAY - DAY, "Manager Flash")
    assert await hotel.sending.send_due() == [FRIDAY]


async def test_what_a_person_sends_of_a_night_that_goes_on_is_not_its_pack(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash", "23:00")
    hotel.at("2026-11-20 23:30")
    await hotel.nights.send(FRIDAY, "marie", "fr")
    hotel.at("2026-11-21 07:30")
    assert await hotel.sending.send_due() == [FRIDAY]


async def test_what_a_person_has_sent_of_a_night_that_is_over_is(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    hotel.at("2026-11-21 06:30")
    await hotel.nights.send(FRIDAY, "marie", "fr")
    hotel.at("2026-11-21 07:30")
    assert await hotel.sending.send_due() == []


async def test_an_hour_before_the_date_ends_is_of_the_next_morning_too(hotel: House) -> None:
    hotel.expects(send_to="DIRECTION", send_at="05:00")
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    hotel.at("2026-11-21 05:00")
    assert await hotel.sending.send_due() == [FRIDAY]
    hotel.at("2026-11-21 08:00")
    assert await hotel.sending.send_due() == []


async def test_nobody_gets_it_where_nobody_is_to(hotel: House) -> None:
    hotel.expects()
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    assert await hotel.sending.send_due() == []


async def test_a_night_of_which_no_pack_can_be_made_holds_up_no_other(
    hotel: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "MOST", 1)
    hotel.at("2026-11-19 08:00")
    await hotel.hotel.prints(FRIDAY - 2 * DAY, "Manager Flash")
    assert await hotel.sending.send_due() == [FRIDAY - 2 * DAY]
    await hotel.hotel.prints(FRIDAY - DAY, "Manager Flash")
    await hotel.hotel.prints(FRIDAY - DAY, "Balance")
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    hotel.at("2026-11-21 08:00")
    assert await hotel.sending.send_due() == [FRIDAY]
