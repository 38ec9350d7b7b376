"""Somebody who is signed in at a running station, as a browser: cookie, forms with their secret, pages."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

from tests.peers.site import Answer, Site

from comptoir.core.record import Credential
from comptoir.web.access import COOKIE, SESSION_LIFE, hashed

PASSWORD = "a long enough password"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class SignedIn:
    """`await SignedIn.of(site)`, or `by_password` where the sign-in itself matters: it takes half a second."""

    def __init__(self, site: Site, cookie: str) -> None:
        self.site = site
        self.cookie = cookie

    @classmethod
    async def of(cls, site: Site) -> SignedIn:
        key, now = secrets.token_urlsafe(32), site.service._clock.now()
        session = Credential("session", hashed(key)[:16], hashed(key), now, now + SESSION_LIFE, now)
        await site.service.access._put(session)
        return cls(site, f"{COOKIE}={key}")

    @classmethod
    async def by_password(cls, site: Site) -> SignedIn:
        """Chooses the first password."""
        fields = urlencode({"password": PASSWORD, "confirm_password": PASSWORD}).encode()
        answer = await site.ask("POST", "/config/login", fields, FORM)
        assert answer.status == 302, answer.body
        return cls(site, answer.headers["Set-Cookie"].partition(";")[0])

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, **headers)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        given = {"Accept": "text/html", "Accept-Language": "fr", "Cookie": self.cookie}
        return await self.site.ask(method, path, body, given | headers)

    async def page(self, path: str, **headers: str) -> str:
        """With the typographic spaces made ordinary, so that tests can be typed."""
        answer = await self.get(path, **headers)
        assert answer.status == 200, answer.body
        return re.sub("[\u00a0\u202f]", " ", answer.body.decode())

    async def secret(self) -> str:
        """What a form of this session carries."""
        found = re.search(r'name="csrf" value="(\w+)"', await self.page("/journal"))
        assert found is not None
        return found[1]

    async def post(self, path: str, **headers: str) -> Answer:
        body = urlencode({"csrf": await self.secret()}).encode()
        return await self.ask("POST", path, body, **{**FORM, **headers})
