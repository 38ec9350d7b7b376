"""Destinations that are no printers: which there are, adding, changing and removing one.

The fields of a kind come from its struct (`destination_fields.py`); what is sent there, the routes say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from comptoir.destinations import DestinationConfig
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.destination_fields import KINDS, STRUCTS, TEMPLATE_FIELDS, form_of_kind
from comptoir.web.pages.config.fields import Form
from comptoir.web.pages.config.kinds import KindsPage, Named, Table, kind_of
from comptoir.web.pages.config.references import destination_renamed, uses_of_destination
from comptoir.web.render import Renderer

_TABLE: Final = Table(
    "destination",
    place="/config/destinations",
    back="/config/destinations",
    structs=STRUCTS,
    form_of_kind=form_of_kind,
    uses=uses_of_destination,
    renamed=destination_renamed,
    template="config_destination.html",
    removal="config_destination_remove.html",
)


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = DestinationsPage(desk, render, access, _TABLE)
    return [web.get(_TABLE.back, page.framed(page.show)), *page.routes()]


class DestinationsPage(KindsPage):
    """The list, or one of it."""

    def entries(self) -> Sequence[Named]:
        return self.station.config.destination

    def more(self) -> Mapping[str, object]:
        return {"template_fields": TEMPLATE_FIELDS}

    def context(self, request: web.Request) -> dict[str, object]:
        destinations = self.station.config.destination
        return {"destinations": [(one, kind_of(one), _where(one)) for one in destinations], "kinds": KINDS}

    async def show(self, request: web.Request) -> web.Response:
        return self.page(request, Form({}), template="config_destinations.html")


def _where(destination: DestinationConfig) -> str:
    """Its address, as a list shows it."""
    known = (getattr(destination, key, "") for key in ("url", "endpoint_url", "bucket", "host", "path"))
    return next((str(value) for value in known if value), "")
