"""The drawer openings of a day, put together from the journal, and as files."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.clock import FakeClock
from tests.peers.signed_in import SignedIn
from tests.peers.site import Site

from comptoir.core.errors import RequestError
from comptoir.core.record import Event
from comptoir.journal.sqlite import SqliteJournal
from comptoir.web import openings
from comptoir.web.locale import catalogue
from comptoir.web.openings import (
    COLUMNS,
    Opening,
    as_csv,
    as_json,
    asked_day,
    bounds,
    count,
    local_day,
    openings_of,
    openings_on,
)
from comptoir.web.words import Words

PARIS = ZoneInfo("Europe/Paris")
FRENCH, ENGLISH = Words(catalogue("fr")), Words(catalogue("en"))


def events(*told: tuple[str, dict[str, object]]) -> list[Event]:
    """Numbered from 1, a second apart."""
    return [Event(n, n * 1000, kind, None, json.dumps(body), bytes([n])) for n, (kind, body) in enumerate(told, 1)]


def results(*told: tuple[str, dict[str, object]]) -> list[tuple[int, str, str]]:
    return [(one.seq, one.printer, one.result) for one in openings_of(events(*told))]


T, B = {"printer": "T"}, {"printer": "B"}


def test_what_was_asked_and_what_came_of_it_is_one_line() -> None:
    assert results(
        ("drawer-asked", T),
        ("drawer-asked", B),
        ("drawer-refused", T),
        ("drawer-opened", {**T, "outcome": "opened"}),
        ("drawer-failed", {**B, "error": "drawer-stuck"}),
    ) == [(3, "T", "refused"), (4, "T", "opened"), (5, "B", "failed")]


def test_what_was_never_answered_is_to_be_checked() -> None:
    """The service was ended between the call and its outcome."""
    asked = ("drawer-asked", {**T, "reason": "r"})
    opened = ("drawer-opened", {**T, "outcome": "sent"})
    assert results(asked, asked, opened, asked) == [(1, "T", "unknown"), (3, "T", "sent"), (4, "T", "unknown")]


def test_a_refusal_is_no_answer_to_the_call_before_it() -> None:
    assert results(("drawer-asked", T), ("drawer-refused", T)) == [(1, "T", "unknown"), (2, "T", "refused")]


def test_looking_for_the_sensor_opens_the_drawer_too() -> None:
    asked = ("drawer-asked", {**T, "reason": "set-up", "user": "anna", "host": "10.0.0.1"})
    (one,) = openings_of(events(asked, ("drawer-learned", {**T, "sensor": True})))
    assert (one.seq, one.result, one.user, one.host, one.without_sale) == (2, "set-up", "anna", "10.0.0.1", True)


def test_an_outcome_of_a_version_to_come_is_to_be_checked() -> None:
    assert results(("drawer-opened", {**T, "outcome": "half"}), ("drawer-opened", {})) == [
        (1, "T", "unknown"),
        (2, "", "unknown"),
    ]


def test_they_are_counted() -> None:
    found = openings_of(
        events(
            ("drawer-opened", {**T, "outcome": "opened", "order": "0042"}),
            ("drawer-opened", {**T, "outcome": "sent"}),
            ("drawer-refused", T),
            ("drawer-failed", T),
            ("drawer-asked", T),
        )
    )
    counts = count(found)
    assert (counts.opened, counts.without_sale, counts.refused, counts.failed, counts.unknown) == (2, 2, 1, 1, 1)
    assert [one.without_sale for one in found] == [False, True, False, False, True]


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 11, 21), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
def test_a_day_has_its_own_length(day: date, hours: int) -> None:
    since, until = bounds(day, PARIS)
    assert (until - since) / 3_600_000 == hours
    assert bounds(day)[1] - bounds(day)[0] > 0


@pytest.mark.parametrize(
    "text", ["x", "2026-13-01", "2026-1-1", "20261121", "1900-01-01", "9999-12-31", "２０２６-01-01"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="no day"):
        asked_day(text, date(2026, 1, 1))


def test_no_day_is_today() -> None:
    assert asked_day("", date(2026, 1, 1)) == date(2026, 1, 1)
    assert asked_day("2026-11-21", date(2026, 1, 1)) == date(2026, 11, 21)


async def test_those_of_a_day_are_all_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many, and one that was asked for before midnight and opened after it."""
    monkeypatch.setattr(openings, "STEP", 3)
    since, until = bounds(date(2026, 11, 21), PARIS)
    clock = FakeClock(since - 500)
    journal = await SqliteJournal.open("", tmp_path, clock)
    await journal.note("drawer-asked", T)
    for at in (since, since + 1, until - 1):
        clock.at = at
        await journal.note("drawer-opened", {**T, "outcome": "opened"})
        await journal.note("drawer-refused", T)
        await journal.note("signed-in", {})
    clock.at = until - 1
    await journal.note("drawer-asked", B)
    clock.at = until
    await journal.note("drawer-opened", {**B, "outcome": "opened"})
    found = await openings_on(journal, date(2026, 11, 21), PARIS)
    before = await openings_on(journal, date(2026, 11, 20), PARIS)
    await journal.close()
    assert [one.seq for one in found] == [9, 8, 6, 5, 3, 2]
    assert before == []


