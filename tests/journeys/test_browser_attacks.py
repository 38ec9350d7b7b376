"""What a page of another site can send to this machine, sent by real Chromium: nothing opens, prints, purges, is read.

Each attack is sent to a service that does not look who asks, too: one that would not even leave the browser proves
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.peers.browser import chromium
from tests.peers.pages import BROWSER, Body, Naive, Pages
from tests.peers.services import stop_all
from tests.peers.till_station import TillStation

pytestmark = pytest.mark.xdist_group("browser")

#: what opens, purges or tells at a bare GET
GETS = ("/open-cash-drawer", "/invoice-printer/purge", "/logs/purge", "/logs", "/api/jobs", "/api/printers")
PULSE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><epos-print '
    'xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"><text>PRINTED</text><pulse/></epos-print></s:Body></s:Envelope>'
)
CASHBOX = {"jsonrpc": "2.0", "method": "call", "params": {"data": {"action": "cashbox"}}}
POSTS = {
    "/api/drawer/open": "{}",
    "/api/print": json.dumps({"content": "PRINTED"}),
    "/cgi-bin/epos/service.cgi?devid=local_printer": PULSE,
    "/hw_proxy/default_printer_action": json.dumps(CASHBOX),
    "/hw_drivers/action": json.dumps({**CASHBOX, "params": {"device_identifier": "x", "data": {"action": "cashbox"}}}),
    "/logs/purge": "confirmed=yes",
}
#: attack → script; `u` is the address, `b` the body. What it returns, if anything, it has read
READING = {
    "fetch": "(await fetch(u)).text()",
    "fetch no-cors": "(await fetch(u, {mode: 'no-cors'})).text()",
    "the earlier module": "(await fetch(u, {mode: 'no-cors', headers: {'Content-Type': 'application/json'}})).text()",
    "fetch no-cors without Referer": "(await fetch(u, {mode: 'no-cors', referrerPolicy: 'no-referrer'})).text()",
    "XMLHttpRequest": "new Promise((ok, no) => { const x = new XMLHttpRequest(); x.open('GET', u);"
    " x.onload = () => ok(x.responseText); x.onerror = no; x.send() })",
    "EventSource": "new Promise((ok, no) => { const s = new EventSource(u); s.onmessage = ok;"
    " s.onerror = () => { s.close(); no() } })",
    "import": "import(u).then(() => 'a script')",
    "WebSocket": "new Promise((ok, no) => { const s = new WebSocket(u.replace('http', 'ws')); s.onopen = ok;"
    " s.onerror = no })",
    "worker": "new Promise(ok => { const w = new Worker(URL.createObjectURL(new Blob([`fetch('${u}', {mode: 'no-cors'})"
    ".then(a => a.text(), () => '').then(postMessage)`]))); w.onmessage = said => ok(said.data) })",
    "a frame in a sandbox": "new Promise(ok => { onmessage = said => ok(said.data); put('iframe', {sandbox: "
    "'allow-scripts', srcdoc: `<script>fetch('${u}').then(a => a.text(), () => '').then(t => parent.postMessage(t, "
    "'*'))</` + 'script>'}) })",
}
EMBEDDING = {
    "img": "put('img', {src: u})",
    "script": "put('script', {src: u})",
    "stylesheet": "put('link', {rel: 'stylesheet', href: u})",
    "prefetch": "put('link', {rel: 'prefetch', href: u})",
    "preload": "put('link', {rel: 'preload', as: 'fetch', href: u})",
    "speculation": "put('script', {type: 'speculationrules', text: JSON.stringify({prefetch: [{urls: [u]}]})})",
    "iframe": "put('iframe', {src: u})",
    "object": "put('object', {data: u})",
    "video": "put('video', {src: u})",
    "background": "document.body.style.backgroundImage = `url(${u})`",
    "font": "new FontFace('f', `url(${u})`).load()",
    "icon": "document.head.append(put('link', {rel: 'icon', href: u}))",
}
LEADING = {
    "link": "put('a', {href: u, textContent: 'x'}).click()",
    "link without Referer": "put('a', {href: u, rel: 'noreferrer', textContent: 'x'}).click()",
    "form": "put('form', {action: u}).submit()",
    "location": "location.href = u",
    "window.open": "open(u)",
    "window.open without Referer": "open(u, '_blank', 'noreferrer')",
    "refresh": "put('meta', {httpEquiv: 'refresh', content: '0;url=' + u})",
}
SENDING = {
    "fetch no-cors": "fetch(u, {method: 'POST', mode: 'no-cors', body: b})",
    "fetch": "(await fetch(u, {method: 'POST', body: b})).text()",
    "fetch of JSON": "(await fetch(u, {method: 'POST', body: b, headers: {'Content-Type': 'application/json'}}))"
    ".text()",
    "XMLHttpRequest": "new Promise((ok, no) => { const x = new XMLHttpRequest(); x.open('POST', u); x.onerror = no;"
    " x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded; charset=UTF-8');"
    " x.onload = () => ok(x.responseText); x.send(b) })",
    "beacon": "navigator.sendBeacon(u, b) && ''",
    "form": "form(u, b, 'text/plain')",
    "form, urlencoded": "form(u, b, 'application/x-www-form-urlencoded')",
    "form, multipart": "form(u, b, 'multipart/form-data')",
}
#: `put` adds an element and waits for what becomes of it, where the browser tells
PAGE = """<!doctype html><meta charset=utf-8><title>evil</title><body><script>
function put(tag, what) { const one = document.createElement(tag); Object.assign(one, what);
  if (what.sandbox) one.setAttribute('sandbox', what.sandbox);
  document.body.append(one); return one }
