"""The pages: one module a page, named in a literal table by role, loaded when a server starts.

A page module has `routes(desk, render, access)`; it asks the desk, and hands values to a template. No page
knows another. What pages ask of the composition root beside the desk stands here as protocols; what all of
them do with requests and errors is `frame.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Final, Literal, Protocol

from aiohttp import web

from comptoir.core.record import Credential
from comptoir.web.archive_desk import ArchiveDesk
from comptoir.web.capture_desk import CaptureDesk
from comptoir.web.desk import Desk
from comptoir.web.folder_desk import FolderDesk
from comptoir.web.keeping_desk import KeepingDesk
from comptoir.web.night_desk import NightDesk
from comptoir.web.pages.config import Configurable
from comptoir.web.refusals import Refusals
from comptoir.web.render import Renderer
from comptoir.web.shapes import Probed

PAGES: Final[dict[str, dict[str, str]]] = {
    "hub": {
        "print": "comptoir.web.pages.print:routes",
        "jobs": "comptoir.web.pages.jobs:routes",
        "job": "comptoir.web.pages.job:routes",
        "stations": "comptoir.web.pages.stations:routes",
        "access": "comptoir.web.pages.access:routes",
        "signin": "comptoir.web.pages.signin:routes",
        "docs": "comptoir.web.pages.docs:routes",
    },
    "station": {
        "overview": "comptoir.web.pages.overview:routes",
        "jobs": "comptoir.web.pages.jobs:routes",
        "job": "comptoir.web.pages.job:routes",
        "archive": "comptoir.web.pages.archive:routes",
        "nights": "comptoir.web.pages.nights:routes",
        "night": "comptoir.web.pages.night:routes",
        "document": "comptoir.web.pages.document:routes",
        "keeping": "comptoir.web.pages.keeping:routes",
        "folders": "comptoir.web.pages.folders:routes",
        "folder": "comptoir.web.pages.folder:routes",
        "original": "comptoir.web.pages.original:routes",
        "capture": "comptoir.web.pages.capture:routes",
        "printers": "comptoir.web.pages.printers:routes",
        "config": "comptoir.web.pages.config.general:routes",
        "config-printers": "comptoir.web.pages.config.printers:routes",
        "config-add": "comptoir.web.pages.config.adding:routes",
        "config-drawer": "comptoir.web.pages.config.drawer:routes",
        "config-sources": "comptoir.web.pages.config.sources:routes",
        "config-captures": "comptoir.web.pages.config.captures:routes",
        "config-destinations": "comptoir.web.pages.config.destinations:routes",
        "config-night": "comptoir.web.pages.config.night:routes",
        "config-access": "comptoir.web.pages.config.access:routes",
        "config-hub": "comptoir.web.pages.config.hub:routes",
        "config-certificates": "comptoir.web.pages.config.certificates:routes",
        "config-password": "comptoir.web.pages.config.password:routes",
        "config-save": "comptoir.web.pages.config.earlier:routes",
        "config-restart": "comptoir.web.pages.config.restarting:routes",
        "journal": "comptoir.web.pages.journal:routes",
        "signin": "comptoir.web.pages.signin:routes",
        "docs": "comptoir.web.pages.docs:routes",
    },
}


class HubAccess(Protocol):
    """Who may do what at the hub."""

    @property
    def secured(self) -> bool:
        """Whether the hub is open to a network, so that people sign in."""
        ...

    async def pairing_code(self, name: str = "") -> tuple[str, int]:
        """A code for a new station, and until when it is good (ms)."""
        ...

    async def stations(self) -> Sequence[Credential]: ...

    async def clients(self) -> Sequence[Credential]: ...

    async def add_client(self, name: str) -> str:
        """The new token; it cannot be shown again."""
        ...

    async def revoke(self, kind: Literal["station", "client"], name: str) -> bool: ...

    async def has_password(self) -> bool: ...

    async def set_password(self, request: web.Request, password: str, code: str = "") -> None:
        """Raises NotAllowed, or RequestError for a password that is too short."""
        ...

    async def sign_in(self, request: web.Request, password: str) -> str:
        """The value of the session cookie. Raises NotAllowed."""
        ...

    async def sign_out(self, request: web.Request) -> None: ...


class StationAccess(Protocol):
    """What a person may change at a station."""

    @property
    def access(self) -> HubAccess:
        """Who is signed in."""
        ...

    @property
    def refusals(self) -> Refusals:
        """The web pages that were refused."""
        ...

    @property
    def folders(self) -> FolderDesk:
        """The watched folders."""
        ...

    @property
    def capturing(self) -> CaptureDesk:
        """The sources that capture prints."""
        ...

    @property
    def archive(self) -> ArchiveDesk:
        """What routes keep."""
        ...

    @property
    def nights(self) -> NightDesk:
        """The nights' reports."""
        ...

    @property
    def keeping(self) -> KeepingDesk:
        """How long it is kept, and what ends it."""
        ...

    @property
    def configuring(self) -> Configurable:
        """The settings."""
        ...

    async def pair(self, url: str, code: str) -> str:
        """Introduce this station to a hub; its name there. Raises ComptoirError."""
        ...

    async def probe(self, name: str) -> Probed:
        """Find out what a printer can, and remember it. Raises ComptoirError."""
        ...

    async def open_drawer(self, name: str, reason: str, user: str, host: str) -> str:
        """Open the drawer of a printer now; what is known of the outcome. Raises ComptoirError."""
        ...

    async def learn_drawer(self, name: str, user: str, host: str) -> bool:
        """The drawer is closed: open it, and find out whether it has a sensor. Raises ComptoirError."""
        ...

    def close_drawer(self, name: str) -> None:
        """Push the drawer of a virtual printer shut. Raises UnknownName for a printer that is none of ours."""
        ...

    def faults(self, name: str) -> dict[str, bool]:
        """What can be wrong with a virtual printer, and whether it is; nothing for a real one."""
        ...

    def set_faults(self, name: str, faults: Sequence[str]) -> None:
        """From now on these and no others. Raises UnknownName for a printer that is none of ours."""
        ...


Access = HubAccess | StationAccess


class Routes(Protocol):
    """What a page module offers."""

    def __call__(self, desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]: ...


def routes(role: str, desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    """The routes of all pages of this role."""
    found: list[web.RouteDef] = []
    for target in PAGES[role].values():
        module, _, name = target.partition(":")
        page: Routes = getattr(import_module(module), name)
        found += page(desk, render, access)
    return found
