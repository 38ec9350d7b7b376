"""Which program or page sent a request, as far as its headers say: pure reading, no decision (Fetch standard; Fetch
Metadata Request Headers).

A browser says where a page comes from by `Origin`, else by `Sec-Fetch-Site` with `Referer`: a page can leave out its
`Referer`, and cannot make it another site's. A GET that a page sends without asking (`mode: no-cors`, `<img>`, a link)
has no `Origin`. What has none of them is a program on a machine, or a browser of before 2023.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

Kind = Literal["program", "person", "own", "fetch", "visit", "embed", "ahead"]
"""program: no browser, as far as can be told. person: from the address bar, or from another program's link. own: a
page of this service. Of another site: fetch, a script that asks; visit, a link or a form that leads here; embed, a
picture, a frame, a script. ahead: a browser that fetches what somebody may want later; it names nobody."""

#: letters of a header that are worth keeping; an origin has at most some 260
LONGEST: Final = 300
#: the way in which a browser fetches what is put into a page (Sec-Fetch-Dest); a script's own fetch has `empty`
SCRIPT: Final = "empty"
#: the version of Chromium (of Edge as well) that began to ask for each site
FIRST_THAT_ASKS: Final = 142
#: Chromium and Edge call themselves so; what is made of Chromium and need not ask says more (Electron, OPR, Samsung)
_ASKS: Final = re.compile(r" Chrome/(\d{1,6})[.\d]* Safari/[.\d]+(?: Edg/[.\d]+)?$")
#: what the browser says of our own page, or nothing; by an address without a port it could be another service's page
_SAYS_OWN: Final = frozenset({None, "same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent it. `site`: the other site's origin, "" where the browser does not say which."""

    kind: Kind
    site: str = ""


def sender_of(headers: Mapping[str, str], host: str) -> Sender:
    """Read the headers of a request to `host` (its Host header)."""
    if "Sec-Purpose" in headers or headers.get("Purpose") == "prefetch":
        return Sender("ahead", origin_of(headers.get("Referer", "")))
    origin = headers.get("Origin")
    said = headers.get("Sec-Fetch-Site")
    if origin is not None:
        if said in _SAYS_OWN and _is_of(origin, host):
            return Sender("own")
        return Sender(_way(headers, "fetch"), "" if origin == "null" else legible(origin))
    if said == "same-origin":
        return Sender("own")
    if said == "none":
        return Sender("person")
    site = origin_of(headers.get("Referer", ""))
    if said is not None:
        return Sender(_way(headers, "embed"), site)
    # A browser of before 2023, or one that calls an address by plain HTTP over a network, says no more than this.
    if site and _is_of(site, host):
        return Sender("own")
    if site or _is_browser(headers):
        return Sender(_way_of_old(headers, site), site)
    return Sender("program")


def _is_of(origin: str, host: str) -> bool:
    """Whether a page of this origin came from `host`: an application may call its own pages anything://localhost."""
    scheme, _, place = origin.partition("://")
    return place == host and scheme in ("http", "https")


def _way(headers: Mapping[str, str], otherwise: Kind) -> Kind:
    mode, goal = headers.get("Sec-Fetch-Mode"), headers.get("Sec-Fetch-Dest")
    if mode == "navigate":
        return "embed" if goal in ("iframe", "frame", "embed", "object") else "visit"
    if mode in ("cors", "no-cors", "websocket") and goal in (SCRIPT, "websocket", None):
        return "fetch"
    return otherwise if mode is None else "embed"


def _way_of_old(headers: Mapping[str, str], site: str) -> Kind:
    """Without Sec-Fetch-Mode: who goes to a page asks for one. A script can ask for it as well, and gains nothing."""
    if "text/html" in headers.get("Accept", ""):
        return "visit"
    return "fetch" if site else "embed"


def asks_people(headers: Mapping[str, str]) -> bool:
    """Whether this browser lets a site reach this machine only after a person has said so (Local Network Access)."""
    found = _ASKS.search(headers.get("User-Agent", ""))
    return found is not None and int(found[1]) >= FIRST_THAT_ASKS


def _is_browser(headers: Mapping[str, str]) -> bool:
    """Every browser calls itself Mozilla; PowerShell does as well."""
    name = headers.get("User-Agent", "")
    return name.startswith("Mozilla/") and "PowerShell" not in name


def origin_of(address: str) -> str:
    """Scheme, host and port of an address, as a browser writes them in Origin; "" where it has none."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return ""
    return legible(f"{parts.scheme}://{host.lower()}") if parts.scheme and host else ""


def legible(text: str) -> str:
    """What somebody wrote into a header, fit for the journal: also bytes that are no text (RFC 9110, §5.5)."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:LONGEST])
