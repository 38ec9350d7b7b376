"""A till's page that the owner allowed, in real Chromium: it opens the drawer and prints in every way that Odoo knows,
and reads what became of it; without leave it is told so. Our add-on runs on pages that stand for Odoo's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.peers import pos_page
from tests.peers.browser import chromium, installed
from tests.peers.pages import BROWSER, EMPTY, Body, Pages
from tests.peers.pos_page import SALE, SCREENS, till_with_addon
from tests.peers.services import free_port, stop_all
from tests.peers.till_station import TillStation

from comptoir.core.errors import JournalError, NotAllowed, RequestError, TooMany, UnknownName
from comptoir.sinks.drawer import DrawerError, Outcome
from comptoir.web.guard import SignInNeeded

pytestmark = pytest.mark.xdist_group("browser")

SOON = 10_000  # ms
Start = Callable[..., TillStation]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(*BROWSER) as one:
        yield one


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with Pages.running(tmp_path_factory.mktemp("pages")) as one:
        # What an owner of an older Odoo over HTTPS sets, so that its browser says whose page it is.
        one.pages["/named"] = Body(EMPTY, headers={"Referrer-Policy": "origin"})
        yield one


@pytest.fixture
def start(tmp_path: Path, pages: Pages) -> Iterator[Start]:
    """Starts a station that allows these origins; without any, the till's over HTTP and HTTPS."""
    running: list[TillStation] = []

    def one(*origins: str, more: str = "", unnamed: bool = False) -> TillStation:
        allowed = origins or (pages.origin("http"), pages.origin("https"))
        running.append(TillStation.started(tmp_path, allowed, more, unnamed))
        return running[-1]

    yield one
    stop_all([station.service for station in running])


def page_of(browser: Browser, address: str) -> Page:
    page = browser.new_context(ignore_https_errors=True).new_page()
    page.goto(address)
    return page


def call(page: Page, script: str, station: TillStation, body: str = "", *, tls: bool = False) -> Any:
    """What the page's script has of the answer; `unreachable`: nothing. `tls`: to the station's HTTPS, by address."""
    address = station.url.replace("http://localhost", "https://127.0.0.1") if tls else station.url
    return page.evaluate(
        "([script, u, b]) => new Function('u', 'b', `return (${script})`)(u, b).catch(() => 'unreachable')",
        [script, address, body],
    )


# -- an allowed page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("earlier", [pos_page.EARLIER_MODULE, pos_page.EARLIER_EXTENSION], ids=["module", "extension"])
@pytest.mark.parametrize(("scheme", "path"), [("http", "/"), ("http", "/named"), ("https", "/named")])
def test_the_earlier_call_opens(
    browser: Browser, pages: Pages, start: Start, earlier: str, scheme: str, path: str
) -> None:
    station = start()
    page = page_of(browser, pages.origin(scheme) + path)
    assert call(page, earlier, station) == "opaque", "it was never meant to be read"
    assert station.pulses == 1


def test_a_page_over_https_that_does_not_say_whose_it_is_opens_nothing(
    browser: Browser, pages: Pages, start: Start
) -> None:
    """Browsers do not send a Referer from https to http; without it, any page could have sent the call."""
    station = start()
    call(page_of(browser, pages.origin("https")), pos_page.EARLIER_MODULE, station)
    assert station.pulses == 0


def test_over_https_the_earlier_call_says_whose_it_is(browser: Browser, pages: Pages, start: Start) -> None:
    """A page that was changed to call the station by HTTPS."""
    station = start()
    assert call(page_of(browser, pages.origin("https")), pos_page.EARLIER_MODULE, station, tls=True) == "opaque"
    assert station.pulses == 1


def test_the_owner_may_let_such_pages_open_the_drawer_and_do_nothing_else(
    browser: Browser, pages: Pages, start: Start
) -> None:
    station = start(unnamed=True)
    # As it calls itself where it has a window.
    system = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    name = f"{system} Chrome/{browser.version} Safari/537.36"
    page = browser.new_context(ignore_https_errors=True, user_agent=name).new_page()
    page.goto(pages.origin("https"))
    call(page, "fetch(u + '/invoice-printer/purge', {mode: 'no-cors'})", station)
    assert station.events("invoices-purged") == []
    call(page, pos_page.EARLIER_MODULE, station)
    assert station.pulses == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_reads_what_became_of_the_drawer(browser: Browser, pages: Pages, start: Start, scheme: str) -> None:
    station = start()
    page = page_of(browser, pages.origin(scheme))
    assert call(page, pos_page.OPEN, station)["outcome"] in ("opened", "processed", "sent")
    assert station.pulses == 1
    again = call(page, pos_page.OPEN, station)
    assert again["error"]["code"] == "too-many", "refusals can be read as well"


