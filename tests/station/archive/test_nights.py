"""A night as pages and API see it: what is there, what people say of it, and its pack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace
from tests.peers.nights import REPORTS, House, house

from comptoir.config import NightConfig, ReportConfig
from comptoir.core.errors import RequestError, UnknownName, WrongState
from comptoir.core.record import EventQuery
from comptoir.station.archive.nights import LONGEST_NOTE, key_of

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)
FLASH = ReportConfig(title="Manager Flash", by="04:00")
BALANCE = ReportConfig(title="Balance*", by="04:00")


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


def bookmarks(path: Path) -> tuple[list[str], int]:
    """The titles of its outline, and how many pages it has."""
    with pikepdf.Pdf.open(path) as pdf, pdf.open_outline() as outline:
        return [item.title for item in outline.root], len(pdf.pages)


async def test_thirty_reports_are_learned_and_the_missing_one_and_the_double_are_found(hotel: House) -> None:
    await hotel.hotel.nights(FRIDAY - DAY, 8)
    await hotel.hotel.night(FRIDAY, skip=(1,))
    await hotel.hotel.prints(FRIDAY, REPORTS[3], "03:50")
    await hotel.hotel.prints(FRIDAY, "Menu", "19:00", by="chef")
    view = await hotel.nights.night(FRIDAY)
    assert [(one.state, one.report.name) for one in view.audit.reports][:2] == [
        ("missing", "Balance clients"),
        ("twice", "Trial Balance"),
    ]
    assert view.audit.tally == {"missing": 1, "twice": 1, "present": 28}
    assert [one.title for one in view.audit.others] == ["Menu"]
    assert len(view.documents) == 31
    (line,) = await hotel.nights.nights(FRIDAY, FRIDAY)
    assert (line.state, line.missing, line.twice, line.documents) == ("incomplete", 1, 1, 31)


async def test_a_month_has_a_line_for_each_night_that_has_begun(hotel: House) -> None:
    hotel.expects(FLASH)
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    await hotel.hotel.prints(FRIDAY - DAY, "Other")
    lines = await hotel.nights.nights(FRIDAY - DAY, FRIDAY + 9 * DAY)
    assert [(one.day.day, one.state) for one in lines] == [(19, "incomplete"), (20, "complete"), (21, "running")]
    hotel.expects()
    lines = await hotel.nights.nights(FRIDAY - 2 * DAY, FRIDAY)
    assert [one.state for one in lines] == ["empty", "unexpected", "unexpected"]


async def test_nothing_is_missing_of_nights_before_anything_was_captured(hotel: House) -> None:
    """Who writes a report down on the first day is not told of a month of missing ones."""
    hotel.expects(FLASH)
    assert [one.state for one in await hotel.nights.nights(FRIDAY - DAY, FRIDAY)] == ["empty", "empty"]
    hotel.at("2026-11-20 14:00")
    await hotel.journal.note("service-started", {})
    hotel.at("2026-11-21 08:00")
    assert [one.state for one in await hotel.nights.nights(FRIDAY - DAY, FRIDAY)] == ["empty", "incomplete"]
    await hotel.hotel.prints(FRIDAY - DAY, "Menu")
    lines = await hotel.nights.nights(FRIDAY - 2 * DAY, FRIDAY)
    assert [one.state for one in lines] == ["empty", "incomplete", "incomplete"]


async def test_a_night_to_come_is_none(hotel: House) -> None:
    assert hotel.nights.today == date(2026, 11, 21)
    for call in (hotel.nights.night(FRIDAY + 2 * DAY), hotel.nights.note(FRIDAY + 2 * DAY, "x", "marie")):
        with pytest.raises(UnknownName):
            await call
    hotel.at("2026-11-21 05:59")
    assert hotel.nights.today == FRIDAY


async def test_a_note_is_kept_with_who_wrote_it_and_the_same_again_changes_nothing(hotel: House) -> None:
    told = list[str]()
    hotel.nights.on_change.append(told.append)
    await hotel.nights.note(FRIDAY, "  Panne à 2 h. \r\nRepris. ", "marie")
    await hotel.nights.note(FRIDAY, "Panne à 2 h.\nRepris.", "yann")
    said = (await hotel.nights.night(FRIDAY)).said
    assert (said.note, said.noted_by, said.noted_at) == ("Panne à 2 h.\nRepris.", "marie", hotel.clock.at)
    assert told == ["2026-11-20"]
    with pytest.raises(RequestError):
        await hotel.nights.note(FRIDAY, "x" * (LONGEST_NOTE + 1), "marie")


async def test_a_signature_says_who_and_when_and_what_came_after_it_is_said(hotel: House) -> None:
    filed = await hotel.hotel.prints(FRIDAY, "Manager Flash")
    assert filed.number is not None
    await hotel.nights.sign(FRIDAY, " Camille  Roux ", filed.number)
    view = await hotel.nights.night(FRIDAY)
    assert (view.said.signed_by, view.said.signed_at, view.unread) == ("Camille Roux", hotel.clock.at, frozenset())
    with pytest.raises(WrongState):
        await hotel.nights.sign(FRIDAY, "Yann", filed.number)
    hotel.at("2026-11-21 09:00")
    late = await hotel.hotel.prints(FRIDAY, "Balance", "03:00")
    view = await hotel.nights.night(FRIDAY)
    assert view.unread == {late.number}
    assert (await hotel.nights.nights(FRIDAY, FRIDAY))[0].unread == 1
    with pytest.raises(WrongState, match="since it was shown"):
        await hotel.nights.sign(FRIDAY, "Yann", filed.number)
    await hotel.nights.sign(FRIDAY, "Yann", view.newest)
    assert (await hotel.nights.night(FRIDAY)).said.signed_by == "Yann"
    signed = await hotel.journal.history(EventQuery(kinds=("night-signed",)))
    assert len(signed) == 2, "the first signature stays in the journal"


async def test_two_who_write_at_once_do_not_undo_each_others_words(hotel: House) -> None:
    await asyncio.gather(
        hotel.nights.note(FRIDAY, "Panne", "marie"), hotel.nights.sign(FRIDAY, "Camille", 0), hotel.nights.sent(FRIDAY)
    )
    said = (await hotel.nights.night(FRIDAY)).said
    assert (said.note, said.signed_by, said.sent_at) == ("Panne", "Camille", hotel.clock.at)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\0b"])
async def test_a_signature_has_a_name(hotel: House, name: str) -> None:
    with pytest.raises(RequestError):
        await hotel.nights.sign(FRIDAY, name, 0)


async def test_the_pack_has_a_first_page_and_each_document_in_its_order(hotel: House) -> None:
    hotel.expects(FLASH, BALANCE)
    await hotel.hotel.prints(FRIDAY, "Manager Flash {d}", "02:10")
    await hotel.hotel.prints(FRIDAY, "Arrivées {d}", "23:10")
    await hotel.nights.note(FRIDAY, "Panne à 2 h.", "marie")
    async with hotel.nights.pack(FRIDAY, "fr") as path:
        titles, pages = bookmarks(path)
    assert titles == [
        "Nuit du vendredi 20 novembre 2026", "23:10 Arrivées 2026-11-20", "02:10 Manager Flash 2026-11-20",
    ]  # fmt: skip
    assert pages == 3
    assert not path.exists()
    assert not list((hotel.folder / "packs").iterdir())


async def test_a_selection_is_one_pdf_in_its_own_order(hotel: House) -> None:
    one = await hotel.hotel.prints(FRIDAY, "Un")
    two = await hotel.hotel.prints(FRIDAY - DAY, "Deux")
    assert one.number is not None
    assert two.number is not None
    async with hotel.nights.bound([two.number, one.number, two.number], "", "en") as path:
        titles, _ = bookmarks(path)
    assert titles == ["Documents of the archive", "2026-11-20 02:10 Deux", "2026-11-21 02:10 Un"]
    with pytest.raises(UnknownName):
        async with hotel.nights.bound([999], "", "en"):
            pass


async def test_the_pack_is_printed_once_however_often_the_form_is_sent(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    first, again = await asyncio.gather(
        *(hotel.nights.print(FRIDAY, "BUREAU", "marie", "fr", "form-1") for _ in range(2))
    )
    assert first.id == again.id
    (order,) = hotel.orders
    assert (order.destination, order.format, order.key) == ("BUREAU", "pdf", "form-1")
    assert (order.origin.source, order.origin.user) == ("night", "marie")
    assert order.title == "caisse-1 · Nuit du vendredi 20 novembre 2026"
    assert order.document.name == "caisse-1-2026-11-20.pdf"
    assert (await hotel.nights.night(FRIDAY)).said.sent_at is None, "on paper here is not sent"


async def test_sending_needs_a_destination_and_is_written(hotel: House) -> None:
    with pytest.raises(WrongState):
        await hotel.nights.send(FRIDAY, "marie", "fr")
    hotel.config = replace(hotel.config, night=NightConfig(send_to="DIRECTION"))
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    job = await hotel.nights.send(FRIDAY, "marie", "fr")
    assert job.destination == "DIRECTION"
    hotel.at("2026-11-21 09:00")
    late = await hotel.hotel.prints(FRIDAY, "Balance")
    view = await hotel.nights.night(FRIDAY)
    assert view.said.sent_at is not None
    assert view.unsent == {late.number}
    assert view.parcel is None, "a person has sent it"


async def test_what_is_learned_and_not_written_down_is_offered(hotel: House) -> None:
    await hotel.hotel.nights(FRIDAY, 4, ("Manager Flash {d}", "Balance {d}"))
    assert [one.name for one in await hotel.nights.learned()] == ["Manager Flash", "Balance"]
    hotel.config = replace(hotel.config, report=(BALANCE,))
    assert [one.name for one in await hotel.nights.learned()] == ["Manager Flash"]


def test_the_key_of_a_pack_is_the_date() -> None:
    assert key_of(FRIDAY) == "night:2026-11-20"
