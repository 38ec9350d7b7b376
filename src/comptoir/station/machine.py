"""What this machine is called: the names and addresses under which browsers in its network may ask for it.

It asks the system, and no name server: that can take seconds. IPv6 addresses other than the loopback's are left out,
because most of them change daily and nobody types them.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import ifaddr

#: names that belong to no public site (RFC 6761, 6762, 8375; `internal`: ICANN, 2024)
LOCAL_DOMAINS: Final = ("localhost", "local", "home.arpa", "internal", "lan")
#: RFC 1122, 1918, 6598, 3927, 4291, 4193
LOCAL_NETWORKS: Final = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
    "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip
_NETWORKS: Final = tuple(map(ipaddress.ip_network, LOCAL_NETWORKS))
#: a name that a certificate can hold
_HOST: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_][a-z0-9_-]{0,62}(\.[a-z0-9_][a-z0-9_-]{0,62})*")


@dataclass(frozen=True, slots=True)
class Names:
    """Host names in small letters, and addresses as `ipaddress` writes them; each sorted, each once."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.hosts, *self.addresses)


def names_of(texts: Iterable[str]) -> Names:
    """Sort names and addresses; what is neither is left out."""
    hosts, addresses = set(), set()
    for text in texts:
        try:
            addresses.add(ipaddress.ip_address(text.partition("%")[0]))
        except ValueError:
            host = text.lower().removesuffix(".")
            if _HOST.fullmatch(host):
                hosts.add(host)
    in_order = sorted(addresses, key=lambda address: (address.version, address.packed))
    return Names(tuple(sorted(hosts)), tuple(map(str, in_order)))


def machine_names(besides: Iterable[str] = ()) -> Names:
    """Those of the moment: localhost, the loopback's addresses, the machine's names, its private addresses of IPv4.

    `besides`: further names, of which those are taken that belong to a local network.
    """
    machine = socket.gethostname().lower()
    short = machine.partition(".")[0]
    names = names_of([short, f"{short}.local", *_addresses(), *besides])
    local = [*filter(is_local_name, names.hosts), *filter(is_local_address, names.addresses)]
    # The machine's whole name is its own, whatever domain it is in.
    return names_of(["localhost", "127.0.0.1", "::1", *local, *([machine] if "." in machine else [])])


def is_local_name(host: str) -> bool:
    """Whether no public site can have this name. One word of letters may be a top-level domain: bar, hotel, boutique.

    An authority that may vouch for “boutique” may do so for every site there.
    """
    if host.partition(".")[1]:
        return host.endswith(tuple(f".{domain}" for domain in LOCAL_DOMAINS))
    return host == "localhost" or not host.isalpha()


def is_local_address(text: str) -> bool:
    address = ipaddress.ip_address(text)
    return any(address in network for network in _NETWORKS)


def _addresses() -> list[str]:
    try:
        return [one.ip for adapter in ifaddr.get_adapters() for one in adapter.ips if isinstance(one.ip, str)]
    except OSError:
        return []
