"""Looking for printers: what takes connections is found, what does not holds nothing up, nothing is ever sent."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network
from types import SimpleNamespace
from typing import Any

import pytest
from tests.peers.spool_library import SpoolLibrary

from comptoir.station import finding
from comptoir.station.finding import ABREAST, Found, How, Search, Ways, own_networks, takes_connections, usual_ways

Attached = list[tuple[str, str, How]]


@pytest.fixture(autouse=True)
def no_printers_of_windows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the machine on which this runs are its own."""
    if "windows" not in request.node.name:
        monkeypatch.setattr(finding, "windows_printers", list)


@asynccontextmanager
async def silent(*hosts: str) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Something at the same port of these addresses that accepts and says nothing; what it was sent."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()

    first = await asyncio.start_server(hear, hosts[0], 0)
    port = first.sockets[0].getsockname()[1]
    others = [await asyncio.start_server(hear, host, port) for host in hosts[1:]]
    try:
        yield port, heard
    finally:
        for server in (first, *others):
            server.close()
            await server.wait_closed()


def ways(
    port: int,
    addresses: list[str],
    attached: Attached | None = None,
    announced: Callable[[], Awaitable[dict[str, str]]] | None = None,
) -> Ways:
    listen = None if announced is None else lambda: asyncio.ensure_future(announced())
    return Ways(lambda: {"127.0.0.0/24": addresses}, listen, lambda: attached or [], port)


async def test_what_takes_connections_is_found_and_not_sent_a_byte() -> None:
    async with silent("127.0.0.2", "127.0.0.11") as (port, heard):
        search = Search(ways(port, [f"127.0.0.{n}" for n in range(1, 20)]), {})
        await search.ended()
        assert [found.device for found in search.found] == [f"socket://127.0.0.{n}:{port}" for n in (2, 11)]
        assert (search.asked, search.total, search.running) == (19, 19, False)
        await asyncio.sleep(0)
    assert b"".join(heard) == b""


async def test_254_addresses_that_do_not_answer_are_tried_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    under_way = most = 0

    async def hang(address: str, port: int) -> bool:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(3):
            await asyncio.sleep(0)  # whatever may begin beside it has begun by then
        under_way -= 1
        return False

    monkeypatch.setattr(finding, "takes_connections", hang)
    search = Search(ways(9100, [f"10.0.0.{n}" for n in range(1, 255)]), {})
    await asyncio.wait_for(search.ended(), 20)
    assert most == ABREAST
    assert (search.asked, search.found) == (254, [])


async def test_an_address_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*where: object) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio, "open_connection", never)
    monkeypatch.setattr(finding, "PATIENCE", 0.01)
    assert await takes_connections("10.0.0.1", 9100) is False


async def test_a_search_is_stopped_and_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    first = asyncio.Event()

    async def one_then_none(address: str, port: int) -> bool:
        if address == "10.0.0.1":
            first.set()
            return True
        await asyncio.Event().wait()
        return False

    monkeypatch.setattr(finding, "takes_connections", one_then_none)
    search = Search(ways(9100, ["10.0.0.1", "10.0.0.2"]), {})
    await first.wait()
    await search.cancel()
    assert (search.running, search.cancelled) == (False, True)
    assert [found.device for found in search.found] == ["socket://10.0.0.1:9100"]
    await search.cancel()
    assert search.cancelled is False, "one that has ended is not stopped"


async def test_ports_of_this_machine_come_first_and_those_in_use_are_named() -> None:
    async with silent("127.0.0.2") as (port, _):
        attached: Attached = [("serial:COM3", "USB-SERIAL CH340", "serial"), ("usb://04b8:0e15", "", "usb")]
        device = f"socket://127.0.0.2:{port}"
        search = Search(ways(port, ["127.0.0.2"], attached), {device: "BAR"})
        await search.ended()
    assert search.found == [
        Found("serial:COM3", "USB-SERIAL CH340", "serial"),
        Found("usb://04b8:0e15", "", "usb"),
        Found(device, "", "network", "BAR"),
    ]


async def test_what_announces_itself_has_its_name_also_outside_of_the_networks() -> None:
    async def announced() -> dict[str, str]:
        return {"127.0.0.2": "Kitchen", "127.0.0.3": "Bar", "127.0.0.4": "Switched off"}

    async with silent("127.0.0.2", "127.0.0.3") as (port, _):
        search = Search(ways(port, ["127.0.0.2"], announced=announced), {})
        await search.ended()
    assert [(found.device, found.name) for found in search.found] == [
        (f"socket://127.0.0.2:{port}", "Kitchen"),
        (f"socket://127.0.0.3:{port}", "Bar"),
    ]
    assert search.asked == search.total == 3


