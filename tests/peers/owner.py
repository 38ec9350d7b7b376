"""A station whose file can be changed, and a person who is signed in: over HTTP, as a browser does it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from tests.peers.clock import FakeClock
from tests.peers.site import Answer, Site

from comptoir.core.record import Credential
from comptoir.settings import Settings
from comptoir.station.app import Station
from comptoir.web.access import COOKIE, SESSION_LIFE, hashed

KEY = "a-cookie-that-nobody-guesses"
SHOP = """
# the shop in the High Street
[station]
port = 0
[[printer]]
name = "TICKET"
device = "virtual:"
[[printer]]
name = "CUISINE"
device = "virtual:CUISINE"
profile = "TM-T20III"
"""
#: what a person may type anywhere
NASTY = '100% "à l\'été" <script>alert(1)</script> %(name)s {{ 7*7 }}'


@dataclass
class Owner:
    """Whoever is at the page. `restarted`: how often a restart was carried out."""

    site: Site
    file: Path
    restarted: list[bool] = field(default_factory=list)

    @property
    def station(self) -> Any:
        return self.site.service

    @property
    def toml(self) -> str:
        return self.file.read_text("utf-8")

    async def sign_in(self) -> None:
        """As with the password, without the half second that it takes."""
        now, secret = self.site.clock.now(), hashed(KEY)
        await self.station.access._put(Credential("session", secret[:16], secret, now, now + SESSION_LIFE, now))

    async def get(self, path: str, lang: str = "fr", status: int = 200) -> str:
        """The page as text, its spaces made ordinary."""
        answer = await self.look(path, lang)
        assert answer.status == status, (answer.status, answer.body)
        return plain(answer)

    async def post(
        self, path: str, /, lang: str = "fr", csrf: str | None = None, **fields: str
    ) -> tuple[int, str, str]:
        """(status, Location, page). Fields with dots in their names: `post(path, **{"station.port": "1"})`."""
        answer = await self.send(path, lang, csrf, **fields)
        return answer.status, answer.headers.get("Location", ""), plain(answer)

    async def send(self, path: str, /, lang: str = "fr", csrf: str | None = None, **fields: str) -> Answer:
        """A form, as it stands on a page; `csrf`: another token than its own."""
        token = hashed(f"csrf {KEY}") if csrf is None else csrf
        form = aiohttp.FormData({"csrf": token, **fields})
        return await self.site.ask("POST", path, form, headers=self._headers(lang))

    async def look(self, path: str, lang: str = "fr") -> Answer:
        """The answer itself."""
        return await self.site.ask("GET", path, headers=self._headers(lang))

    async def refused(self, path: str, key: str, /, **fields: str) -> str:
        """What the page says beside the field that was refused; the file is as it was."""
        before = self.toml
        status, _, page = await self.post(path, **fields)
        assert status >= 400, page
        assert self.toml == before
        return wrong(page)[key]

    def notes(self, kind: str) -> list[dict[str, Any]]:
        """What the journal has of this kind."""
        return [json.loads(event.body) for event in self.site.watch.events if event.kind == kind]

    @staticmethod
    def _headers(language: str) -> dict[str, str]:
        return {"Accept": "text/html", "Accept-Language": language, "Cookie": f"{COOKIE}={KEY}"}


def plain(answer: Answer) -> str:
    return re.sub("[\u00a0\u202f]", " ", answer.body.decode())


def wrong(page: str) -> dict[str, str]:
    """Field → what is said beside it."""
    return dict(re.findall(r'<p class="wrong" id="(.+?)-wrong">(.*?)</p>', page))


def value(page: str, key: str) -> str:
    """What a text field holds, as markup."""
    found = re.search(rf'<input id="{re.escape(key)}"[^>]*? value="([^"]*)"', page)
    assert found, key
    return found[1]


class Counter:
    """A station with this file, and its owner. Use as `async with`."""

    def __init__(self, folder: Path, toml: str, environ: dict[str, str] | None = None) -> None:
        self.file = folder / "comptoir.toml"
        self.file.write_text(toml, "utf-8")
        settings = Settings(None, folder, environ or {})
        clock = FakeClock()
        restarted: list[bool] = []
        station = Station(settings.config, folder, clock, settings=settings, restart=lambda: restarted.append(True))
        self.site = Site(station, clock)
        self.owner = Owner(self.site, self.file, restarted)

    async def __aenter__(self) -> Owner:
        await self.site.__aenter__()
        await self.owner.sign_in()
        return self.owner

    async def __aexit__(self, *exception: object) -> None:
        await self.site.__aexit__(*exception)
