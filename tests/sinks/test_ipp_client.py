"""IPP over HTTP: addresses, one request a connection, and what a broken one means."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from tests.peers.ipp_printer import IppPrinterPeer
from tests.peers.services import free_port
from tests.peers.tls import authority, serving

from comptoir.core.errors import ConfigError
from comptoir.sinks import ipp_client
from comptoir.sinks.ipp_client import Address, Cut, HttpError, IppClient, NotReached, Untrusted, address_of
from comptoir.wire.ipp import BadMessage
from comptoir.wire.ipp_codes import Operation, Status


@pytest.mark.parametrize(
    ("device", "address"),
    [
        ("ipp://h/ipp/print", Address("ipp://h/ipp/print", "http://h:631/ipp/print")),
        ("ipps://h:443/ipp/print", Address("ipps://h:443/ipp/print", "https://h:443/ipp/print")),
        ("ipps://h/p?certificate=any", Address("ipps://h/p", "https://h:631/p", certificate="any")),
        (
            f"ipps://h/p?certificate={':'.join(['AB'] * 32)}",
            Address("ipps://h/p", "https://h:631/p", certificate="ab" * 32),
        ),
        ("ipp://[fe80::1]/p", Address("ipp://[fe80::1]/p", "http://[fe80::1]:631/p")),
        ("cups://h/FACTURE", Address("ipp://h:631/printers/FACTURE", "http://h:631/printers/FACTURE", "", True)),
        ("cups://h:8631/A%20B", Address("ipp://h:8631/printers/A%20B", "http://h:8631/printers/A%20B", "", True)),
    ],
)
def test_addresses(device: str, address: Address) -> None:
    assert address_of(device) == address


def test_a_queue_of_this_machine_is_asked_by_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipp_client, "SOCKETS", (str(tmp_path / "no"), str(tmp_path)))
    assert address_of("cups:FACTURE") == Address(
        "ipp://localhost/printers/FACTURE", "http://localhost:631/printers/FACTURE", str(tmp_path), True
    )


@pytest.mark.parametrize(
    "device", ["ipp:", "ipp://h", "ipp://h/", "ipp:///p", "cups:", "cups://h", "cups://h/a/b", "ipp://h:x/p",
               "ipp://u:p@h/p", "ipp://h/p?x=1", "http://h/p", "ipp://h/p?certificate=any",
               "ipps://h/p?certificate=ab", "ipps://h/p?certificate=any&x=1"]
)  # fmt: skip
def test_what_is_no_address(device: str) -> None:
    with pytest.raises(ConfigError):
        address_of(device)


@pytest.fixture
async def printer() -> AsyncIterator[IppPrinterPeer]:
    async with IppPrinterPeer() as one:
        yield one


@pytest.fixture
async def client(printer: IppPrinterPeer) -> AsyncIterator[IppClient]:
    one = IppClient(address_of(printer.uri))
    yield one
    await one.close()


async def test_an_answer(client: IppClient) -> None:
    assert (await client.ask(Operation.GET_PRINTER_ATTRIBUTES, {})).code == Status.OK


async def test_a_refusal_by_http(client: IppClient, printer: IppPrinterPeer) -> None:
    printer.http[Operation.GET_PRINTER_ATTRIBUTES] = 401
    with pytest.raises(HttpError) as caught:
        await client.ask(Operation.GET_PRINTER_ATTRIBUTES, {})
    assert caught.value.status == 401


async def test_a_connection_that_is_cut(client: IppClient, printer: IppPrinterPeer) -> None:
    printer.cuts.add(Operation.GET_PRINTER_ATTRIBUTES)
    with pytest.raises(Cut):
        await client.ask(Operation.GET_PRINTER_ATTRIBUTES, {})


async def test_nobody_there() -> None:
    client = IppClient(address_of(f"ipp://127.0.0.1:{free_port()}/ipp/print"))
    with pytest.raises(NotReached, match="refused"):
        await client.ask(Operation.GET_PRINTER_ATTRIBUTES, {})
    await client.close()


async def test_somebody_who_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipp_client, "ANSWER", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        client = IppClient(address_of(f"ipp://127.0.0.1:{mute.getsockname()[1]}/ipp/print"))
        with pytest.raises(NotReached, match="does not answer"):
            await client.ask(Operation.GET_PRINTER_ATTRIBUTES, {})
        await client.close()


async def test_a_web_site_is_no_printer() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>")

    app = web.Application()
    app.router.add_post("/ipp/print", page)
    runner = web.AppRunner(app, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = IppClient(address_of(f"ipp://127.0.0.1:{runner.addresses[0][1]}/ipp/print"))
    with pytest.raises(BadMessage):
        await client.ask(Operation.GET_PRINTER_ATTRIBUTES, {})
    await client.close()
    await runner.cleanup()


class TestCertificates:
    """Of a printer that has signed its own: nobody else is sent a document."""

    @pytest.fixture
    async def secure(self, tmp_path: Path) -> AsyncIterator[IppPrinterPeer]:
        async with IppPrinterPeer(tls=serving(tmp_path, authority())) as one:
            yield one

    async def asked(self, uri: str) -> int:
        client = IppClient(address_of(uri))
        try:
            return (await client.ask(Operation.GET_PRINTER_ATTRIBUTES, {})).code
        finally:
            await client.close()

    async def test_one_that_nobody_knows_is_not_trusted_and_its_fingerprint_is_told(
        self, secure: IppPrinterPeer
    ) -> None:
        with pytest.raises(Untrusted) as caught:
            await self.asked(secure.uri)
        fingerprint = str(caught.value).rpartition(" ")[2]
        assert secure.asked == []
        assert await self.asked(f"{secure.uri}?certificate={fingerprint}") == Status.OK

    async def test_another_than_the_one_written_down_is_not_trusted(self, secure: IppPrinterPeer) -> None:
        with pytest.raises(Untrusted, match="not the one"):
            await self.asked(f"{secure.uri}?certificate={'0' * 64}")
        assert secure.asked == []

    async def test_who_wants_no_check_has_none(self, secure: IppPrinterPeer) -> None:
        assert await self.asked(f"{secure.uri}?certificate=any") == Status.OK
