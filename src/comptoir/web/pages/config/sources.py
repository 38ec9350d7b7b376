"""Folders whose files are taken, and routes: where the documents of a source go. How they fare, /folders shows."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from aiohttp import web

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import VIRTUAL, RouteConfig
from comptoir.core.errors import ComptoirError, ConfigError, UnknownName, WrongState
from comptoir.formats import FORMATS
from comptoir.settings import Edit, Remove
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.capture_fields import KINDS
from comptoir.web.pages.config.destination_fields import TEMPLATE_FIELDS
from comptoir.web.pages.config.fields import (
    FLAG,
    FOLDERS,
    LINES,
    SIZE,
    SPAN,
    TEXT,
    WHOLE,
    Form,
    Kinds,
    NotReadable,
    added,
    changed,
    read,
    tree_of,
)
from comptoir.web.pages.config.kinds import kind_of
from comptoir.web.pages.config.page import ConfigPage, Entry
from comptoir.web.pages.config.references import source_renamed, uses_of_source
from comptoir.web.pages.frame import form_of, see
from comptoir.web.render import Renderer

FOLDER: Final[Kinds] = {
    "name": TEXT,
    "path": TEXT,
    "match": LINES,
    "ignore": LINES,
    "recursive": FLAG,
    "existing": TEXT,
    "quiet": SPAN,
    "scan": SPAN,
    "lot": TEXT,
    "marker": TEXT,
    "duplicates": TEXT,
    "watch": TEXT,
}
#: what stands under "More": shown at once where one of them is not as usual
FOLDER_MORE: Final = ("ignore", "quiet", "scan", "marker", "duplicates", "watch", "existing", "lot", "recursive")
#: what becomes of the file, where a field of its own says into which folder it is put
MOVE: Final = "move:"
ROUTE: Final[Kinds] = {
    "from": TEXT,
    "to": LINES,
    "match": LINES,
    "types": LINES,
    "folder": FOLDERS,
    "larger": SIZE,
    "smaller": SIZE,
    "name": TEXT,
    "format": TEXT,
    "keep": SPAN,
    "keep_from": TEXT,
    "hold": FLAG,
    "original": TEXT,
    "original_after": SPAN,
    "copies": WHOLE,
    "sides": TEXT,
    "tray": TEXT,
    "scale": TEXT,
    "fallback": TEXT,
    "fallback_after": SPAN,
}
#: the parts of the form that are folded away: shown at once where one of their fields is wrong, or not as usual
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "which": ("types", "folder", "larger", "smaller"),
    "paper": ("format", "copies", "sides", "tray", "scale", "fallback", "fallback_after"),
    "keeping": ("keep", "keep_from", "hold"),
    "more": ("name", "original_after"),
}
#: sources that are no folders: what arrives over the API, from pages, from the hub
OTHERS: Final = ("api", "web", "console", "relay", "browser")

#: what a folder is at this moment
State = Literal["ready", "absent", "no-folder", "unreadable"]


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = SourcesPage(desk, render, access)
    folder, route = "/config/sources/named/{name}", r"/config/sources/routes/{number:\d{1,6}}"
    gets = {
        "/config/sources": page.show,
        "/config/sources/add": page.show_folder,
        folder: page.show_folder,
        f"{folder}/remove": page.ask,
        "/config/sources/routes/add": page.show_route,
        route: page.show_route,
    }
    posts = {
        "/config/sources/add": page.keep_folder,
        folder: page.keep_folder,
        f"{folder}/remove": page.remove_folder,
        "/config/sources/routes/add": page.keep_route,
        route: page.keep_route,
        f"{route}/remove": page.remove_route,
    }
    return [
        *(web.get(path, page.framed(show)) for path, show in gets.items()),
        *(web.post(path, page.framed(act)) for path, act in posts.items()),
    ]


def state_of(path: str) -> State:
    """Whether a folder can be read by this service now. It waits for the disk, or for another machine's."""
    folder = Path(path)
    try:
        if not folder.exists():
            return "absent"
        if not folder.is_dir():
            return "no-folder"
        return "ready" if os.access(folder, os.R_OK | os.X_OK) else "unreadable"
    except (OSError, ValueError):
        return "unreadable"


