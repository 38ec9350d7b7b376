"""What must be known of a caller before an address answers: one table a role (design §7). `guard.py` enforces it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal

Level = Literal["public", "local", "signed-in"]
"""public: anybody who reaches the service. local: this machine, the addresses that the owner allows, or somebody who is
signed in. signed-in: a session, or (at a hub) a token."""

LevelOf = Callable[[str], Level]
"""The level of a path."""

_EVERYWHERE: Final = ("/static/",)
_HUB_PUBLIC: Final = frozenset({"/healthz", "/signin", "/relay", "/pair"})
_STATION_PUBLIC: Final = frozenset({
    "/healthz", "/status", "/invoice-printer/status", "/config/login", "/config/logout",
    # They judge by themselves, since the owner may open the log to the network.
    "/logs",
})  # fmt: skip
_STATION_SIGNED_IN: Final = (
    "/archive/keeping", "/config", "/journal", "/logs/purge", "/api/drawer/openings", "/api/journal",
)  # fmt: skip

#: at a station, what opens a drawer, removes or prints at the mere call: only for who is known to be let do it, and not
#: many times a second
ACTING_GETS: Final = frozenset({"/open-cash-drawer", "/invoice-printer/purge"})
ACTING: Final = ACTING_GETS | {
    "/api/drawer/open", "/cgi-bin/epos/service.cgi", "/hw_proxy/default_printer_action", "/hw_proxy/open_cashbox",
    "/hw_drivers/action", "/iot_drivers/action",
}  # fmt: skip

#: a GET that changes something for who is signed in: no other site may lead a person there
LEAVING: Final = frozenset({"/config/logout"})
#: beside reading, what a script of an allowed site may do: what tills and clients do. All else is for our own pages, so
#: that a site that may sell can neither pair nor administer
FOR_SITES: Final = (
    "/print", "/api/print", "/api/jobs", "/api/printers", "/api/drawer", "/cgi-bin/epos/service.cgi", "/hw_proxy",
    "/hw_drivers", "/iot_drivers",
)  # fmt: skip


#: where it may hand over a document that is to be kept, and read nothing
HANDING_OVER: Final = "/api/documents"
#: what it may not even read: what documents say, and what people have said of them
OURS: Final = (
    "/archive", "/nights", "/capture", "/folders", "/originals", "/journal", "/jobs", "/api/documents", "/api/nights",
    "/api/searches", "/api/captures", "/api/folders", "/api/originals", "/api/prints", "/api/archive",
)  # fmt: skip
#: a job's state is for who has sent it, its content is not; and the first page shows the last documents
_CONTENT: Final = re.compile(r"/|/api/jobs/[^/]+/(document|paper\.png)|/api/printers/[^/]+/papers(/.*)?")


def may_a_site(method: str, path: str) -> bool:
    """Whether a script of an allowed site may call this."""
    if path == HANDING_OVER:
        return method in ("POST", "OPTIONS")
    if _below(path, OURS) or _CONTENT.fullmatch(path):
        return False
    return method in ("GET", "HEAD", "OPTIONS") or _below(path, FOR_SITES)


def _below(path: str, parts: Sequence[str]) -> bool:
    return any(path == part or path.startswith((f"{part}/", f"{part}.")) for part in parts)


def hub_on_its_own_machine(path: str) -> Level:
    """A hub that no network reaches: whoever is on this machine."""
    return "public"


def hub_in_a_network(path: str) -> Level:
    """A hub that others reach: a session or a token, from the first request on."""
    if path in _HUB_PUBLIC or path.startswith((*_EVERYWHERE, "/relay/documents/")):
        return "public"
    return "signed-in"


def station(path: str) -> Level:
    if path in _STATION_PUBLIC or path.startswith(_EVERYWHERE):
        return "public"
    if any(path == part or path.startswith(part + "/") for part in _STATION_SIGNED_IN):
        return "signed-in"
    return "local"
