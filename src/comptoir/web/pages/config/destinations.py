"""Destinations that are no printers: which there are, adding, changing and removing one.

The fields of a kind come from its struct (`destination_fields.py`); what is sent there, the routes say.
"""

from __future__ import annotations

import re
from dataclasses import replace
from secrets import token_hex
from typing import Any, Final
from urllib.parse import quote

import msgspec
from aiohttp import web

from comptoir.core.errors import ComptoirError, ConfigError, UnknownName
from comptoir.destinations import DestinationConfig
from comptoir.settings import Edit, Remove
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.destination_fields import (
    KINDS,
    STRUCTS,
    TEMPLATE_FIELDS,
    fields_of,
    is_plain,
    kinds_of,
    secrets_of,
)
from comptoir.web.pages.config.fields import Form, NotReadable, added, changed, default_of, read, tree_of
from comptoir.web.pages.config.page import ConfigPage, Entry
from comptoir.web.pages.config.references import destination_renamed, uses_of_destination
from comptoir.web.pages.frame import form_of, person, see
from comptoir.web.render import Renderer

#: the folder in the data folder in which pasted secrets are
SECRETS: Final = "secrets"
#: a file there
_OURS: Final = re.compile(rf"{SECRETS}/[\w-][\w.-]{{0,99}}", re.ASCII)
#: beside the name of the file: the field into which its secret is pasted
PASTED: Final = "secret:"


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = DestinationsPage(desk, render, access)
    add, named = "/config/destinations/add/{kind}", "/config/destinations/named/{name}"
    gets = {"/config/destinations": page.show, add: page.show_one, named: page.show_one, f"{named}/remove": page.ask}
    posts = {add: page.keep, named: page.keep, f"{named}/remove": page.remove}
    return [
        *(web.get(path, page.framed(show)) for path, show in gets.items()),
        *(web.post(path, page.framed(act)) for path, act in posts.items()),
    ]


def kind_of(destination: DestinationConfig) -> str:
    return str(destination.__struct_config__.tag)


class DestinationsPage(ConfigPage):
    """GET shows the list, or one; POST adds, changes, removes."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/destinations", "config_destinations.html")

    def context(self, request: web.Request) -> dict[str, object]:
        destinations = self.station.config.destination
        return {"destinations": [(one, kind_of(one), _where(one)) for one in destinations], "kinds": KINDS}

    async def show(self, request: web.Request) -> web.Response:
        return self.page(request, Form({}))

    async def show_one(self, request: web.Request) -> web.Response:
        _, kind, destination = self._find(request)
        if destination is not None:
            return self._one(request, kind, destination, self.form(kinds_of(kind), tree_of(destination)))
        return self._one(request, kind, None, Form(_usual(kind)))

    async def keep(self, request: web.Request) -> web.Response:
        number, kind, destination = self._find(request)
        typed = await form_of(request)
        given = dict(typed)
        pasted = _pasted(kind, given, destination)
        kinds = kinds_of(kind)
        try:
            values = read(kinds, given)
            if destination is None:
                edits: list[Edit] = [added("destination", STRUCTS[kind], {"kind": kind, **values})]
            else:
                edits = changed(values, tree_of(destination), ("destination", number))
                name = str(values.get("name", destination.name))
                if name != destination.name:
                    edits += destination_renamed(self.station.config, destination.name, name)
            secrets = {f"destination[{number}].{key}": (given[key], secret) for key, secret in pasted.items()}
            await self._keep(request, edits, secrets)
        except (ConfigError, NotReadable) as error:
            # The file that the secret was to be in was not written: it is to be pasted again.
            form, other = self.refused(kinds, typed, error, Entry("destination", number))
            return self._one(request, kind, destination, form, other)
        return see(f"/config/destinations?saved#{quote(str(given.get('name', '')).strip())}")

    async def _keep(self, request: web.Request, edits: list[Edit], secrets: dict[str, tuple[str, str]]) -> None:
        """A secret is written when it is known that the rest can be saved, and before anything needs it."""
        await self.station.check(edits)
        for key, (file, secret) in secrets.items():
            await self.station.keep_secret(key, file, secret, person(request), request.remote or "")
        await self.save(request, edits)

    async def ask(self, request: web.Request) -> web.Response:
        return self._ask(request)

    def _ask(self, request: web.Request, error: ConfigError | None = None) -> web.Response:
        _, _, destination = self._find(request)
        assert destination is not None
        uses = uses_of_destination(self.station.config, destination.name)
        more: dict[str, Any] = {"destination": destination, "uses": uses}
        return self.page(request, Form({}), error, template="config_destination_remove.html", **more)

    async def remove(self, request: web.Request) -> web.Response:
        _, _, destination = self._find(request)
        assert destination is not None
        name = destination.name
        gone = [*destination_renamed(self.station.config, name, ""), Remove(("destination", name))]
        try:
            await self.save(request, gone)
        except ConfigError as error:
            return self._ask(request, error)
        return see("/config/destinations?saved")

    def _one(
        self,
        request: web.Request,
        kind: str,
        destination: DestinationConfig | None,
        form: Form,
        error: ComptoirError | None = None,
    ) -> web.Response:
        fields = fields_of(kind)
        return self.page(
            request,
            replace(form, fixed={}),
            error,
            template="config_destination.html",
            kind=kind,
            destination=destination,
            above=[one for one in fields if is_plain(kind, one)],
            below=[one for one in fields if not is_plain(kind, one)],
            template_fields=TEMPLATE_FIELDS,
        )

    def _find(self, request: web.Request) -> tuple[int, str, DestinationConfig | None]:
        """Its place, its kind, itself; None and the place of a new one where the address names a kind."""
        destinations = self.station.config.destination
        if "kind" in request.match_info:
            kind = request.match_info["kind"]
            if kind not in STRUCTS:
                raise UnknownName(f"there is no kind of destination “{kind[:64]}”", "Look at the list again.")
            return len(destinations), kind, None
        wanted = request.match_info["name"]
        for number, destination in enumerate(destinations):
            if destination.name == wanted:
                return number, kind_of(destination), destination
        raise UnknownName(f"there is no destination “{wanted[:64]}”", "Look at the list again.")


def _where(destination: DestinationConfig) -> str:
    """Its address, as a list shows it."""
    known = (getattr(destination, key, "") for key in ("url", "endpoint_url", "bucket", "host", "path"))
    return next((str(value) for value in known if value), "")


def _usual(kind: str) -> dict[str, str]:
    """The fields of a new one: what holds where nothing is set."""
    defaults = {info.encode_name: default_of(info) for info in msgspec.structs.fields(STRUCTS[kind])}
    known = {key: value for key, value in defaults.items() if value not in (msgspec.NODEFAULT, None)}
    return {key: how.show(known[key]) if key in known else "" for key, how in kinds_of(kind).items()}


def _pasted(kind: str, given: dict[str, str], destination: DestinationConfig | None) -> dict[str, str]:
    """Key → the secret that was typed for it; the name of its file stands in `given` afterwards.

    What is pasted goes into a file of ours, never into one that somebody named: that may be anything.
    """
    pasted = {}
    for field in secrets_of(kind):
        secret = given.pop(f"{PASTED}{field.key}", "").strip()
        if not secret:
            continue
        known = getattr(destination, field.key, "")
        if not _OURS.fullmatch(known):
            known = f"{SECRETS}/{_slug(given.get('name', ''))}-{field.key.removesuffix('_file')}-{token_hex(4)}"
        given[field.key] = known
        pasted[field.key] = f"{secret}\n" if field.long else secret
    return pasted


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.strip(), flags=re.ASCII).strip("-")[:32] or "destination"
