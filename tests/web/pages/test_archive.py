"""The archive's page: search and filters stand in the address, what is found below, and what can be done with it."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from comptoir.core.kept import SavedSearch

DAY = 86_400_000


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


@pytest.fixture
def full(station: Any) -> Any:
    """Two nights of three prints."""
    for night in (19, 20):
        for title in ("Main courante", "TVA par taux", "Ticket 4512"):
            source = "caisse" if "Ticket" in title else "audit"
            station.access.archive.put(
                title, f"%PDF {title} {night}".encode(), f"Hôtel du Lac {title} du {night}", source=source,
                business_date=f"2026-11-{night}",
            )  # fmt: skip
    return station


async def test_an_empty_archive_says_what_will_be_here_and_how(station: Any) -> None:
    page = await station.get("/archive")
    assert "Chaque document conservé apparaît ici" in page
    assert 'href="/config/sources/add"' in page
    assert re.search(r'<input id="q" type="search"[^>]* autofocus', page)


async def test_documents_stand_below_their_business_date_newest_first(full: Any) -> None:
    text = text_of(await full.get("/archive"))
    marks = ["6 documents", "vendredi 20 novembre 2026", "Ticket 4512", "Main courante", "jeudi 19 novembre 2026"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "caisse · audit · marie" in text
    assert "2 pages" in text


async def test_what_is_looked_for_is_marked_and_goes_along(full: Any) -> None:
    page = await full.get("/archive?q=tva&source=audit")
    assert page.count("<mark>TVA</mark>") == 4  # in two titles, and in two texts
    assert 'href="/archive/5?q=tva"' in page
    assert "Ticket" not in text_of(page)
    assert '<input type="hidden" name="source" value="audit">' in page
    assert "Aucun document ne correspond." in await full.get("/archive?q=nothing")


async def test_filters_are_links_with_a_way_back(full: Any) -> None:
    page = await full.get("/archive?more=1&q=du")
    assert 'href="/archive?q=du&amp;source=caisse&amp;more=1"' in page
    assert re.search(r">caisse <span class=\"count\">2<", page)
    page = await full.get("/archive?q=du&source=caisse&since=2026-11-20")
    assert 'href="/archive?q=du&amp;since=2026-11-20" aria-current="true"' in page
    assert "Source : caisse" in text_of(page)
    assert len(re.findall(r'<li[^>]* data-number="', page)) == 1
    assert 'name="until"' not in page


async def test_one_is_looked_at_beside_the_list(full: Any) -> None:
    page = await full.get("/archive?q=tva&see=5")
    assert re.search(r'<li aria-current="true" data-number="5">', page)
    beside = page.partition('<aside id="beside"')[2]
    assert "/api/documents/5/pages/1?width=" in beside
    assert 'href="/archive/5?q=tva">Ouvrir' in beside
    assert "/pages/" not in await full.get("/archive?see=99")


async def test_pages_follow_one_another(full: Any) -> None:
    for number in range(30):
        full.access.archive.put(f"Rapport {number}")
    page, seen = await full.get("/archive"), set[str]()
    for _ in range(4):
        seen |= set(re.findall(r'data-number="(\d+)"', page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        page = await full.get(following[1])
    assert len(seen) == 36
    assert 'href="/archive">Les plus récents' in page


async def test_what_is_special_has_a_word(full: Any) -> None:
    archive = full.access.archive
    archive.put("", b"\x1b@", media_type="application/octet-stream", partial="cut", held="contrôle", pages=None)
    archive.behind = 2
    text = text_of(await full.get("/archive"))
    assert re.search(r"Document 7 Incomplet Protégé", text)
    assert "2 sont encore en lecture" in text
    assert "Ticket ou données d’imprimante" in text


async def take(station: Any, path: str, *fields: tuple[str, str]) -> tuple[int, str, str]:
    answer = await station.client.post(
        path, data=FormData(fields), headers={"Accept-Language": "fr"}, allow_redirects=False
    )
    return answer.status, answer.headers.get("Location", ""), await answer.text()


@pytest.mark.parametrize("kind", ["zip", "csv", "pdf"])
async def test_what_is_ticked_else_all_is_taken_along(full: Any, kind: str) -> None:
    query = ("query", "q=tva&source=audit&csrf=secret")
    assert (await take(full, "/archive/take", ("do", kind), query))[:2] == (
        303,
        f"/api/documents.{kind}?q=tva&source=audit",
    )
    ticked = [("do", kind), ("n", "5"), ("n", "2"), query]
    assert (await take(full, "/archive/take", *ticked))[1] == f"/api/documents.{kind}?n=5&n=2"
    assert (await take(full, "/archive/take", ("do", kind)))[1] == f"/api/documents.{kind}"


async def test_nothing_else_can_be_done_with_documents(full: Any) -> None:
    assert (await take(full, "/archive/take", ("do", "burn")))[0] == 400
    assert (await take(full, "/archive/take", ("do", "zip"), ("n", "x")))[0] == 400


async def test_a_hold_asks_for_its_reason_first(full: Any) -> None:
    status, _, page = await take(full, "/archive/take", ("do", "hold"), ("n", "5"), ("n", "2"), ("query", "q=tva"))
    assert status == 200
    assert "Protéger 2 documents" in page
    assert 'name="n" value="5"' in page
    assert 'name="back" value="/archive?q=tva"' in page
    assert full.access.archive.asked == []
    hold = [("n", "5"), ("n", "2"), ("back", "/archive?q=tva")]
    assert (await take(full, "/archive/hold", *hold, ("reason", " ")))[0] == 400
    assert (await take(full, "/archive/hold", *hold, ("reason", "contrôle")))[:2] == (303, "/archive?q=tva")
    assert full.access.archive.asked == [("hold", (5, 2), "contrôle", "console")]
    status, _, page = await take(full, "/archive/take", ("do", "hold"))
    assert status == 400
    assert "coché" in page


async def test_a_search_is_kept_under_a_name_and_forgotten(full: Any) -> None:
    archive = full.access.archive
    keep = [("name", " TVA "), ("query", "q=tva&see=3")]
    assert (await take(full, "/archive/searches", *keep))[:2] == (303, "/archive?q=tva")
    assert archive.saved == {"TVA": SavedSearch("TVA", "q=tva")}
    page = await full.get("/archive")
    assert 'href="/archive?q=tva"' in page
    assert "Oublier « TVA »" in await full.get("/archive?q=tva&more=1")
    assert (await take(full, "/archive/searches/forget", ("name", "TVA"), ("back", "//evil.example")))[1] == "/archive"
    assert archive.saved == {}


@pytest.mark.parametrize("query", ["since=soon", "below=x", "see=x", "partial=9"])
async def test_what_cannot_be_asked_is_said(full: Any, query: str) -> None:
    answer = await full.client.get(f"/archive?{query}", headers={"Accept": "text/html"})
    assert answer.status == 400


async def test_names_are_text_whatever_is_in_them(full: Any) -> None:
    full.access.archive.put("<b>&</b>", text="<script>", user="<i>", printer='"><x')
    page = await full.get("/archive?q=<b>")
    assert "&lt;b&gt;" in page
    for one in ("<script>", "<i>", '"><x', "<b>&"):
        assert one not in page.partition("<main")[2].partition("<script type")[0]


async def test_the_page_is_light_with_all_that_it_loads(full: Any) -> None:
    for number in range(40):
        full.access.archive.put(f"Rapport d’activité de la nuit, édition {number}", text="Chambre 112, 230,00 € " * 8)
    full.access.archive.pictures = set(range(50))
    static = Path(str(files("comptoir.web"))) / "static"
    for path in ("/archive", "/archive?more=1", "/archive?q=chambre", "/archive/7"):
        page = await full.get(path)
        loaded = sum((static / name).stat().st_size for name in re.findall(r"/static/([\w.]+)", page))
        assert len(page.encode()) + loaded < 60_000, path
