"""Tells the local network that the printer is there: DNS-SD (RFC 6763), as IPP Everywhere and AirPrint want it.

iPhones and iPads know no other way to a printer. It is never told of one that listens on loopback only.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ifaddr

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.sources.ipp_printer.asking import PATH
from comptoir.sources.ipp_printer.capabilities import FORMATS, MODEL, Identity, urf

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf

log = logging.getLogger("comptoir.capture")

PLAIN, ENCRYPTED = "_ipp._tcp.local.", "_ipps._tcp.local."
#: "": the service itself; AirPrint, IPP Everywhere
SUBTYPES: Final = ("", "_universal._sub.", "_print._sub.")
#: bytes of an instance's name, RFC 6763 §4.1.1
LONGEST: Final = 63


@dataclass(frozen=True, slots=True)
class Announcement:
    """A printer for the network. ways: of PLAIN and ENCRYPTED."""

    identity: Identity
    config: IppPrinterSourceConfig
    port: int
    ways: tuple[str, ...]

    def text(self) -> dict[str, str]:
        """The TXT record (Bonjour Printing 1.2.1, PWG 5100.14 §4.2.3), but for what the port adds."""
        yes = {True: "T", False: "F"}
        return {
            "txtvers": "1",
            "qtotal": "1",
            "rp": PATH.removeprefix("/"),
            "ty": MODEL,
            "product": f"({MODEL})",
            "note": self.identity.location,
            "priority": "50",
            "pdl": ",".join(form for form in FORMATS if form not in ("text/plain", "application/octet-stream")),
            "URF": ",".join(urf(self.config)),
            "UUID": str(self.identity.uuid),
            "Color": yes[self.config.color],
            "Duplex": yes[self.config.duplex],
            "Copies": "T",
            "kind": "document,photo",
            "PaperMax": "legal-A4",
            "air": "username,password" if self.config.user else "none",
        } | ({"TLS": "1.3"} if ENCRYPTED in self.ways else {})


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def addresses_of(host: str) -> list[str]:
    """Those of this machine at which a printer that listens there is reached: IPv4, for all where it is for all."""
    if host not in ("0.0.0.0", "::", ""):  # noqa: S104 - the owner's choice
        return [host]
    found = [str(one.ip) for adapter in ifaddr.get_adapters() for one in adapter.ips if one.is_IPv4]
    return [one for one in found if not ipaddress.ip_address(one).is_loopback]


class Announcing:
    """`start`, and `stop` at the end. `interfaces`: addresses of this machine; None: all of them."""

    def __init__(self, announcement: Announcement, interfaces: Sequence[str] | None = None) -> None:
        self._announcement = announcement
        self._interfaces = interfaces
        self._opened = AsyncExitStack()

    async def start(self) -> None:
        """Announce it, under another name where another printer has it. Raises OSError."""
        from zeroconf import InterfaceChoice  # noqa: PLC0415 - nobody needs it who announces nothing
        from zeroconf.asyncio import AsyncZeroconf  # noqa: PLC0415

        name = _instance(self._announcement.identity.name)
        interfaces = list(self._interfaces) if self._interfaces is not None else InterfaceChoice.Default
        told: list[Awaitable[None]] = []
        try:
            for subtype in SUBTYPES:
                # One of its own for each: the library knows an instance under one type only.
                zeroconf = await self._opened.enter_async_context(AsyncZeroconf(interfaces=interfaces))
                name = await self._register(zeroconf, subtype, name, told)
            await asyncio.gather(*told)
        except BaseException:
            await self._opened.aclose()
            raise
        log.info("%s is announced in the network as “%s”", self._announcement.config.name, name)

    async def stop(self) -> None:
        """Say goodbye."""
        await self._opened.aclose()

    async def _register(self, zeroconf: AsyncZeroconf, subtype: str, name: str, told: list[Awaitable[None]]) -> str:
        """The name under which it is. `told`: what is still under way when this returns."""
        from zeroconf.asyncio import AsyncServiceInfo  # noqa: PLC0415

        one = self._announcement
        addresses = self._interfaces or addresses_of(one.config.host)
        for way in one.ways:
            info = AsyncServiceInfo(
                f"{subtype}{way}",
                f"{name}.{way}",
                port=one.port,
                properties=one.text(),
                server=f"{socket.gethostname().partition('.')[0]}.local.",
                parsed_addresses=list(addresses),
            )
            first = not subtype and way == one.ways[0]
            told.append(
                await zeroconf.async_register_service(info, allow_name_change=first, cooperating_responders=not first)
            )
            name = info.name.removesuffix(f".{way}")
        return name


def _instance(name: str) -> str:
    """As DNS-SD lets it be: dots would be read as the ends of labels by some."""
    return name.replace(".", "·").encode()[:LONGEST].decode(errors="ignore")
