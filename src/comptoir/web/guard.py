"""Who may do what: decided from the peer's address, the Host, the browser's headers, tokens and sessions (design §7).

A page of another site must not print here although it can send requests to this machine: a browser's request is taken
only from this service's own pages or from an origin that the owner allowed, and only under a host name that is ours, so
that a name rebound to this address gets nothing. Passwords and tokens are checked by `Access`, not here.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol, TypeAlias

from aiohttp import web

from comptoir.core.errors import NotAllowed, TooMany
from comptoir.core.ports import Clock
from comptoir.web.levels import ACTING, LEAVING, LevelOf, may_a_site
from comptoir.web.refusals import Refusals
from comptoir.web.sender import Sender, asks_people, legible, sender_of

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: who asks: the name of the session or token; absent where nobody is asked for one
USER: Final = web.RequestKey("user", str)
#: what a form of this session must carry beside the cookie
CSRF: Final = web.RequestKey("csrf", str)

#: the origin of the web page that asks; "" where there is none
SITE: Final = web.RequestKey("site", str)

#: what opens drawers and prints for tills, for one caller: a person is slower, a till's own repeats are not refused
ACTS_A_SECOND: Final = 10.0
ACTS_AT_ONCE: Final = 40

UNKNOWN: Final = ("sign in, or send a token", "Authorization: Bearer TOKEN; the Access page makes tokens.")
FAR: Final = (
    "this service answers to its own machine only",
    "Sign in, or allow this address in the configuration (allowed_addresses).",
)

#: a script's bare GET from a page over HTTPS to plain HTTP: the browser keeps back whose page it is
UNNAMED: Final = Sender("fetch")
TILLS_CALL: Final = "/open-cash-drawer"

#: a Host header (RFC 9110, §7.2): a name or an address, perhaps a port
_HOST: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+(?:%[\w.]+)?)\]|([^\[\]:/?#@\\\s]+))(?::[0-9]{0,5})?")

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner allows. `hosts`: names under which this service may be called, besides those of loopback."""

    bound_to: str
    port: int
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    #: other machines that may do what may be done on this one without signing in
    networks: tuple[Network, ...] = ()
    #: whether a page that names no site may open the drawer, where the browser asks people about sites
    unnamed: bool = False
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


def is_near(address: str, policy: Policy) -> bool:
    """Whether a caller is on this machine, or on one that the owner allows."""
    if is_loopback(address):
        return True
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    known = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(known in network for network in policy.networks)


def host_name(host: str) -> str:
    """The name in a Host header, without the port and the brackets of IPv6, in small letters; "" where it is none."""
    found = _HOST.fullmatch(host)
    return "" if found is None else (found[1] or found[2].removesuffix(".")).lower()


def host_is_ours(host: str, policy: Policy) -> bool:
    """Whether the Host header names this service: loopback, an allowed name, or (opened to the network) an address."""
    name = host_name(host)
    if name and (name in LOOPBACK_NAMES or name in policy.hosts or name == policy.bound_to):
        return True
    if not policy.open_to_network:
        return False
    try:
        # A name that somebody made point here can be anything, but it is not a bare address.
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def may_send(sender: Sender, request: web.BaseRequest, policy: Policy) -> bool:
    """Whether a request of this sender is taken: from a program, this service's own pages, an allowed site's script.

    Following a link from another site, or typing an address, may show a page; it may not do anything.
    """
    acts, safe = request.path in ACTING, request.method in SAFE
    if sender.kind in ("program", "own"):
        return True
    if sender.kind == "person":
        # A browser also fetches in advance what somebody begins to type, and its extensions look like a person.
        return safe and not acts
    if sender.kind == "ahead" or request.path in LEAVING:
        return False
    if sender.site in policy.origins:
        return may_a_site(request.method, request.path) if sender.kind == "fetch" else (safe and not acts)
    if sender == UNNAMED and "Origin" not in request.headers and request.path == TILLS_CALL:
        crosses = request.headers.get("Sec-Fetch-Site") == "cross-site"
        return policy.unnamed and crosses and asks_people(request.headers)
    return sender.kind == "visit" and safe and not acts


