"""Who a hub or a station knows: stations and clients by token, people by password and session, newcomers by a code.

Tokens are 256 random bits and kept as SHA-256; the password is kept by bcrypt. What is known stands in the journal and,
because every request asks for it, in memory. Which request may do what without being known is `guard.py`'s decision.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, Literal

import bcrypt
from aiohttp import web

from comptoir.core.errors import JournalError, NotAllowed, RequestError, TooMany
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import Credential, CredentialKind
from comptoir.web.guard import CSRF, SAFE, USER, caller_of, is_loopback

log = logging.getLogger("comptoir.access")

CODE_LIFE: Final = 10 * 60_000  # ms
SESSION_LIFE: Final = 60 * 60_000  # ms, counted from the last request
LONGEST_WAIT: Final = 1024_000  # ms, about 17 minutes, between two attempts
MOST_FAILURES: Final = 10_000  # callers whose failures are remembered
OWNER: Final = "owner"  # who has signed in
COOKIE: Final = "comptoir_session"
SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 72  # bytes: bcrypt reads no more
MOST_GUESSES: Final = 20  # passwords of other machines that wait to be compared
#: no letter that can be taken for another when it is read aloud or copied by hand
ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
#: what a program's token opens besides /print and what is below it
CLIENT_READS: Final = frozenset({"/events", "/stations", "/metrics", "/openapi.json", "/docs"})


def hashed(secret: str) -> str:
    """How a random secret is kept."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def client_may(method: str, path: str) -> bool:
    """Whether a program may do this: print, look after prints, and read; never administer."""
    return path == "/print" or path.startswith("/print/") or (method in SAFE and path in CLIENT_READS)