@pytest.mark.parametrize("script", [pos_page.EPOS_FETCH, pos_page.EPOS_XHR], ids=["fetch", "XMLHttpRequest"])
@pytest.mark.parametrize(("scheme", "tls"), [("http", False), ("https", False), ("https", True)])
def test_it_prints_and_opens_by_epos(
    browser: Browser, pages: Pages, start: Start, scheme: str, tls: bool, script: str
) -> None:
    """Odoo calls the printer in the way in which its own page came, unless it is told otherwise (use_lna)."""
    station = start()
    page = page_of(browser, pages.origin(scheme))
    receipt = pos_page.EPOS.format('<text align="center">Merci&#10;</text><feed line="3"/><cut type="feed"/>')
    assert call(page, script, station, receipt, tls=tls) == "true"
    assert [job["status"] for job in station.jobs] == ["printed"]
    assert call(page, script, station, pos_page.EPOS.format("<pulse/>"), tls=tls) == "true"
    assert station.pulses == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_opens_by_hw_proxy(browser: Browser, pages: Pages, start: Start, scheme: str) -> None:
    station = start()
    page = page_of(browser, pages.origin(scheme))
    assert call(page, pos_page.HELLO, station) is True
    assert call(page, pos_page.CASHBOX, station) is True
    assert station.pulses == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "embed",
    [
        "new Promise(ok => { const i = new Image(); i.onload = i.onerror = ok; i.src = u + '/open-cash-drawer' })",
        "new Promise(ok => { const f = document.createElement('iframe'); f.onload = ok;"
        " f.src = u + '/open-cash-drawer'; document.body.append(f) })",
        "new Promise(ok => { const l = document.createElement('link'); l.onload = l.onerror = ok; l.rel = 'prefetch';"
        " l.href = u + '/open-cash-drawer'; document.head.append(l) })",
    ],
    ids=["img", "iframe", "prefetch"],
)
def test_what_it_embeds_opens_nothing(browser: Browser, pages: Pages, start: Start, scheme: str, embed: str) -> None:
    station = start()
    call(page_of(browser, f"{pages.origin(scheme)}/named"), f"{embed}.then(() => '')", station)
    assert station.pulses == 0


@pytest.mark.parametrize("lead", ["location.href = u", "const f = document.createElement('form'); f.action = u;"
                                  "document.body.append(f); f.submit()"], ids=["link", "form"])  # fmt: skip
def test_who_it_leads_there_opens_nothing(browser: Browser, pages: Pages, start: Start, lead: str) -> None:
    station = start()
    page = page_of(browser, f"{pages.origin()}/named")
    address = f"{station.url}/open-cash-drawer"
    with page.expect_response(lambda answer: answer.url.startswith(address)):
        page.evaluate("([script, u]) => { new Function('u', script)(u) }", [lead, address])
    assert station.pulses == 0


# -- the add-on ----------------------------------------------------------------------------------------------------


def till(
    browser: Browser, pages: Pages, station: str, version: str, scheme: str = "http", language: str = "fr"
) -> Page:
    pages.pages.update(till_with_addon(station, version, language))
    page = page_of(browser, f"{pages.origin(scheme)}/pos/ui")
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


@pytest.mark.parametrize("version", SCREENS)
def test_the_add_on_asks_why_opens_and_says_so(browser: Browser, pages: Pages, start: Start, version: str) -> None:
    station = start()
    page = till(browser, pages, station.url, version)
    page.get_by_role("button", name="Ouvrir le tiroir").click()
    page.get_by_role("button", name="Faire de la monnaie").click()
    expect(page.get_by_role("status")).to_contain_text("a été ouvert", timeout=SOON)
    assert station.pulses == 1
    page.reload()
    expect(page.get_by_role("button", name="Ouvrir le tiroir")).to_have_count(1)


def test_the_reason_and_the_sale_are_known_afterwards(browser: Browser, pages: Pages, start: Start) -> None:
    station = start()
    page = till(browser, pages, station.url, "19", "https", "en_US")
    page.get_by_role("button", name="Open the drawer").click()
    page.get_by_role("textbox", name="Another reason").fill("A customer’s note was torn")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("has been opened", timeout=SOON)
    said = station.events("drawer-opened")
    assert [(one["reason"], one["order"]) for one in said] == [("A customer’s note was torn", SALE)]


