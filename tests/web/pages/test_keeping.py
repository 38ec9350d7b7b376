"""The page of keeping, on a real journal and a real keeper."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import FakeClock
from tests.peers.shelf import Shelf

from comptoir.config import Config, RouteConfig
from comptoir.core.record import EventQuery
from comptoir.station.archive.keeping import Keeper
from comptoir.web.happenings import tell
from comptoir.web.keeping_desk import Work
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

HERE = "/archive/keeping"
CONFIG = Config(
    route=(
        RouteConfig(source="audit", keep="10 years", keep_from="year-end", match=("Balance*",)),
        RouteConfig(source="caisse", keep="30 days", hold=True),
    )
)


@dataclass
class Desk:
    bench: Any
    shelf: Shelf
    keeper: Keeper

    async def page(self, path: str = HERE) -> str:
        return re.sub(r"\s+", " ", await self.bench.get(path))

    async def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of its form, as the browser sends them."""
        page = await self.page(path)
        form = page[page.index('<form method="post" action="/archive/keeping/eliminate"') :]
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


@pytest.fixture
async def desk(station: Any, tmp_path: Path) -> AsyncIterator[Desk]:
    clock = FakeClock(station.clock.at)
    keeper = Keeper(station.journal, station.clock, lambda: CONFIG, tmp_path / "exports")
    station.access.keeping = keeper  # a part that no other page asks
    yield Desk(station, Shelf(station.journal, clock), keeper)
    await keeper.stop()


async def test_an_empty_page_says_what_will_appear(desk: Desk) -> None:
    page = await desk.page()
    assert "Aucun document n’a dépassé la durée prévue" in page
    assert "Rien n’a encore été éliminé." in page
    assert "10 ans, à compter de la fin de l’année" in page
    assert re.search(r"30 jours, à compter de l’arrivée <span class=\"badge wait\">.*?protégé</span>", page)
    assert 'href="/config/sources/routes/0"' in page


async def test_what_is_due_is_shown_by_year_and_source(desk: Desk) -> None:
    for date, source in (
        ("2015-01-31", "audit"),
        ("2015-12-01", "audit"),
        ("2014-05-05", "api"),
        ("2014-05-05", "caisse"),
    ):
        await desk.shelf.file(date=date, source=source, kept_for=0)
    page = await desk.page()
    assert "3 documents peuvent être éliminés." in page
    assert "31 janv.–1 déc. 2015" in re.sub("\\s*–\\s*", "–", page)
    assert "1 autre document a été conservé assez longtemps et reste : une route le protège." in page
    assert 'href="/archive/keeping/eliminate?source=audit&amp;year=2015"' in page
    assert page.index("2015</th>") < page.index("2014</th>")


async def test_an_elimination_is_asked_once_and_names_what_goes(desk: Desk) -> None:
    for title in ("Balance <b>1</b>", "Caisse"):
        await desk.shelf.file(title, date="2015-01-31", kept_for=0)
    await desk.shelf.file(date="2014-01-31", kept_for=0)
    at = f"{HERE}/eliminate?source=audit&year=2015"
    page = await desk.page(at)
    assert "Supprimer 2 documents de 2015</button>" in page
    assert "Balance &lt;b&gt;1&lt;/b&gt;" in page
    assert "Caisse" in page
    fields = await desk.hidden(at)
    assert (await desk.bench.post(f"{HERE}/eliminate", **fields, why="  dix ans \n passés "))[:2] == (303, HERE)
    page = await desk.page()
    assert "2 documents ont été éliminés." in page
    assert "dix ans passés" in page
    assert "1 document peut être éliminé." in page
    assert [kept.id for kept in await desk.shelf.journal.keeping.after(0, 9)] == [3]
    (event,) = await desk.shelf.journal.history(EventQuery(("documents-eliminated",)))
    said = tell(event, Words(catalogue("fr")))
    assert said == "Documents éliminés après leur durée de conservation : 2 (dix ans passés)".replace(" :", "\u00a0:")


async def test_what_was_not_seen_is_not_eliminated(desk: Desk) -> None:
    await desk.shelf.file(kept_for=0)
    fields = await desk.hidden(f"{HERE}/eliminate")
    await desk.shelf.journal.keeping.hold([1], "contrôle", "owner")
    status, _, page = await desk.bench.post(f"{HERE}/eliminate", **fields)
    assert status == 409
    assert "Ce qui est à éliminer a changé entre-temps." in page
    for bad in ({}, {"at": "x", "seal": "y"}, {"at": "9" * 30}):
        assert (await desk.bench.post(f"{HERE}/eliminate", **bad))[0] == 409
    assert len(await desk.shelf.journal.keeping.after(0, 9)) == 1
    assert "Rien de cela n’est à éliminer." in await desk.page(f"{HERE}/eliminate?year=1999")