function form(u, b, kind) { const frame = put('iframe', {name: 'f' + Math.random()});
  const one = put('form', {action: u, method: 'post', enctype: kind, target: frame.name});
  const half = b.indexOf('=') < 0 ? b.length : b.indexOf('=');
  const input = document.createElement('input'); input.name = b.slice(0, half); input.value = b.slice(half + 1);
  one.append(input); one.submit() }
async function attempt(script, u, b) {
  const run = new (async () => {}).constructor('u', 'b', `return (${script})`);
  try { const read = await run(u, b); return typeof read === 'string' ? read : '' } catch { return '' } }
</script>"""


def done(station: TillStation) -> dict[str, int]:
    """What an attack could have done."""
    return {"pulses": station.pulses, "lines": station.lines, "jobs": len(station.jobs)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(*BROWSER) as one:
        yield one


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with Pages.running(tmp_path_factory.mktemp("pages")) as one:
        one.pages["/"] = Body(PAGE)
        yield one


@pytest.fixture
def naive() -> Iterator[Naive]:
    with Naive.running() as one:
        yield one


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TillStation]:
    one = TillStation.started(tmp_path_factory.mktemp("station"))
    yield one
    stop_all([one.service])


@pytest.fixture
def target(station: TillStation) -> Iterator[TillStation]:
    """The station, on which nothing has happened when the test is over."""
    before = done(station)
    yield station
    assert done(station) == before


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context(ignore_https_errors=True)
    yield one
    one.close()


def attempt(page: Page, script: str, address: str, body: str = "") -> str:
    """What the page could read of the answer."""
    read: str = page.evaluate("([script, u, b]) => attempt(script, u, b)", [script, address, body])
    return read


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("attack", READING)
def test_a_script_gets_nothing(
    context: BrowserContext, pages: Pages, target: TillStation, naive: Naive, attack: str, scheme: str
) -> None:
    page = context.new_page()
    page.goto(pages.origin(scheme, "evil.example"))
    for path in GETS:
        assert attempt(page, READING[attack], target.url + path) == "", f"{path} was read"
    attempt(page, READING[attack], f"http://localhost:{naive.port}/open-cash-drawer")
    assert naive.wait_for("GET", "/open-cash-drawer"), "no attack at all"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("attack", EMBEDDING)
def test_what_a_page_embeds_does_nothing(
    context: BrowserContext, pages: Pages, target: TillStation, naive: Naive, attack: str, scheme: str
) -> None:
    page = context.new_page()
    page.goto(pages.origin(scheme, "evil.example"))
    for path in GETS:
        attempt(page, EMBEDDING[attack], target.url + path)
    attempt(page, EMBEDDING[attack], f"http://localhost:{naive.port}/open-cash-drawer")
    assert naive.wait_for("GET", "/open-cash-drawer"), "no attack at all"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("attack", LEADING)
def test_who_is_led_here_does_nothing(
    context: BrowserContext, pages: Pages, target: TillStation, naive: Naive, attack: str, scheme: str
) -> None:
    for path in GETS[:3]:
        for address in (target.url, f"http://localhost:{naive.port}"):
            page = context.new_page()
            page.goto(pages.origin(scheme, "evil.example"))
            with context.expect_event("response", lambda answer, at=address + path: answer.url.startswith(at)):
                page.evaluate("([script, u]) => { new Function('u', script)(u) }", [LEADING[attack], address + path])
        assert naive.wait_for("GET", path), "no attack at all"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("attack", SENDING)
def test_what_a_page_posts_does_nothing(
    context: BrowserContext, pages: Pages, target: TillStation, naive: Naive, attack: str, scheme: str
) -> None:
    page = context.new_page()
    page.goto(pages.origin(scheme, "evil.example"))
    for path, body in POSTS.items():
        assert attempt(page, SENDING[attack], target.url + path, body) == "", f"{path} was read"
    attempt(page, SENDING[attack], f"http://localhost:{naive.port}/api/print", POSTS["/api/print"])
    # JSON is asked for first; a service that does not answer the question gets no more.
    assert naive.wait_for("OPTIONS" if attack == "fetch of JSON" else "POST", "/api/print"), "no attack at all"


def test_a_service_worker_gets_nothing(
    context: BrowserContext, pages: Pages, target: TillStation, naive: Naive
) -> None:
    pages.pages["/worker.js"] = Body(
        "onmessage = said => fetch(said.data, {mode: 'no-cors'}).then(a => a.text(), () => '')"
        ".then(text => said.source.postMessage(text))",
        "text/javascript",
    )
    page = context.new_page()
    page.goto(pages.origin("https", "evil.example"))
    script = (
        "new Promise(async ok => { await navigator.serviceWorker.register('/worker.js');"
        " navigator.serviceWorker.onmessage = said => ok(said.data);"
        " (await navigator.serviceWorker.ready).active.postMessage(u) })"
    )
    for path in GETS:
        assert attempt(page, script, target.url + path) == ""
    attempt(page, script, f"http://localhost:{naive.port}/open-cash-drawer")
    assert naive.wait_for("GET", "/open-cash-drawer"), "no attack at all"


def test_a_name_that_was_rebound_to_this_machine_gets_nothing(context: BrowserContext, target: TillStation) -> None:
    """The page is of the attacker's name and of this port: for the browser, the station is its own server."""
    page = context.new_page()
    address = target.url.replace("localhost", "evil.example")
    answer = page.goto(f"{address}/healthz")
    assert answer is not None
    assert answer.status == 403
    page.set_content(PAGE)
    for path in GETS:
        said = page.goto(address + path)
        assert said is not None
        assert said.status == 403, f"{path} was read"
        for script in (READING["fetch"], READING["XMLHttpRequest"], EMBEDDING["img"]):
            page.evaluate(
                "([script, u]) => { const put = (tag, what) => document.body.append(Object.assign("
                "document.createElement(tag), what)); return new (async () => {}).constructor('u', 'put', "
                "`return (${script})`)(u, put) }",
                [script, address + path],
            )
    for path, body in POSTS.items():
        sent = page.evaluate(
            "([u, body]) => fetch(u, {method: 'POST', body}).then(answer => answer.status)", [address + path, body]
        )
        assert sent == 403, path


def test_the_journal_says_who_was_refused(context: BrowserContext, pages: Pages, target: TillStation) -> None:
    page = context.new_page()
    page.goto(pages.origin("http", "other.example"))
    attempt(page, READING["fetch no-cors"], f"{target.url}/open-cash-drawer")
    page.goto(pages.origin("https", "named.example"))
    attempt(page, SENDING["fetch"], f"{target.url}/api/drawer/open", "{}")
    sites = {refused["site"] for refused in target.events("page-refused")}
    assert {pages.origin("http", "other.example"), pages.origin("https", "named.example")} <= sites
    # What all the attacks above would have left behind.
    assert target.events("drawer-asked", "job-accepted", "logs-read", "logs-purged", "invoices-purged") == []
