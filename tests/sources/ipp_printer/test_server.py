"""HTTP: who may print, by which ways; what is no request; slow clients and crowds keep nobody from printing."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.peers import tls
from tests.peers.capture_printer import CapturePrinter, request

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.sources.ipp_printer import server as module
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Tag, decode
from comptoir.wire.ipp_codes import Operation, Status

PDF = b"%PDF-1.7"
IPP = {"Content-Type": "application/ipp"}


def config(**more: object) -> IppPrinterSourceConfig:
    return IppPrinterSourceConfig(name="nuit", port=0, **more)  # type: ignore[arg-type]


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


async def raw(printer: CapturePrinter, data: bytes) -> bytes:
    """All that it says to these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", printer.source.port)
    writer.write(data)
    said = await reader.read()
    writer.close()
    return said


def posted(body: bytes, length: int | None = None) -> bytes:
    head = "POST /ipp/print HTTP/1.1\r\nHost: x:1\r\nContent-Type: application/ipp\r\nContent-Length: "
    return f"{head}{len(body) if length is None else length}\r\nConnection: close\r\n\r\n".encode() + body


async def test_people_are_shown_how_it_is_added(printer: CapturePrinter) -> None:
    root = printer.url.removesuffix("/ipp/print")
    for path in ("/", "/ipp/print", "/ipp/print/Nuit"):
        async with printer.session.get(root + path) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert "Imprimante nuit" in await answer.text()
    async with printer.session.get(f"{root}/icon-128.png") as answer:
        assert (await answer.read()).startswith(b"\x89PNG")
    for path in ("/icon-7.png", "/etc/passwd", "/ipp/print/other"):
        async with printer.session.get(root + path) as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("method", "path", "kind", "status"),
    [
        ("PUT", "/ipp/print", "application/ipp", 405),
        ("POST", "/other", "application/ipp", 404),
        ("POST", "/ipp/print", "text/plain", 415),
        ("POST", "/ipp/print", "multipart/form-data", 415),
    ],
)
async def test_what_is_no_request(printer: CapturePrinter, method: str, path: str, kind: str, status: int) -> None:
    url = printer.url.removesuffix("/ipp/print") + path
    body = request(printer.uri, Operation.GET_PRINTER_ATTRIBUTES)
    async with printer.session.request(method, url, data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status == status


async def test_its_own_name_and_no_other(printer: CapturePrinter) -> None:
    for name, expected in (("nuit", Status.OK), ("NUIT", Status.OK), ("jour", Status.NOT_FOUND)):
        uri = f"{printer.uri}/{name}"
        answer = await printer.send(request(uri, Operation.GET_PRINTER_ATTRIBUTES))
        assert answer.code == expected
    answer = await printer.send(request("mailto:x", Operation.GET_PRINTER_ATTRIBUTES))
    assert answer.code == Status.NOT_FOUND


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\2\0",
        b"GET / HTTP/1.1\r\n\r\n" * 20,
        b"\2\0\0\x0b\0\0\0\1",
        b"\2\0\0\x0b\0\0\0\1\1\x47\xff\xff" + b"x" * 99,
    ],
)
async def test_bytes_that_are_no_message(printer: CapturePrinter, body: bytes) -> None:
    said = await raw(printer, posted(body))
    assert said.startswith(b"HTTP/1.1 200")
    assert decode(said.partition(b"\r\n\r\n")[2]).code == Status.BAD_REQUEST


async def test_ten_thousand_attributes(printer: CapturePrinter) -> None:
    many = {f"x{number}": v.integer(number) for number in range(10_000)}
    answer = await printer.send(request(printer.uri, Operation.GET_PRINTER_ATTRIBUTES, many))
    assert answer.code == Status.BAD_REQUEST
    one = {"x": v.keyword(*("k" * 255 for _ in range(3_000)))}
    assert (await printer.send(request(printer.uri, Operation.PRINT_JOB, one) + PDF)).code == Status.BAD_REQUEST
    assert (await printer.print(PDF)).code == Status.OK