async def test_a_period_is_put_on_hold_and_released(desk: Desk) -> None:
    await desk.shelf.file(date="2026-11-17", kept_for=0)
    asked = {"since": "2026-11-01", "until": "2026-11-30", "source": "", "why": "Contrôle fiscal « 2026 »"}
    status, location, _ = await desk.bench.post(f"{HERE}/hold", **asked)
    assert (status, location) == (303, f"{HERE}?told=held&count=1#holds")
    page = await desk.page(f"{HERE}?told=held&count=1")
    assert "1 document est maintenant protégé." in page
    assert "Lever la protection « Contrôle fiscal « 2026 » »" in page
    assert "Aucun document n’a dépassé" in page
    event = re.findall(r'name="event" value="(\d+)"', page)[0]
    assert (await desk.bench.post(f"{HERE}/release", event=event))[1] == f"{HERE}?told=released&count=1#holds"
    status, _, page = await desk.bench.post(f"{HERE}/release", event=event)
    assert (status, "Cette protection n’existe plus." in page) == (404, True)
    status, _, page = await desk.bench.post(f"{HERE}/hold", **{**asked, "why": " "})
    assert (status, "Une protection a besoin d’un motif." in page) == (400, True)


async def test_an_export_is_made_listed_and_removed(desk: Desk) -> None:
    await desk.shelf.file(date="2026-11-17")
    assert (await desk.bench.post(f"{HERE}/export", since="2026-11-17", until=""))[:2] == (303, f"{HERE}#exports")
    page = await desk.page()
    assert "1 document a été exporté." in page
    (one,) = await desk.keeper.exports()
    assert one.path in page
    assert desk.keeper.work is not None
    assert desk.keeper.work.manifest in page
    (link,) = re.findall(r'href="([^"]+\.zip)"', page)
    answer = await desk.bench.client.get(link)
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as packed:
        assert f"{one.name}/verify.py" in packed.namelist()
    assert (await desk.bench.client.get(f"{HERE}/exports/..%2Fstation.zip")).status == 404
    assert (await desk.bench.post(f"{HERE}/exports/remove", name="../station"))[0] == 404
    assert (await desk.bench.post(f"{HERE}/exports/remove", name=one.name))[0] == 303
    assert "L’export est supprimé." in await desk.page(f"{HERE}?told=removed")


async def test_what_runs_is_shown_and_refreshes_itself(desk: Desk) -> None:
    desk.keeper.work = Work("eliminate", 1_795_176_000_000, "owner", 20_000, 1_500)
    answer = await desk.bench.client.get(HERE, headers={"Accept-Language": "en"})
    page = await answer.text()
    assert answer.headers["Refresh"] == "2"
    assert "Elimination under way: 1,500 of 20,000." in page
    assert 'value="1500"' in page
    desk.keeper.work = Work("export", 1_795_176_000_000, "owner", running=False, trouble="there is nothing to export")
    page = await desk.page()
    assert "L’export n’a pas pu être fait." in page
    assert "Il n’y a rien à exporter." in page


async def test_eliminations_are_a_table_for_spreadsheets(desk: Desk) -> None:
    number = await desk.shelf.file(date="2015-01-31", kept_for=0)
    await desk.shelf.journal.keeping.eliminate([number], "=marie", "durée passée")
    answer = await desk.bench.client.get(f"{HERE}/eliminations.csv?lang=fr")
    text = (await answer.read()).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Éliminé le;Par;Motif;Documents;")
    assert ";'=marie;durée passée;1;2015-01-31;2015-01-31;" in text.splitlines()[1]


async def test_an_export_of_the_command_line_is_noted(desk: Desk) -> None:
    told = {"by": "marie", "documents": 3, "size": 5, "manifest": "ab" * 32, "since": "2026-11-01"}
    answer = await desk.bench.client.post("/api/archive/exports", json=told)
    assert (answer.status, await answer.json()) == (201, {"noted": True})
    (event,) = await desk.shelf.journal.history(EventQuery(("documents-exported",)))
    assert f'"manifest":"{"ab" * 32}"' in event.body
    assert '"until"' not in event.body
