"""The printers in the configuration: which there are, changing one, removing one. /printers shows how they work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from comptoir.config import VIRTUAL, PrinterConfig
from comptoir.core.errors import ConfigError, UnknownName
from comptoir.languages import LANGUAGES, SHEETS
from comptoir.languages.profiles import names
from comptoir.settings import Remove
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import (
    EITHER,
    PAGES,
    SPAN,
    TEXT,
    WHOLE,
    WORD,
    WORD_OR_NONE,
    Form,
    Kinds,
    NotReadable,
    changed,
    read,
    tree_of,
)
from comptoir.web.pages.config.page import ConfigPage, Entry
from comptoir.web.pages.config.references import printer_renamed, uses_of_printer
from comptoir.web.pages.frame import form_of, see
from comptoir.web.render import Renderer

KINDS: Final[Kinds] = {
    "name": TEXT,
    "device": TEXT,
    "language": TEXT,
    "profile": TEXT,
    "columns": WHOLE,
    "expires": SPAN,
    "status": TEXT,
    "connection": TEXT,
    "confirm": TEXT,
    "dots": WHOLE,
    "code_pages": PAGES,
    "kanji": WORD_OR_NONE,
    "cut": WORD,
    "strip": WHOLE,
    "buzzer": EITHER,
    "paper": TEXT,
    "resolution": WHOLE,
}
#: what stands under "More": shown at once where one of them is wrong, or not as usual
MORE: Final = tuple(KINDS)[5:]


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = PrintersPage(desk, render, access)
    named = "/config/printers/named/{name}"
    return [
        web.get("/config/printers", page.framed(page.show)),
        web.get(named, page.framed(page.show_one)),
        web.post(named, page.framed(page.change)),
        web.get(f"{named}/remove", page.framed(page.ask)),
        web.post(f"{named}/remove", page.framed(page.remove)),
    ]


class PrintersPage(ConfigPage):
    """GET shows the list, or one; POST changes or removes one."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/printers", "config_printers.html")

    def context(self, request: web.Request) -> dict[str, object]:
        printers = self.station.config.printer
        return {
            "printers": printers,
            "virtual": VIRTUAL.name if not printers else "",
            "known": request.query.get("known", ""),
            "ready": {place.name: place.ready for place in self._desk.parts.places()},
        }

    async def show(self, request: web.Request) -> web.Response:
        return self.page(request, Form({}))

    async def show_one(self, request: web.Request) -> web.Response:
        _, printer = self._find(request)
        return self._one(request, printer, self.form(KINDS, tree_of(printer)))

    async def change(self, request: web.Request) -> web.Response:
        number, printer = self._find(request)
        given = await form_of(request)
        try:
            values = read(KINDS, given)
            edits = changed(values, tree_of(printer), ("printer", number))
            name = str(values.get("name", printer.name))
            if name != printer.name:
                edits += printer_renamed(self.station.config, printer.name, name)
            await self.save(request, edits)
        except (ConfigError, NotReadable) as error:
            form, other = self.refused(KINDS, given, error, Entry("printer", number))
            return self._one(request, printer, form, other)
        return see(f"/config/printers?saved#{quote(name)}")

    async def ask(self, request: web.Request) -> web.Response:
        return self._ask(request)

    def _ask(self, request: web.Request, error: ConfigError | None = None) -> web.Response:
        _, printer = self._find(request)
        uses = uses_of_printer(self.station.config, printer.name)
        last = len(self.station.config.printer) == 1
        more: dict[str, Any] = {"printer": printer, "uses": uses, "last": last, "source": None}
        return self.page(request, Form({}), error, template="config_remove.html", **more)

    async def remove(self, request: web.Request) -> web.Response:
        _, printer = self._find(request)
        gone = [*printer_renamed(self.station.config, printer.name, ""), Remove(("printer", printer.name))]
        try:
            await self.save(request, gone)
        except ConfigError as error:  # what the environment fixes may name it
            return self._ask(request, error)
        return see("/config/printers?saved")

    def _one(self, request: web.Request, printer: PrinterConfig, form: Form, error: object = None) -> web.Response:
        usual = Form(dict.fromkeys(MORE, "") | {"status": "auto", "connection": "keep", "confirm": "auto"})
        return self.page(
            request,
            replace(form, fixed={}),
            error if isinstance(error, ConfigError) else None,
            template="config_printer.html",
            printer=printer,
            profiles=names(),
            languages_known=[*LANGUAGES, *SHEETS],
            more=form.wrong in MORE or any(form.value(key) != usual.value(key) for key in MORE),
        )

    def _find(self, request: web.Request) -> tuple[int, PrinterConfig]:
        wanted = request.match_info["name"]
        for number, printer in enumerate(self.station.config.printer):
            if printer.name == wanted:
                return number, printer
        raise UnknownName(f"there is no printer “{wanted[:64]}”", "The printers page names those that there are.")
