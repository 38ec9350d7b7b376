"""Entries of the configuration that have a kind and a name, such as destinations: adding, changing and removing one.

The fields of a kind come from its struct (`struct_fields.py`). Which entries there are, and what they are called,
`destinations.py` and `captures.py` say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

import msgspec
from aiohttp import web

from comptoir.arrivals import SourceConfig
from comptoir.config import Config
from comptoir.core.errors import ComptoirError, ConfigError, UnknownName
from comptoir.destinations import DestinationConfig
from comptoir.settings import Edit, Remove
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import Form, NotReadable, added, changed, read, tree_of
from comptoir.web.pages.config.page import ConfigPage, Entry
from comptoir.web.pages.config.pasting import pasted
from comptoir.web.pages.config.references import Use
from comptoir.web.pages.config.struct_fields import StructForm
from comptoir.web.pages.frame import form_of, see
from comptoir.web.render import Renderer

Named = SourceConfig | DestinationConfig


@dataclass(frozen=True, slots=True)
class Table:
    """A list of such entries. `name`: its key in the file, and what a template calls the entry that it shows.

    `place`: below this address entries are added and named; `back`: the page of the list. `structs`: by kind.
    """

    name: str
    place: str
    back: str
    structs: Mapping[str, type[msgspec.Struct]]
    form_of_kind: Callable[[str], StructForm]
    uses: Callable[[Config, str], Sequence[Use]]
    #: the edits that make all that names the first name the second; "": name it no more
    renamed: Callable[[Config, str, str], list[Edit]]
    #: templates: of one entry, and of the question before it goes
    template: str
    removal: str


def kind_of(entry: Named) -> str:
    return str(entry.__struct_config__.tag)


class KindsPage(ConfigPage):
    """GET shows one, POST adds, changes, removes. `entries` and `more` are for those who know the table."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None, table: Table) -> None:
        super().__init__(desk, render, access, table.back, table.template)
        self._table = table

    def entries(self) -> Sequence[Named]:
        """All of the list, with those that have another page."""
        raise NotImplementedError

    def more(self) -> Mapping[str, object]:
        """What the template of one entry shows besides."""
        return {}

    def routes(self) -> list[web.RouteDef]:
        add, named = f"{self._table.place}/add/{{kind}}", f"{self._table.place}/named/{{name}}"
        gets = {add: self.show_one, named: self.show_one, f"{named}/remove": self.ask}
        posts = {add: self.keep, named: self.keep, f"{named}/remove": self.remove}
        return [
            *(web.get(path, self.framed(show)) for path, show in gets.items()),
            *(web.post(path, self.framed(act)) for path, act in posts.items()),
        ]

    async def show_one(self, request: web.Request) -> web.Response:
        _, kind, entry = self._find(request)
        made = self._table.form_of_kind(kind)
        return self._one(request, kind, entry, self.form(made.kinds(), tree_of(entry)) if entry else Form(made.usual()))

    async def keep(self, request: web.Request) -> web.Response:
        number, kind, entry = self._find(request)
        table, made = self._table, self._table.form_of_kind(kind)
        typed = await form_of(request)
        given = dict(typed)
        secrets = pasted(made, given, entry, f"{table.name}[{number}]")
        kinds = made.kinds()
        try:
            values = read(kinds, given)
            if entry is None:
                edits: list[Edit] = [added(table.name, table.structs[kind], {"kind": kind, **values})]
            else:
                edits = changed(values, tree_of(entry), (table.name, number))
                name = str(values.get("name", entry.name))
                if name != entry.name:
                    edits += table.renamed(self.station.config, entry.name, name)
            await self.save_with_secrets(request, edits, secrets)
        except (ConfigError, NotReadable) as error:
            # The file that the secret was to be in was not written: it is to be pasted again.
            form, other = self.refused(kinds, typed, error, Entry(table.name, number))
            return self._one(request, kind, entry, form, other)
        return see(f"{table.back}?saved#{quote(str(given.get('name', '')).strip())}")

    async def ask(self, request: web.Request) -> web.Response:
        return self._ask(request, self._named(request))

    def _ask(self, request: web.Request, entry: Named, error: ConfigError | None = None) -> web.Response:
        uses = self._table.uses(self.station.config, entry.name)
        shown: dict[str, object] = {"template": self._table.removal, self._table.name: entry, "uses": uses}
        return self.page(request, Form({}), error, status=0, **shown)

    async def remove(self, request: web.Request) -> web.Response:
        table, entry = self._table, self._named(request)
        gone = [*table.renamed(self.station.config, entry.name, ""), Remove((table.name, entry.name))]
        try:
            await self.save(request, gone)
        except ConfigError as error:  # what the environment fixes may name it
            return self._ask(request, entry, error)
        return see(f"{table.back}?saved")

    def _one(
        self, request: web.Request, kind: str, entry: Named | None, form: Form, error: ComptoirError | None = None
    ) -> web.Response:
        made = self._table.form_of_kind(kind)
        fields = made.fields()
        shown: dict[str, object] = {
            "template": self._table.template,
            "kind": kind,
            self._table.name: entry,
            "above": [one for one in fields if made.is_plain(one)],
            "below": [one for one in fields if not made.is_plain(one)],
            **self.more(),
        }
        return self.page(request, replace(form, fixed={}), error, status=0, **shown)

    def _named(self, request: web.Request) -> Named:
        """The entry of an address that names one. Raises UnknownName."""
        _, _, entry = self._find(request)
        assert entry is not None
        return entry

    def _find(self, request: web.Request) -> tuple[int, str, Named | None]:
        """Its place, its kind, itself; None and the place of a new one where the address names a kind."""
        table, entries = self._table, self.entries()
        if "kind" in request.match_info:
            kind = request.match_info["kind"]
            if kind not in table.structs:
                raise UnknownName(f"there is no kind of {table.name} “{kind[:64]}”", "Look at the list again.")
            return len(entries), kind, None
        wanted = request.match_info["name"]
        for number, entry in enumerate(entries):
            if entry.name == wanted and kind_of(entry) in table.structs:
                return number, kind_of(entry), entry
        raise UnknownName(f"there is no {table.name} “{wanted[:64]}”", "Look at the list again.")