async def test_real_announcements_are_heard() -> None:
    zeroconf = pytest.importorskip("zeroconf", reason="zeroconf is not installed")
    asynchronous = pytest.importorskip("zeroconf.asyncio")
    service = "_pdl-datastream._tcp.local."
    told = zeroconf.ServiceInfo(service, f"Kitchen printer.{service}", 9100, addresses=[bytes([127, 0, 0, 9])])
    async with (
        asynchronous.AsyncZeroconf(interfaces=["127.0.0.1"]) as printer,
        asynchronous.AsyncZeroconf(interfaces=["127.0.0.1"]) as listening,
    ):
        await (await printer.async_register_service(told))
        assert await finding.announced(listening, 0.5) == {"127.0.0.9": "Kitchen printer"}
        await (await printer.async_unregister_service(told))


def test_own_networks_are_private_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ("127.0.0.1", "10.1.2.3", "192.168.7.9", "::1")
    monkeypatch.setattr(finding, "machine_names", lambda: SimpleNamespace(addresses=own))
    networks = own_networks()
    assert list(networks) == ["10.1.2.0/24", "192.168.7.0/24"]
    for name, addresses in networks.items():
        assert len(addresses) == 254
        assert all(ip_address(address) in ip_network(name) for address in addresses)


def test_no_more_networks_than_a_person_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    own = tuple(f"10.0.{n}.1" for n in range(40))
    monkeypatch.setattr(finding, "machine_names", lambda: SimpleNamespace(addresses=own))
    assert len(own_networks()) == finding.MOST_NETWORKS


class Bus:
    """pyusb and pyserial, as far as they are asked."""

    def __init__(self, *devices: Any) -> None:
        self._devices = devices

    def find(self, find_all: bool) -> Any:
        return self._devices

    def comports(self) -> list[Any]:
        return [
            SimpleNamespace(device="COM3", description="USB-SERIAL CH340"),
            SimpleNamespace(device="/dev/ttyUSB 0", description=""),
        ]


class Usb(list[Any]):
    """A device of pyusb: its configurations, each a list of interface settings."""

    idVendor, idProduct = 0x04B8, 0x0E15  # noqa: N815 - as pyusb calls them

    @property
    def manufacturer(self) -> str:
        return "EPSON"

    @property
    def product(self) -> str:
        raise ValueError("The device has no langid")


def test_ports_and_usb_printers_are_listed_as_device_uris(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = Usb([[SimpleNamespace(bInterfaceClass=7)]])
    keyboard = Usb([[SimpleNamespace(bInterfaceClass=3)]])
    monkeypatch.setattr(finding, "_module", lambda name: Bus(printer, keyboard))
    assert list(finding.attached()) == [
        ("serial:COM3", "USB-SERIAL CH340", "serial"),
        ("serial:///dev/ttyUSB%200", "/dev/ttyUSB 0", "serial"),
        ("usb://04b8:0e15", "", "usb"),
    ]


def test_without_the_libraries_there_is_simply_less_to_find(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_module", lambda name: None)
    monkeypatch.setattr(finding, "find_spec", lambda name: None)
    assert list(finding.attached()) == []
    assert usual_ways().announced is None


def test_a_machine_without_libusb_still_has_its_serial_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Bus):
        def find(self, find_all: bool) -> Any:
            raise RuntimeError("No backend available")

    monkeypatch.setattr(finding, "_module", lambda name: Broken())
    assert [how for _, _, how in finding.attached()] == ["serial", "serial"]


async def test_printers_of_windows_are_found_that_print_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    library = SpoolLibrary("TICKET BAR", "Fax", "Microsoft Print to PDF", "Envoyer à OneNote 16", r"\\SERVER\INVOICES")
    monkeypatch.setattr(finding, "windows_printers", lambda: finding.on_paper(library.spooler))
    monkeypatch.setattr(finding, "_module", lambda name: None)
    search = Search(Ways(dict, None, finding.attached), {"winspool:Ticket%20Bar": "TICKET"})
    await search.ended()
    assert [(one.device, one.name, one.how, one.known) for one in search.found] == [
        ("winspool:TICKET BAR", "TICKET BAR", "windows", "TICKET"),
        (r"winspool:\\SERVER\INVOICES", r"\\SERVER\INVOICES", "windows", ""),
    ]
    library.running = False
    assert finding.on_paper(library.spooler) == []


@pytest.mark.skipif(sys.platform == "win32", reason="this is Windows")
def test_elsewhere_there_are_no_printers_of_windows() -> None:
    assert finding.windows_printers() == []
