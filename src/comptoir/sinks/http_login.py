"""Who Comptoir is to an HTTP destination: the header that says it, from secrets in files, read again each time.

Basic (RFC 7617), a token (RFC 6750, or in a header of the server's own), OAuth client credentials (RFC 6749 §4.4).
It sends no document.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

import aiohttp
from aiohttp import ClientSession

from comptoir.core.errors import NotSent
from comptoir.core.job import OTHER_ERROR, UNREACHABLE
from comptoir.core.ports import Clock
from comptoir.destinations import HttpConfig
from comptoir.secret_file import secret
from comptoir.sinks.trouble import first_words, unreachable

#: ms: a token is renewed this long before it ends, so that it does not end on the way
_EARLY: Final = 30_000
#: ms: how long a token holds whose server does not say it
_USUAL: Final = 300_000
_MOST: Final = 65_536  # bytes of an answer


class Login:
    """What stands in the headers of each request. `secrets`: what must not be repeated in any message."""

    def __init__(self, config: HttpConfig, folder: Path, clock: Clock) -> None:
        self._config = config
        self._folder = folder
        self._clock = clock
        self._token = ""
        self._until = 0
        self.secrets: set[str] = set()
        #: where tokens come from, for messages
        self._issuer = urlsplit(config.token_url).hostname or config.token_url

    @property
    def renewable(self) -> bool:
        """Whether a refusal may mean that the token has ended."""
        return self._config.auth == "oauth"

    def forget(self) -> None:
        """The token is not accepted any more."""
        self._token = ""

    async def headers(self, session: ClientSession) -> Mapping[str, str]:
        """Raises NotSent: a secret is missing, or the server of tokens gives none."""
        config = self._config
        match config.auth:
            case "none":
                return {}
            case "basic":
                password = self._secret(config.password_file)
                return {"Authorization": self._basic(config.user, password)}
            case "bearer":
                token = self._secret(config.token_file)
                return {config.token_header: f"{config.token_scheme} {token}".strip()}
            case "oauth":
                return {"Authorization": f"Bearer {await self._oauth(session)}"}

    def _secret(self, name: str) -> str:
        text = secret(self._folder, name)
        self.secrets.add(text)
        return text

    def _basic(self, user: str, password: str) -> str:
        word = b64encode(f"{user}:{password}".encode()).decode()
        self.secrets.add(word)
        return f"Basic {word}"

    async def _oauth(self, session: ClientSession) -> str:
        if not self._token or self._clock.now() >= self._until:
            answer = await self._asked(session)
            self._token = str(answer["access_token"])
            self.secrets.add(self._token)
            lasts = answer.get("expires_in")
            lasts = int(lasts * 1000) if isinstance(lasts, int | float) else _USUAL
            self._until = self._clock.now() + max(lasts - _EARLY, lasts // 2)
        return self._token

    async def _asked(self, session: ClientSession) -> dict[str, Any]:
        """The answer of the server of tokens. Raises NotSent."""
        config = self._config
        password = self._secret(config.client_secret_file)
        # RFC 6749 §2.3.1: both are encoded as in a form before they become user and password.
        who = self._basic(quote_plus(config.client_id), quote_plus(password))
        data = {"grant_type": "client_credentials"} | ({"scope": config.scope} if config.scope else {})
        headers = {"Authorization": who, "Accept": "application/json"}
        try:
            async with (
                asyncio.timeout(30),
                session.post(config.token_url, data=data, headers=headers, allow_redirects=False) as answer,
            ):
                status, text = answer.status, (await answer.content.read(_MOST)).decode("utf-8", "replace")
        except (aiohttp.ClientError, OSError) as error:
            raise unreachable(self._issuer, getattr(error, "os_error", None) or error) from None
        return self._read(status, text)

    def _read(self, status: int, text: str) -> dict[str, Any]:
        try:
            answer = json.loads(text)
            if status == 200 and isinstance(answer["access_token"], str) and answer["access_token"].isprintable():
                return dict(answer)
        except (ValueError, KeyError, TypeError):
            pass
        words = first_words(text, self.secrets)
        if status in (400, 401, 403):
            hint = "Check client_id and client_secret_file."
            raise NotSent(f"{self._issuer} answers {status}: {words}", hint, OTHER_ERROR)
        raise NotSent(f"{self._issuer} answers {status}: {words}", "Check token_url.", UNREACHABLE)