def test_nobody_is_asked_twice_and_who_gives_up_opens_nothing(browser: Browser, pages: Pages, start: Start) -> None:
    station = start()
    page = till(browser, pages, station.url, "18")
    page.get_by_role("button", name="Ouvrir le tiroir").click()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Ouvrir le tiroir").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert station.pulses == 0


def test_the_button_comes_back_with_the_screen(browser: Browser, pages: Pages, start: Start) -> None:
    page = till(browser, pages, start().url, "17")
    expect(page.get_by_role("button", name="Ouvrir le tiroir")).to_have_count(1)
    page.evaluate("document.querySelector('.product-screen').innerHTML = '<div class=control-buttons></div>'")
    expect(page.get_by_role("button", name="Ouvrir le tiroir")).to_have_count(1)


def test_a_site_that_is_not_allowed_is_told_what_to_do(browser: Browser, pages: Pages, start: Start) -> None:
    station = start("https://somebody-else.example")
    page = till(browser, pages, station.url, "17")
    press(page)
    expect(page.get_by_role("status")).to_contain_text("n’autorise pas cette page", timeout=SOON)
    expect(page.get_by_role("status")).to_contain_text("rubrique Accès")
    assert station.pulses == 0


def test_a_station_that_is_off_is_told(browser: Browser, pages: Pages) -> None:
    page = till(browser, pages, f"http://localhost:{free_port()}", "17", "https")
    page.context.grant_permissions(["local-network-access"], origin=pages.origin("https"))
    press(page)
    expect(page.get_by_role("status")).to_contain_text("Le poste ne répond pas", timeout=SOON)


def test_a_printer_without_paper_is_told(browser: Browser, pages: Pages, start: Start) -> None:
    station = start(more="&faults=offline")
    page = till(browser, pages, station.url, "17")
    press(page)
    expect(page.get_by_role("status")).to_contain_text("n’a pas été ouvert", timeout=SOON)


@pytest.mark.parametrize(("scheme", "said"), [("https", "Le navigateur empêche"), ("http", "une page sans HTTPS")])
def test_without_the_browsers_permission_the_page_says_so(
    browser: Browser, pages: Pages, start: Start, scheme: str, said: str
) -> None:
    """A page of the Internet, and the station on this machine: Local Network Access."""
    station = start()
    far = f"--ip-address-space-overrides=127.0.0.1:{pages.http}=public,127.0.0.1:{pages.https}=public"
    other = browser.browser_type.launch(executable_path=installed(), args=["--no-sandbox", *BROWSER, far])
    page = till(other, pages, station.url, "18", scheme)
    press(page)
    expect(page.get_by_role("status")).to_contain_text(said, timeout=SOON)
    assert station.pulses == 0
    if scheme == "https":
        page.context.grant_permissions(["local-network-access"], origin=pages.origin("https"))
        press(page)
        expect(page.get_by_role("status")).to_contain_text("a été ouvert", timeout=SOON)
        assert station.pulses == 1
    other.close()


def test_every_answer_of_a_station_has_words_in_both_languages(browser: Browser, pages: Pages) -> None:
    page = till(browser, pages, "http://localhost:22548", "17")
    refusals = [NotAllowed, TooMany, UnknownName, RequestError, SignInNeeded, JournalError]
    codes = [kind.code for kind in (*refusals, DrawerError, *DrawerError.__subclasses__())]
    outcomes = get_args(Outcome)
    said = page.evaluate(
        """async ([codes, outcomes]) => {
            const { interpret } = await import('/core/station.js'), { wordsOf } = await import('/core/words.js');
            const results = [...codes.map(code => interpret(503, {error: {code, message: 'm', hint: 'h'}})),
                             ...outcomes.map(outcome => interpret(200, {outcome}))];
            return results.map(({ code }) => [code, ...['fr_FR', 'en_US'].map(at => wordsOf(at).results[code][0])]);
        }""",
        [codes, outcomes],
    )
    assert [code for code, *_ in said] == [*codes, *outcomes], "each is known by its own name"
    assert all(french != english for _, french, english in said)


def press(page: Page) -> None:
    page.get_by_role("button", name="Ouvrir le tiroir").click()
    page.get_by_role("button", name="Contrôle de caisse").click()