# -- files ------------------------------------------------------------------------------------------------------------

ONE = Opening(7, 1_795_000_000_000, "ab" * 32, "TICKET", "opened", reason="monnaie; « 2 € »", host="127.0.0.1")


def cells(one: Opening, language: str = "fr") -> list[str]:
    words, delimiter = (FRENCH, ";") if language == "fr" else (ENGLISH, ",")
    text = as_csv([one], words, language).decode("utf-8-sig")
    heading, row = csv.reader(StringIO(text), delimiter=delimiter)
    assert len(heading) == len(row) == len(COLUMNS)
    return row


def test_a_french_spreadsheet_opens_it_as_it_is() -> None:
    data = as_csv([ONE], FRENCH, "fr")
    assert data.startswith(b"\xef\xbb\xbfHeure;Tiroir;R\xc3\xa9sultat;Vente;Sans vente;Motif;")
    assert data.count(b"\r\n") == 2
    row = cells(ONE)
    assert (row[1], row[2], row[4], row[5]) == ("TICKET", "Ouvert", "oui", "monnaie; « 2 € »")
    assert row[-2:] == ["7", "ab" * 32]


def test_an_english_one_has_its_own_separator() -> None:
    assert as_csv([], ENGLISH, "en").startswith(b"\xef\xbb\xbfTime,Drawer,Result,")
    assert cells(ONE, "en")[4] == "yes"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    for name, place in (("reason", 5), ("order", 3), ("printer", 1), ("site", 7), ("user", 6)):
        one = Opening(7, 0, "", **{"printer": "T", "result": "opened", name: text})  # type: ignore[arg-type]
        assert cells(one)[place].startswith("'")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_the_file(text: str) -> None:
    cell = cells(Opening(7, 0, "", "T", "opened", reason=text))[5]
    assert cell.removeprefix("'").replace("\r\n", "\n") in (text.replace("\r\n", "\n"), text.removeprefix("'"))
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_programs_get_the_totals_and_each_one() -> None:
    told = as_json(date(2026, 11, 21), [ONE])
    assert (told["day"], told["opened"], told["without_sale"]) == ("2026-11-21", 1, 1)
    (one,) = told["openings"]  # type: ignore[misc]
    assert one["at"] == "2026-11-18T11:06:40.000Z"
    assert (one["event"], one["result"], one["without_sale"], one["hash"]) == (7, "opened", True, "ab" * 32)


# -- over HTTP --------------------------------------------------------------------------------------------------------

EXPORT = "/api/drawer/openings"


async def test_the_export_is_for_who_is_signed_in(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        for query in ("", "?format=csv"):
            assert (await site.ask("GET", EXPORT + query)).status == 401
        owner = await SignedIn.of(site)
        assert (await owner.get(EXPORT)).json["openings"] == []


async def test_the_export_of_a_day(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        await site.ask("POST", "/api/drawer/open", {"reason": "=cmd", "order": "0042"})
        owner = await SignedIn.of(site)
        day = local_day(site.clock.now())
        told = (await owner.get(f"{EXPORT}?day={day}")).json
        assert [(one["order"], one["reason"]) for one in told["openings"]] == [("0042", "=cmd")]
        answer = await owner.get(f"{EXPORT}?day={day}&format=csv")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.headers["Content-Disposition"] == f"attachment; filename=tiroir-{day}.csv"
        assert ";'=cmd;" in answer.body.decode()
        assert (await owner.get(f"{EXPORT}?day=2020-01-01")).json["openings"] == []
        english = await owner.get(f"{EXPORT}?format=csv&lang=en")
        assert english.body.startswith(b"\xef\xbb\xbfTime,")


@pytest.mark.parametrize("query", ["day=x", "format=xml", "day=../../etc/passwd"])
async def test_what_is_no_export_is_refused(tmp_path: Path, query: str) -> None:
    async with Site.station(tmp_path) as site:
        assert (await (await SignedIn.of(site)).ask("GET", f"{EXPORT}?{query}", Accept="*/*")).status == 400
