"""The printers of a station: state in words, papers, test print, probe, drawer, faults."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.sinks.drawer import DrawerOffline
from comptoir.sinks.probe import ProbeFailed
from comptoir.web.desk import Place


async def test_a_virtual_printer_shows_its_papers(station: Any) -> None:
    page = await station.get("/printers")
    assert 'data-papers="/api/printers/TICKET/papers"' in page
    assert "Prête" in page


async def test_a_real_printer_shows_what_was_printed_last(station: Any) -> None:
    station.places[:] = [Place("BAR", device="socket://10.0.0.9:9100")]
    job = await station.job("un", "BAR")
    await station.job("pas encore", "BAR")
    await station.change(job, "completed")
    page = await station.get("/printers")
    assert "data-papers" not in page
    assert 'src="/api/jobs/1/paper.png"' in page
    assert 'src="/api/jobs/2/paper.png"' not in page


async def test_trouble_is_told_with_its_remedy(station: Any) -> None:
    message = "[Errno 111] Connection refused"
    station.places[:] = [Place("BAR", ready=False, reason="connecting-to-device", message=message, waiting=2)]
    page = await station.get("/printers")
    assert "L’imprimante BAR ne répond pas." in page
    assert "Personne ne prend les connexions à son adresse." in page
    assert "2 impressions" in page


@pytest.mark.parametrize(("language", "line"), [("fr", "Si vous lisez cette ligne"), ("en", "If you can read")])
async def test_a_test_print_is_a_job_in_the_readers_language(station: Any, language: str, line: str) -> None:
    status, location, _ = await station.post(f"/printers/TICKET/test?lang={language}")
    assert (status, location) == (303, "/jobs/1")
    job = await station.desk.job(1)
    assert (job.destination, job.format, job.origin.source) == ("TICKET", "message", "console")
    assert line in (await station.journal.content(job.document)).decode()


async def test_a_printer_that_is_not_there_is_not_tested(station: Any) -> None:
    status, _, page = await station.post("/printers/NADA/test")
    assert status == 404
    assert "Aucune imprimante ne s’appelle « NADA »." in page
    assert not station.started


async def test_a_name_with_odd_characters_still_has_its_addresses(station: Any) -> None:
    station.places[:] = [Place("Bar & café #1")]
    assert 'action="/printers/Bar%20%26%20caf%C3%A9%20%231/test"' in await station.get("/printers")
    assert (await station.post("/printers/Bar%20%26%20caf%C3%A9%20%231/test"))[0] == 303


def card(page: str, name: str = "TICKET") -> str:
    """The card of one printer, as text and markup."""
    return page.split(f'<article class="printer" id="{name}">')[1].split("</article>", maxsplit=1)[0]


async def test_what_it_confirms_is_listed_in_plain_words_and_whether_that_was_tried(station: Any) -> None:
    station.places[:] = [Place("TICKET", device="virtual:", confirms=("process-id", "in-order"))]
    shown = card(await station.get("/printers"))
    assert shown.index("sur le papier : l’imprimante renvoie son numéro.") < shown.index("jusqu’au bout")
    assert "Celle-ci n’a pas encore été interrogée" in shown
    station.places[:] = [Place("TICKET", device="virtual:", confirms=(), probed=True)]
    shown = card(await station.get("/printers"))
    assert "Rien : l’impression part, et l’on n’en sait pas plus." in shown
    assert "pas encore été interrogée" not in shown


async def test_little_paper_is_told_while_it_prints(station: Any) -> None:
    station.places[:] = [Place("TICKET", device="virtual:", notices=("media-low-report",))]
    for path in ("/printers", "/"):
        page = await station.get(path)
        assert "Prête" in page
        assert "Bientôt plus de papier" in page
    assert "Préparez un rouleau." in await station.get("/printers")


@pytest.mark.parametrize(("drawer", "said"), [("open", "Ouvert"), ("closed", "Fermé"), ("", "Aucun capteur connu")])
async def test_the_drawer_is_as_its_sensor_says(station: Any, drawer: str, said: str) -> None:
    station.places[:] = [Place("TICKET", device="virtual:", has_drawer=True, drawer=drawer)]
    assert said in card(await station.get("/printers")).split('id="drawer-1"')[1].split("</p>")[0]
    assert ("Tiroir ouvert" in await station.get("/")) == (drawer == "open")


async def test_a_printer_without_a_drawer_offers_none(station: Any) -> None:
    station.places[:] = [Place("LABEL", device="socket://10.0.0.9:9100", language="zpl")]
    assert "/drawer" not in card(await station.get("/printers"), "LABEL")


async def test_the_drawer_is_opened_with_its_reason_and_the_card_says_what_is_known(station: Any) -> None:
    station.places[:] = [Place("TICKET", device="virtual:", has_drawer=True)]
    status, location, _ = await station.post("/printers/TICKET/drawer", reason="  Monnaie  ")
    assert (status, location) == (303, "/printers?about=TICKET&told=processed#TICKET")
    assert station.access.asked == [("drawer", "TICKET", "Monnaie", "console")]
    assert "Sans capteur, on n’en sait pas plus." in card(await station.get("/printers?about=TICKET&told=processed"))


async def test_a_reason_is_no_novel(station: Any) -> None:
    await station.post("/printers/TICKET/drawer", reason="x" * 500)
    assert [len(asked[2]) for asked in station.access.asked] == [200]


async def test_a_refusal_is_told_on_the_card_and_the_reason_is_not_lost(station: Any) -> None:
    station.places[:] = [Place("BAR"), Place("TICKET", device="virtual:", has_drawer=True)]
    station.access.refusal = DrawerOffline("the drawer was not opened: Connection refused", "Is it switched on?")
    status, _, page = await station.post("/printers/TICKET/drawer", reason="Monnaie <b>")
    assert status == 503
    shown = card(page)
    assert "Le tiroir n’a pas été ouvert : personne ne prend les connexions à son adresse" in shown
    assert 'value="Monnaie &lt;b&gt;"' in shown
    assert "autofocus" in shown, "without a script, it is what the browser shows first"
    assert 'role="alert"' not in card(page, "BAR")


@pytest.mark.parametrize("action", ["probe", "drawer/learn"])
async def test_what_cannot_be_found_out_is_told_on_the_card(station: Any, action: str) -> None:
    station.access.refusal = ProbeFailed("the printer cannot be asked: the printer says so itself")
    status, _, page = await station.post(f"/printers/TICKET/{action}")
    assert status == 503
    assert "L’imprimante ne peut être interrogée : elle n’est pas utilisable pour l’instant." in card(page)


async def test_a_printer_is_asked_what_it_can(station: Any) -> None:
    _, location, _ = await station.post("/printers/TICKET/probe")
    assert station.access.asked == [("probe", "TICKET")]
    assert "L’imprimante a répondu" in card(await station.get(location.partition("#")[0]))


async def test_the_sensor_of_the_drawer_is_learned_and_its_drawer_is_pushed_shut(station: Any) -> None:
    _, location, _ = await station.post("/printers/TICKET/drawer/learn")
    assert "Le tiroir a un capteur" in card(await station.get(location.partition("#")[0]))
    _, location, _ = await station.post("/printers/TICKET/drawer/close")
    assert "Le tiroir est refermé." in card(await station.get(location.partition("#")[0]))
    assert station.access.asked == [("learn", "TICKET", "console"), ("close", "TICKET")]


async def test_only_a_virtual_printer_is_broken_or_pushed(station: Any) -> None:
    station.places[:] = [Place("BAR", device="socket://10.0.0.9:9100", has_drawer=True)]
    shown = card(await station.get("/printers"), "BAR")
    assert "/faults" not in shown
    assert "/drawer/close" not in shown


async def test_faults_are_set_and_taken_back_and_unknown_ones_are_not_asked_for(station: Any) -> None:
    status, location, _ = await station.post("/printers/TICKET/faults", paper="1", fire="1")
    assert (status, location) == (303, "/printers#TICKET")
    assert station.access.broken == ["paper"]
    page = card(await station.get("/printers"))
    assert 'name="paper" value="1" checked' in page
    assert 'name="cover" value="1">' in page
    assert "<details open>" in page, "what is broken is at hand"
    await station.post("/printers/TICKET/faults")
    assert station.access.broken == []
    assert "<details open>" not in card(await station.get("/printers"))


async def test_an_answer_is_told_on_its_card_only_and_an_invented_one_nowhere(station: Any) -> None:
    station.places[:] = [Place("BAR"), Place("TICKET", device="virtual:")]
    page = await station.get("/printers?about=TICKET&told=opened")
    assert "son capteur le dit" in card(page)
    assert "son capteur le dit" not in card(page, "BAR")
    assert 'class="flash' not in await station.get("/printers?about=TICKET&told=gold")


async def test_an_office_printer_has_no_drawer_and_is_asked_without_printing(station: Any) -> None:
    station.places[:] = [Place("FACTURE", device="ipp://10.0.0.9/ipp/print", language="ipp", confirms=("ipp",))]
    page = await station.get("/printers")
    assert "l’imprimante le dit elle-même" in page
    assert "Rien n’est imprimé." in page
    assert "Tiroir" not in page.split("<main", 1)[1]
    station.places[:] = [Place("FACTURE", device="socket://10.0.0.9", language="pcl")]
    assert "/probe" not in await station.get("/printers")
