"""The log says of files what is sent where and what was answered, and of other jobs nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.logged import lines, logging_to
from tests.peers.papers import submission
from tests.peers.taken import Taken
from tests.peers.watch import eventually

from comptoir.core.job import OUTCOME_UNKNOWN, REDIRECTED, Change, Evidence
from comptoir.core.waiting import News
from comptoir.core.watch import FolderState
from comptoir.logbook import Logbook
from comptoir.station.folders import telling as module
from comptoir.station.folders.telling import Telling


@pytest.fixture
async def telling(office: Taken) -> AsyncIterator[Telling]:
    one = Telling(office.journal, lambda: "fr")
    forget = office.journal.subscribe(one.hear)
    running = asyncio.create_task(one.run())
    yield one
    forget()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def book(tmp_path: Path, office: Taken) -> AsyncIterator[Logbook]:
    with logging_to(tmp_path, office.clock) as one:
        yield one


def said(book: Logbook) -> list[str]:
    """Nothing as long as there is no log."""
    if not book.files.path.exists():
        return []
    return [re.sub("[\u00a0\u202f]", " ", line) for line in lines(book)]


async def test_what_is_sent_and_what_was_answered(office: Taken, telling: Telling, book: Logbook) -> None:
    _, (job,) = await office.take("2026/a.pdf".replace("/", "-"), "archives")
    for change in (
        Change(job.id, "processing", message="Being sent."),
        Change(job.id, "pending", "connecting-to-device", "it does not answer any more. Is it switched on and ready?"),
        Change(job.id, "pending"),
        Change(job.id, "processing", message="Being sent."),
        Change(job.id, "completed", evidence=Evidence("archived", "as FAC-7")),
    ):
        await office.journal.record([change])
    await eventually(lambda: len(said(book)) == 4)
    assert said(book) == [
        "INFO - Envoi de 2026-a.pdf à archives",
        "WARNING - 2026-a.pdf n’a pas été envoyé à archives, nouvel essai plus tard : "
        "elle ne répond plus. Est-elle allumée et prête ?",
        "INFO - Envoi de 2026-a.pdf à archives",
        "INFO - archives a reçu 2026-a.pdf : as FAC-7",
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Change(1, "completed", evidence=Evidence("sent")), "INFO - FACTURE a reçu a.pdf : Tout a été transmis"),
        (
            Change(1, "completed", evidence=Evidence("printed", "process id 42, 14:05:02")),
            "INFO - FACTURE a reçu a.pdf : n° de traitement 42, 14:05:02",
        ),
        (Change(1, "completed"), "INFO - FACTURE a reçu a.pdf : –"),
        (Change(1, "aborted", message="why"), "ERROR - FACTURE ne recevra pas a.pdf : why"),
        (Change(1, "pending-held", OUTCOME_UNKNOWN, "why"), "WARNING - On ne sait pas si FACTURE a reçu a.pdf : why"),
        (Change(1, "processing-stopped", "x", "why"), "WARNING - FACTURE s’est arrêté au milieu de a.pdf : why"),
        (Change(1, "canceled", REDIRECTED, "x"), "WARNING - a.pdf a été retiré de FACTURE"),
    ],
)
async def test_every_end_has_its_line(
    office: Taken, telling: Telling, book: Logbook, change: Change, line: str
) -> None:
    await office.take("a.pdf", "FACTURE")
    await office.journal.record([change])
    await eventually(lambda: said(book))
    assert said(book)[0].startswith(line)


async def test_other_jobs_have_no_line(office: Taken, telling: Telling, book: Logbook) -> None:
    receipt = (await office.journal.accept(submission())).job
    await office.end(receipt)
    _, (job,) = await office.take("a.pdf", "FACTURE")
    await office.end(job)
    await eventually(lambda: said(book))
    assert len(said(book)) == 1


async def test_jobs_of_an_earlier_run_are_looked_up(
    office: Taken, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 1)
    receipt = (await office.journal.accept(submission())).job
    taken = [await office.take(f"{number}.pdf", "FACTURE", content=b"%d" % number) for number in range(3)]
    one = Telling(office.journal, lambda: "en")
    office.journal.subscribe(one.hear)
    running = asyncio.create_task(one.run())
    await office.end(receipt, *(job for _, jobs in taken for job in jobs))
    await eventually(lambda: len(said(book)) == 3)
    assert said(book)[0].startswith("INFO - FACTURE has 0.pdf")
    assert len(one._known) == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_how_a_folder_is_and_what_is_left_in_it(telling: Telling, book: Logbook) -> None:
    away = FolderState("factures", "/in", trouble="/in is not there", hint="Is it mounted?")
    there = FolderState(
        "factures", "/in", mode="events", why_mode="a local disk (ext4) tells of all changes", reachable=True
    )
    full = replace(there, trouble="the journal cannot be written: no space", hint="Make room on the disk.")
    for state in (FolderState("factures", "/in"), away, away, there, replace(there, seen=3), full, there):
        telling.look(state)
    news = {
        ("ignored", "*.part"): News(10_000, ["a.part", "b.part", "c.part"]),
        ("waiting", "empty"): News(1, ["d\ne.pdf"]),
        ("waiting", "quiet"): News(5, ["f.pdf"]),
        ("ignored", ".*"): News(1, ["2026/.comptoir-4-f.pdf"]),
        ("failed", "rights"): News(1, ["g.pdf"]),
    }
    telling.tell("factures", news)
    await eventually(lambda: len(said(book)) == 7)
    heads = [re.split(r"[:.] ", line)[0] for line in said(book)]
    assert heads[:4] == [
        "WARNING - Dossier factures hors d’atteinte",
        "INFO - Dossier factures lisible ",
        "WARNING - Rien ne peut être pris dans le dossier factures pour le moment",
        "INFO - Dossier factures lisible ",
    ]
    assert said(book)[4:] == [
        "INFO - Ignorés dans factures (10000) : a.part, b.part, c.part …. À cause de la règle *.part.",
        "INFO - En attente dans factures (1) : d\\ne.pdf. Il est vide : rien n’y a encore été écrit.",
        "WARNING - Impossibles à prendre dans factures (1) : g.pdf. Ce service n’a pas le droit de le lire.",
    ]
