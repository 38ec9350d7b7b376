"""The JSON API of both roles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.site import Site

from comptoir.config import PrinterConfig
from comptoir.core.job import OUTCOME_UNKNOWN, Change
from comptoir.devices.virtual_server import VirtualPrinterServer

LARGE = b"0123456789" * 10_000
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Site]:
    """Its one station is away."""
    async with Site.hub(tmp_path) as site:
        site.service.add_station("caisse-1")
        yield site


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Site]:
    async with (
        VirtualPrinterServer() as printer,
        Site.station(tmp_path, (PrinterConfig(name="TICKET", device=f"socket://127.0.0.1:{printer.port}"),)) as site,
    ):
        site.printer = printer  # type: ignore[attr-defined]
        yield site


async def post(site: Site, content: str = "Hello world", **order: Any) -> Any:
    path = "/print" if site.service.desk.role == "hub" else "/api/print"
    answer = await site.ask("POST", path, {"content": content, **order})
    assert answer.status == 202, answer.body
    return answer.json


async def test_a_job_with_all_that_happened_to_it(hub: Site) -> None:
    posted = await post(hub, "é\nb", title="Bar")
    shown = (await hub.ask("GET", f"/print/{posted['id']}")).json
    assert shown["content"] == "é\nb"
    assert [event["kind"] for event in shown["events"]] == ["job-accepted"]
    assert shown["created_at"] == shown["events"][0]["at"] == "2026-11-18T11:06:40.000Z"
    same = {name: value for name, value in shown.items() if name in posted and name not in ("reason", "message")}
    assert same == {name: value for name, value in posted.items() if name not in ("reason", "message")}
    assert (posted["reason"], shown["reason"]) == ("", "station-offline")


async def test_a_list_is_read_page_by_page_both_ways(hub: Site) -> None:
    for number in range(5):
        await post(hub, str(number))
    first = (await hub.ask("GET", "/print?limit=2")).json
    assert ([job["id"] for job in first["prints"]], first["next"]) == ([5, 4], 4)
    second = (await hub.ask("GET", f"/print?limit=2&before={first['next']}")).json
    assert [job["id"] for job in second["prints"]] == [3, 2]
    last = (await hub.ask("GET", f"/print?limit=2&before={second['next']}")).json
    assert ([job["id"] for job in last["prints"]], last["next"]) == ([1], None)
    following = (await hub.ask("GET", "/print?after=2&limit=2")).json
    assert ([job["id"] for job in following["prints"]], following["next"]) == ([3, 4], 4)
    assert (await hub.ask("GET", "/print?after=5")).json == {"prints": [], "next": None}
    assert len((await hub.ask("GET", "/print?limit=99999")).json["prints"]) == 5


async def test_a_list_by_status(hub: Site) -> None:
    await post(hub)
    await post(hub)
    await hub.ask("DELETE", "/print/1")
    assert [job["id"] for job in (await hub.ask("GET", "/print?status=canceled")).json["prints"]] == [1]
    assert len((await hub.ask("GET", "/print?status=canceled,queued")).json["prints"]) == 2


@pytest.mark.parametrize(
    "query", ["status=finished", "after=x", "before=-1", "limit=1.5", "after=" + "9" * 30, "limit=²"]
)
async def test_a_bad_question_is_a_sentence(hub: Site, query: str) -> None:
    assert (await hub.ask("GET", f"/print?{query}")).error["code"] == "bad-request"


@pytest.mark.parametrize("number", ["99", "0", "9" * 18, "9" * 60])
@pytest.mark.parametrize(
    ("method", "more"),
    [("GET", ""), ("DELETE", ""), ("POST", "/reprint"), ("GET", "/document"), ("GET", "/paper.png")],
)
async def test_an_unknown_job_is_unknown_everywhere(hub: Site, number: str, method: str, more: str) -> None:
    assert (await hub.ask(method, f"/print/{number}{more}")).error["code"] == "unknown-name"


async def test_cancel(hub: Site) -> None:
    await post(hub)
    assert (await hub.ask("DELETE", "/print/1")).json["status"] == "canceled"
    answer = await hub.ask("DELETE", "/print/1")
    assert (answer.status, answer.error["code"]) == (409, "wrong-state")


async def test_head_never_acts(hub: Site) -> None:
    await post(hub)
    before = await hub.journal.events()
    for path in ("/print", "/print/1", "/print/1/document", "/", "/events"):
        if path != "/events":
            assert (await hub.ask("HEAD", path)).status < 500
    assert await hub.journal.events() == before
    assert (await hub.ask("HEAD", "/print/1/reprint")).status in (404, 405)


async def test_a_document_comes_back_as_it_was_sent(hub: Site) -> None:
    answer = await hub.ask("POST", "/print?format=raw&name=a%22%0d%0ab.bin", LARGE, BYTES)
    assert answer.status == 202
    got = await hub.ask("GET", "/print/1/document")
    assert (got.status, got.body) == (200, LARGE)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("asked", "start"), [("bytes=99990-", 99_990), ("bytes=1-", 1)])
async def test_a_broken_transfer_goes_on_where_it_ended(hub: Site, asked: str, start: int) -> None:
    await hub.ask("POST", "/print?format=raw", LARGE, BYTES)
    got = await hub.ask("GET", "/print/1/document", headers={"Range": asked})
    assert (got.status, got.body) == (206, LARGE[start:])
    assert got.headers["Content-Range"] == f"bytes {start}-{len(LARGE) - 1}/{len(LARGE)}"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=x",
        "bytes=5-2",
        "lines=1-",
        "bytes=-10",
        "bytes=100000-",
        "bytes=999999999-",
        "bytes=0-9",
        "bytes=10-19",
    ],
)
@pytest.mark.parametrize("content", [LARGE, b"small"], ids=["large", "small"])
async def test_a_strange_range_is_no_error_of_ours_and_no_lie(hub: Site, asked: str, content: bytes) -> None:
    """Any answer of RFC 9110 is right; bytes that are not what the headers say are not."""
    await hub.ask("POST", "/print?format=raw", content, BYTES)
    got = await hub.ask("GET", "/print/1/document", headers={"Range": asked})
    if got.status == 206:
        span, _, total = got.headers["Content-Range"].removeprefix("bytes ").partition("/")
        first, _, last = span.partition("-")
        assert int(total) == len(content)
        assert got.body == content[int(first) : int(last) + 1]
        assert got.body
    elif got.status == 200:
        assert got.body == content
    else:
        assert got.status == 416


async def test_a_document_that_is_gone_is_a_sentence(hub: Site, tmp_path: Path) -> None:
    await hub.ask("POST", "/print?format=raw", LARGE, BYTES)
    (file,) = (path for path in (tmp_path / "hub" / "documents").rglob("*") if path.is_file())
    file.unlink()
    answer = await hub.ask("GET", "/print/1/document")
    assert (answer.status, answer.error["code"]) == (503, "journal")


async def test_the_picture_of_a_paper(hub: Site) -> None:
    await post(hub)
    got = await hub.ask("GET", "/print/1/paper.png")
    assert (got.status, got.headers["Content-Type"], got.body[:8]) == (200, "image/png", b"\x89PNG\r\n\x1a\n")


async def test_health_and_counters(hub: Site) -> None:
    await post(hub)
    assert (await hub.ask("GET", "/healthz")).json == {"status": "ok", "role": "hub", "name": "hub"}
    text = (await hub.ask("GET", "/metrics")).body.decode()
    assert 'comptoir_jobs{status="queued"} 1' in text
    assert 'comptoir_jobs{status="printed"} 0' in text
    assert "comptoir_printers_ready 0" in text
    told = (await hub.ask("GET", "/stations")).json["stations"]
    assert told == [{"name": "caisse-1", "connected": False, "waiting": 1, "printers": []}]


# -- a station -------------------------------------------------------------------------------------------


async def test_a_station_prints_and_tells(station: Site) -> None:
    posted = await post(station, printer="TICKET")
    assert (posted["station"], posted["printer"]) == ("caisse-1", "TICKET")
    await station.watch.status(posted["id"], "printed")
    shown = (await station.ask("GET", f"/api/jobs/{posted['id']}")).json
    assert (shown["status"], shown["evidence"]["kind"], shown["attempts"]) == ("printed", "processed", 1)
    printers = (await station.ask("GET", "/api/printers")).json["printers"]
    assert [(p["name"], p["ready"], p["language"]) for p in printers] == [("TICKET", True, "escpos")]


async def test_a_station_has_one_name(station: Site) -> None:
    answer = await station.ask("POST", "/api/print", {"content": "x", "station": "caisse-2"})
    assert answer.error["code"] == "unknown-name"
    assert "caisse-1" in answer.error["message"]
    answer = await station.ask("POST", "/api/print", {"content": "x", "printer": "BAR"})
    assert (answer.error["code"], "TICKET" in answer.error["hint"]) == ("unknown-name", True)


@pytest.mark.parametrize(
    ("action", "status", "ends"), [("confirm", "printed", "completed"), ("give-up", "unknown", "aborted")]
)
async def test_a_person_decides_about_a_held_job(station: Site, action: str, status: str, ends: str) -> None:
    printer: VirtualPrinterServer = station.printer  # type: ignore[attr-defined]
    printer.set_faults("close")
    number = (await post(station, "broken " * 50))["id"]
    await station.watch.status(number, "unknown")
    told = (await station.ask("POST", f"/api/jobs/{number}/{action}")).json
    assert (told["status"], told["state"]) == (status, ends)
    assert (await station.ask("POST", f"/api/jobs/{number}/{action}")).error["code"] == "wrong-state"
    last = (await station.journal.events(number))[-1]
    assert '"by":"api"' in last.body, "who decided is on record"


async def test_who_has_seen_the_paper_ends_the_job_as_completed(hub: Site) -> None:
    await post(hub)
    await hub.journal.record([Change(1, "pending-held", OUTCOME_UNKNOWN)])
    told = (await hub.ask("POST", "/print/1/confirm")).json
    assert (told["status"], told["reason"]) == ("printed", "job-completed-successfully")
    assert told["evidence"] == {"kind": "person", "detail": "seen by api", "unprintable": ""}


async def test_what_our_own_page_sends_is_told_from_what_programs_send(hub: Site) -> None:
    assert (await post(hub))["source"] == "api"
    page = {"Origin": hub.url, "Sec-Fetch-Site": "same-origin"}
    assert (await hub.ask("POST", "/print", {"content": "x"}, page)).json["source"] == "web"


async def test_a_reprint_is_a_new_job_marked_duplicata(station: Site) -> None:
    printer: VirtualPrinterServer = station.printer  # type: ignore[attr-defined]
    number = (await post(station, "first", title="Bar", copies=1))["id"]
    assert (await station.ask("POST", "/api/jobs/99/reprint")).status == 404
    await station.watch.status(number, "printed")
    await printer.next_printed()
    again = (await station.ask("POST", f"/api/jobs/{number}/reprint")).json
    assert (again["reprint_of"], again["title"], again["idempotency_key"]) == (number, "Bar", "")
    await station.watch.status(again["id"], "printed")
    text = (await printer.next_printed()).paper.text
    assert "DUPLICATA" in text
    assert "first" in text


async def test_a_job_that_has_not_ended_is_not_reprinted(hub: Site) -> None:
    await post(hub)
    assert (await hub.ask("POST", "/print/1/reprint")).error["code"] == "wrong-state"
    await hub.journal.record([Change(1, "pending-held", OUTCOME_UNKNOWN)])
    again = (await hub.ask("POST", "/print/1/reprint")).json
    assert again["reprint_of"] == 1
    first = (await hub.ask("GET", "/print/1")).json
    assert (first["state"], first["status"]) == ("aborted", "unknown")
    assert "job 2" in first["message"]


async def test_a_reprint_that_is_asked_for_twice_with_one_key_is_one(hub: Site) -> None:
    await post(hub)
    await hub.journal.record([Change(1, "completed")])
    answers = [await hub.ask("POST", "/print/1/reprint", headers={"Idempotency-Key": "rp1"}) for _ in range(3)]
    assert {answer.json["id"] for answer in answers} == {2}


async def test_a_refused_upload_leaves_nothing_on_the_disk(hub: Site, tmp_path: Path) -> None:
    refused = b"%!PS-Adobe\n" + bytes(300_000)
    for query in ("", "?station=nowhere&format=raw", "?format=raw&printer=x&title=y&station=nowhere"):
        assert (await hub.ask("POST", f"/print{query}", refused, BYTES)).status in (400, 404)
    assert [path for path in (tmp_path / "hub" / "documents").rglob("*") if path.is_file()] == []


async def test_a_station_tells_its_link(station: Site, hub: Site) -> None:
    assert (await station.ask("GET", "/healthz")).json["hub"] is None
    assert "hub" not in (await hub.ask("GET", "/healthz")).json
