"""Two who change the settings at once: in two browsers, or one of them by hand in the file. Nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from tests.peers.owner import Owner, value

SEEN: dict[str, Any] = {"was:station.name": "caisse-1", "was:retention": "90 days", "was:station.port": "0"}


@pytest.fixture
def file(owner: Owner) -> Any:
    class File:
        def replace(self, before: str, after: str) -> None:
            assert before in owner.toml
            owner.file.write_text(owner.toml.replace(before, after), "utf-8")

    return File()


async def test_a_page_shows_what_somebody_wrote_by_hand_and_applies_it(owner: Owner, file: Any) -> None:
    file.replace("port = 0", 'port = 0\nname = "quai"\nallowed_origins = ["https://a.example"]')
    assert value(await owner.get("/config"), "station.name") == "quai"
    assert "le nom de la station" in await owner.get("/config"), "it waits for the restart"
    assert owner.station._guard.policy.origins == {"https://a.example"}
    (note,) = owner.notes("settings-changed")
    assert note == {"keys": ["station.name", "station.allowed_origins"], "user": "console", "host": ""}


async def test_a_field_that_was_left_as_it_was_overwrites_nothing(owner: Owner, file: Any) -> None:
    page = await owner.get("/config")
    assert '<input type="hidden" name="was:retention" value="90 days">' in page
    file.replace("port = 0", 'port = 0\nname = "quai"')
    given = {**SEEN, "station.name": "caisse-1", "retention": "30 jours", "station.port": "0"}
    status, _, _ = await owner.post("/config", **given)
    assert status == 303
    assert 'name = "quai"' in owner.toml, "the other one's"
    assert 'retention = "30 days"' in owner.toml, "this one's"


async def test_what_was_left_is_still_known_after_a_refusal(owner: Owner, file: Any) -> None:
    file.replace("port = 0", 'port = 0\nname = "quai"')
    given = {**SEEN, "station.name": "caisse-1", "retention": "3 lunes", "station.port": "0"}
    status, _, page = await owner.post("/config", **given)
    assert status == 400
    assert '<input type="hidden" name="was:station.name" value="caisse-1">' in page
    assert 'name = "quai"' in owner.toml


async def test_a_printer_is_found_by_its_name_though_its_place_changed(owner: Owner, file: Any) -> None:
    page = await owner.get("/config/printers/named/CUISINE")
    assert 'name="was:profile" value="TM-T20III"' in page
    file.replace('[[printer]]\nname = "TICKET"\ndevice = "virtual:"\n', "")
    status, _, _ = await owner.post("/config/printers/named/CUISINE", profile="TM-T88V")
    assert status == 303
    assert 'profile = "TM-T88V"' in owner.toml
    file.replace('name = "CUISINE"', 'name = "BAR"')
    status, _, _ = await owner.post("/config/printers/named/CUISINE", profile="TM-T20III")
    assert status == 404
    assert 'profile = "TM-T88V"' in owner.toml


async def test_a_file_that_cannot_be_used_is_said_and_never_overwritten(owner: Owner, file: Any) -> None:
    file.replace("port = 0", "port = 700000")
    broken = owner.toml
    page = await owner.get("/config/access")
    assert "ligne 4, station.port : Au plus 65535." in page
    status, _, page = await owner.post("/config", retention="30 days")
    assert status >= 400
    assert "Au plus 65535." in page
    assert owner.toml == broken
    file.replace("port = 700000", "port = 0")
    assert 'role="alert"' not in await owner.get("/config/access")
