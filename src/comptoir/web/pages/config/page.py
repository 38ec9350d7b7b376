"""What all settings pages do alike: show a form in its frame, save it whole, say where a value was refused.

It knows no single page. A form that was saved answers 303 to its page, which says so; one that was refused comes back
with what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from aiohttp import web
from aiohttp.typedefs import Handler

from comptoir.core.errors import ComptoirError, ConfigError
from comptoir.settings import Edit, WrongField
from comptoir.web.desk import Desk
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.config import SECTIONS, Configurable, People, name_of
from comptoir.web.pages.config.fields import UNITS, Form, Kinds, NotReadable, changed, read, shown, tree_of, was_of
from comptoir.web.pages.config.pasting import Pasted
from comptoir.web.pages.frame import form_of, framed, person, see
from comptoir.web.render import Renderer


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a list, as ("printer", 2): refused values are called printer[2].name."""

    table: str
    number: int


class ConfigPage:
    """A page of the settings. `here`: its address; `template`: what it is drawn with."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None, here: str, template: str) -> None:
        self._desk = desk
        self._render = render
        self._access = access
        self.here = here
        self._template = template

    @property
    def station(self) -> Configurable:
        return self.access.configuring

    @property
    def access(self) -> StationAccess:
        return cast(StationAccess, self._access)

    @property
    def people(self) -> People:
        return cast(People, self.access.access)

    def framed(self, handler: Handler) -> Handler:
        """The handler with the file as it is now: somebody may have written into it by hand."""

        async def fresh(request: web.Request) -> web.StreamResponse:
            await self.station.refresh()
            return await handler(request)

        return framed(self._desk, self._render, fresh)

    def form(self, kinds: Kinds, entry: object | None = None) -> Form:
        """The fields as they are saved; `entry`: those of a table, else the whole configuration's."""
        station = self.station
        values = shown(kinds, tree_of(station.config) if entry is None else entry)
        return Form(values, fixed=station.fixed, was=values)

    def context(self, request: web.Request) -> dict[str, object]:
        """What the page shows besides its form."""
        return {}

    def page(
        self,
        request: web.Request,
        form: Form,
        error: ComptoirError | None = None,
        *,
        status: int = 0,
        **more: object,
    ) -> web.Response:
        """The page, with what was refused. `status`: where it is not as usual."""
        station = self.station
        refused = error is not None or bool(form.wrong)
        context: dict[str, object] = {"template": self._template, "here": self.here, **self.context(request), **more}
        return self._render.render(
            request,
            str(context.pop("template")),
            status=status or (max(400, error.http_status if error else 400) if refused else 200),
            desk=self._desk,
            sections=SECTIONS,
            units=UNITS,
            config=station.config,
            waiting=sorted({name_of(key) for key in station.waiting}),
            restartable=station.restartable,
            restart_trouble=station.restart_trouble,
            saved="saved" in request.query,
            error=error or station.file_error,
            form=form,
            **context,
        )

    async def save(self, request: web.Request, edits: Sequence[Edit]) -> None:
        """Raises ConfigError; then nothing was changed."""
        if edits:
            await self.station.save(edits, person(request), request.remote or "")

    async def save_with_secrets(self, request: web.Request, edits: Sequence[Edit], secrets: Sequence[Pasted]) -> None:
        """A secret is written when it is known that the rest can be saved, and before anything needs it."""
        await self.station.check(edits)
        for one in secrets:
            await self.station.keep_secret(one.key, one.file, one.secret, person(request), request.remote or "")
        await self.save(request, edits)

    async def save_sections(self, request: web.Request, kinds: Kinds) -> web.Response:
        """Save what the form says of these keys: back to the page, or the form again."""
        refused = await self.keep_sections(request, kinds)
        return see(f"{self.here}?saved") if refused is None else self.page(request, *refused)

    async def keep_sections(self, request: web.Request, kinds: Kinds) -> tuple[Form, ComptoirError | None] | None:
        """Save what the form says of these keys; None: it is done, otherwise the form as it was refused."""
        given = await form_of(request)
        try:
            await self.save(request, changed(read(kinds, given), tree_of(self.station.config)))
        except (ConfigError, NotReadable) as error:
            return self.refused(kinds, given, error)
        return None

    def refused(
        self, kinds: Kinds, given: dict[str, str], error: ConfigError | NotReadable, entry: Entry | None = None
    ) -> tuple[Form, ComptoirError | None]:
        """The form as it was typed, and where it is wrong; the error, where it is about no field of this form."""
        # What the environment fixes is not sent.
        known = {} if entry is not None else self.form(kinds).values
        form = Form(
            {key: given.get(key, known.get(key, "")) for key in kinds}, fixed=self.station.fixed, was=was_of(given)
        )
        if isinstance(error, NotReadable):
            return replace(form, wrong=error.key), None
        key = error.key if isinstance(error, WrongField) else ""
        if entry is not None:
            key = key.removeprefix(f"{entry.table}[{entry.number}].")
        key = re.sub(r"\[\d*(?:\.\.\.)?\]$", "", key)
        if isinstance(error, WrongField) and key in kinds:
            return replace(form, wrong=key, said=error.sentence), None
        return form, error
