"""Destinations: added, changed, renamed and removed with what names them; a secret is in its file and nowhere else."""

from __future__ import annotations

import re
import stat
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.peers.owner import SHOP, Counter, Owner, value

SECRET = "LAABS-AUTH-0123456789"
LINKED = (
    SHOP
    + """
[[source]]
kind = "folder"
name = "factures"
path = "/nowhere"
[[destination]]
kind = "folder"
name = "copies"
path = "/srv/copies"
[[destination]]
kind = "http"
name = "docs"
url = "https://docs.example.com/api"
fields = { type = "invoice", year = 2026, final = true, code = "12" }
[[route]]
from = "factures"
to = ["TICKET", "copies"]
[[route]]
from = "api"
to = ["copies"]
"""
)


async def test_a_destination_is_added_with_few_fields(owner: Owner) -> None:
    page = await owner.get("/config/destinations/add/folder")
    assert value(page, "file") == "{date:%Y%m%d}_{time:%H%M%S}_{file}"
    assert "Pas encore de destination" in await owner.get("/config/destinations")
    given = {"name": "copies", "path": "/srv/été", "metadata": "1", "create": "", "timeout": "30 s"}
    status, location, page = await owner.post("/config/destinations/add/folder", **given)
    assert (status, location) == (303, "/config/destinations?saved#copies"), page
    (one,) = owner.station.configuring.config.destination
    assert (one.name, one.path, one.metadata) == ("copies", "/srv/été", True)
    assert owner.toml.endswith('[[destination]]\nkind = "folder"\nname = "copies"\npath = "/srv/été"\n')
    page = await owner.get("/config/destinations")
    assert "/srv/été" in page
    assert "les destinations" in page


@pytest.mark.parametrize(("kind", "needed"), [("maarch", {"name", "url"}), ("http", {"name", "url"})])
async def test_the_browser_asks_for_what_it_cannot_do_without_and_nothing_else(
    owner: Owner, kind: str, needed: set[str]
) -> None:
    page = await owner.get(f"/config/destinations/add/{kind}")
    fields = re.findall(r"<input[^>]*>", page)
    asked = {name for field in fields if " required" in field for name in re.findall(r' name="([^"]+)"', field)}
    assert asked == needed


async def test_a_secret_that_is_missing_is_said_at_its_field(owner: Owner) -> None:
    status, _, page = await owner.post(
        "/config/destinations/add/maarch", name="archives", url="https://rm.example.com", token_file=""
    )
    assert status == 400
    assert re.search(r'name="token_file"[^>]*aria-invalid="true"', page)
    assert not owner.station.configuring.config.destination


async def test_only_what_is_not_so_anyway_is_written(owner: Owner) -> None:
    given = {"name": "docs", "url": "https://docs.example.com", "headers": "", "fields": "", "success": "", "port": ""}
    assert (await owner.post("/config/destinations/add/http", **given))[0] == 303
    assert owner.toml.endswith('[[destination]]\nkind = "http"\nname = "docs"\nurl = "https://docs.example.com"\n')


async def test_a_pasted_secret_is_in_a_file_of_its_own_and_never_shown(owner: Owner) -> None:
    given = {"name": "Archives « à nous » <b>", "url": "https://rm.example.com", "secret:token_file": f" {SECRET}\n"}
    status, _, page = await owner.post("/config/destinations/add/maarch", **given)
    assert status == 303, page
    (one,) = owner.station.configuring.config.destination
    file = owner.file.parent / one.token_file
    assert file.read_text("utf-8") == SECRET
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.parent == owner.file.parent / "secrets"
    page = await owner.get("/config/destinations/named/" + quote(one.name, safe=""))
    assert SECRET not in page + owner.toml
    assert SECRET not in str([event.body for event in owner.site.watch.events])
    assert one.token_file in unescape(page)


async def test_a_new_secret_replaces_the_old_one_in_its_file(owner: Owner) -> None:
    given = {"name": "rm", "url": "https://rm.example.com", "secret:token_file": "one"}
    await owner.post("/config/destinations/add/maarch", **given)
    (before,) = owner.station.configuring.config.destination
    given = {"name": "rm", "url": "https://rm.example.com", "token_file": before.token_file, "secret:token_file": "two"}
    assert (await owner.post("/config/destinations/named/rm", **given))[0] == 303
    (after,) = owner.station.configuring.config.destination
    assert after == before
    assert (owner.file.parent / after.token_file).read_text() == "two"
    keys = [note["keys"] for note in owner.notes("settings-changed")]
    assert ["destination[0].token_file"] in keys


