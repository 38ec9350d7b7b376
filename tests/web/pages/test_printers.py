"""The printers of a station: state in words, papers, test print."""

from __future__ import annotations

from typing import Any

import pytest

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
