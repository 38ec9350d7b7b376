"""What a newcomer does: start it, open the page, write, send, and see the paper. In real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.peers.browser import DESKTOP, PHONE, chromium
from tests.peers.listener import Listener
from tests.peers.services import Service, ask, free_port, stop_all

pytestmark = pytest.mark.xdist_group("browser")

SOON = 5_000  # ms: what the person at the counter was promised


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


class Up:
    """`comptoir up`, as `make run` starts it."""

    def __init__(self, folder: Path, config: str = "") -> None:
        self.hub, self.station = (f"http://127.0.0.1:{port}" for port in (free_port(), free_port()))
        ports = ["--hub-port", self.hub.rpartition(":")[2], "--port", self.station.rpartition(":")[2]]
        arguments = ["up", "--no-browser", "--data", str(folder / "data"), *ports]
        if config:
            (folder / "shop.toml").write_text(config, "utf-8")
            arguments += ["--config", str(folder / "shop.toml")]
        self.service = Service(arguments, self.hub)
        self.service.start("linked to the hub")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    one = Up(tmp_path)
    yield one
    stop_all([one.service])


def page_of(browser: Browser, viewport: dict[str, int] = DESKTOP, language: str = "en-GB") -> Page:
    page = browser.new_context(viewport=viewport, locale=language).new_page()  # type: ignore[arg-type]
    # Whatever the page complains about is a failure: a broken script, a missing file, a policy.
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda said: said.type == "error" and page.problems.append(said.text))  # type: ignore[attr-defined]
    page.problems = []  # type: ignore[attr-defined]
    return page


def send(page: Page, text: str) -> None:
    page.get_by_role("textbox").first.fill(text)
    page.get_by_role("button", name="Send").click()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_text_is_sent_and_seen_as_printed_and_as_paper(up: Up, browser: Browser, viewport: dict[str, int]) -> None:
    page, console = page_of(browser, viewport), page_of(browser, viewport)
    console.goto(f"{up.station}/printers")
    page.goto(up.hub)
    send(page, "Un café à 1,20 €")
    sent = page.locator("#sent")
    expect(sent.locator(".outcome")).to_contain_text("Printed", timeout=SOON)
    picture = sent.locator(".sheet img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300, "a picture of paper"
    # The console shows what the virtual printer really put out, without a reload.
    paper = console.locator("[data-papers] figure img").first
    expect(paper).to_be_visible(timeout=SOON)
    assert "Un café à 1,20 €" in (paper.get_attribute("alt") or "")
    assert paper.evaluate("image => image.decode().then(() => image.naturalHeight)") > 50
    for one in (page, console):
        assert one.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off at the side"
        assert one.problems == []  # type: ignore[attr-defined]


def test_nothing_is_loaded_from_another_host(up: Up, browser: Browser) -> None:
    page = page_of(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in (up.hub, f"{up.hub}/jobs", f"{up.hub}/stations", f"{up.hub}/access", f"{up.hub}/docs", up.station):
        page.goto(address)
    assert [url for url in asked if not url.startswith((up.hub, up.station))] == []
    assert page.problems == []  # type: ignore[attr-defined]


def test_the_page_lives_on_while_the_hub_is_started_again(up: Up, browser: Browser) -> None:
    page = page_of(browser)
    page.goto(up.hub)
    up.service.kill()
    expect(page.locator("#lost")).to_be_visible(timeout=SOON)
    page.get_by_role("textbox").first.fill("written while nothing answered")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#flash")).to_contain_text("cannot be reached", timeout=SOON)
    assert page.get_by_role("textbox").first.input_value() == "written while nothing answered", "nothing is lost"
    up.service.start("linked to the hub")
    expect(page.locator("#lost")).to_be_hidden(timeout=4 * SOON)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#sent .outcome")).to_contain_text("Printed", timeout=SOON)
    assert len(ask(f"{up.hub}/print")["prints"]) == 1


def test_a_printer_that_is_off_is_told_and_when_it_is_back_the_page_says_so(tmp_path: Path, browser: Browser) -> None:
    with Listener() as listener:
        port = listener.port
    config = f'[[printer]]\nname = "BAR"\ndevice = "socket://127.0.0.1:{port}"\n'
    up = Up(tmp_path, config)
    try:
        page = page_of(browser)
        page.goto(up.hub)
        send(page, "waiting <u>for</u> the printer")
        expect(page.locator("#sent .outcome")).to_contain_text("does not answer", timeout=SOON)
        assert page.locator("#sent u").count() == 0, "what is sent is text, never markup"
        with Listener(port) as again:
            expect(page.locator("#sent .outcome")).to_contain_text("Printed", timeout=4 * SOON)
            assert again.printed(b"waiting") == 1
    finally:
        stop_all([up.service])


def test_in_french_everything_is_french(up: Up, browser: Browser) -> None:
    page = page_of(browser, language="fr-FR")
    page.goto(up.hub)
    page.get_by_role("textbox").first.fill("Bonjour")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#sent .outcome")).to_contain_text("mprimé", timeout=SOON)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
