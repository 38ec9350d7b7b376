"""One folder: its files by kind and name, those that are gone too, page by page; and what the rules would do."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from comptoir.web.folder_desk import DryRow
from comptoir.web.pages import folder as page_of_folder


def names(page: str) -> list[str]:
    return re.findall(r'<p class="title">([^<\s]+)', page)


@pytest.fixture
def full(station: Any) -> Any:
    folders = station.access.folders
    folders.folder(
        "factures",
        ("new.pdf", "waiting", "quiet"),
        ("locked.pdf", "failed", "rights"),
        ("old.part", "ignored", "*.part"),
        ("photo.jpg", "ignored", "no route takes it"),
        ("FAC-1.pdf", "taken", ""),
    )
    folders.original("FAC-1.pdf", "kept")
    folders.original("FAC-2.pdf", "deleted")
    folders.original("FAC-3.pdf", "failed", message="the archive refuses it")
    return station


async def test_all_shows_what_needs_somebody_first_and_then_the_newest(full: Any) -> None:
    page = await full.get("/folders/factures")
    assert names(page) == ["FAC-3.pdf", "locked.pdf", "new.pdf", "FAC-2.pdf", "FAC-1.pdf"]
    assert 'data-folders="factures"' in page
    assert "Le fichier a été supprimé de son dossier." in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=waiting", ["new.pdf"]),
        ("kind=failed", ["FAC-3.pdf", "locked.pdf"]),
        ("kind=taken", ["FAC-3.pdf", "FAC-2.pdf", "FAC-1.pdf"]),
        ("kind=ignored", ["old.part", "photo.jpg"]),
        ("kind=ignored&rule=*.part", ["old.part"]),
        ("q=fac-2", ["FAC-2.pdf"]),
        ("q=OLD", ["old.part"]),
        ("q=pdf&kind=waiting", ["new.pdf"]),
    ],
)
async def test_files_are_found_by_kind_rule_and_name(full: Any, query: str, found: list[str]) -> None:
    assert names(await full.get(f"/folders/factures?{query}")) == found


async def test_the_filter_has_its_numbers_and_keeps_what_is_searched_for(full: Any) -> None:
    page = await full.get("/folders/factures?q=pdf&kind=ignored")
    assert re.search(r'href="/folders/factures\?kind=waiting&amp;q=pdf"', page)
    assert re.search(r"Ignorés <span class=\"count\">2", page)
    assert "aucune route ne le prend" in page


async def test_nothing_found_says_so_and_leads_back(full: Any) -> None:
    page = await full.get("/folders/factures?q=nada")
    assert "Aucun fichier dont le nom contient « nada », ni présent ni pris plus tôt." in page
    full.access.folders.folder("empty")
    assert "Rien n’a encore été pris dans ce dossier." in await full.get("/folders/empty")
    assert "Rien ici avec ce filtre" in await full.get("/folders/empty?kind=waiting")


async def test_older_files_are_on_further_pages(station: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of_folder, "PAGE", 2)
    station.access.folders.folder("factures", ("new.pdf", "waiting", "quiet"))
    for number in range(5):
        station.access.folders.original(f"{number}.pdf", "kept")
    page = await station.get("/folders/factures?q=pdf")
    assert names(page) == ["new.pdf", "4.pdf", "3.pdf"]
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    assert following[1] == "/folders/factures?q=pdf&amp;before=4"
    page = await station.get("/folders/factures?q=pdf&before=4")
    assert names(page) == ["2.pdf", "1.pdf"]
    page = await station.get("/folders/factures?q=pdf&before=2")
    assert names(page) == ["0.pdf"]
    assert 'rel="next"' not in page


@pytest.mark.parametrize("query", ["kind=burnt", "before=x", "before=-1", f"before={'9' * 20}"])
async def test_what_cannot_be_asked_is_refused(full: Any, query: str) -> None:
    answer = await full.client.get(f"/folders/factures?{query}", headers={"Accept": "text/html"})
    assert answer.status == 400


async def test_an_unknown_folder_is_said(full: Any) -> None:
    answer = await full.client.get("/folders/NADA", headers={"Accept": "text/html"})
    assert answer.status == 404


async def test_what_the_rules_would_do_is_a_row_a_file(full: Any) -> None:
    folders = full.access.folders
    folders.rows = [
        DryRow("a.pdf", 10, "application/pdf", 1, ("FACTURE", "archives"), "2026_a.pdf", "delete"),
        DryRow("sub/b.pdf", 10, "application/pdf", 1, ("archives",), "", "move:/srv/done"),
        DryRow("c.pdf", 10, "application/pdf", 1, (), "", "keep", 1000),
        DryRow("photo.jpg", 10, "image/jpeg", 1, reason="no route takes it"),
    ]
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", await full.get("/folders/factures/rules?days=30")))
    assert re.search(r"a\.pdf .*? FACTURE +archives +2026_a\.pdf +supprimé", page)
    assert re.search(r"sub/b\.pdf .*? archives +b\.pdf +déplacé vers /srv/done", page)
    assert re.search(r"c\.pdf .*? Conservé seulement +c\.pdf +reste", page)
    assert re.search(r"photo\.jpg .*? Nulle part +aucune route ne le prend", page)
    assert folders.asked == [("dry-run", "factures", 30)]
    folders.rows = []
    assert "aucun n’a été pris pendant ce temps" in await full.get("/folders/factures/rules")
    answer = await full.client.get("/folders/factures/rules?days=4000", headers={"Accept": "text/html"})
    assert answer.status == 400


async def test_the_page_of_a_full_folder_is_light_with_all_that_it_loads(station: Any) -> None:
    station.access.folders.folder("factures", *((f"w{n}.pdf", "waiting", "end") for n in range(50)))
    for number in range(60):
        station.access.folders.original(f"FAC-2026-{number:04}.pdf", "changed")
    static = Path(str(files("comptoir.web"))) / "static"
    for path in ("/folders", "/folders/factures", "/originals/7"):
        page = await station.get(path)
        loaded = sum((static / name).stat().st_size for name in re.findall(r"/static/([\w.]+)", page))
        assert len(page.encode()) + loaded < 60_000, path
