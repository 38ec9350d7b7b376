"""The cards of the watched folders: state with its reason and remedy, sums, what needs a person, what they may do."""

from __future__ import annotations

import re
from typing import Any

import pytest


def text_of(page: str) -> str:
    """What is read, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


async def test_without_a_folder_it_is_said_what_will_be_here_and_how(station: Any) -> None:
    page = await station.get("/folders")
    assert "Chaque dossier surveillé apparaît ici" in page
    assert 'href="/config/sources/add"' in page


async def test_a_folder_in_order_says_so_and_its_sum_is_what_lies_there(station: Any) -> None:
    station.access.folders.folder(
        "factures",
        *((f"{number}.pdf", "taken", "") for number in range(3)),
        ("x.part", "ignored", "*.part"),
        mode="events",
    )
    page = text_of(await station.get("/folders"))
    assert "En ordre" in page
    assert "Tout est pris." in page
    assert re.search(r"Dans le dossier 4 Pris 3 Ignorés 1 En attente 0 Bloqués 0", page)
    assert "à cause de la règle *.part" in page
    assert "Le système signale les nouveaux fichiers aussitôt" in page


async def test_a_folder_out_of_reach_says_that_nothing_is_lost_and_what_to_do(station: Any) -> None:
    station.access.folders.folder(
        "factures",
        reachable=False,
        trouble="/srv/factures is not there",
        hint="",
        mode="poll",
        why_mode="as the settings say",
    )
    page = text_of(await station.get("/folders"))
    assert "Hors d’atteinte" in page
    assert "Rien n’est pris pendant ce temps, et rien n’est perdu. Vu pour la dernière fois :" in page
    assert "l’autre ordinateur est-il allumé" in page
    assert "/srv/factures n’est pas là." in page
    assert "Comme le veulent les réglages" in page


async def test_what_waits_is_named_with_its_reason_and_its_end(station: Any) -> None:
    station.access.folders.folder("factures", ("a.pdf", "waiting", "open"), ("b.pdf", "waiting", "end"))
    page = text_of(await station.get("/folders"))
    assert "2 fichiers ne sont pas encore complets." in page
    assert re.search(
        r"a\.pdf Un programme l’a ouvert et peut encore y écrire\. Il est pris quand ce programme le ferme\.", page
    )
    assert "Il manque sa fin : il semble coupé." in page


async def test_long_work_shows_how_far_it_is(station: Any) -> None:
    station.access.folders.folder("factures", scanning=True, done=41_200, total=100_000, scanned_at=None)
    page = await station.get("/folders")
    assert '<progress value="41200" max="100000">' in page
    assert "Parcours du dossier : 41 200 fichiers sur 100 000" in page


async def test_trouble_with_the_disk_is_said_with_its_remedy(station: Any) -> None:
    station.access.folders.folder(
        "factures",
        ("a.pdf", "waiting", "store"),
        trouble="files cannot be copied to the store: no space left",
        hint="Make room on the disk or check its rights; the originals are untouched.",
    )
    page = text_of(await station.get("/folders"))
    assert "Rien ne peut être conservé sur le disque de ce service : no space left" in page
    assert "Faites de la place sur le disque" in page


async def test_few_of_each_are_on_a_card_and_the_rest_is_counted(station: Any) -> None:
    station.access.folders.folder("factures", *((f"w{number}.pdf", "waiting", "quiet") for number in range(9)))
    page = await station.get("/folders")
    assert page.count("w0.pdf") == 1
    assert "w3.pdf" not in page
    assert "6 autres" in page


async def test_what_failed_is_tried_again_one_or_all(station: Any) -> None:
    folders = station.access.folders
    folders.folder("factures", ("locked.pdf", "failed", "rights"))
    for name in ("a.pdf", "b.pdf", "c.pdf", "d.pdf"):
        folders.original(name, "failed", message="the archive knows no such profile")
    page = text_of(await station.get("/folders"))
    assert "5 fichiers ont besoin de vous." in page
    assert "Ce service n’a pas le droit de le lire." in page
    assert "Réessayer pour les 4 fichiers" in page
    assert "1 autre" in page
    assert (await station.post("/originals/4/retry", back="/folders"))[:2] == (303, "/folders")
    assert (await station.post("/folders/factures/retry"))[:2] == (303, "/folders")
    assert folders.asked == [("retry", 4, "console"), ("retry-all", "factures", "console")]
    assert {one.state for one in folders.taken} == {"waiting"}


async def test_a_folder_is_looked_through_now(station: Any) -> None:
    station.access.folders.folder("À trier")
    assert (await station.post("/folders/%C3%80%20trier/rescan", back="/folders/x"))[:2] == (303, "/folders/x")
    assert (await station.post("/folders/%C3%80%20trier/rescan", back="//evil.example"))[1] == "/folders"
    assert station.access.folders.asked == [("rescan", "À trier")] * 2


@pytest.mark.parametrize("action", ["rescan", "retry"])
async def test_an_unknown_folder_is_said(station: Any, action: str) -> None:
    status, _, page = await station.post(f"/folders/NADA/{action}")
    assert status == 404
    assert "Aucun dossier ne s’appelle « NADA »" in page


async def test_names_of_files_are_text_whatever_is_in_them(station: Any) -> None:
    station.access.folders.folder("factures", ("<b>&.pdf", "waiting", "quiet"), ("caf\udce9.pdf", "waiting", "quiet"))
    page = await station.get("/folders")
    assert "&lt;b&gt;&amp;.pdf" in page
    assert "caf\ufffd.pdf" in page


async def test_the_page_is_light_and_in_english_too(station: Any) -> None:
    for number in range(5):
        station.access.folders.folder(f"f{number}", *((f"{n}.pdf", "waiting", "end") for n in range(3)))
    page = await station.get("/folders", **{"Accept-Language": "en"})
    assert "3 files are not complete yet." in page
    assert len(page.encode()) < 60_000
