"""All settings pages: reachable from one navigation, for who is signed in, with a token in every form, and small."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from tests.peers.owner import NASTY, SHOP, Counter, Owner

from comptoir.config import Config
from comptoir.settings import LIVE
from comptoir.web.pages.config import (
    NAMES,
    SECTIONS,
    access,
    certificates,
    drawer,
    general,
    name_of,
    night,
    printers,
    sources,
)

ENTRIES = [address for address, _ in SECTIONS]
INNER = ["/config/printers/named/TICKET", "/config/printers/named/TICKET/remove", "/config/printers/add"]
INNER += ["/config/sources/add", "/config/sources/routes/add"]
FORMS = [address for address in ENTRIES if address != "/config/printers"]
MOST = 60_000  # bytes of a page with all that it loads


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", [*ENTRIES, *INNER])
async def test_every_page_shows_in_both_languages_and_leads_to_all_others(
    owner: Owner, path: str, language: str
) -> None:
    page = await owner.get(path, language)
    for address in ENTRIES:
        assert f'<a href="{address}"' in page
    assert page.count('aria-current="page"') == 2, "one in the navigation, one among the settings"
    forms = re.findall(r'<form method="post".*?</form>', page, re.DOTALL)
    assert all('name="csrf"' in form for form in forms)


@pytest.mark.parametrize("path", [*ENTRIES, *INNER])
async def test_a_page_is_small_with_all_that_it_loads(owner: Owner, path: str) -> None:
    page, static = await owner.get(path), Path(str(files("comptoir.web"))) / "static"
    loaded = set(re.findall(r"/static/([\w.]+)", page))
    assert "settings.css" in loaded
    assert len(page.encode()) + sum((static / name).stat().st_size for name in loaded) < MOST


@pytest.mark.parametrize("path", [*ENTRIES, *INNER])
async def test_who_is_not_signed_in_is_led_to_the_sign_in(owner: Owner, path: str) -> None:
    answer = await owner.site.ask("GET", path, headers={"Accept": "text/html"})
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/config/login")


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_without_its_token_changes_nothing(owner: Owner, path: str) -> None:
    before = owner.toml
    status, _, _ = await owner.post(path, csrf="guessed", **{"station.name": "evil"})
    assert status == 403
    assert owner.toml == before


async def test_nothing_that_a_person_types_becomes_markup_or_a_template(tmp_path: Path) -> None:
    shop = SHOP + "[[source]]\nkind = 'folder'\nname = 'x'\npath = 'y'\n[[route]]\nfrom = 'x'\nto = ['TICKET']\n"
    async with Counter(tmp_path, shop) as owner:
        name = NASTY.replace("/", "")
        typed = {
            "/config": {"station.name": name},
            "/config/printers/named/CUISINE": {"name": name, "device": "virtual:CUISINE"},
            "/config/sources/named/x": {"name": name, "path": NASTY},
            "/config/access": {"station.allowed_origins": NASTY},
            "/config/drawer": {"drawer.pulse": NASTY},
            "/config/certificates": {"station.certificate": NASTY, "station.private_key": NASTY},
            "/config/hub": {"url": NASTY, "code": NASTY},
            "/config/printers/try": {"device": NASTY},
        }
        for path, fields in typed.items():
            _, _, page = await owner.post(path, **fields)
            assert "<script>alert" not in page, path
        for path in [*ENTRIES, "/", "/printers"]:
            page = await owner.get(path)
            assert "<script>alert" not in page, path
            assert "49 " not in page


def test_every_key_of_a_station_can_be_changed_on_some_page() -> None:
    there = {key for page in (general, drawer, access, certificates, night) for key in page.KINDS}
    there |= {f"printer.{key}" for key in printers.KINDS}
    there |= {f"source.{key}" for key in sources.FOLDER} | {f"route.{key}" for key in sources.ROUTE}
    there |= {f"report.{key}" for key in night.REPORT}
    there |= {"destination", "source"}  # of all kinds: test_struct_fields.py, test_captures.py
    # What concerns the hub of this machine is not this station's.
    assert {key for key in keys() if not key.startswith(("hub.", "relay."))} - there == set()


def keys() -> set[str]:
    """Every key of the configuration, as station.port; those of a list's tables as printer.name."""
    found = set()
    for entry in msgspec.structs.fields(Config):
        kind = next((one for one in get_args(entry.type) if isinstance(one, type)), entry.type)
        inner = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        names = [f".{one.encode_name}" for one in msgspec.structs.fields(kind)] if inner else [""]
        found |= {entry.encode_name + name for name in names}
    return found


def test_what_waits_for_a_restart_has_a_name_for_people() -> None:
    assert name_of("station.port") == "the port"
    assert name_of("printer[1].device") == "the printers"
    assert name_of("printer") == "the printers"
    assert name_of("of.a.later.version") == "of.a.later.version"
    assert not {name for name in NAMES if name in LIVE}
