"""Adding a printer, step by step: found or typed in, reached, asked who it is, named, saved, tried on paper.

Each step is a page of its own that can be reloaded; what a step finds out is the station's (`Setup`).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from comptoir.config import PrinterConfig
from comptoir.core.errors import ComptoirError, ConfigError, UnknownName
from comptoir.core.sheet import DRIVER
from comptoir.languages import LANGUAGES, SHEETS
from comptoir.languages.profiles import names
from comptoir.settings import Edit, Value
from comptoir.web.desk import Desk
from comptoir.web.locale import msgid
from comptoir.web.pages import Access
from comptoir.web.pages.config import Trial
from comptoir.web.pages.config.fields import TEXT, WHOLE, Form, Kinds, NotReadable, added, changed, read, tree_of
from comptoir.web.pages.config.page import ConfigPage, Entry
from comptoir.web.pages.frame import form_of, person, see
from comptoir.web.render import Renderer

KINDS: Final[Kinds] = {"name": TEXT, "profile": TEXT, "language": TEXT, "columns": WHOLE}
#: what a printer is called that nobody has called anything yet
USUAL: Final = "TICKET"
USUAL_OFFICE: Final = "FACTURE"
#: what the devices of printers of Windows begin with, and which of their names are names here
WINDOWS: Final = "winspool:"
NAME: Final = r"(?!\.{1,2}\Z)[^\x00-\x1f/\\]{1,64}"
#: what their devices begin with
OFFICE: Final = ("ipp", "cups")
#: seconds until a page that shows something going on is fetched again
SOON: Final = "1"
LINES: Final = (
    msgid("TEST PRINT"),
    msgid("If you can read this line, this printer works."),
    msgid("The last line must fit without a break."),
)


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = AddingPage(desk, render, access)
    trial = r"/config/printers/trial/{number:\d{1,9}}"
    gets = {"add": page.show, "found": page.found}
    posts = {"search": page.search, "search/stop": page.stop, "try": page.try_it}
    return [
        *(web.get(f"/config/printers/{path}", page.framed(show)) for path, show in gets.items()),
        *(web.post(f"/config/printers/{path}", page.framed(act)) for path, act in posts.items()),
        web.get(trial, page.framed(page.show_trial)),
        web.post(trial, page.framed(page.keep)),
        web.post(f"{trial}/test", page.framed(page.test)),
    ]


def device_of(text: str) -> str:
    """The device URI of what a person types: 192.168.1.50, printer.local:9101, COM3, /dev/usb/lp0, a printer of another
    Windows computer, or a URI."""
    typed = text.strip()
    if re.match(r"[a-z]+:", typed) and not re.match(r"[^:/]+:\d+\Z", typed):
        return typed
    if typed.startswith("\\\\"):
        return f"winspool:{typed}"
    if re.fullmatch(r"(?i)com\d+:?", typed):
        return f"serial:{typed.upper().rstrip(':')}"
    if typed.startswith("/dev/tty"):
        return f"serial://{typed}"
    if typed.startswith("/"):
        return f"file://{typed}"
    if re.fullmatch(r"[0-9A-Fa-f:]*::?[0-9A-Fa-f:]*", typed) and typed.count(":") > 1:
        return f"socket://[{typed}]:9100"
    return f"socket://{typed}" if re.search(r":\d+\Z", typed) else f"socket://{typed}:9100"


class AddingPage(ConfigPage):
    """GET shows a step, POST goes on to the next."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/printers/add", "config_add.html")

    async def show(self, request: web.Request) -> web.Response:
        return self.page(request, Form({}), languages_known=[*LANGUAGES, *SHEETS])

    # -- finding ------------------------------------------------------------------------------------------------------

    async def search(self, request: web.Request) -> web.Response:
        self.station.setup.begin_search()
        return see("/config/printers/found")

    async def stop(self, request: web.Request) -> web.Response:
        await self.station.setup.end_search()
        return see("/config/printers/found")

    async def found(self, request: web.Request) -> web.Response:
        search = self.station.setup.search
        if search is None:
            return see("/config/printers/add")
        answer = self.page(
            request, Form({}), template="config_found.html", here="/config/printers/found", search=search
        )
        if search.running:
            answer.headers["Refresh"] = SOON
        return answer

    async def try_it(self, request: web.Request) -> web.Response:
        given = await form_of(request)
        device, speaks = device_of(given.get("device", "")), given.get("language", "") or "escpos"
        for printer in self.station.config.printer:
            if printer.device == device:  # most printers take one connection at a time, and this station has it
                return see(f"/config/printers?{urlencode({'known': printer.name})}")
        try:
            number = self.station.setup.begin_trial(device, speaks)
        except ComptoirError as error:
            wrong = Form({"device": given.get("device", ""), "language": speaks}, "device", error.message)
            return self.page(request, wrong, languages_known=[*LANGUAGES, *SHEETS])
        return see(f"/config/printers/trial/{number}")

    # -- one printer --------------------------------------------------------------------------------------------------

    async def show_trial(self, request: web.Request) -> web.Response:
        trial = self._trial(request)
        return self._steps(request, trial, self._form(trial))

    async def keep(self, request: web.Request) -> web.Response:
        """Save it; saved before, change it."""
        trial, config = self._trial(request), self.station.config
        given = await form_of(request)
        known = self._saved(trial)
        number = len(config.printer) if known is None else config.printer.index(known)
        try:
            values: dict[str, Value | None] = {**read(KINDS, given), "device": trial.device}
            edits: list[Edit] = (
                [added("printer", PrinterConfig, values)]
                if known is None
                else changed(values, tree_of(known), ("printer", number))
            )
            await self.save(request, edits)
        except (ConfigError, NotReadable) as error:
            form, other = self.refused(KINDS, given, error, Entry("printer", number))
            return self._steps(request, trial, form, other)
        name = values.get("name") or (known.name if known is not None else "")
        await self.station.setup.keep(trial.number, str(name))
        return see(f"/config/printers/trial/{trial.number}#test")

    async def test(self, request: web.Request) -> web.Response:
        trial = self._trial(request)
        words = self._render.words(request)
        lines = [*(words.text(line) for line in LINES), "àéèêëïôûç œ € ✓ 0123456789"]
        try:
            await self.station.setup.print_test(trial.number, lines, person(request), request.remote or "")
        except ComptoirError as error:
            return self._steps(request, trial, self._form(trial), error)
        return see(f"/config/printers/trial/{trial.number}#test")

    def _steps(
        self, request: web.Request, trial: Trial, form: Form, error: ComptoirError | None = None
    ) -> web.Response:
        here = f"/config/printers/trial/{trial.number}"
        answer = self.page(
            request,
            form,
            error,
            template="config_trial.html",
            here=here,
            trial=trial,
            profiles=names(),
            languages_known=[*LANGUAGES, *SHEETS],
            office=trial.device.startswith(OFFICE) or trial.language == DRIVER,
            drawn=trial.language == DRIVER,
            virtual=not self.station.config.printer,
            out=request.query.get("out", ""),
        )
        if trial.running:
            answer.headers["Refresh"] = SOON
        return answer

    def _form(self, trial: Trial) -> Form:
        """As it was saved; before that, as it is suggested."""
        printer = self._saved(trial)
        if printer is not None:
            return self.form(KINDS, tree_of(printer))
        language = "" if trial.language == "escpos" else trial.language
        return Form({"name": self._free_name(trial.device), "profile": trial.profile, "language": language})

    def _trial(self, request: web.Request) -> Trial:
        trial = self.station.setup.trial(int(request.match_info["number"]))
        if trial is None:
            raise UnknownName("this printer is not being set up any more", "Begin anew: Add a printer.")
        return trial

    def _saved(self, trial: Trial) -> PrinterConfig | None:
        found = [printer for printer in self.station.config.printer if trial.saved and printer.name == trial.saved]
        return found[0] if found else None

    def _free_name(self, device: str) -> str:
        taken = {printer.name for printer in self.station.config.printer}
        usual = USUAL_OFFICE if device.startswith(OFFICE) else USUAL
        own = device.removeprefix(WINDOWS) if device.startswith(WINDOWS) else ""
        if own and own not in taken and re.fullmatch(NAME, own):
            return own
        wanted = (usual if number == 1 else f"{usual}-{number}" for number in range(1, len(taken) + 2))
        return next(name for name in wanted if name not in taken)