class SourcesPage(ConfigPage):
    """GET shows both lists, or one entry; POST adds, changes, removes."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/sources", "config_sources.html")

    async def show(self, request: web.Request) -> web.Response:
        sources = self.station.config.folders
        states = await asyncio.gather(*(asyncio.to_thread(state_of, source.path) for source in sources))
        captures = [
            (one, kind_of(one)) for one in self.station.config.source if not isinstance(one, FolderSourceConfig)
        ]
        folders = list(zip(sources, states, strict=True))
        captured = [source.name for source, _ in captures]
        return self.page(request, Form({}), folders=folders, captures=captures, captured=captured, kinds=KINDS)

    # -- folders ------------------------------------------------------------------------------------------------------

    async def show_folder(self, request: web.Request) -> web.Response:
        _, source = self._source(request)
        shown = source or FolderSourceConfig(name="-", path="-")
        form = self.form(FOLDER, tree_of(shown))
        if source is None:
            form = replace(form, values={**form.values, "name": "", "path": ""}, was={})
        return await self._folder(request, source, form)

    async def keep_folder(self, request: web.Request) -> web.Response:
        number, source = self._source(request)
        given = await form_of(request)
        try:
            values = read(FOLDER, given)
            if source is None:
                edits: list[Edit] = [added("source", FolderSourceConfig, {"kind": "folder", **values})]
            else:
                edits = changed(values, tree_of(source), ("source", number))
                name = str(values.get("name", source.name))
                if name != source.name:
                    edits += source_renamed(self.station.config, source.name, name)
            await self.save(request, edits)
        except (ConfigError, NotReadable) as error:
            form, other = self.refused(FOLDER, given, error, Entry("source", number))
            return await self._folder(request, source, form, other)
        return see("/config/sources?saved")

    async def ask(self, request: web.Request) -> web.Response:
        return self._ask(request)

    def _ask(self, request: web.Request, error: ConfigError | None = None) -> web.Response:
        _, source = self._source(request)
        assert source is not None
        uses = uses_of_source(self.station.config, source.name)
        more: dict[str, Any] = {"printer": None, "uses": uses, "last": False, "source": source}
        return self.page(request, Form({}), error, template="config_remove.html", **more)

    async def remove_folder(self, request: web.Request) -> web.Response:
        _, source = self._source(request)
        assert source is not None
        gone = [*source_renamed(self.station.config, source.name, ""), Remove(("source", source.name))]
        try:
            await self.save(request, gone)
        except ConfigError as error:  # what the environment fixes may name it
            return self._ask(request, error)
        return see("/config/sources?saved")

    async def _folder(
        self, request: web.Request, source: FolderSourceConfig | None, form: Form, error: ComptoirError | None = None
    ) -> web.Response:
        path = form.value("path")
        state = await asyncio.to_thread(state_of, path) if path else None
        form = replace(form, fixed={})
        usual = self.form(FOLDER, tree_of(FolderSourceConfig(name="-", path="-")))
        more = _differs(form, usual, FOLDER_MORE)
        return self.page(request, form, error, template="config_source.html", source=source, state=state, more=more)

    def _source(self, request: web.Request) -> tuple[int, FolderSourceConfig | None]:
        """The folder of the address, and its place; None and the place of a new one where the address names none."""
        wanted, sources = request.match_info.get("name"), self.station.config.source
        if wanted is None:
            return len(sources), None
        for number, source in enumerate(sources):
            if source.name == wanted and isinstance(source, FolderSourceConfig):
                return number, source
        raise UnknownName(f"there is no folder “{wanted[:64]}”", "Look at the list again.")

    # -- routes -------------------------------------------------------------------------------------------------------

    async def show_route(self, request: web.Request) -> web.Response:
        number, route = self._route(request)
        form = self.form(ROUTE, tree_of(route or RouteConfig(source="")))
        return self._one_route(request, number, route, form if route else replace(form, was={}))

    async def keep_route(self, request: web.Request) -> web.Response:
        number, route = self._route(request)
        given = await form_of(request)
        self._same(route, given)
        if "to" not in given:
            # Boxes: one that is not ticked is not sent.
            given["to"] = "\n".join(str(name) for name in (await request.post()).getall("printer", []))
        if given.get("original") == MOVE:
            given["original"] += given.get("original_to", "").strip()
        try:
            values = read(ROUTE, given)
            if route is None:
                edits: list[Edit] = [added("route", RouteConfig, values)]
            else:
                edits = changed(values, tree_of(route), ("route", number))
            await self.save(request, edits)
        except (ConfigError, NotReadable) as error:
            form, other = self.refused(ROUTE, given, error, Entry("route", number))
            return self._one_route(request, number, route, form, other)
        return see("/config/sources?saved")

    async def remove_route(self, request: web.Request) -> web.Response:
        number, route = self._route(request)
        self._same(route, await form_of(request))
        await self.save(request, [Remove(("route", number))])
        return see("/config/sources?saved")

    def _one_route(
        self,
        request: web.Request,
        number: int,
        route: RouteConfig | None,
        form: Form,
        error: ComptoirError | None = None,
    ) -> web.Response:
        config = self.station.config
        usual = self.form(ROUTE, tree_of(RouteConfig(source="")))
        return self.page(
            request,
            replace(form, fixed={}),
            error,
            template="config_route.html",
            number=number,
            route=route,
            was="" if route is None else _was(route),
            origins=[*(source.name for source in config.source), *OTHERS],
            folders=[source.name for source in config.folders],
            captured=[source.name for source in config.source if source not in config.folders],
            printers=[printer.name for printer in config.printer or (VIRTUAL,)],
            destinations=[one.name for one in config.destination],
            # Who makes a route has to say how long; left out, nothing stays in the archive.
            opened=[
                part
                for part, keys in PARTS.items()
                if _differs(form, usual, keys) or (part == "keeping" and route is None)
            ],
            chosen=form.value("to").splitlines(),
            formats=list(FORMATS),
            template_fields=TEMPLATE_FIELDS,
        )

    def _route(self, request: web.Request) -> tuple[int, RouteConfig | None]:
        """As `_source`, by number."""
        routes = self.station.config.route
        number = int(request.match_info.get("number", len(routes)))
        if "number" not in request.match_info:
            return number, None
        if number >= len(routes):
            raise UnknownName("there is no such route any more", "Look at the list again.")
        return number, routes[number]

    @staticmethod
    def _same(route: RouteConfig | None, given: dict[str, str]) -> None:
        """A route has no name but its place: the one that the person saw must still be there. Raises WrongState."""
        if route is not None and given.get("was", "") != _was(route):
            raise WrongState("the routes were changed in the meantime", "Look at the list again, and repeat it.")


def _differs(form: Form, usual: Form, keys: Sequence[str]) -> bool:
    """Whether one of these fields is wrong, or holds something else than usually."""
    return form.wrong in keys or any(form.value(key) != usual.value(key) for key in keys)


def _was(route: RouteConfig) -> str:
    return msgspec.json.encode(route).decode()