class Access:
    """The credentials of one hub or station. `secured`: whether people must sign in; `audited`: whether the log says
    what the journal has taken in, so that it need not be said twice."""

    def __init__(self, journal: Journal, clock: Clock, secured: bool, *, audited: bool = False) -> None:
        self._journal = journal
        self._clock = clock
        self.secured = secured
        self._warn = log.debug if audited else log.warning
        #: by kind and secret, and the secret by kind and name
        self._known: dict[tuple[CredentialKind, str], Credential] = {}
        self._secrets: dict[tuple[CredentialKind, str], str] = {}
        self._password = ""
        self._codes: dict[str, tuple[str, int]] = {}
        self._failures: dict[str, tuple[int, int]] = {}
        #: memory and journal change together: a token that is revoked does not come back by what was under way
        self._changing = asyncio.Lock()
        #: bcrypt works for one at a time, so that guessing from many addresses keeps nothing else from being done
        self._comparing = asyncio.Lock()
        self._setting = asyncio.Lock()
        self._guesses = 0
        #: called with the station's name when its token was revoked
        self.on_revoked: list[Callable[[str], None]] = []
        #: called with the name of a program or person that may not go on reading
        self.on_ended: list[Callable[[str], None]] = []
        #: what somebody must say who sets the first password from the network
        self.start_code = ""

    async def start(self) -> None:
        kinds: tuple[CredentialKind, ...] = ("station", "client", "session", "password")
        for kind in kinds:
            for credential in await self._journal.credentials(kind):
                self._remember(credential)
        if self.secured and not self._password:
            self.start_code = _code()

    def _remember(self, credential: Credential) -> None:
        if credential.kind == "password":
            self._password = credential.secret
        else:
            self._known[credential.kind, credential.secret] = credential
            self._secrets[credential.kind, credential.name] = credential.secret

    async def _put(self, credential: Credential) -> None:
        async with self._changing:
            await self._journal.put_credential(credential)
            self._forget(credential.kind, credential.name)
            self._remember(credential)

    async def _renew(self, credential: Credential) -> None:
        """Write a newer state of a credential, unless it is gone or another by now."""
        async with self._changing:
            if (credential.kind, credential.secret) in self._known:
                await self._journal.put_credential(credential)
                self._remember(credential)

    async def _drop(self, kind: CredentialKind, name: str) -> bool:
        async with self._changing:
            self._forget(kind, name)
            return await self._journal.drop_credential(kind, name)

    def _forget(self, kind: CredentialKind, name: str) -> None:
        secret = self._secrets.pop((kind, name), None)
        if secret is not None:
            self._known.pop((kind, secret), None)

    # -- stations and clients -----------------------------------------------------------------------------------------

    async def pairing_code(self, name: str = "") -> tuple[str, int]:
        """A code with which one station may introduce itself, and until when (ms). `name`: what it will be called."""
        now = self._clock.now()
        self._codes = {code: entry for code, entry in self._codes.items() if entry[1] > now}
        code = _code()
        self._codes[code] = (name, now + CODE_LIFE)
        return code, now + CODE_LIFE

    async def redeem(self, peer: str, code: str, name: str) -> tuple[str, str]:
        """A station shows a code: its name and its token. Raises NotAllowed; a code is good once."""
        self._brake(peer)
        wanted, until = self._codes.get(code.strip().upper().replace("-", "").replace(" ", ""), ("", 0))
        if until < self._clock.now():
            self._failed(peer)
            self._warn("pairing refused to %s", peer)
            await self._journal.note("pairing-refused", {"peer": peer, "station": name[:64]})
            raise NotAllowed(
                "this code is wrong, used or too old", "Ask the hub for a new one: Stations, Pairing code."
            )
        station = (wanted or name).strip()
        if not station or len(station) > 64 or not station.isprintable() or "/" in station:
            raise RequestError("a station needs a name of 1 to 64 printable characters, without “/”")
        del self._codes[code.strip().upper().replace("-", "").replace(" ", "")]
        token = await self.add_station(station)
        await self._journal.note("station-paired", {"station": station, "peer": peer})
        return station, token

    async def add_station(self, name: str) -> str:
        """A new token for this station; its earlier one is worth nothing any more."""
        return await self._issue("station", name)

    async def add_client(self, name: str) -> str:
        """A new token for a program that prints."""
        token = await self._issue("client", name)
        await self._journal.note("client-added", {"client": name})
        return token

    async def _issue(self, kind: Literal["station", "client"], name: str) -> str:
        token = secrets.token_urlsafe(32)
        await self._put(Credential(kind, name, hashed(token), self._clock.now()))
        return token

    async def revoke(self, kind: Literal["station", "client"], name: str) -> bool:
        """The token is worth nothing from now on. False: nobody had this name."""
        dropped = await self._drop(kind, name)
        if dropped:
            await self._journal.note(f"{kind}-revoked", {kind: name})
            for listener in self.on_revoked if kind == "station" else self.on_ended:
                listener(name)
        return dropped

    async def stations(self) -> Sequence[Credential]:
        return self._of("station")

    async def clients(self) -> Sequence[Credential]:
        return self._of("client")

    def _of(self, kind: CredentialKind) -> list[Credential]:
        return sorted((c for c in self._known.values() if c.kind == kind), key=lambda c: c.name)

    async def seen(self, station: str, data: str) -> None:
        """A station has connected; what it told of itself is kept for when it is away."""
        secret = self._secrets.get(("station", station))
        if secret is not None:
            known = self._known["station", secret]
            await self._renew(replace(known, seen_at=self._clock.now(), data=data))

    def station_of(self, request: web.BaseRequest) -> str | None:
        """The station whose token the request carries."""
        known = self._known.get(("station", hashed(_bearer(request))))
        return None if known is None else known.name

    # -- people -------------------------------------------------------------------------------------------------------

    async def has_password(self) -> bool:
        return bool(self._password)

    async def set_password(self, request: web.Request, password: str, code: str = "") -> None:
        """The first one from this machine, or with the code that the start has shown; later ones when signed in.

        Raises NotAllowed, RequestError, TooMany. Of two who set the first one at the same time, the second is refused.
        """
        async with self._setting:
            self._check_may_set(request, request.remote or "", code)
            await self._set_password(request, password)

    def _check_may_set(self, request: web.Request, peer: str, code: str) -> None:
        self._brake(peer)
        if self._password and self.secured and not request.get(USER):
            raise NotAllowed("a password is set already", "Sign in with it first.")
        if (
            not self._password
            and not is_loopback(peer)
            and not (self.start_code and _same(code.strip(), self.start_code))
        ):
            self._failed(peer)
            raise NotAllowed(
                "the start code is wrong", "It stands in the window or the log in which the service was started."
            )

    async def _set_password(self, request: web.Request, password: str) -> None:
        typed = _typed(password)
        if len(password) < SHORTEST_PASSWORD or len(typed) > LONGEST_PASSWORD or b"\0" in typed:
            raise RequestError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
        secret = await asyncio.to_thread(bcrypt.hashpw, typed, bcrypt.gensalt())
        await self._put(Credential("password", "owner", secret.decode(), self._clock.now()))
        self.start_code = ""
        await self._end_sessions(besides=hashed(request.cookies.get(COOKIE, "")))
        await self._journal.note("password-set", {"peer": request.remote or ""})

    async def change_password(self, request: web.Request, current: str, new: str) -> None:
        """A signed-in person shows that they know the present one. Raises NotAllowed, RequestError, TooMany."""
        peer = request.remote or ""
        self._brake(peer)
        self._failed(peer)
        if not await self._is_password(current):
            await self._journal.note("sign-in-refused", {"peer": peer, "for": "password"})
            raise NotAllowed("the present password is wrong")
        self._failures.pop(caller_of(peer), None)
        await self.set_password(request, new)

    async def sessions(self) -> Sequence[Credential]:
        """Who is signed in, the latest first."""
        now = self._clock.now()
        live = (s for s in self._of("session") if s.expires_at is not None and s.expires_at >= now)
        return sorted(live, key=lambda one: one.created_at, reverse=True)

    async def sign_out_everywhere(self, request: web.Request) -> None:
        """End all sessions, this one as well."""
        await self._end_sessions(besides="")
        await self._journal.note("signed-out", {"user": request.get(USER, ""), "host": request.remote, "all": True})

    async def _is_password(self, given: str) -> bool:
        typed = _typed(given)[:LONGEST_PASSWORD]
        self._guesses += 1
        try:
            async with self._comparing:
                secret = self._password.encode()
                return bool(secret) and await asyncio.to_thread(bcrypt.checkpw, typed, secret)
        except ValueError:  # a zero byte, or a hash that is none
            return False
        finally:
            self._guesses -= 1

    async def _end_sessions(self, besides: str) -> None:
        """Whoever knew the old password signs in with the new one."""
        for session in self._of("session"):
            if session.secret != besides:
                await self._drop("session", session.name)
        self._tell_ended(OWNER)

    async def _forget_ended(self) -> None:
        """A session whose time is over does not come back, however the clock is set."""
        now = self._clock.now()
        for session in self._of("session"):
            if session.expires_at is None or session.expires_at < now:
                await self._drop("session", session.name)

    def _tell_ended(self, user: str) -> None:
        for listener in self.on_ended:
            listener(user)

    async def sign_in(self, request: web.Request, password: str) -> str:
        """The value of the session cookie. Raises NotAllowed, or TooMany after several failures."""
        peer = request.remote or ""
        self._brake(peer)
        if self._guesses >= MOST_GUESSES and not is_loopback(peer):
            raise TooMany("too many failures from this address", "Try again in 1 s.")
        # It counts as a failure until it is none, so that many guesses at once are braked like many in a row.
        self._failed(peer)
        if not await self._is_password(password):
            self._warn("sign-in refused to %s", peer)
            await self._journal.note("sign-in-refused", {"peer": peer})
            raise NotAllowed("the password is wrong")
        self._failures.pop(caller_of(peer), None)
        await self._forget_ended()
        cookie, now = secrets.token_urlsafe(32), self._clock.now()
        await self._put(Credential("session", hashed(cookie)[:16], hashed(cookie), now, now + SESSION_LIFE, now, peer))
        await self._journal.note("signed-in", {"peer": peer})
        return cookie

    async def sign_out(self, request: web.Request) -> None:
        """End this session."""
        known = self._known.get(("session", hashed(request.cookies.get(COOKIE, ""))))
        if known is not None:
            await self._drop("session", known.name)
            self._tell_ended(OWNER)
            await self._journal.note("signed-out", {"user": OWNER, "host": request.remote})

    async def identify(self, request: web.Request) -> str | None:
        token = _bearer(request)
        if token:
            client = self._known.get(("client", hashed(token)))
            return client.name if client and client_may(request.method, request.path) else None
        cookie = request.cookies.get(COOKIE)
        session = self._known.get(("session", hashed(cookie))) if cookie else None
        now = self._clock.now()
        if session is None or session.expires_at is None:
            return None
        if session.expires_at < now:
            with suppress(JournalError):  # a clock that is set back does not bring it back
                await self._drop("session", session.name)
            return None
        request[CSRF] = hashed(f"csrf {cookie}")
        # Once a minute; and at once where the clock was set back: an hour is an hour.
        if not now + SESSION_LIFE - 60_000 <= session.expires_at <= now + SESSION_LIFE:
            await self._renew(replace(session, expires_at=now + SESSION_LIFE, seen_at=now))
        return OWNER

    # -- against guessing ---------------------------------------------------------------------------------------------

    def _brake(self, peer: str) -> None:
        """After five failures each further one costs twice the time. Raises TooMany."""
        count, until = self._failures.get(caller_of(peer), (0, 0))
        left = until - self._clock.now()
        # More than the longest wait: the clock was set back.
        if count >= 5 and 0 < left <= LONGEST_WAIT:
            seconds = left // 1000 + 1
            error = TooMany("too many failures from this address", f"Try again in {seconds} s.")
            error.wait = seconds
            raise error

    def _failed(self, peer: str) -> None:
        if len(self._failures) >= MOST_FAILURES:
            del self._failures[next(iter(self._failures))]
        caller = caller_of(peer)
        count = self._failures.pop(caller, (0, 0))[0] + 1
        self._failures[caller] = (count, self._clock.now() + min(1000 * 2 ** min(max(0, count - 4), 20), LONGEST_WAIT))


def _bearer(request: web.BaseRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _typed(password: str) -> bytes:
    """A password as bytes, however a keyboard puts its accents together (RFC 8265, §4.2)."""
    return unicodedata.normalize("NFC", password).encode(errors="replace")


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(errors="replace"), other.encode())


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(8))
