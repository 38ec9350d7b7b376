"""A shop on Windows, from source: the page, a print, a drawer, a folder, and what is left after a kill."""

from __future__ import annotations

import json
import socket
import urllib.error
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.peers.browser import chromium
from tests.peers.pdfs import pdf, text
from tests.peers.services import ask, free_port
from tests.peers.shop import settled, until
from tests.peers.wine import Wine
from tests.peers.wine_shop import WineShop
from tests.peers.wrapped_cups import eventually

pytestmark = [pytest.mark.xdist_group("wine"), pytest.mark.timeout(180)]

SOON = 30_000  # ms
JOBS = 60
#: papers that are out when it is killed
KILLS = (10, 30)
SOURCES = r"""
[[source]]
kind = "folder"
name = "factures"
path = 'C:/Users/Public/Downloads'
match = ["*.pdf"]
quiet = "200 ms"
scan = "500 ms"
[[route]]
from = "factures"
to = ["TICKET"]
original = "delete"
[[source]]
kind = "port9100"
name = "comptes"
port = {port}
[[route]]
from = "comptes"
to = ["TICKET"]
keep = "10 years"
"""


@pytest.fixture(scope="module")
def shop(wine: Wine) -> Iterator[WineShop]:
    (wine.drive / "users" / "Public" / "Downloads").mkdir(parents=True, exist_ok=True)
    port = free_port()
    with WineShop(wine, "TICKET", config=SOURCES.format(port=port)) as one:
        one.ports["comptes"] = port
        yield one


def verified(shop: WineShop) -> bool:
    """Whether the journals say that they are as they were written."""
    code, said = shop.wine.comptoir("journal", "verify", "--data", shop.data)
    assert code == 0, said
    return True


def test_a_message_from_a_browser_of_another_system_comes_out(shop: WineShop) -> None:
    with chromium() as browser:
        page = browser.new_context(locale="en-GB").new_page()
        page.goto(shop.hub)
        page.get_by_role("textbox").first.fill("Un café à 1,20 € <page>")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#sent .outcome")).to_contain_text("Printed", timeout=SOON)
        page.goto(shop.station.url)
        expect(page.get_by_text("TICKET").first).to_be_visible(timeout=SOON)
    assert shop["TICKET"].count("Un café à 1,20 € <page>") == 1


def test_a_print_is_proven_and_a_drawer_opens_once(shop: WineShop) -> None:
    assert shop.ask("/status")["status"] == "running"
    told = shop.settled(shop.post("TICKET", "<api>"))
    assert (told["status"], told["evidence"]["kind"]) == ("printed", "printed")
    before = shop["TICKET"].fired()
    assert shop.ask("/api/drawer/open", {"reason": "change"})["outcome"] in ("opened", "processed")
    assert shop["TICKET"].fired() == before + 1
    assert shop["TICKET"].count("<api>") == 1


def test_a_file_of_the_downloads_folder_is_printed_and_leaves_it(shop: WineShop) -> None:
    downloads = shop.wine.drive / "users" / "Public" / "Downloads"
    (downloads / "notes.txt").write_bytes(b"no invoice")
    (downloads / "FAC é 42.PDF").write_bytes(pdf(text("FACTURE 42", 72, 700, 24)))
    shop.station.wait_for("Original removed: FAC é 42.PDF (factures)")
    assert [one.name for one in downloads.iterdir() if one.suffix != ".ini"] == ["notes.txt"]


def test_what_a_program_prints_is_read_kept_and_found_by_its_words(shop: WineShop) -> None:
    """A process of its own reads it, with bounds that Windows sets."""
    with socket.create_connection(("127.0.0.1", shop.ports["comptes"])) as program:
        program.sendall(pdf(text("Balance 4711", 72, 700, 24)))
    (found,) = eventually(lambda: shop.ask("/api/documents?q=4711")["documents"])
    assert (found["source"], found["media_type"], found["pages"]) == ("comptes", "application/pdf", 1)
    assert "Balance 4711" in found["snippet"]
    with shop.open(f"/api/documents/{found['id']}/thumbnail") as picture:
        assert picture.read(4) == b"RIFF", "a picture in WebP"


def test_commands_say_what_the_pages_say(shop: WineShop) -> None:
    port = shop.station.url.rpartition(":")[2]
    place = ("--data", shop.data, "--port", port)
    code, said = shop.wine.comptoir("print", "-", *place, given=b"<command>\r\n")
    assert (code, shop["TICKET"].count("<command>")) == (0, 1), said
    code, said = shop.wine.comptoir("status", "--json", *place)
    assert (code, json.loads(said)["printers"][0]["name"]) == (0, "TICKET"), said
    assert verified(shop)


def test_after_two_kills_every_job_came_out_once_or_is_said_to_be_unknown(wine: Wine) -> None:
    """The process is ended while it prints; both journals know what came of it, and verify."""
    with WineShop(wine, "TICKET") as shop, ThreadPoolExecutor(4) as pool:
        printer = shop["TICKET"]
        posts = [pool.submit(post, shop, number) for number in range(JOBS)]
        for papers in KILLS:
            printer.until(lambda papers=papers: len(printer.papers) >= papers)  # type: ignore[misc]
            shop.restart()
        numbers = [one.result(SOON / 1000) for one in posts]
        assert len(set(numbers)) == JOBS, "a key was accepted twice"
        told = [ended(shop, job) for job in numbers]
        ends = Counter(one["status"] for one in told)
        # Where the machine is too busy for an answer in time, a job is only said to be sent, and comes out later.
        printer.until(lambda: len(printer.papers) >= ends["printed"])
        assert shop.station.stop() == 0
        papers = [printer.count(f"<{number}>") for number in range(JOBS)]
        assert verified(shop)
    kinds = [(one["evidence"] or {}).get("kind") for one in told]
    seen = Counter(zip((one["status"] for one in told), kinds, papers, strict=True))
    assert max(papers) == 1, f"printed more than once: {seen}"
    assert ends["printed"] + ends["unknown"] == JOBS, seen
    assert ends["unknown"] <= len(KILLS), f"more unknown than kills: {seen}"
    assert not [one for one in seen if one[0] == "printed" and one[2] == 0], f"said to be printed, and was not: {seen}"


def post(shop: WineShop, number: int) -> int:
    """Hand over one message, again and again until it is accepted; the job's number."""
    body, headers = {"content": f"message <{number}> end"}, {"Idempotency-Key": f"message-{number}"}
    while True:
        try:
            job: int = ask(f"{shop.hub}/print", body, headers=headers)["id"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read()) from error
        except (OSError, ValueError):
            continue  # it is being killed
        return job


def ended(shop: WineShop, job: int) -> dict[str, Any]:
    """A job as the hub tells of it, once it is final, or held for a person."""
    return until(f"{shop.hub}/events", f"{shop.hub}/print/{job}", settled)