async def test_only_who_has_the_password_prints(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("söder\n", "utf-8")
    protected = config(user="hotel", password_file="secret")
    async with CapturePrinter(tmp_path, protected) as printer:
        body = request(printer.uri, Operation.PRINT_JOB) + PDF
        wrong = ("", basic("hotel", "wrong"), basic("x", "söder"), "Basic", "Basic !", "Bearer x")
        for said in wrong:
            headers = {**IPP, "Authorization": said}
            async with printer.session.post(printer.url, data=body, headers=headers) as answer:
                assert answer.status == 401
                assert answer.headers["WWW-Authenticate"].startswith("Basic")
        right = {**IPP, "Authorization": basic("hotel", "söder")}
        async with printer.session.post(printer.url, data=body, headers=right) as answer:
            assert decode(await answer.read()).code == Status.OK
        (tmp_path / "secret").unlink()
        async with printer.session.post(printer.url, data=body, headers=right) as answer:
            assert answer.status == 401, "no password is no open door"
        assert len(await printer.kept()) == 1


@pytest.fixture
async def secured(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[CapturePrinter]:
    context = tls.serving(tmp_path, tls.authority())
    async with CapturePrinter(tmp_path / "data", config(tls=request.param), context=context) as printer:
        yield printer


@pytest.mark.parametrize("secured", ["optional", "required"], indirect=True)
async def test_tls_on_the_same_port(secured: CapturePrinter) -> None:
    url = secured.url.replace("http:", "https:")
    body = request(secured.uri, Operation.GET_PRINTER_ATTRIBUTES)
    async with secured.session.post(url, data=body, headers=IPP, ssl=False) as answer:
        known = decode(await answer.read()).group(Tag.PRINTER)
    assert known.texts("printer-uri-supported")[0].startswith("ipps:")
    ways = known.texts("uri-security-supported")
    assert ways == (("tls", "none") if secured.config.tls == "optional" else ("tls",))
    async with secured.session.post(secured.url, data=body, headers=IPP) as answer:
        assert answer.status == (200 if secured.config.tls == "optional" else 426)


async def test_slow_and_silent_clients_keep_nobody_from_printing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OF_ONE", 10)
    async with CapturePrinter(tmp_path) as printer:
        writers = []
        for _ in range(40):
            _, writer = await asyncio.open_connection("127.0.0.1", printer.source.port)
            writer.write(b"POST /ipp/print HTTP/1.1\r\nHost: x\r\n")
            await writer.drain()
            writers.append(writer)
        assert (await printer.print(PDF)).code == Status.OK
        for writer in writers:
            writer.close()


async def test_a_message_that_does_not_come_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEAD", 0.01)
    monkeypatch.setattr(module, "LINGER", 0.01)
    async with CapturePrinter(tmp_path) as printer:
        said = await raw(printer, posted(b"\2\0", length=500))
    assert decode(said.partition(b"\r\n\r\n")[2]).code == Status.BAD_REQUEST


async def test_who_was_not_told_is_recognised_when_it_comes_again(printer: CapturePrinter) -> None:
    """The connection breaks after the print was taken, and before the answer."""
    printer.lets.clear()
    begun = asyncio.Event()
    printer.on_take = lambda capture: begun.set()
    _, writer = await asyncio.open_connection("127.0.0.1", printer.source.port)
    writer.write(posted(request(printer.uri, Operation.PRINT_JOB, {"job-name": v.name("Balance")}) + PDF))
    await begun.wait()
    writer.transport.abort()
    printer.lets.set()
    async with asyncio.timeout(20):
        while not await printer.kept():
            await asyncio.sleep(0)
    begun.clear()
    assert (await printer.print(PDF, "Balance")).code == Status.OK
    assert len(await printer.kept()) == 1
    assert (await printer.print(PDF, "Balance")).code == Status.OK
    assert len(await printer.kept()) == 2, "and the next one is a print of its own"


async def test_a_station_that_stops_answers_who_is_sending(printer: CapturePrinter) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", printer.source.port)
    writer.write(posted(request(printer.uri, Operation.PRINT_JOB) + PDF, length=100_000))
    async with asyncio.timeout(20):
        while not printer.source.state().busy:
            await asyncio.sleep(0)
    await printer.stop()
    said = await reader.read()
    writer.close()
    assert decode(said.partition(b"\r\n\r\n")[2]).code == Status.SERVICE_UNAVAILABLE
    assert await printer.kept() == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), whole=st.booleans(), code=st.sampled_from([*Operation, 0, 0x4001]))
async def test_anything_is_answered_and_others_are_served(
    printer: CapturePrinter, data: bytes, whole: bool, code: int
) -> None:
    start = request(printer.uri, code, {"job-id": v.integer(1), "last-document": v.boolean(True)})
    said = await raw(printer, posted((start if whole else start[:-1]) + data))
    assert said.startswith(b"HTTP/1.1 200")
    answer = decode(said.partition(b"\r\n\r\n")[2])
    assert answer.code != Status.INTERNAL_ERROR
    assert (await printer.ask(Operation.GET_PRINTER_ATTRIBUTES)).code == Status.OK
