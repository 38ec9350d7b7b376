"""Looks for printers when a person asks: on the networks of this machine, in what printers announce, at its own ports,
among those that Windows has.

It finds addresses that take a connection, and never sends a byte to any of them. What stands there is found out
later, by `trial.py`, one at a time. Nothing here runs by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Literal, Protocol
from urllib.parse import quote, unquote

from comptoir.station.machine import machine_names

log = logging.getLogger("comptoir.finding")

PORT: Final = 9100
#: connections that are tried at the same time, and seconds for each: a network of 254 addresses in four seconds at most
ABREAST: Final = 64
PATIENCE: Final = 1.0
#: networks that are looked through; a machine with more has them for its own inside
MOST_NETWORKS: Final = 4
#: what printers announce by DNS-SD (RFC 6763): port 9100, LPD, IPP
SERVICES: Final = ("_pdl-datastream._tcp.local.", "_printer._tcp.local.", "_ipp._tcp.local.")
#: seconds in which those that announce themselves answer, and ms for the particulars of one
LISTENING: Final = 2.5
ASKING: Final = 1500
_USB_PRINTER: Final = 7

#: printers of Windows that print no paper, by how their names begin; OneNote's begins in the language of Windows
NO_PAPER: Final = ("microsoft print to pdf", "microsoft xps", "fax")
_NOTES: Final = "onenote"

How = Literal["network", "serial", "usb", "windows"]


class Names(Protocol):
    """What is asked of `windows.spooler.Win32Spooler`."""

    def printers(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """Something that may be a printer: its device URI, what it calls itself (may be ""), where it was found.

    known: the name of the printer of this station that has this device already.
    """

    device: str
    name: str
    how: How
    known: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """How is looked. `addresses`: by network; `announced`: address → name; `attached`: (device, name, how)."""

    addresses: Callable[[], Mapping[str, Sequence[str]]]
    announced: Callable[[], asyncio.Future[dict[str, str]]] | None
    attached: Callable[[], Iterable[tuple[str, str, How]]]
    port: int = PORT


class Search:
    """One search. `known`: device URI → name of the printer that has it."""

    def __init__(self, ways: Ways, known: Mapping[str, str]) -> None:
        self._ways = ways
        self._known = {_alike(device): name for device, name in known.items()}
        self._places = asyncio.Semaphore(ABREAST)
        self._names: dict[str, str] = {}
        self._found: dict[str, Found] = {}
        self.networks: Sequence[str] = ()
        self.total = 0
        self.asked = 0
        self.cancelled = False
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def running(self) -> bool:
        return not self._task.done()

    @property
    def found(self) -> list[Found]:
        """Those at this machine first, then by address."""
        return sorted(self._found.values(), key=_order)

    async def cancel(self) -> None:
        """End it; what was found stays."""
        self.cancelled = self.running
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def ended(self) -> None:
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        networks = await asyncio.to_thread(self._ways.addresses)
        self.networks = tuple(networks)
        addresses = list(dict.fromkeys(address for network in networks.values() for address in network))
        self.total = len(addresses)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_at_ports())
            if self._ways.announced is not None:
                group.create_task(self._listen(set(addresses)))
            for address in addresses:
                group.create_task(self._try(address))

    async def _look_at_ports(self) -> None:
        for device, name, how in await asyncio.to_thread(lambda: list(self._ways.attached())):
            self._add(Found(device, name, how))

    async def _listen(self, tried: set[str]) -> None:
        """Names for what was found; and those that announce themselves from another network."""
        announced = self._ways.announced
        assert announced is not None
        self._names = dict(await announced())
        for device, one in list(self._found.items()):
            self._found[device] = Found(device, self._names.get(_host(device), one.name), one.how, one.known)
        for address in [address for address in self._names if address not in tried]:
            self.total += 1
            await self._try(address)

    async def _try(self, address: str) -> None:
        async with self._places:
            if await takes_connections(address, self._ways.port):
                host = f"[{address}]" if ":" in address else address
                self._add(Found(f"socket://{host}:{self._ways.port}", self._names.get(address, ""), "network"))
        self.asked += 1

    def _add(self, found: Found) -> None:
        known = self._known.get(_alike(found.device), "")
        self._found[found.device] = Found(found.device, found.name, found.how, known)


async def takes_connections(address: str, port: int) -> bool:
    """Whether something listens there. The connection is closed before a byte is sent."""
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(address, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def usual_ways() -> Ways:
    """This machine's own networks, announcements where zeroconf is installed, its own ports."""
    announced = _listen_for_announcements if find_spec("zeroconf") is not None else None
    return Ways(own_networks, announced, attached)


