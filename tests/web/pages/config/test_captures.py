"""Sources that capture: added with a name only, changed, renamed and removed with their routes."""

from __future__ import annotations

import re
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.owner import SHOP, Counter, Owner

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.web.pages.config.capture_fields import STRUCTS, form_of_kind

LINKED = (
    SHOP
    + """
[[source]]
kind = "lpd"
name = "nuit"
port = 0
[[route]]
from = "nuit"
to = ["TICKET"]
"""
)


@pytest.fixture
async def linked(tmp_path: Path) -> AsyncIterator[Owner]:
    async with Counter(tmp_path, LINKED) as one:
        yield one


@pytest.mark.parametrize("kind", STRUCTS)
async def test_each_kind_is_added_with_a_name_only(owner: Owner, kind: str) -> None:
    page = await owner.get(f"/config/captures/add/{kind}")
    assert len(re.findall("<input[^>]* required", page)) == 1
    given = {**form_of_kind(kind).usual(), "name": "nuit"}
    status, location, page = await owner.post(f"/config/captures/add/{kind}", **given)
    assert (status, location) == (303, "/config/sources?saved#nuit"), page
    assert owner.toml.endswith(f'[[source]]\nkind = "{kind}"\nname = "nuit"\n')
    assert "nuit" in await owner.get("/config/sources")


async def test_a_password_is_in_its_file_and_nowhere_else(owner: Owner) -> None:
    given = {**form_of_kind("ipp_printer").usual(), "name": "audit", "user": "hotel", "secret:password_file": "hunter2"}
    status, _, page = await owner.post("/config/captures/add/ipp_printer", **given)
    assert status == 303, page
    (one,) = owner.station.configuring.config.source
    assert isinstance(one, IppPrinterSourceConfig)
    file = owner.file.parent / one.password_file
    assert file.read_text() == "hunter2"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "hunter2" not in owner.toml + await owner.get("/config/captures/named/audit")


@pytest.mark.parametrize(("field", "typed"), [("port", "99999"), ("largest", "many"), ("name", "api")])
async def test_what_is_wrong_stands_beside_its_field(owner: Owner, field: str, typed: str) -> None:
    given = {**form_of_kind("port9100").usual(), "name": "caisse", field: typed}
    assert await owner.refused("/config/captures/add/port9100", field, **given)


async def test_a_renamed_source_keeps_its_route(linked: Owner) -> None:
    owner = linked
    given = {**form_of_kind("lpd").usual(), "port": "0", "name": "audit"}
    status, _, page = await owner.post("/config/captures/named/nuit", **given)
    assert status == 303, page
    assert owner.station.configuring.config.route[0].source == "audit"


async def test_a_source_goes_with_its_route(linked: Owner) -> None:
    owner = linked
    assert "nuit" in await owner.get("/config/captures/named/nuit/remove")
    status, location, _ = await owner.post("/config/captures/named/nuit/remove")
    assert (status, location) == (303, "/config/sources?saved")
    config = owner.station.configuring.config
    assert (config.source, config.route) == ((), ())


async def test_what_is_not_there_is_said(owner: Owner) -> None:
    assert "fax" in await owner.get("/config/captures/add/fax", status=404)
    await owner.get("/config/captures/named/nada", status=404)


async def test_what_its_route_keeps_is_said_and_it_is_no_folder(linked: Owner) -> None:
    assert "absent des archives une fois remis" in await linked.get("/config/sources")
    assert "est alors conservé sans limite" in await linked.get("/config/sources/routes/0")
    assert ">nuit<" not in await linked.get("/config"), "no invoices come from it"
    added = await linked.get("/config/sources/routes/add")
    assert re.search(r"<details[^>]* open><summary>Conservation", added), "how long has to be said"
