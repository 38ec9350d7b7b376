"""Folders and routes: any path is kept as it is, what it is now is said, nothing changes under a person's hands."""

from __future__ import annotations

import os
from html import unescape
from pathlib import Path

import pytest
from tests.peers.owner import SHOP, Counter, Owner, value

from comptoir.web.pages.config import sources
from comptoir.web.pages.config.sources import state_of

LINKED = (
    SHOP
    + """
[till]
invoices = "factures"
[[source]]
kind = "folder"
name = "factures"
path = "/nowhere"
[[route]]
from = "api"
to = ["CUISINE"]
[[route]]
from = "factures"
to = ["TICKET"]
"""
)
PATHS = [
    r"C:\Factures\Été 2026",
    r"\\serveur\partage\100 %",
    "/srv/été/%USERPROFILE%",
    '/srv/it\'s "here" <b>',
    "%(name)s",
]


@pytest.mark.parametrize("path", PATHS)
async def test_a_folder_of_any_path_is_added_and_shown_as_it_was_typed(owner: Owner, path: str) -> None:
    status, location, _ = await owner.post("/config/sources/add", name="factures", path=path, match="*.pdf\n*.PDF")
    assert (status, location) == (303, "/config/sources?saved")
    (source,) = owner.station.configuring.config.source
    assert (source.path, source.match) == (path, ("*.pdf", "*.PDF"))
    assert unescape(value(await owner.get("/config/sources/named/factures"), "path")) == path
    assert "Introuvable" in await owner.get("/config/sources")
    assert 'href="/folders"' in await owner.get("/config/sources")


async def test_a_folder_is_changed_and_its_new_name_is_carried_along(tmp_path: Path) -> None:
    async with Counter(tmp_path, LINKED) as owner:
        given = {"name": "invoices", "path": str(tmp_path), "recursive": "1", "quiet": "5 s"}
        await owner.post("/config/sources/named/factures", **given)
        config = owner.station.configuring.config
        assert (config.source[0].name, config.source[0].recursive, config.source[0].quiet) == ("invoices", True, "5 s")
        assert (config.route[1].source, config.till.invoices) == ("invoices", "invoices")
        assert "Lisible" in await owner.get("/config/sources")


async def test_a_folder_is_removed_with_its_route_after_saying_so(tmp_path: Path) -> None:
    async with Counter(tmp_path, LINKED) as owner:
        page = await owner.get("/config/sources/named/factures/remove")
        assert "La route qui en part disparaît aussi." in page
        assert "Le dossier lui-même et ses fichiers restent tels quels." in page
        await owner.post("/config/sources/named/factures/remove")
        config = owner.station.configuring.config
        assert (config.source, [route.source for route in config.route], config.till.invoices) == ((), ["api"], "")


@pytest.mark.parametrize(
    ("key", "text"),
    [("name", "factures"), ("name", "a/b"), ("path", ""), ("quiet", "kurz"), ("scan", "1 Blick"), ("lot", "pile")],
)
async def test_what_is_wrong_with_a_folder_is_said_at_its_field(tmp_path: Path, key: str, text: str) -> None:
    async with Counter(tmp_path, LINKED) as owner:
        assert await owner.refused("/config/sources/add", key, **{"name": "x", "path": "/y", key: text})


async def test_a_route_is_added_changed_and_removed(owner: Owner) -> None:
    status, _, page = await owner.post(
        "/config/sources/routes/add", **{"from": "api", "printer": "CUISINE", "match": "*.pdf", "format": "pdf"}
    )
    assert status == 303, page
    (route,) = owner.station.configuring.config.route
    assert (route.source, route.to, route.match, route.format) == ("api", ("CUISINE",), ("*.pdf",), "pdf")
    page = await owner.get("/config/sources/routes/0")
    assert 'value="CUISINE" checked' in page
    was = unescape(page.split('name="was" value="')[1].split('"')[0])
    given = {"was": was, "from": "api", "printer": "TICKET", "keep": "10 ans", "original": "move:/srv/fait"}
    assert (await owner.post("/config/sources/routes/0", **given))[0] == 303
    (route,) = owner.station.configuring.config.route
    assert (route.to, route.keep, route.original) == (("TICKET",), "10 years", "move:/srv/fait")
    assert "gardés 10 ans" in await owner.get("/config/sources")
    status, _, page = await owner.post("/config/sources/routes/0/remove", was=was)
    assert status == 409
    assert "les routes ont changé entre-temps" in page.lower()
    page = await owner.get("/config/sources/routes/0")
    was = unescape(page.split('name="was" value="')[1].split('"')[0])
    assert (await owner.post("/config/sources/routes/0/remove", was=was))[0] == 303
    assert owner.station.configuring.config.route == ()


