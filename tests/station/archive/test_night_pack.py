"""The first page of a pack says what is there, what is missing, and what people have said; in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from tests.peers.nights import House, house

from comptoir.config import ReportConfig
from comptoir.station.archive.night_pack import leaf_of, night_cover, selection_cover, title_of

FRIDAY = date(2026, 11, 20)


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.expects(ReportConfig(title="Manager Flash", by="04:00"), ReportConfig(title="Balance", by="04:00"))
        yield one


async def cover(hotel: House, language: str = "fr") -> dict[str, str]:
    """The facts of the first page; its check list under “checks”, its note under “note”."""
    wall = hotel.nights.records.wall
    made = night_cover(await hotel.nights.night(FRIDAY), "Hôtel", hotel.clock.now(), language, wall)
    assert (made.house, made.language) == ("Hôtel", language)
    checks = "; ".join(f"{one.mark}: {one.name}, {one.said}" for one in made.checks)
    return {**dict(made.facts), "checks": checks, "note": made.note, "heading": made.heading}


async def test_what_is_there_and_what_is_missing(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash", "02:10")
    said = await cover(hotel)
    assert said["heading"] == "Nuit du vendredi 20 novembre 2026"
    assert said["checks"] == "Manquant: Balance, attendu avant 04:00; Présent: Manager Flash, 02:10"
    assert said["Rapports attendus"] == "1 manquant sur 2"
    assert said["Documents"] == "1"
    assert said["Signature"] == "pas encore"
    assert said["Assemblé"] == "samedi 21 novembre à 08:00"
    assert said["Journée"] == "du vendredi 20 novembre à 06:00 au samedi 21 novembre à 06:00"


async def test_a_signature_a_note_and_what_came_after(hotel: House) -> None:
    for title in ("Manager Flash", "Balance"):
        await hotel.hotel.prints(FRIDAY, title)
    await hotel.nights.note(FRIDAY, "Panne.", "x")
    await hotel.nights.sign(FRIDAY, "Camille", 2)
    said = await cover(hotel, "en")
    assert said["Signed"] == "Camille, Saturday, 21 November at 08:00"
    assert said["Expected reports"] == "All 2 are there"
    assert said["note"] == "Panne."
    hotel.at("2026-11-21 09:00")
    await hotel.hotel.prints(FRIDAY, "Menu")
    assert (await cover(hotel, "en"))["Signed"].endswith("documents that came after that: 1")


async def test_a_document_is_named_with_its_time_its_hash_and_that_it_is_not_whole(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Flash", "02:10", partial="hung up")
    (kept,) = await hotel.nights.records.documents(FRIDAY)
    leaf = leaf_of(kept, "fr", hotel.nights.records.wall)
    assert (leaf.at, leaf.bookmark, leaf.by) == ("02:10", "02:10 Flash (incomplet)", "camille")
    assert kept.document.digest in leaf.small
    dated = leaf_of(kept, "fr", hotel.nights.records.wall, dated=True)
    assert (dated.at, dated.bookmark) == ("21/11 02:10", "2026-11-21 02:10 Flash (incomplet)")


async def test_a_selection_says_its_dates(hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Flash")
    kept = await hotel.nights.records.documents(FRIDAY)
    wall = hotel.nights.records.wall
    made = selection_cover(kept, "", "Hôtel", hotel.clock.now(), "fr", wall)
    assert (made.heading, dict(made.facts)["Journée"]) == (
        "Documents des archives",
        "vendredi 20 novembre 2026",
    )
    assert selection_cover([], "Contrôle", "Hôtel", 0, "fr", wall).heading == "Contrôle"


def test_what_it_is_called_where_it_is_sent() -> None:
    assert title_of("Hôtel", FRIDAY, "en") == "Hôtel · Night of Friday, 20 November 2026"