@pytest.mark.parametrize("file", ["station/journal.db", "../elsewhere", "/etc/passwd", "comptoir.toml"])
async def test_a_secret_is_never_written_into_a_file_that_somebody_names(owner: Owner, file: str) -> None:
    before = owner.toml.strip()
    given = {"name": "rm", "url": "https://rm.example.com", "token_file": file, "secret:token_file": SECRET}
    await owner.post("/config/destinations/add/maarch", **given)
    (one,) = owner.station.configuring.config.destination
    assert one.token_file.startswith("secrets/rm-token-")
    assert SECRET not in owner.toml
    assert before in owner.toml
    assert SECRET.encode() not in (owner.file.parent / "station" / "journal.db").read_bytes()


async def test_what_is_refused_leaves_no_secret_behind(owner: Owner) -> None:
    given = {"name": "a/b", "url": "https://rm.example.com", "secret:token_file": SECRET}
    assert await owner.refused("/config/destinations/add/maarch", "name", **given)
    assert not (owner.file.parent / "secrets").exists()
    _, _, page = await owner.post("/config/destinations/add/maarch", **given)
    assert SECRET not in page
    assert value(page, "token_file") == "", "the secret is to be pasted again"


@pytest.mark.parametrize(
    ("kind", "key", "given"),
    [
        ("folder", "path", {"path": ""}),
        ("folder", "timeout", {"path": "/x", "timeout": "bald"}),
        ("s3", "bucket", {"bucket": "A b", "access_key_file": "a", "secret_key_file": "b"}),
        ("sftp", "port", {"host": "h", "user": "u", "port": "70000"}),
        ("email", "security", {"host": "h", "from": "a@b", "to": "c@d", "security": "hope"}),
        ("http", "fields", {"url": "https://x", "fields": "no equals sign"}),
        ("http", "success", {"url": "https://x", "success": "404"}),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(owner: Owner, kind: str, key: str, given: dict[str, str]) -> None:
    assert await owner.refused(f"/config/destinations/add/{kind}", key, **{"name": "new", **given})


async def test_values_of_every_type_survive_the_form(tmp_path: Path) -> None:
    async with Counter(tmp_path, LINKED) as owner:
        before = owner.station.configuring.config.destination[1]
        page = await owner.get("/config/destinations/named/docs")
        shown = unescape(page.split('name="fields"')[1].split(">", 1)[1].split("</textarea>")[0]).strip()
        assert shown.splitlines() == ["type = invoice", "year = 2026", "final = true", 'code = "12"']
        given = {"name": "docs", "url": before.url, "fields": f"{shown}\nshare = 0.5", "success": "201\n202"}
        assert (await owner.post("/config/destinations/named/docs", **given))[0] == 303
        after = owner.station.configuring.config.destination[1]
        assert after.fields == {**before.fields, "share": 0.5}
        assert after.success == (201, 202)


async def test_a_new_name_is_carried_along(tmp_path: Path) -> None:
    async with Counter(tmp_path, LINKED) as owner:
        await owner.post("/config/destinations/named/copies", name="archives", path="/srv/copies")
        config = owner.station.configuring.config
        assert [one.name for one in config.destination] == ["archives", "docs"]
        assert [route.to for route in config.route] == [("TICKET", "archives"), ("archives",)]
        page = await owner.get("/config/sources/routes/0")
        assert 'value="archives" checked' in page
        assert 'value="docs">' in page


async def test_what_changes_with_it_is_said_before_it_goes(tmp_path: Path) -> None:
    async with Counter(tmp_path, LINKED) as owner:
        page = await owner.get("/config/destinations/named/copies/remove")
        assert "dès lors seulement à TICKET" in page or "TICKET" in page
        assert "les fichiers d’origine restent dans leurs dossiers" in page
        await owner.post("/config/destinations/named/copies/remove")
        config = owner.station.configuring.config
        assert [one.name for one in config.destination] == ["docs"]
        assert [route.to for route in config.route] == [("TICKET",), ()]


@pytest.mark.parametrize("path", ["named/NADA", "named/NADA/remove", "add/fax"])
async def test_what_is_not_there_is_said(owner: Owner, path: str) -> None:
    await owner.get(f"/config/destinations/{path}", status=404)


async def test_every_form_is_drawn_in_both_languages(owner: Owner) -> None:
    for kind in ("maarch", "folder", "http", "s3", "sftp", "email"):
        for lang in ("fr", "en"):
            page = await owner.get(f"/config/destinations/add/{kind}", lang)
            assert "%(fields)s" not in page
            assert len(page.encode()) < 60_000
