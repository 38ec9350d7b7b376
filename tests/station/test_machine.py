"""What this machine is called: only what no public site can be called."""

from __future__ import annotations

import ipaddress
import socket
from types import SimpleNamespace

import ifaddr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.station.machine import is_local_address, is_local_name, machine_names, names_of


def test_names_and_addresses_are_told_apart_and_sorted() -> None:
    names = names_of(["B.local.", "::1", "a", "10.0.0.2", "10.0.0.10", "fe80::1%eth0", "b.local", "no name", "ü", ""])
    assert names.hosts == ("a", "b.local")
    assert names.addresses == ("10.0.0.2", "10.0.0.10", "::1", "fe80::1")


@given(st.lists(st.text()))
def test_whatever_is_given_what_comes_out_can_stand_in_a_certificate(texts: list[str]) -> None:
    names = names_of(texts)
    assert all(host.isascii() and 0 < len(host) < 254 and " " not in host for host in names.hosts)
    assert all(ipaddress.ip_address(address) for address in names.addresses)
    assert names_of(names.all) == names


@pytest.mark.parametrize(
    "host", ["localhost", "caisse.local", "a.b.home.arpa", "x.internal", "x.lan", "caisse-1", "pc2"]
)
def test_local_names(host: str) -> None:
    assert is_local_name(host)


@pytest.mark.parametrize(
    "host", ["boutique", "bar", "hotel", "com", "example.com", "notlocal", "caisse.shop", "xlocal.fr"]
)
def test_what_may_be_a_site_is_none(host: str) -> None:
    assert not is_local_name(host)


@pytest.mark.parametrize(("address", "local"), [
    ("127.0.0.1", True), ("10.1.2.3", True), ("172.31.0.1", True), ("172.32.0.1", False), ("192.168.1.1", True),
    ("8.8.8.8", False), ("::1", True), ("fd00::1", True), ("2001:db8::1", False),
])  # fmt: skip
def test_local_addresses(address: str, local: bool) -> None:
    assert is_local_address(address) is local


def test_the_machine_is_called_by_its_names_and_private_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Caisse-1.shop.example.com")
    ips = ["127.0.0.1", "192.168.1.5", "203.0.113.9", ("fd00::2", 0, 0)]
    adapter = SimpleNamespace(ips=[SimpleNamespace(ip=ip) for ip in ips])
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: [adapter])
    names = machine_names(["till.lan", "till.example.org", "192.168.9.9", "9.9.9.9"])
    assert names.hosts == ("caisse-1", "caisse-1.local", "caisse-1.shop.example.com", "localhost", "till.lan")
    assert names.addresses == ("127.0.0.1", "192.168.1.5", "192.168.9.9", "::1")


def test_where_the_system_tells_no_addresses_the_loopback_remains(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise OSError

    monkeypatch.setattr(ifaddr, "get_adapters", none)
    assert machine_names().addresses == ("127.0.0.1", "::1")
