"""The hub's Print page: what stands on it, and that a form prints once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from comptoir.core.job import OUTCOME_UNKNOWN, Evidence
from comptoir.core.record import JobQuery
from comptoir.web.desk import Place


async def test_without_a_station_it_says_so_and_the_one_thing_to_do(hub: Any) -> None:
    hub.places.clear()
    page = await hub.get("/")
    assert "Aucune station n’est encore appairée" in page
    assert 'href="/stations"' in page


async def test_a_station_that_is_away_is_named(hub: Any) -> None:
    hub.places[:] = [Place("TICKET", "caisse-1", connected=False)]
    assert "La station caisse-1 n’est pas reliée." in await hub.get("/")


async def test_a_printer_without_paper_is_named_with_the_remedy(hub: Any) -> None:
    hub.places[:] = [Place("TICKET", "caisse-1", ready=False, reason="media-empty-error")]
    page = await hub.get("/")
    assert "L’imprimante TICKET n’a plus de papier." in page
    assert "Mettez un rouleau" in page


async def test_the_printer_is_asked_for_only_where_there_are_several(hub: Any) -> None:
    assert "<select" not in await hub.get("/")
    hub.places.append(Place("BAR", "caisse-1"))
    page = await hub.get("/")
    assert 'value="caisse-1/BAR"' in page
    assert "<optgroup" not in page
    hub.places.append(Place("", "cuisine"))
    page = await hub.get("/")
    assert '<optgroup label="cuisine">' in page
    assert 'value="cuisine/"' in page


async def test_sending_keeps_the_message_and_goes_on_to_watch_it(hub: Any) -> None:
    status, location, _ = await hub.post("/", content="Bonjour\r\nLéa", key="k")
    assert (status, location) == (303, "/?sent=1")
    job = await hub.desk.job(1)
    assert await hub.journal.content(job.document) == "Bonjour\nLéa".encode()
    assert (job.origin.source, job.format, job.destination) == ("web", "message", "caisse-1")
    assert [started.id for started in hub.started] == [1]
    assert "Reçu et conservé sur disque" in await hub.get(location)


async def test_the_chosen_place_is_where_it_goes(hub: Any) -> None:
    hub.places.append(Place("BAR", "cuisine"))
    await hub.post("/", content="x", place="cuisine/BAR", key="k")
    job = await hub.desk.job(1)
    assert (job.destination, job.printer) == ("cuisine", "BAR")


async def test_the_same_form_sent_twice_prints_once(hub: Any) -> None:
    _, first, _ = await hub.post("/", content="Bonjour", key="k")
    _, second, _ = await hub.post("/", content="Bonjour", key="k")
    assert first == second
    assert len(await hub.journal.jobs(JobQuery())) == 1


async def test_the_same_form_with_another_text_is_another_print(hub: Any) -> None:
    await hub.post("/", content="Bonjour", key="k")
    status, location, _ = await hub.post("/", content="Bonsoir", key="k")
    assert (status, location) == (303, "/?sent=2")


async def test_every_page_has_a_new_key(hub: Any) -> None:
    keys = {(await hub.get("/")).split('name="key" value="')[1].split('"')[0] for _ in range(2)}
    assert len(keys) == 2


async def test_an_empty_message_is_refused_with_a_sentence(hub: Any) -> None:
    status, _, page = await hub.post("/", content=" \n ")
    assert status == 400
    assert "Il n’y a rien à imprimer : le message est vide" in page
    assert not hub.started


async def test_what_was_written_is_not_lost_by_an_error(hub: Any) -> None:
    hub.places.clear()
    status, _, page = await hub.post("/", content="Mon <long> message")
    assert status == 404
    assert "Mon &lt;long&gt; message</textarea>" in page
    assert "Aucune station n’est encore appairée à ce hub" in page


async def test_it_tells_what_became_of_the_message(hub: Any) -> None:
    job = await hub.job("Bonjour", "caisse-1")
    await hub.change(job, "processing", message="The station has it.")
    page = await hub.get("/?sent=1")
    assert "Reçu par la station" in page
    await hub.change(job, "completed", "job-completed-successfully", evidence=Evidence("processed"))
    assert "L’imprimante a tout traité." in await hub.get("/?sent=1")


async def test_a_waiting_message_tells_why(hub: Any) -> None:
    await hub.job("Bonjour", "caisse-1")
    hub.troubles["caisse-1"] = ("station-offline", "")
    page = await hub.get("/?sent=1")
    assert "La station caisse-1 n’est pas reliée." in page
    assert 'action="/jobs/1/cancel"' in page


async def test_an_unknown_outcome_has_its_three_buttons(hub: Any) -> None:
    job = await hub.job("Facture", "caisse-1")
    await hub.change(job, "processing")
    await hub.change(job, "pending-held", OUTCOME_UNKNOWN)
    page = await hub.get("/?sent=1")
    assert "Le papier est peut-être sorti : regardez l’imprimante." in page
    for action in ("confirm", "reprint", "give-up"):
        assert f'action="/jobs/1/{action}"' in page


async def test_a_number_that_is_none_is_ignored(hub: Any) -> None:
    for number in ("99", "x", "9" * 40, "-1"):
        assert "Le papier apparaît ici" in await hub.get(f"/?sent={number}")


async def test_the_last_prints_stand_below_newest_first(hub: Any) -> None:
    await hub.job("Premier", "caisse-1")
    await hub.job("<b>Second</b>", "caisse-1")
    page = (await hub.get("/")).split('id="recent"')[1]
    assert page.index("&lt;b&gt;Second") < page.index("Premier")


async def test_english_is_spoken_to_those_who_ask(hub: Any) -> None:
    page = await hub.get("/?lang=en")
    assert '<html lang="en">' in page
    assert "What is to be printed" in page
    assert "Write a message above" in await hub.get("/", **{"Accept-Language": "de"}), "the choice is remembered"


async def test_a_place_that_changes_is_not_asked_for_by_its_old_name(hub: Any) -> None:
    hub.places[:] = [replace(hub.places[0], station="renamed")]
    status, _, page = await hub.post("/", content="x", place="caisse-1/TICKET")
    assert status == 404
    assert "Aucune station ne s’appelle « caisse-1 »." in page
