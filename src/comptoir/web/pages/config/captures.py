"""Sources that capture prints: adding, changing and removing one. The list stands with the folders (`sources.py`).

The fields of a kind come from its struct (`capture_fields.py`); how a source fares, /capture shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiohttp import web

from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.capture_fields import KINDS, STRUCTS, form_of_kind
from comptoir.web.pages.config.kinds import KindsPage, Named, Table
from comptoir.web.pages.config.references import source_renamed, uses_of_source
from comptoir.web.render import Renderer

_TABLE: Final = Table(
    "source",
    place="/config/captures",
    back="/config/sources",
    structs=STRUCTS,
    form_of_kind=form_of_kind,
    uses=uses_of_source,
    renamed=source_renamed,
    template="config_capture.html",
    removal="config_capture_remove.html",
)


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    return CapturesPage(desk, render, access, _TABLE).routes()


class CapturesPage(KindsPage):
    """One source that captures; folders have another page."""

    def entries(self) -> Sequence[Named]:
        return self.station.config.source

    def context(self, request: web.Request) -> dict[str, object]:
        return {"kinds": KINDS}
