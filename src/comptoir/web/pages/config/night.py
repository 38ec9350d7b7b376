"""Settings of archive and nights: when a business date begins, which reports are expected, who gets the pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec
from aiohttp import web

from comptoir.config import ReportConfig
from comptoir.core.errors import ComptoirError, ConfigError, UnknownName, WrongState
from comptoir.core.night import DAYS, Report
from comptoir.core.titles import pattern_of
from comptoir.settings import Edit, Remove
from comptoir.web.desk import Desk
from comptoir.web.locale import wanted
from comptoir.web.night_words import NightWords
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import (
    FLAG,
    LINES,
    TEXT,
    WHOLE,
    Form,
    Kinds,
    NotReadable,
    added,
    changed,
    names_of,
    read,
    tree_of,
)
from comptoir.web.pages.config.page import ConfigPage, Entry
from comptoir.web.pages.frame import form_of, see
from comptoir.web.render import Renderer

KINDS: Final[Kinds] = {
    "archive.day_starts": TEXT,
    "archive.ocr": TEXT,
    "archive.ocr_languages": TEXT,
    "night.sources": LINES,
    "night.learn": FLAG,
    "night.nights": WHOLE,
    "night.send_to": TEXT,
    "night.send_at": TEXT,
}
REPORT: Final[Kinds] = {"title": TEXT, "name": TEXT, "by": TEXT, "copies": WHOLE, "days": LINES}
HERE: Final = "/config/night"


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = NightSettings(desk, render, access)
    report = HERE + r"/reports/{number:\d{1,6}}"
    return [
        web.get(HERE, page.framed(page.show)),
        web.post(HERE, page.framed(page.post)),
        web.post(f"{HERE}/take", page.framed(page.take)),
        web.get(f"{HERE}/reports/add", page.framed(page.show_report)),
        web.post(f"{HERE}/reports/add", page.framed(page.keep_report)),
        web.get(report, page.framed(page.show_report)),
        web.post(report, page.framed(page.keep_report)),
        web.post(f"{report}/remove", page.framed(page.remove_report)),
    ]


class NightSettings(ConfigPage):
    """GET shows the settings, or one report; POST saves, adds, removes, takes over what was learned."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, HERE, "config_night.html")

    def context(self, request: web.Request) -> dict[str, object]:
        config = self.station.config
        folders = names_of(config.folders)
        captures = [name for name in names_of(config.source) if name not in folders]
        # Some come without a source of the configuration: the browser's extension.
        others = [name for name in config.night.sources if name not in (*captures, *folders)]
        return {
            "sources": [*captures, *folders, *others],
            "destinations": names_of(config.destination),
            "printers": [one.name for one in config.printer if one.prints_sheets],
            "night_words": NightWords(wanted(request, self._render.language)),
            "days": DAYS,
        }

    async def show(self, request: web.Request) -> web.Response:
        return await self._shown(request, self.form(KINDS))

    async def post(self, request: web.Request) -> web.Response:
        given = await form_of(request)
        # Boxes: one that is not ticked is not sent.
        given["night.sources"] = "\n".join(str(name) for name in (await request.post()).getall("source", []))
        try:
            await self.save(request, changed(read(KINDS, given), tree_of(self.station.config)))
        except (ConfigError, NotReadable) as error:
            return await self._shown(request, *self.refused(KINDS, given, error))
        return see(f"{HERE}?saved")

    async def take(self, request: web.Request) -> web.Response:
        """Write down a learned report, or all of them."""
        wanted_form = (await form_of(request)).get("form", "")
        learned = await self.access.nights.learned()
        # What comes in any number cannot be written down: it would be too often on most nights.
        chosen = [one for one in learned if one.copies and wanted_form in ("", one.title.replace("\0", "*"))]
        if not chosen:
            raise WrongState("this report is not learned any more", "Look at the list again.")
        await self.save(request, [added("report", ReportConfig, _written(one)) for one in chosen])
        return see(f"{HERE}?saved#reports")

    async def _shown(self, request: web.Request, form: Form, error: ComptoirError | None = None) -> web.Response:
        learned = await self.access.nights.learned()
        return self.page(
            request, form, error, learned=learned, forms=[one.title.replace("\0", "*") for one in learned],
            chosen=form.value("night.sources").splitlines(),
        )  # fmt: skip

    # -- a report -----------------------------------------------------------------------------------------------------

    async def show_report(self, request: web.Request) -> web.Response:
        number, report = self._report(request)
        form = self.form(REPORT, tree_of(report or ReportConfig(title="-")))
        if report is None:
            form = replace(form, values={**form.values, "title": request.query.get("title", "")}, was={})
        return self._one(request, number, report, form)

    async def keep_report(self, request: web.Request) -> web.Response:
        number, report = self._report(request)
        given = await form_of(request)
        _same(report, given)
        given["days"] = "\n".join(str(day) for day in (await request.post()).getall("day", []))
        try:
            values = read(REPORT, given)
            if report is None:
                edits: list[Edit] = [added("report", ReportConfig, values)]
            else:
                edits = changed(values, tree_of(report), ("report", number))
            await self.save(request, edits)
        except (ConfigError, NotReadable) as error:
            form, other = self.refused(REPORT, given, error, Entry("report", number))
            return self._one(request, number, report, form, other)
        return see(f"{HERE}?saved#reports")

    async def remove_report(self, request: web.Request) -> web.Response:
        number, report = self._report(request)
        _same(report, await form_of(request))
        await self.save(request, [Remove(("report", number))])
        return see(f"{HERE}?saved#reports")

    def _one(
        self,
        request: web.Request,
        number: int,
        report: ReportConfig | None,
        form: Form,
        error: ComptoirError | None = None,
    ) -> web.Response:
        return self.page(
            request,
            replace(form, fixed={}),
            error,
            template="config_report.html",
            number=number,
            report=report,
            was="" if report is None else _was(report),
            chosen=form.value("days").splitlines(),
        )

    def _report(self, request: web.Request) -> tuple[int, ReportConfig | None]:
        """The report of the address, and its place; None and the place of a new one where the address names none."""
        reports: Sequence[ReportConfig] = self.station.config.report
        if "number" not in request.match_info:
            return len(reports), None
        number = int(request.match_info["number"])
        if number >= len(reports):
            raise UnknownName("there is no such report any more", "Look at the list again.")
        return number, reports[number]


def _written(report: Report) -> dict[str, str | int]:
    """A learned report as it is written down: by the name that people know where that is enough."""
    enough = Report(report.name, "").takes(report.example)
    return {
        "title": report.name if enough else pattern_of(report.title),
        "name": "" if enough else report.name,
        "by": "" if report.by is None else f"{report.by:%H:%M}",
        "copies": report.copies or 1,
    }


def _same(report: ReportConfig | None, given: dict[str, str]) -> None:
    """A report has no name but its place: the one that the person saw must still be there. Raises WrongState."""
    if report is not None and given.get("was", "") != _was(report):
        raise WrongState("the reports were changed in the meantime", "Look at the list again, and repeat it.")


def _was(report: ReportConfig) -> str:
    return msgspec.json.encode(report).decode()
