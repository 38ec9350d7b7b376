"""The station's Overview: one sentence that is true, and the button for what needs somebody."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.peers.nights import Hotel, House

from comptoir.config import ReportConfig
from comptoir.core.document import TEXT, Document, Origin, Submission
from comptoir.core.errors import JournalError, NotAllowed
from comptoir.core.job import DOCUMENT_FORMAT_ERROR
from comptoir.core.kept import SourceState, Unkept
from comptoir.remains import Remains


@dataclass
class Link:
    url: str = "ws://hub.example/relay"
    connected: bool = True
    since: int | None = 1_795_176_000_000
    trouble: str = ""
    hint: str = ""


def verdict(page: str) -> tuple[str, str]:
    """(tone, text) of the one sentence."""
    found = re.search(r'<div class="verdict (\w+)">(.*?)</div></div>', page, re.DOTALL)
    assert found
    return found[1], re.sub(r"<[^>]+>", "", found[2]).strip()


async def test_everything_works(station: Any) -> None:
    assert verdict(await station.get("/")) == ("done", "Tout fonctionne. Rien n’a encore été imprimé.")


async def test_the_first_thing_to_do_comes_first(station: Any) -> None:
    station.desk.link = Link(connected=False, trouble="the hub closed the link", hint="It reconnects by itself.")
    tone, text = verdict(await station.get("/"))
    assert tone == "wait"
    assert "La liaison avec le hub est coupée." in text
    station.places[0] = replace(station.places[0], ready=False, reason="media-empty-error", waiting=3)
    tone, text = verdict(await station.get("/"))
    assert text.startswith("L’imprimante TICKET n’a plus de papier. 3 impressions attendent.")
    await station.held()
    tone, text = verdict(await station.get("/"))
    assert tone == "ask"
    assert text.startswith("1 impression attend votre réponse : est-elle sortie ?")
    assert "réimprimez avec la mention DUPLICATA" in text


async def test_a_held_job_has_its_buttons_and_leads_back_here(station: Any) -> None:
    await station.held("Facture 12")
    page = await station.get("/")
    needs = page.split('class="needs"')[1].split("</section>")[0]
    assert "Facture 12" in needs
    for action in ("confirm", "reprint", "give-up"):
        assert f'action="/jobs/1/{action}"' in needs
    assert 'name="back" value="/"' in needs
    await station.post("/jobs/1/confirm", back="/")
    assert 'class="needs"' not in await station.get("/")


async def test_what_was_given_up_needs_nobody_any_more(station: Any) -> None:
    await station.held()
    await station.post("/jobs/1/give-up", back="/")
    page = await station.get("/")
    assert 'class="needs"' not in page
    assert verdict(page)[0] == "done"


async def test_a_failure_needs_somebody_until_it_is_reprinted_or_old(station: Any) -> None:
    job = await station.job("illisible")
    await station.change(job, "aborted", DOCUMENT_FORMAT_ERROR)
    assert "ne sait pas imprimer ce genre de document" in await station.get("/")
    station.clock.at += 13 * 3_600_000
    assert 'class="needs"' not in await station.get("/")
    station.clock.at -= 13 * 3_600_000
    await station.post("/jobs/1/reprint")
    assert 'class="needs"' not in await station.get("/")


async def test_the_last_papers_and_what_is_under_way_are_shown(station: Any) -> None:
    await station.job("En route")
    page = await station.get("/")
    assert 'src="/api/jobs/1/paper.png"' in page
    assert "En cours</h2>" in page
    assert "En route" in page


async def test_the_link_is_told(station: Any) -> None:
    assert "Appairée à un hub" in await station.get("/")
    station.desk.link = Link()
    page = await station.get("/")
    assert "Reliée" in page
    assert "<code>http://hub.example</code>" in page


async def test_without_a_printer_it_says_how_to_have_one(station: Any) -> None:
    station.places.clear()
    tone, text = verdict(await station.get("/"))
    assert tone == "ask"
    assert "Ajouter une imprimante" in text


async def test_pairing_passes_address_and_code_on(station: Any) -> None:
    status, location, _ = await station.post("/pair", url=" http://hub.example ", code=" ABCD2345 ")
    assert (status, location) == (303, "/?paired")
    assert station.access.asked == [("http://hub.example", "ABCD2345")]


async def test_a_refused_pairing_says_why_and_keeps_the_address(station: Any) -> None:
    station.access.refusal = NotAllowed("this code is wrong, used or too old", "")
    status, _, page = await station.post("/pair", url="http://hub.example", code="NO")
    assert status == 403
    assert "Ce code est faux, déjà utilisé ou trop ancien" in page
    assert 'value="http://hub.example"' in page


async def test_a_pairing_that_worked_is_said(station: Any) -> None:
    assert "Cette station est appairée." in await station.get("/?paired")
    assert "Cette station est appairée." not in await station.get("/")


async def test_a_folder_that_needs_somebody_is_said_here_too(station: Any) -> None:
    folders = station.access.folders
    folders.folder("courrier")
    assert "Tout fonctionne" in await station.get("/")
    folders.folder("factures", reachable=False, trouble="/x is not there")
    folders.original("a.pdf", "failed", source="courrier")
    page = await station.get("/")
    assert "Tout fonctionne" not in page
    assert "Le dossier courrier :" in page
    assert "1 fichier a besoin de vous." in page
    assert "rien n’est perdu" in page
    assert 'href="/folders/factures"' in page


async def test_a_file_that_failed_is_said_once_by_its_folder(station: Any) -> None:
    station.access.folders.folder("factures")
    station.access.folders.original("locked.pdf", "failed")
    attributes = {"source": "factures"}
    order = Submission(Document.of(b"x", TEXT), Origin("factures"), destination="TICKET", attributes=attributes)
    await station.change((await station.desk.submit(order)).job, "aborted", DOCUMENT_FORMAT_ERROR)
    needs = (await station.get("/")).split('class="needs"')[1].split("</section>")[0]
    assert 'href="/folders/factures"' in needs
    assert "DUPLICATA" not in needs


async def test_what_goes_to_an_archive_is_no_paper(station: Any) -> None:
    await station.job("Vers l’archive")
    assert "paper.png" in await station.get("/")
    station.desk.parts = replace(station.desk.parts, prints=lambda destination: False)
    page = await station.get("/")
    assert "paper.png" not in page
    assert "Vers l’archive" in page


async def test_the_last_documents_of_the_archive_are_shown(station: Any) -> None:
    assert "Derniers documents" not in await station.get("/")
    for number in range(9):
        station.access.archive.put(f"Rapport {number}")
    page = await station.get("/")
    assert 'href="/archive/9"' in page
    assert 'href="/archive/3"' not in page
    assert "Rapport 8" in page


async def test_an_index_that_cannot_be_read_does_not_hide_the_rest(
    station: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(search: object) -> None:
        raise JournalError("the index cannot be read")

    monkeypatch.setattr(station.access.archive, "search", broken)
    assert "Tout fonctionne." in await station.get("/")


async def test_a_source_that_takes_no_prints_is_said_first(station: Any) -> None:
    lost = Unkept("bureau", "42", "LASER", "Arrivals", "nina", None, "CUPS has thrown its document away already")
    deaf = SourceState("audit", "ipp_printer", trouble="the address x:1 is in use by another program")
    station.access.capturing.found = [SourceState("bureau", "cups", unkept=(lost,)), deaf]
    page = await station.get("/")
    tone, text = verdict(page)
    assert (tone, text.partition("\n")[0]) == (
        "bad", "La source audit : L’adresse x:1 est occupée par un autre programme.Voir la source",
    )  # fmt: skip
    needs = page.split('class="needs"')[1].split("</section>")[0]
    assert 'href="/capture#bureau"' in needs
    assert "1 impression que les archives n’ont pas" in needs


async def test_a_source_that_takes_prints_needs_nobody(station: Any) -> None:
    station.access.capturing.found = [SourceState("audit", "ipp_printer", taken=3)]
    assert verdict(await station.get("/"))[0] == "done"


async def test_last_nights_missing_reports_are_said_until_somebody_signs(station: Any, tmp_path: Path) -> None:
    house = House(station.journal, station.clock, Hotel(station.journal), tmp_path)
    house.at("2026-11-21 08:00")
    house.expects(ReportConfig(title="Manager Flash"))
    station.access.nights = house.nights
    filed = await house.hotel.prints(date(2026, 11, 20), "Balance clients")
    assert filed.number
    page = await station.get("/")
    assert verdict(page)[1].startswith("Nuit du vendredi 20 novembre 2026 : 1 rapport manquant")
    assert 'href="/nights/2026-11-20"' in page.split('class="needs"')[1].split("</section>")[0]
    await house.nights.sign(date(2026, 11, 20), "Camille Roux", filed.number)
    assert verdict(await station.get("/"))[0] == "done"


async def test_a_night_that_lacks_nothing_needs_nobody(station: Any, tmp_path: Path) -> None:
    house = House(station.journal, station.clock, Hotel(station.journal), tmp_path)
    house.at("2026-11-21 08:00")
    house.expects()
    station.access.nights = house.nights
    assert verdict(await station.get("/"))[0] == "done"


async def test_the_settings_of_the_earlier_service_are_offered_until_somebody_decides(
    station: Any, tmp_path: Path
) -> None:
    (tmp_path / "OdooPOS").mkdir()
    (tmp_path / "OdooPOS" / "config.ini").write_text("[printer]\nname = <BAR>\n")
    station.access.remains = Remains(tmp_path / "data", {"PROGRAMDATA": str(tmp_path)})
    page = await station.get("/")
    assert "Le service de caisse précédent a laissé ses réglages" in page
    assert f"{tmp_path}/OdooPOS/config.ini" in page
    assert "comptoir import-config" in page
    assert (await station.post("/config/remains"))[:2] == (303, "/")
    assert "précédent" not in await station.get("/")


async def test_where_there_are_none_nothing_is_decided(station: Any) -> None:
    assert "précédent" not in await station.get("/")
    assert (await station.post("/config/remains"))[0] == 404
