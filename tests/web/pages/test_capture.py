"""The sources that capture prints: state with its reason and remedy, how a computer adds one, what nobody has kept."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.config import Config
from comptoir.core.kept import SourceState, Unkept

NOON = 1_795_176_000_000
PRINTER = SourceState("audit", "ipp_printer", ("ipp://caisse:22631/ipp/print",))
LOST = Unkept("office", "42", "LASER", "Arrivals <1>", "nina", NOON, "CUPS has thrown its document away already")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


async def test_without_a_source_it_is_said_what_will_be_here_and_how(station: Any) -> None:
    page = await station.get("/capture")
    assert "Chaque source qui capture des impressions apparaît ici" in page
    assert 'href="/config/captures/add/ipp_printer"' in page


async def test_a_source_that_waits_for_a_restart_is_named(station: Any) -> None:
    station.access.configuring.config = Config(source=(IppPrinterSourceConfig(name="nuit"),))
    page = text_of(await station.get("/capture"))
    assert "Prendra effet au prochain démarrage : nuit" in page.replace("\u00a0", " ")
    assert "Ajouter une imprimante" not in page
    station.access.capturing.found = [replace(PRINTER, name="nuit")]
    assert "prochain démarrage" not in await station.get("/capture")


async def test_the_lines_to_type_are_what_a_shell_takes(station: Any) -> None:
    station.access.capturing.found = [replace(PRINTER, name='l’"été" $(x) d\'ici')]
    page = html.unescape(text_of(await station.get("/capture")))
    assert "lpadmin -p l_été_x_d_ici -E" in page
    assert 'Add-Printer -Name "l_été_x_d_ici" -IppURL "http://caisse:22631/ipp/print"' in page


async def test_a_printer_says_how_it_is_added(station: Any) -> None:
    station.access.capturing.found = [PRINTER]
    page = text_of(await station.get("/capture"))
    assert "En ordre" in page
    assert "lpadmin -p audit -E -v ipp://caisse:22631/ipp/print -m everywhere" in page
    assert "Add-Printer" in page


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PRINTER, "Rien n’est arrivé depuis le démarrage du service."),
        (
            SourceState("office", "cups", trouble="CUPS does not answer at /run/x: No such file or directory"),
            "CUPS ne répond pas à /run/x : il n’y a rien à cet endroit.",
        ),
        (replace(PRINTER, trouble="the port 22631 is taken", hint="Choose another.", since=NOON), "22631"),
        (replace(PRINTER, busy=2, taken=1), "2 arrivent"),
        (replace(PRINTER, taken=3, last_at=NOON), "3 impressions prises depuis le démarrage"),
        (SourceState("caisse", "port9100", ("127.0.0.1:22910",)), "cette adresse et ce port"),
    ],
)
async def test_how_a_source_fares(station: Any, state: SourceState, said: str) -> None:
    station.access.capturing.found = [state]
    assert said in text_of(await station.get("/capture"))


@pytest.mark.parametrize(
    ("kind", "there"), [("ipp_printer", True), ("port9100", True), ("lpd", True), ("cups", False), ("winspool", False)]
)
async def test_how_a_source_is_reached_is_said_where_others_reach_it(station: Any, kind: str, there: bool) -> None:
    station.access.capturing.found = [SourceState("one", kind, ("ipp://caisse:22631/ipp/print",))]
    assert ("Comment la joindre" in await station.get("/capture")) == there


async def test_what_the_archive_does_not_have_is_named(station: Any) -> None:
    station.access.capturing.found = [replace(PRINTER, kind="cups", unkept=(LOST,))]
    page = await station.get("/capture")
    assert "Arrivals &lt;1&gt;" in page
    said = text_of(page)
    assert "1 impression que les archives n’ont pas" in said
    assert "nina" in said
    assert "CUPS a déjà effacé ce document." in said


async def test_the_api_says_the_same(station: Any) -> None:
    station.access.capturing.found = [replace(PRINTER, kind="cups", unkept=(LOST,), taken=3, last_at=NOON)]
    answer = await (await station.client.get("/api/captures")).json()
    (state,) = answer["captures"]
    assert (state["name"], state["taken"]) == ("audit", 3)
    assert state["missing"][0]["reference"] == "42"
