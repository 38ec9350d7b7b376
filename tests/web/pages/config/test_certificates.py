"""HTTPS: what the station shows, who trusts it, how it is installed, and a certificate of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.peers.owner import Owner

from comptoir.core.errors import UnknownName
from comptoir.web.pages.config.certificates import day


@dataclass
class Certificate:
    fingerprint: str = "AB:CD"
    names: tuple[str, ...] = ("localhost", "127.0.0.1")
    ends_at: int = 1_795_176_000_000
    own: bool = False
    trouble: str = ""


@dataclass
class Store:
    name: str
    state: str
    why: str = ""
    installable: bool = False
    commands: tuple[str, ...] = ()


@dataclass
class Trust:
    """What is asked is written down; a store that there is not is refused."""

    certificate: Certificate = field(default_factory=Certificate)
    shown: list[Store] = field(default_factory=list)
    installed: list[tuple[str, str, str]] = field(default_factory=list)

    async def describe(self) -> Certificate:
        return self.certificate

    async def stores(self) -> list[Store]:
        return self.shown

    async def install(self, name: str, user: str, host: str) -> None:
        if name not in {store.name for store in self.shown}:
            raise UnknownName(f"no store is called “{name}” here")
        self.installed.append((name, user, host))


@pytest.fixture
def trust(owner: Owner) -> Trust:
    found = Trust()
    owner.station.configuring.trust = found
    return found


async def test_the_certificate_is_told(owner: Owner, trust: Trust) -> None:
    page = await owner.get("/config/certificates")
    assert "AB:CD" in page
    assert "localhost, 127.0.0.1" in page
    assert "20 novembre 2026" in page
    assert 'href="/certificate" download' in page


async def test_the_real_one_of_this_station_is_told(owner: Owner) -> None:
    page = await owner.get("/config/certificates")
    assert (await owner.station.trust.describe()).fingerprint in page


async def test_a_store_that_does_not_know_it_has_a_button_or_the_lines_to_type(owner: Owner, trust: Trust) -> None:
    trust.shown = [
        Store("Windows", "not", installable=True),
        Store("Firefox", "unknown", "it is <locked>", commands=("certutil -A", "reboot")),
        Store("Debian", "trusted", commands=("never shown",)),
    ]
    page = await owner.get("/config/certificates")
    assert page.count("/config/certificates/install") == 1
    assert "certutil -A\nreboot" in page
    assert "it is &lt;locked&gt;" in page
    assert "never shown" not in page
    status, location, _ = await owner.post("/config/certificates/install", store="Windows")
    assert (status, location) == (303, "/config/certificates?installed")
    assert trust.installed == [("Windows", "owner", "127.0.0.1")]
    assert "Le certificat est installé." in await owner.get(location)


async def test_what_could_not_be_installed_is_said(owner: Owner, trust: Trust) -> None:
    status, _, page = await owner.post("/config/certificates/install", store="Nowhere")
    assert status == 404
    assert 'role="alert"' in page


async def test_a_certificate_of_ones_own_offers_no_authority(owner: Owner, trust: Trust) -> None:
    trust.certificate = Certificate(own=True, trouble="it ends soon")
    page = await owner.get("/config/certificates")
    assert '/certificate" download' not in page
    assert "it ends soon" in page


async def test_certificate_and_key_go_together(owner: Owner) -> None:
    given: dict[str, Any] = {"station.certificate": "shop.pem", "station.private_key": ""}
    said = await owner.refused("/config/certificates", "station.certificate", **given)
    assert said == "Le certificat et la clé vont ensemble : remplissez les deux, ou aucun."


async def test_files_that_would_stop_the_next_start_are_refused_at_their_field(owner: Owner) -> None:
    given: dict[str, Any] = {"station.certificate": "shop.pem", "station.private_key": "shop.key"}
    said = await owner.refused("/config/certificates", "station.certificate", **given)
    assert said.endswith("shop.pem ne peut pas être lu.")
    folder = owner.file.parent
    (folder / "shop.pem").write_bytes((folder / "certificates" / "authority.crt").read_bytes())
    (folder / "shop.key").write_text("-----BEGIN " + "PRIVATE KEY-----\n")
    said = await owner.refused("/config/certificates", "station.certificate", **given)
    assert "ne vont pas ensemble" in said
    (folder / "shop.key").write_bytes((folder / "certificates" / "authority.key").read_bytes())
    status, location, _ = await owner.post("/config/certificates", **given)
    assert (status, location) == (303, "/config/certificates?saved")
    (folder / "shop.key").unlink()
    status, _, _ = await owner.post("/config", retention="30 days")
    assert status == 303, "it is something else that this person wants to change"


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("the certificate ends on 2026-12-01: put a new one in its place", "Il finit le 2026-12-01"),
        ("the certificate ended on 2026-12-01: put a new one in its place", "Il a fini le 2026-12-01"),
        (
            "the certificate ended on 2036-12-01 with its authority: is the clock right? "
            "If so, empty /data/certificates, restart, and trust the new authority",
            "videz /data/certificates",
        ),
        ("the certificate holds from 2026-12-01 on only: is the clock of this machine right?", "à partir du 2026-12"),
    ],
)
async def test_what_is_wrong_with_it_is_said_in_french(owner: Owner, trust: Trust, trouble: str, said: str) -> None:
    trust.certificate = Certificate(trouble=trouble)
    trust.shown = [Store("Chromium", "unknown", "the program certutil is missing")]
    page = await owner.get("/config/certificates")
    assert said in page
    assert "Le programme certutil manque." in page


def test_a_day_has_its_year() -> None:
    noon = int(datetime(2027, 12, 16, 12, tzinfo=UTC).timestamp() * 1000)
    assert (day(noon, "fr"), day(noon, "en")) == ("16 décembre 2027", "December 16, 2027")