@lru_cache(1024)
def caller_of(address: str) -> str:
    """Who is limited together: an address of IPv4; of IPv6 the network, of whose addresses a machine has as many as it
    likes (RFC 8981)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped or parsed.version == 4 or parsed.is_loopback:
        return str(mapped or parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


class Limiter:
    """Token buckets by caller: `rate` a second, `burst` in one go. Without a rate this machine is not limited, and
    others to 100. Time comes from the clock, so that tests need not wait."""

    def __init__(self, clock: Clock, rate: float | None = None, burst: int = 200) -> None:
        self._clock = clock
        self._rate = rate
        self._burst = burst
        self._buckets: dict[str, tuple[float, int]] = {}

    def check(self, caller: str) -> None:
        """Count a request. Raises TooMany."""
        rate = self._rate
        if rate is None:
            if is_loopback(caller):
                return
            rate = 100.0
        now, caller = self._clock.now(), caller_of(caller)
        left, at = self._buckets.get(caller, (float(self._burst), now))
        left = min(float(self._burst), left + max(0, now - at) / 1000 * rate)
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
    """Stands in front of everything. `policy` may be replaced while it stands there."""

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        identity: Identity | None,
        level_of: LevelOf,
        refusals: Refusals | None = None,
    ) -> None:
        self.policy = policy
        self.identity = identity
        self._level_of = level_of
        self._refusals = refusals
        self._limiter = Limiter(clock, policy.rate, policy.burst)
        self._acting = Limiter(clock, ACTS_A_SECOND, ACTS_AT_ONCE)

    async def admit(self, request: web.Request) -> web.StreamResponse | None:
        """Raises NotAllowed, TooMany. The answer to a browser that asks what it may send; else None."""
        peer = request.remote or ""
        self._limiter.check(peer)
        self._check_sender(request, peer)
        if _is_preflight(request):
            return web.Response(status=204)
        if request.path in ACTING:
            self._acting.check(peer)
        await self._check_identity(request, peer)
        return None

    def _check_sender(self, request: web.Request, peer: str) -> None:
        sender = sender_of(request.headers, request.host)
        if not host_is_ours(request.host, self.policy):
            self._refused(request, sender, peer, "host")
            raise NotAllowed(
                f"this service is not called “{legible(request.host)[:80]}”",
                "Use its address, or allow the name in the configuration (allowed_hosts).",
            )
        request[SITE] = sender.site
        if may_send(sender, request, self.policy):
            return
        if sender.kind == "person" or sender.site in self.policy.origins:
            if request.path in ACTING:
                raise NotAllowed("a link, a frame or a picture may not do this", "A button of the till may: it asks.")
            raise NotAllowed("only a page of this service may do this")
        self._refused(request, sender, peer, "page")
        who = sender.site or "another site"
        raise NotAllowed(f"a page of {who[:120]} may not do this", "The owner can allow it: allowed_origins.")

    def _refused(self, request: web.Request, sender: Sender, peer: str, reason: str) -> None:
        if self._refusals is not None:
            self._refusals.add(
                sender.site[:200], legible(request.path)[:200], legible(request.host)[:200], peer, reason
            )

    async def _check_identity(self, request: web.Request, peer: str) -> None:
        level = self._level_of(request.path)
        if self.identity is None or (level == "public" and not request.cookies):
            return
        near = level != "signed-in" and (level == "public" or is_near(peer, self.policy))
        if near and not request.cookies:
            return
        name = await self.identity.identify(request)
        if name is not None:
            request[USER] = name
            await _check_form(request, level == "signed-in")
        elif not near:
            raise SignInNeeded(*FAR if level == "local" else UNKNOWN)


async def _check_form(request: web.Request, strictly: bool) -> None:
    """A form of a session carries its secret. Raises NotAllowed."""
    csrf = request.get(CSRF, "")
    if not csrf or request.method in SAFE or ("Sec-Fetch-Site" in request.headers and not strictly):
        return
    sent = request.headers.get("X-CSRF-Token") or await _secret_of_form(request)
    if not hmac.compare_digest(sent.encode(errors="replace"), csrf.encode()):
        raise NotAllowed("the form is out of date", "Load the page again and repeat it.")


async def _secret_of_form(request: web.Request) -> str:
    if not is_form(request):
        return ""
    try:
        return str((await request.post()).get("csrf", ""))
    except (ValueError, LookupError):  # no form in UTF-8
        return ""


def is_form(request: web.BaseRequest) -> bool:
    """Whether the body is fields in UTF-8, as our forms send them. Other codes are not tried: the caller chooses them,
    and some take minutes for what fits into a form (punycode)."""
    return request.content_type != "multipart/form-data" and (request.charset or "utf-8").lower() in ("utf-8", "utf8")


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
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Accept, "
            "Origin, X-Requested-With",
            "Access-Control-Max-Age": "600",
        }
        if request.headers.get("Access-Control-Request-Private-Network") == "true":
            headers["Access-Control-Allow-Private-Network"] = "true"
    return headers


class SignInNeeded(NotAllowed):
    """Nobody is signed in."""

    code = "sign-in"
    http_status = 401
