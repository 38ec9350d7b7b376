"""A night's page: what is missing first, all that was printed, a note, a signature, and the pack."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.peers.nights import Hotel, House

from comptoir.config import PrinterConfig, ReportConfig
from comptoir.destinations import FolderConfig

FRIDAY = date(2026, 11, 20)
HERE = "/nights/2026-11-20"


@pytest.fixture
def hotel(station: Any, tmp_path: Path) -> House:
    """The nights of the station under test, on the morning of 2026-11-21."""
    one = House(station.journal, station.clock, Hotel(station.journal), tmp_path)
    one.at("2026-11-21 08:00")
    one.expects(ReportConfig(title="Manager Flash", by="04:00"), ReportConfig(title="Balance", name="Balance clients"))
    station.access.nights = one.nights
    return one


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


async def test_what_is_missing_comes_first_and_the_rest_with_its_time_and_picture(station: Any, hotel: House) -> None:
    filed = await hotel.hotel.prints(FRIDAY, "Manager Flash {d}", "02:14")
    page = await station.get(HERE)
    said = text_of(page)
    assert "Vendredi 20 novembre 2026" in said
    assert "1 rapport manquant sur 2 attendus" in said
    assert said.index("Balance clients attendu avant 06:00 · inscrit dans les réglages Manquant") < said.index(
        "Manager Flash 02:14 · camille"
    )
    assert f'<img src="/api/documents/{filed.number}/thumbnail"' in page
    assert f'href="/archive/{filed.number}"' in page
    assert "02:14 Manager Flash 2026-11-20 camille HP-RECEPTION" in said


async def test_a_complete_night_says_so_and_what_was_late_or_double(station: Any, hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash", "04:30")
    await hotel.hotel.prints(FRIDAY, "Balance", "02:00", copies=2)
    said = text_of(await station.get(HERE))
    assert "Complète Les 2 rapports attendus sont présents. 1 est arrivé en retard. 1 a été imprimé en trop." in said
    assert "arrivé à 04:30, attendu avant 04:00" in said
    assert "imprimé 2 fois, attendu une fois" in said


async def test_what_nobody_expected_or_is_not_whole_is_marked_in_the_list(station: Any, hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Menu", "19:00", by="chef")
    await hotel.hotel.prints(FRIDAY, "Balance", "02:00", partial="the sender hung up")
    said = text_of(await station.get(HERE))
    assert "19:00 Menu hors liste chef" in said
    assert "02:00 Balance Incomplet" in said
    assert "2 rapports manquants" in said, "half a report is none"


async def test_where_nothing_is_expected_the_way_to_the_settings_is_shown(station: Any, hotel: House) -> None:
    hotel.expects()
    page = await station.get(HERE)
    assert "Aucun rapport attendu" in page
    assert 'href="/config/night"' in page
    assert "Rien n’a été imprimé pour cette journée." in page


async def test_a_note_is_kept_and_shown_as_text(station: Any, hotel: House) -> None:
    status, location, _ = await station.post(f"{HERE}/note", note="Panne <b>à 2 h</b>")
    assert (status, location) == (303, f"{HERE}?told=noted#said")
    page = await station.get(f"{HERE}?told=noted")
    assert "La note est enregistrée." in page
    assert "Panne &lt;b&gt;à 2 h&lt;/b&gt;" in page
    status, _, page = await station.post(f"{HERE}/note", note="x" * 4001)
    assert status == 400
    assert "Une note a 4000 caractères au plus." in page
    assert "x" * 4001 in page, "what was typed is not lost"


async def test_a_signature_is_given_once_and_again_for_what_came_later(station: Any, hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    page = await station.get(HERE)
    assert "1 rapport manque : la signature dit que vous l’avez vu." in page
    (seen,) = re.findall(r'name="seen" value="(\d+)"', page)
    status, location, _ = await station.post(f"{HERE}/sign", name="Camille Roux", seen=seen)
    assert (status, location) == (303, f"{HERE}?told=signed#said")
    page = await station.get(HERE)
    assert "Camille Roux" in page
    assert 'name="seen"' not in page
    hotel.at("2026-11-21 09:00")
    await hotel.hotel.prints(FRIDAY, "Balance")
    page = await station.get(HERE)
    assert "1 document arrivé depuis" in page
    assert "Après la signature" in page
    assert "Signer de nouveau cette nuit" in page


async def test_what_came_while_a_person_looked_is_not_signed_unseen(station: Any, hotel: House) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    status, _, page = await station.post(f"{HERE}/sign", name="Camille", seen="0")
    assert status == 409
    assert "Des documents sont arrivés pour cette nuit depuis son affichage" in page
    for seen in ("", "x", "9" * 30):
        assert (await station.post(f"{HERE}/sign", name="Camille", seen=seen))[0] == 400


async def test_the_pack_is_opened_printed_and_sent(station: Any, hotel: House) -> None:
    printer = PrinterConfig(name="BUREAU", device="socket://192.0.2.1", language="pcl")
    receipts = PrinterConfig(name="TICKET", device="virtual:")
    hotel.config = replace(
        hotel.config, printer=(receipts, printer), destination=(FolderConfig(name="DIRECTION", path="/x"),)
    )
    hotel.config = replace(hotel.config, night=replace(hotel.config.night, send_to="DIRECTION"))
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    page = await station.get(HERE)
    assert "Part de lui-même vers DIRECTION le samedi 21 novembre à 07:30" in page
    assert "TICKET</button>" not in page, "a receipt printer prints no A4"
    answer = await station.client.get(f"{HERE}/pack.pdf")
    assert answer.content_type == "application/pdf"
    assert (await answer.read()).startswith(b"%PDF-")
    key = re.findall(r'name="key" value="(\w+)"', page)[0]
    for _ in range(2):
        status, location, _ = await station.post(f"{HERE}/deliver", to="BUREAU", key=key)
        assert (status, location) == (303, f"{HERE}?told=handed&job=1#pack")
    await station.post(f"{HERE}/deliver", to="DIRECTION", key=key)
    assert [order.destination for order in hotel.orders] == ["BUREAU", "DIRECTION"]
    assert "Envoyé le samedi 21 novembre à 08:00" in await station.get(HERE)
    hotel.at("2026-11-21 09:00")
    await hotel.hotel.prints(FRIDAY, "Balance")
    assert "1 document arrivé depuis n’y figure pas" in await station.get(HERE)


async def test_a_night_to_come_and_what_is_no_day_are_said(station: Any, hotel: House) -> None:
    for path, status in (("/nights/2026-11-22", 404), ("/nights/2026-02-30", 400), ("/nights/x", 404)):
        answer = await station.client.get(path, headers={"Accept-Language": "fr"})
        assert answer.status == status
    assert (
        "La nuit du 2026-11-22 n’a pas commencé"
        in await (await station.client.get("/nights/2026-11-22", headers={"Accept-Language": "fr"})).text()
    )