async def test_a_route_says_which_documents_how_they_look_and_what_becomes_of_the_file(owner: Owner) -> None:
    given = {
        "from": "api", "printer": "TICKET", "types": "application/pdf", "folder": ".\n2026/*", "larger": "10 ko",
        "smaller": "2,5 Mo", "name": "{folder}_{name}{ext}", "original": "delete", "original_after": "2 jours",
        "copies": "2", "sides": "two-sided-long-edge", "tray": "tray-2", "scale": "fit", "fallback": "CUISINE",
        "fallback_after": "5 min",
    }  # fmt: skip
    status, _, page = await owner.post("/config/sources/routes/add", **given)
    assert status == 303, page
    (route,) = owner.station.configuring.config.route
    assert (route.folder, route.larger, route.smaller) == (("", "2026/*"), "10 kB", "2.5 MB")
    assert (route.original_after, route.copies, route.fallback) == ("2 days", 2, "CUISINE")
    page = await owner.get("/config/sources/routes/0")
    assert page.count('<details class="more" open>') == 3
    assert "\n.\n2026/*</textarea>" in page
    assert "supprimé" in await owner.get("/config/sources")


async def test_a_file_is_put_into_a_folder_that_has_a_field_of_its_own(owner: Owner) -> None:
    given = {"from": "api", "printer": "TICKET", "original": "move:", "original_to": " fait/2026 "}
    assert (await owner.post("/config/sources/routes/add", **given))[0] == 303
    (route,) = owner.station.configuring.config.route
    assert route.original == "move:fait/2026"
    page = await owner.get("/config/sources/routes/0")
    assert '<option value="move:" selected>' in page
    assert value(page, "original_to") == "fait/2026"


async def test_a_folder_has_its_marker_and_says_how_it_is_watched(owner: Owner) -> None:
    given = {"name": "f", "path": "/x", "marker": "{file}.ok", "duplicates": "once", "watch": "poll"}
    assert (await owner.post("/config/sources/add", **given))[0] == 303
    (source,) = owner.station.configuring.config.source
    assert (source.marker, source.duplicates, source.watch) == ("{file}.ok", "once", "poll")
    assert '<details class="more" open>' in await owner.get("/config/sources/named/f")


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("larger", {"larger": "big"}),
        ("copies", {"copies": "0"}),
        ("fallback", {"fallback": "NADA"}),
        ("to", {"printer": "NADA"}),
        ("keep", {"keep": "toujours"}),
        ("original", {"original": "burn"}),
        ("original", {"original": "move:", "original_to": " "}),
        ("format", {"format": "papyrus"}),
    ],
)
async def test_what_is_wrong_with_a_route_is_said_at_its_field(owner: Owner, key: str, fields: dict[str, str]) -> None:
    assert await owner.refused("/config/sources/routes/add", key, **{"from": "api", **fields})


async def test_what_is_not_there_cannot_be_changed(owner: Owner) -> None:
    assert "Aucun dossier ne s’appelle « NADA »." in await owner.get("/config/sources/named/NADA", status=404)
    assert "Cette route n’existe plus" in await owner.get("/config/sources/routes/7", status=404)


def test_what_a_folder_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    assert state_of(str(tmp_path)) == "ready"
    assert state_of(str(tmp_path / "gone")) == "absent"
    assert state_of(str(tmp_path / "file")) == "no-folder"
    assert state_of("\0") == "absent"
    monkeypatch.setattr(sources.os, "access", lambda path, mode: mode & os.R_OK == 0)
    assert state_of(str(tmp_path)) == "unreadable"
