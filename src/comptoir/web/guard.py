"""Who may do what: decided from the peer's address, the Host, the browser's headers, tokens and sessions (design §7).

A page of another site must not print here although it can send requests to this machine: a browser's request is taken
only from this service's own pages or from an origin that the owner allowed, and only under a host name that is ours, so
that a name rebound to this address gets nothing. Passwords and tokens are checked by `Access`, not here.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from aiohttp import web

from comptoir.core.errors import NotAllowed, TooMany
from comptoir.core.ports import Clock

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: who asks: the name of the session or token; absent where nobody is asked for one
USER: Final = web.RequestKey("user", str)
#: what a form of this session must carry beside the cookie
CSRF: Final = web.RequestKey("csrf", str)

#: open to everybody: the pages for signing in, and what checks a code or a station's token by itself
PUBLIC_AT_HUB: Final = frozenset({"/healthz", "/signin", "/relay", "/pair"})
PUBLIC_AT_STATION: Final = frozenset({"/healthz"})
PUBLIC_FOLDERS: Final = ("/static/", "/relay/documents/")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner allows. `hosts`: names under which this service may be called, besides those of loopback."""

    bound_to: str
    port: int
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    #: requests a second and in one go for one caller; None: callers on this machine are not limited, others to 100
    rate: float | None = None
    burst: int = 200

    @property
    def open_to_network(self) -> bool:
        return not is_loopback(self.bound_to)


@lru_cache(1024)
def is_loopback(address: str) -> bool:
    """Whether this is an address (or the name) of this machine that no other can reach."""
    if address == "localhost":
        return True
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


def host_name(host: str) -> str:
    """The name in a Host header, without the port and the brackets of IPv6, in small letters."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].rstrip(".").lower()


def host_is_ours(host: str, policy: Policy) -> bool:
    """Whether the Host header names this service: loopback, an allowed name, or (opened to the network) an address."""
    name = host_name(host)
    if name in LOOPBACK_NAMES or name in policy.hosts or name == policy.bound_to:
        return True
    if not policy.open_to_network:
        return False
    try:
        # A name that somebody made point here can be anything, but it is not a bare address.
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def browser_is_ours(request: web.BaseRequest, policy: Policy) -> bool:
    """Whether a browser's request comes from this service's own pages, a person's address bar, or an allowed origin."""
    headers = request.headers
    origin = headers.get("Origin")
    if origin is not None:
        return origin in policy.origins or origin.partition("://")[2] == request.host
    site = headers.get("Sec-Fetch-Site")
    if site in (None, "same-origin", "none"):
        return True
    # Following a link from another site may show a page; it may not do anything.
    return request.method in SAFE and headers.get("Sec-Fetch-Mode") == "navigate"


class Limiter:
    """Token buckets by caller. Time comes from the clock, so that tests need not wait."""

    def __init__(self, clock: Clock, policy: Policy) -> None:
        self._clock = clock
        self._policy = policy
        self._buckets: dict[str, tuple[float, int]] = {}

    def check(self, caller: str) -> None:
        """Count a request. Raises TooMany."""
        rate = self._policy.rate
        if rate is None:
            if is_loopback(caller):
                return
            rate = 100.0
        now = self._clock.now()
        left, at = self._buckets.get(caller, (float(self._policy.burst), now))
        left = min(float(self._policy.burst), left + max(0, now - at) / 1000 * rate)
        if left < 1:
            raise TooMany("too many requests from this address", f"At most {rate:g} a second; wait a moment.")
        if len(self._buckets) > 10_000:
            self._buckets.clear()
        self._buckets[caller] = (left - 1, now)


class Identity(Protocol):
    """What the guard asks of `Access`."""

    async def identify(self, request: web.Request) -> str | None:
        """The name of the session or token that the request carries; None: nobody known. Sets CSRF."""
        ...


class Guard:
    """Stands in front of everything."""

    def __init__(self, policy: Policy, clock: Clock, identity: Identity | None) -> None:
        self.policy = policy
        self.identity = identity
        self._limiter = Limiter(clock, policy)
        self._open_to_network = policy.open_to_network
        self._public = PUBLIC_AT_STATION if identity is None else PUBLIC_AT_HUB

    async def admit(self, request: web.Request) -> web.StreamResponse | None:
        """Raises NotAllowed, TooMany. The answer to a browser that asks what it may send; else None."""
        peer = request.remote or ""
        self._limiter.check(peer)
        self._check_sender(request)
        if _is_preflight(request):
            return web.Response(status=204)
        if self._open_to_network:
            path = request.path
            if path not in self._public and not path.startswith(PUBLIC_FOLDERS):
                await self._check_identity(request, peer)
        return None

    def _check_sender(self, request: web.Request) -> None:
        if not host_is_ours(request.host, self.policy):
            raise NotAllowed(
                f"this service is not called “{host_name(request.host)[:80]}”",
                "Use its address, or allow the name in the configuration (allowed_hosts).",
            )
        if not browser_is_ours(request, self.policy):
            sender = request.headers.get("Origin", "another site")
            raise NotAllowed(f"a page of {sender[:120]} may not do this", "The owner can allow it: allowed_origins.")

    async def _check_identity(self, request: web.Request, peer: str) -> None:
        if self.identity is None:
            if is_loopback(peer):
                return
            raise NotAllowed("this service answers to its own machine only")
        name = await self.identity.identify(request)
        if name is None:
            raise SignInNeeded("sign in, or send a token", "Authorization: Bearer TOKEN; the Access page makes tokens.")
        request[USER] = name
        csrf = request.get(CSRF, "")
        if csrf and request.method not in SAFE and "Sec-Fetch-Site" not in request.headers:
            sent = request.headers.get("X-CSRF-Token") or await _secret_of_form(request)
            if not hmac.compare_digest(sent.encode(errors="replace"), csrf.encode()):
                raise NotAllowed("the form is out of date", "Load the page again and repeat it.")


async def _secret_of_form(request: web.Request) -> str:
    try:
        return str((await request.post()).get("csrf", ""))
    except (ValueError, LookupError):  # no form in UTF-8
        return ""


def _is_preflight(request: web.BaseRequest) -> bool:
    """Whether a browser asks what a page of an allowed origin may send (Fetch standard, §3.2)."""
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def cors_headers(request: web.BaseRequest, policy: Policy) -> dict[str, str]:
    """What lets a page of an allowed origin read our answer, and reach this machine from a public site
    (Private Network Access); nothing for everybody else."""
    origin = request.headers.get("Origin")
    if origin is None or origin not in policy.origins:
        return {}
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Location, Retry-After",
        "Vary": "Origin",
    }
    if _is_preflight(request):
        headers |= {
            "Access-Control-Allow-Methods": "GET, HEAD, POST, DELETE",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID",
            "Access-Control-Max-Age": "600",
        }
        if request.headers.get("Access-Control-Request-Private-Network") == "true":
            headers["Access-Control-Allow-Private-Network"] = "true"
    return headers


class SignInNeeded(NotAllowed):
    """Nobody is signed in."""

    code = "sign-in"
    http_status = 401
