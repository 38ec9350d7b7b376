"""ePOS-Print at a running station, over HTTP, as tills send it: the paper, the drawer, the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.epos_client import HEADERS, PATH, document, printer_status, pulse, receipt, send, told
from tests.peers.epos_shop import (
    COVER,
    CUTTER,
    HELLO,
    NEAR_END,
    NO_PAPER,
    NO_RESPONSE,
    OFFLINE,
    PRINTED,
    PRINTERS,
    Shop,
)
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.core.errors import JournalError
from comptoir.core.page import Picture
from comptoir.devices.virtual_printer import Printed
from comptoir.station.till import epos as module


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with Site.station(tmp_path, PRINTERS) as site:
        yield Shop(site)


# -- what each Odoo sends ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odoo", HEADERS)
async def test_a_receipt_of_each_odoo_is_on_paper_dot_for_dot(shop: Shop, odoo: str) -> None:
    rows = [(1 << 512) - 1, *(0b1011 << row for row in range(60)), 1]
    answer = await send(shop.site, receipt(512, len(rows), rows), odoo)
    assert (answer.success, answer.code, answer.http) == (True, "", 200)
    assert answer.media_type == "text/xml; charset=utf-8", "jQuery parses what calls itself XML"
    assert answer.status & PRINTED
    assert not answer.status & (OFFLINE | NO_PAPER | NEAR_END)
    (printed,) = shop.papers
    assert dots(printed) == rows
    assert printed.paper.cut


async def test_a_receipt_whose_rows_end_within_a_byte(shop: Shop) -> None:
    """Odoo writes the bits of all rows one after the other."""
    rows = [(1 << 509) - 1, *(0b1011 << row for row in range(60)), 1]
    assert (await send(shop.site, receipt(509, len(rows), rows))).success
    assert [row >> 3 for row in dots(shop.papers[0])] == rows


async def test_the_test_button_of_odoo_19(shop: Shop) -> None:
    answer = await send(shop.site, HELLO, "19")
    assert (answer.success, answer.code) == (True, ""), "it takes any code for a failure"
    assert shop.texts == ["Hello"]


async def test_a_till_elsewhere_reads_the_answer_only_where_it_is_allowed(tmp_path: Path) -> None:
    async with Site.station(tmp_path, PRINTERS, allowed_origins=("https://odoo.example",)) as site:
        shop = Shop(site)
        headers = {"Origin": "https://odoo.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
        answer = await site.ask("POST", PATH, HELLO.encode(), {**HEADERS["19"], **headers})
        assert told(answer).success
        assert answer.headers["Access-Control-Allow-Origin"] == "https://odoo.example"
        headers["Origin"] = "https://evil.example"
        answer = await site.ask("POST", PATH, pulse().encode(), {**HEADERS["19"], **headers})
        assert (answer.status, told(answer).success) == (403, False)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert not shop.pulses


async def test_its_preflight_is_answered_and_does_nothing(tmp_path: Path) -> None:
    """`use_lna` makes browsers ask first."""
    async with Site.station(tmp_path, PRINTERS, allowed_origins=("https://odoo.example",)) as site:
        asks = {
            "Origin": "https://odoo.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Private-Network": "true",
        }
        answer = await site.ask("OPTIONS", PATH, headers=asks)
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
        assert not Shop(site).pulses


# -- other clients ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", ["text/xml; charset=utf-8", "application/xml", "application/octet-stream", ""])
@pytest.mark.parametrize("prolog", ["", '<?xml version="1.0" encoding="utf-8"?>', "\ufeff", " \n"])
async def test_xml_with_and_without_prolog(shop: Shop, media_type: str, prolog: str) -> None:
    assert (await send(shop.site, prolog + HELLO, **{"Content-Type": media_type})).success
    assert shop.texts == ["Hello"]


async def test_the_printer_in_the_header_and_the_job_given_back(shop: Shop) -> None:
    body = HELLO.replace(
        "<s:Body>",
        '<s:Header><parameter xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"><devid>BAR</devid>'
        "<timeout>10000</timeout><printjobid>ABC123</printjobid></parameter></s:Header><s:Body>",
    )
    papers: list[Printed] = []
    shop.at("BAR").on_printed.append(papers.append)
    answer = await send(shop.site, body, path="/cgi-bin/epos/service.cgi")
    assert (answer.success, answer.job) == (True, "ABC123")
    assert [printed.paper.text for printed in papers] == ["Hello"]
    assert not shop.papers


async def test_a_device_is_a_printer_by_its_name_or_the_one_that_is_bound(shop: Shop) -> None:
    papers: list[Printed] = []
    shop.at("BAR").on_printed.append(papers.append)
    assert (await send(shop.site, HELLO, path="/cgi-bin/epos/service.cgi?devid=BAR&timeout=10000")).success
    shop.configure(printer="BAR")
    assert (await send(shop.site, HELLO)).success
    assert (len(papers), len(shop.papers)) == (2, 0)
    assert (await send(shop.site, HELLO, path="/cgi-bin/epos/service.cgi?devid=TICKET")).success
    assert len(shop.papers) == 1


async def test_a_printer_that_there_is_none_of(shop: Shop) -> None:
    answer = await send(shop.site, HELLO, path="/cgi-bin/epos/service.cgi?devid=NADA")
    assert (answer.success, answer.code, answer.http) == (False, "DeviceNotFound", 200)
    shop.configure(printer="GONE")
    assert (await send(shop.site, pulse())).code == "DeviceNotFound"
    assert not await shop.jobs()


# -- the journal ------------------------------------------------------------------------------------------------------


async def test_the_receipt_is_a_job_like_any_other(shop: Shop) -> None:
    await send(shop.site, HELLO)
    (job,) = await shop.jobs()
    assert (job.origin.source, job.origin.host, job.format) == ("epos", "127.0.0.1", "epos")
    assert job.document.media_type == "application/vnd.epson.epos+xml"
    content = await shop.site.journal.content(job.document)
    assert content.startswith(b'<epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"><text ')
    assert (await shop.site.ask("GET", f"/api/jobs/{job.id}/paper.png")).body.startswith(b"\x89PNG")


async def test_what_is_not_on_the_paper_is_in_the_evidence(shop: Shop) -> None:
    assert (await send(shop.site, document("<text>a&#10;</text>", '<logo key1="48" key2="48"/>', "<cut/>"))).success
    (job,) = await shop.jobs()
    assert job.evidence.unprintable == "<logo>"


async def test_a_command_is_printed_as_it_looks_and_never_sent(shop: Shop) -> None:
    """ESC a 1, “Hello”, and the sequence that switches a printer off."""
    answer = await send(shop.site, document("<command>1b6101 48656c6c6f0a 1014020108</command>", "<cut/>"))
    assert answer.success
    (printed,) = shop.papers
    assert any(isinstance(element, Picture) for element in printed.paper.elements)
    assert not shop.pulses


# -- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code", "bits"),
    [
        ("paper", "EPTR_REC_EMPTY", NO_PAPER | OFFLINE),
        ("cover", "EPTR_COVER_OPEN", COVER | OFFLINE),
        ("cutter", "EPTR_CUTTER", CUTTER | OFFLINE),
        ("offline", "PRINTER_NOT_REACHABLE", OFFLINE),
        ("off", "PRINTER_NOT_REACHABLE", NO_RESPONSE | OFFLINE),
    ],
)
async def test_a_printer_that_cannot_says_so_and_prints_nothing_later(
    shop: Shop, fault: str, code: str, bits: int
) -> None:
    shop.device.set_faults([fault])
    answer = await send(shop.site, HELLO)
    assert (answer.success, answer.code, answer.http) == (False, code, 200)
    assert answer.status & bits == bits
    assert not answer.status & PRINTED
    drawer = await send(shop.site, pulse())
    assert (drawer.success, drawer.code, drawer.status & bits) == (False, code, bits)
    shop.device.set_faults([])
    assert (await send(shop.site, document("<text>after&#10;</text>", "<cut/>"))).success
    assert (shop.texts, shop.pulses) == (["after"], 0)
    assert [job.status for job in await shop.jobs()] == ["printed", "canceled"]


async def test_paper_that_is_nearly_out_is_told_with_what_is_printed(shop: Shop) -> None:
    shop.device.set_faults(["low"])
    answer = await send(shop.site, HELLO)
    assert answer.success
    assert answer.status & NEAR_END
    assert not answer.status & NO_PAPER


async def test_a_busy_printer_is_not_waited_for_longer_than_the_till_does(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHORTEST", 0.05)
    async with shop.site.service._counters["TICKET"].channel.turn():
        answer = await send(shop.site, HELLO, path="/cgi-bin/epos/service.cgi?devid=local_printer&timeout=50")
    assert (answer.success, answer.code) == (False, "EX_TIMEOUT")
    assert (await send(shop.site, document("<text>after&#10;</text>", "<cut/>"))).success
    assert shop.texts == ["after"]


@pytest.mark.parametrize(
    ("asked", "within"), [("", 12.0), ("&timeout=10000", 10.0), ("&timeout=60000", 12.0), ("&timeout=x", 12.0)]
)
async def test_it_answers_before_odoo_hangs_up(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, asked: str, within: float
) -> None:
    given: list[float] = []
    printing = shop.site.service.delivery.print

    async def noting(submission: Any, within: float, hears: Any) -> Any:
        given.append(within)
        return await printing(submission, within, hears)

    monkeypatch.setattr(shop.site.service.delivery, "print", noting)
    await send(shop.site, HELLO, path=PATH + asked)
    assert given == [pytest.approx(within, abs=1)]


async def test_a_receipt_sent_again_while_the_first_waits_for_paper_is_printed_once(shop: Shop) -> None:
    long = document(*(f"<text>line {number}&#10;</text>" for number in range(40)), "<cut/>")
    shop.device.set_faults(["paper=3"])
    assert (await send(shop.site, long)).code == "EPTR_REC_EMPTY"
    again = asyncio.ensure_future(send(shop.site, long))
    await eventually(lambda: shop.site.service.delivery._waiting)
    shop.device.set_faults([])
    assert (await again).success
    assert len(shop.papers) == 1
    assert len(await shop.jobs()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<epos-print>",
        b"no xml",
        b"\xff\xfe\x00",
        b"<a/>",
        b'{"content": "Hello"}',
        b'<!DOCTYPE e [<!ENTITY a "aaaa">]><epos-print><text>&a;</text></epos-print>',
        b'<!DOCTYPE e SYSTEM "file:///etc/passwd"><epos-print/>',
    ],
)
async def test_what_is_no_such_xml_is_refused(shop: Shop, body: bytes) -> None:
    answer = await send(shop.site, body)
    assert (answer.success, answer.code, answer.http) == (False, "SchemaError", 200)
    assert not await shop.jobs()


async def test_a_receipt_of_ten_thousand_rows_is_taken(shop: Shop) -> None:
    assert (await send(shop.site, receipt(512, 10_000, [1] * 10_000))).success
    assert sum(picture.height for picture in pictures(shop.papers[0])) == 10_000


async def test_more_than_anybody_prints_is_not(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 1000)
    assert (await send(shop.site, document("<text>" + "x" * 1000 + "</text>"))).code == "RequestEntityTooLarge"
    monkeypatch.undo()
    assert (await send(shop.site, document('<feed line="255"/>' * 1000))).code == "SchemaError"
    assert not shop.papers


async def test_a_full_disk_is_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(submission: object) -> None:
        raise JournalError("the disk is full", "Make room.")

    monkeypatch.setattr(shop.site.journal, "accept_all", full)
    assert (await send(shop.site, HELLO)).code == "EX_SPOOLER"


async def test_a_mistake_of_ours_is_told_as_such(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop.site.service.delivery, "print", None)
    answer = await send(shop.site, HELLO)
    assert (answer.success, answer.code) == (False, "PrintSystemError")


# -- nothing is printed -----------------------------------------------------------------------------------------------


async def test_an_empty_document_asks_how_the_printer_stands(shop: Shop) -> None:
    assert printer_status(await send(shop.site, document())) == (True, "", 0)
    shop.device.set_faults(["paper"])
    channel = shop.site.service._counters["TICKET"].channel
    await eventually(lambda: channel.state.problems)
    assert printer_status(await send(shop.site, document())) == (True, "", NO_PAPER | NEAR_END | OFFLINE)
    shop.device.set_faults(["off"])
    await eventually(lambda: channel.trouble and channel.trouble[0] == "connecting-to-device")
    answer = printer_status(await send(shop.site, document('<text lang="en"/>')))
    assert answer == (False, "PRINTER_NOT_REACHABLE", NO_RESPONSE | OFFLINE)
    assert not await shop.jobs()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_only_post_acts(shop: Shop, method: str) -> None:
    answer = await shop.site.ask(method, PATH, pulse().encode())
    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"
    if method == "GET":
        assert "127.0.0.1:22548" in answer.error["hint"]
    assert not shop.pulses


async def test_it_can_be_switched_off_while_it_runs(shop: Shop) -> None:
    shop.configure(enabled=False)
    for body in (HELLO, pulse()):
        answer = await shop.site.ask("POST", PATH, body.encode())
        assert (answer.status, answer.error["code"]) == (404, "unknown-name")
    shop.configure(enabled=True)
    assert (await send(shop.site, pulse())).success
    assert shop.pulses == 1


def pictures(printed: Printed) -> list[Picture]:
    return [element for element in printed.paper.elements if isinstance(element, Picture)]


def dots(printed: Printed) -> list[int]:
    """The rows of all pictures, each as a number whose binary digits are its dots."""
    rows: list[int] = []
    for picture in pictures(printed):
        across = (picture.width + 7) // 8
        cut = (picture.bits[at : at + across] for at in range(0, len(picture.bits), across))
        rows += [int.from_bytes(row, "big") for row in cut]
    return rows