# -- this machine's networks -------------------------------------------------------------------------------------------


def own_networks() -> dict[str, list[str]]:
    """The networks that this machine is in, as 192.168.1.0/24, with the addresses of others in each.

    A larger network is looked at as the 254 neighbours; a public one not at all: its machines are others'.
    """
    networks: dict[str, list[str]] = {}
    for own in machine_names().addresses:
        address = ipaddress.ip_address(own)
        if address.version == 4 and not address.is_loopback and len(networks) < MOST_NETWORKS:
            network = ipaddress.IPv4Network(f"{own}/24", strict=False)
            networks[str(network)] = [str(one) for one in network.hosts()]
    return networks


# -- what announces itself ---------------------------------------------------------------------------------------------


def _listen_for_announcements() -> asyncio.Future[dict[str, str]]:
    return asyncio.ensure_future(_announced())


async def _announced() -> dict[str, str]:
    zeroconf = import_module("zeroconf.asyncio")
    try:
        async with zeroconf.AsyncZeroconf() as listening:
            return await announced(listening)
    except OSError as error:
        log.warning("printers that announce themselves cannot be heard: %s", error)
        return {}


async def announced(listening: Any, patience: float = LISTENING) -> dict[str, str]:
    """IPv4 address → name of the printers that announce themselves. `listening`: an AsyncZeroconf."""
    heard: set[tuple[str, str]] = set()

    def hear(zeroconf: Any, service_type: str, name: str, state_change: Any) -> None:
        heard.add((service_type, name))

    browse = import_module("zeroconf.asyncio").AsyncServiceBrowser
    browser = browse(listening.zeroconf, list(SERVICES), handlers=[hear])
    await asyncio.sleep(patience)
    names: dict[str, str] = {}
    for service, name in sorted(heard):
        info = await listening.async_get_service_info(service, name, ASKING)
        for address in info.parsed_addresses() if info else ():
            if ":" not in address:
                names.setdefault(address, name.removesuffix(f".{service}"))
    await browser.async_cancel()
    return names


# -- this machine's ports ----------------------------------------------------------------------------------------------


def attached() -> Iterator[tuple[str, str, How]]:
    """Printers of Windows; serial ports, and printers on USB, as far as the libraries for them are installed."""
    for name in windows_printers():
        yield f"winspool:{name}", name, "windows"
    ports = _module("serial.tools.list_ports")
    for port in ports.comports() if ports is not None else ():
        path = quote(port.device)
        yield f"serial:{'//' if path.startswith('/') else ''}{path}", port.description or port.device, "serial"
    core = _module("usb.core")
    if core is None:
        return
    try:
        devices = list(core.find(find_all=True))
    except Exception as error:  # pyusb has its own kind for a machine without libusb
        log.info("USB cannot be looked at: %s", error)
        return
    for device in devices:
        if _is_printer(device):
            yield f"usb://{device.idVendor:04x}:{device.idProduct:04x}", _product(device), "usb"


def windows_printers() -> list[str]:
    """The names of the printers of Windows that print on paper; none elsewhere, and where its spooler does not run."""
    if sys.platform == "win32":
        from comptoir.windows.spooler import this_computer  # noqa: PLC0415

        return on_paper(this_computer())
    else:  # noqa: RET505 - mypy would call it unreachable on Windows
        return []


def on_paper(spooler: Names) -> list[str]:
    try:
        names = [name for name in spooler.printers() if not name.lower().startswith(NO_PAPER)]
        return [name for name in names if _NOTES not in name.lower()]
    except OSError as error:
        log.info("the printers of Windows cannot be asked for: %s", error)
        return []


def _is_printer(device: Any) -> bool:
    """Whether one of its interfaces is of the printer class (USB Printer Class 1.1, §4.2.1)."""
    try:
        return any(setting.bInterfaceClass == _USB_PRINTER for configuration in device for setting in configuration)
    except Exception:  # not ours to read
        return False


def _product(device: Any) -> str:
    try:
        return " ".join(part for part in (device.manufacturer, device.product) if part)
    except Exception:  # the system does not let us ask it
        return ""


def _module(name: str) -> Any:
    """An optional library; None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def _alike(device: str) -> str:
    """The same for all ways to write the name of a printer of Windows (`devices.winspool.named`)."""
    return unquote(device).casefold() if device.startswith("winspool:") else device


def _host(device: str) -> str:
    return device.removeprefix("socket://").rpartition(":")[0].strip("[]")


def _order(found: Found) -> tuple[bool, tuple[int, ...], str]:
    parts = _host(found.device).split(".")
    numbers = tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()
    return found.how == "network", numbers, found.device
