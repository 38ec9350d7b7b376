"""One job: what is told of it, and what each button does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from comptoir.core.job import NO_PAPER, OUTCOME_UNKNOWN, Evidence
from comptoir.web.desk import Place
from comptoir.web.known_sentences import IN_THE_MIDDLE


async def test_it_shows_paper_life_and_origin(station: Any) -> None:
    job = await station.job("Bonjour <Léa>")
    await station.change(job, "processing", message="Being sent.")
    page = await station.get("/jobs/1")
    assert 'src="/api/jobs/1/paper.png"' in page
    assert 'alt="Bonjour &lt;Léa&gt;"' in page, "the text stands in for paper that cannot be drawn"
    assert page.index("Reçu et conservé sur disque") < page.index("En cours d’envoi")
    assert "d’un programme" in page
    assert 'data-job="1"' in page
    assert 'href="/api/jobs/1/document"' in page


async def test_the_hub_has_its_own_addresses(hub: Any) -> None:
    await hub.job("x", "caisse-1")
    page = await hub.get("/jobs/1")
    assert 'src="/print/1/paper.png"' in page
    assert 'data-events="/events"' in page


async def test_evidence_is_told_with_what_is_missing_on_the_paper(station: Any) -> None:
    job = await station.job()
    await station.change(job, "processing")
    await station.change(job, "completed", evidence=Evidence("sent", "all bytes acknowledged", "☕"))
    page = await station.get("/jobs/1")
    assert "Tout a été transmis ; cette imprimante ne peut rien confirmer de plus." in page
    assert "ne les a pas : ☕" in page
    assert "all bytes acknowledged" in page


async def test_a_job_that_its_printer_stopped_in_waits_there_and_prints_on(station: Any) -> None:
    job = await station.job()
    await station.change(job, "processing", message="Being sent.")
    await station.change(job, "processing-stopped", NO_PAPER, IN_THE_MIDDLE)
    page = await station.get("/jobs/1")
    outcome, life = page.split('<ol class="life">')
    for part in (outcome, life):
        assert "L’imprimante TICKET n’a plus de papier. Elle s’est arrêtée au milieu et reprendra" in part
        assert 'href="#s-pause"' in part
    assert "Mettez un rouleau" in outcome
    assert "/jobs/1/cancel" not in page, "the printer has it: it cannot be taken back"
    assert "Arrêté" in await station.get("/jobs")


async def test_waiting_at_the_station_is_not_stopped_in_the_middle(hub: Any) -> None:
    job = await hub.job("x", "caisse-1")
    await hub.change(job, "processing-stopped", NO_PAPER, "the printer says so itself")
    page = await hub.get("/jobs/1")
    assert "n’a plus de papier" in page
    assert "au milieu" not in page
    assert "/jobs/1/cancel" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "L’imprimante confirme que c’est sur le papier (n° de traitement 0042, 14:05:03)."),
        ("en", "The printer confirms that it is on paper (process id 0042, 14:05:03)."),
    ],
)
async def test_proof_of_paper_is_one_sentence(station: Any, language: str, said: str) -> None:
    job = await station.job()
    await station.change(job, "processing")
    await station.change(job, "completed", evidence=Evidence("printed", "process id 0042, 14:05:03"))
    page = await station.get(f"/jobs/1?lang={language}")
    assert page.count(said) == 2, "in one glance, and in its life"


async def test_a_waiting_job_can_be_cancelled(station: Any) -> None:
    await station.job()
    status, location, _ = await station.post("/jobs/1/cancel")
    assert (status, location) == (303, "/jobs/1")
    assert (await station.desk.job(1)).status == "canceled"
    page = await station.get("/jobs/1")
    assert "Annulé avant l’impression." in page
    assert 'action="/jobs/1/cancel"' not in page


async def test_seen_by_a_person(station: Any) -> None:
    await station.held()
    assert "/jobs/1/confirm" in await station.get("/jobs/1")
    await station.post("/jobs/1/confirm")
    job = await station.desk.job(1)
    assert (job.status, job.evidence.kind) == ("printed", "person")
    assert "Quelqu’un a vu le papier." in await station.get("/jobs/1")


async def test_given_up_is_asked_once_and_stays_unknown(station: Any) -> None:
    await station.held()
    page = await station.get("/jobs/1")
    assert "Abandonner l’impression 1" in page.split('<details class="ask">')[1]
    await station.post("/jobs/1/give-up")
    job = await station.desk.job(1)
    assert (job.status, job.final) == ("unknown", True)


async def test_a_reprint_is_a_job_of_its_own_and_says_duplicata(station: Any) -> None:
    await station.held()
    status, location, _ = await station.post("/jobs/1/reprint", back="/")
    assert (status, location) == (303, "/jobs/2")
    page = await station.get(location)
    assert "DUPLICATA" in page
    assert '<a href="/jobs/1">' in page
    assert (await station.desk.job(1)).final


@pytest.mark.parametrize(
    ("back", "location"),
    [
        ("/", "/"),
        ("/?sent=1", "/?sent=1"),
        ("https://evil.example", "/jobs/1"),
        ("//evil.example", "/jobs/1"),
    ],
)
async def test_it_leads_back_to_where_it_was_asked_and_nowhere_else(station: Any, back: str, location: str) -> None:
    await station.job()
    assert (await station.post("/jobs/1/cancel", back=back))[1] == location


async def test_what_comes_too_late_is_said(station: Any) -> None:
    await station.job()
    await station.post("/jobs/1/cancel")
    status, _, page = await station.post("/jobs/1/cancel")
    assert status == 409
    assert "L’impression 1 ne peut plus être annulée." in page


@pytest.mark.parametrize("number", ["77", "9" * 30])
async def test_a_job_that_is_not_there(station: Any, number: str) -> None:
    answer = await station.client.get(f"/jobs/{number}", headers={"Accept-Language": "fr"})
    assert answer.status == 404
    assert "Cela n’a pas marché" in await answer.text()


async def test_an_action_by_get_does_not_exist(station: Any) -> None:
    await station.job()
    assert (await station.client.get("/jobs/1/cancel")).status == 405
    assert (await station.desk.job(1)).status == "queued"


async def test_what_goes_to_an_archive_is_not_said_to_be_printed(station: Any) -> None:
    station.places.append(Place("archives", "caisse-1"))
    station.desk.parts = replace(station.desk.parts, prints=lambda name: name != "archives")
    job = await station.job("facture", "archives")
    assert "Envoyé, puis remis" in await station.get(f"/jobs/{job.id}")
    await station.change(job, "processing", message="Being sent.")
    assert "C’est en route." in await station.get(f"/jobs/{job.id}")
    await station.change(job, "completed", "job-completed-successfully", "", Evidence("archived", "rm_1"))
    page = await station.get(f"/jobs/{job.id}")
    assert "L’archive confirme qu’elle l’a." in page
    assert "rm_1" in page
    main = page.partition("<main")[2]
    assert "mprim" not in main.replace("Impressions", "").replace("impressions", "")
    assert "Renvoyer" in page


async def test_an_archive_that_does_not_answer_is_no_printer(station: Any) -> None:
    station.places.append(Place("archives", "caisse-1"))
    station.desk.parts = replace(station.desk.parts, prints=lambda name: name != "archives")
    job = await station.job("facture", "archives")
    await station.change(job, "pending-held", OUTCOME_UNKNOWN, "it hung up")
    page = await station.get(f"/jobs/{job.id}")
    assert "C’est peut-être arrivé : regardez là-bas." in page
    assert "C’est arrivé" in page
