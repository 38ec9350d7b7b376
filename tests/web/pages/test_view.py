"""A job as a page shows it."""

from __future__ import annotations

from typing import Any

from comptoir.core.document import Document, Origin, Submission
from comptoir.core.record import Event
from comptoir.web.pages.view import steps, view_of, views_of


def event(seq: int, kind: str, reason: str = "") -> Event:
    return Event(seq, seq * 1000, kind, 1, f'{{"status": "queued", "reason": "{reason}"}}', b"")


def test_a_second_event_that_says_nothing_new_is_left_out() -> None:
    life = steps(
        [
            event(1, "job-pending", "a"),
            event(2, "job-pending", "a"),
            event(3, "job-pending", "b"),
            event(4, "job-pending", "a"),
        ]
    )
    assert [(step.at, step.event.reason) for step in life] == [(1000, "a"), (3000, "b"), (4000, "a")]


async def test_a_title_is_given_or_the_first_line_or_the_name(station: Any) -> None:
    await station.job("\n  Première ligne  \nseconde")
    await station.job("x" * 200)
    png = Submission(Document.of(b"\x89PNG\r\n\x1a\n", name="logo.png"), Origin("api"), "TICKET", format="image")
    await station.desk.submit(png)
    titled = Submission(Document.of(b"abc"), Origin("api"), "TICKET", title="Note")
    await station.desk.submit(titled)
    jobs = [await station.desk.job(number) for number in (1, 2, 3, 4)]
    titles = [view.title for view in await views_of(station.desk, jobs)]
    assert titles == ["Première ligne", "x" * 79 + "…", "logo.png", "Note"]


async def test_a_large_text_is_shown_on_its_page_but_not_read_for_a_list(station: Any) -> None:
    job = await station.job("mot " * 5_000)
    (line,) = await views_of(station.desk, [job])
    assert line.text == ""
    assert (await view_of(station.desk, job)).text.startswith("mot mot")
    book = await station.job("mot " * 50_000)
    assert (await view_of(station.desk, book)).text == ""


async def test_where_it_goes_is_said_by_role(hub: Any, station: Any) -> None:
    (at_hub,) = await views_of(hub.desk, [await hub.job("x", "caisse-1")])
    (at_station,) = await views_of(station.desk, [await station.job()])
    assert (at_hub.station, at_hub.printer) == ("caisse-1", "")
    assert (at_station.station, at_station.printer, at_station.place) == ("", "TICKET", "TICKET")


async def test_what_a_person_may_do(station: Any) -> None:
    waiting = await view_of(station.desk, await station.job())
    held = await view_of(station.desk, await station.desk.job((await station.held()).id))
    assert (waiting.can_cancel, waiting.held) == (True, False)
    assert (held.can_cancel, held.held) == (False, True)
