"""What types cannot say of a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.config import Config, SourceConfig, StationConfig, TillConfig
from comptoir.config_check import Check, line_of
from comptoir.core.errors import ConfigError


def checked(config: Config, text: str = "") -> Config:
    return Check(Path("comptoir.toml"), text, {}).check(config)


def test_addresses_are_networks_afterwards() -> None:
    given = ("192.168.1.20", " 192.168.1.7/24", "::1", "fe80::1/64")
    found = checked(Config(station=StationConfig(allowed_addresses=given))).station.allowed_addresses
    assert found == ("192.168.1.20/32", "192.168.1.0/24", "::1/128", "fe80::/64")


def test_names_of_the_station_are_as_browsers_send_them() -> None:
    assert checked(Config(station=StationConfig(allowed_hosts=("Caisse.LOCAL.",)))).station.allowed_hosts == (
        "caisse.local",
    )


def test_invoices_may_be_those_of_a_source_that_there_is() -> None:
    source = SourceConfig(kind="folder", name="factures", path="in")
    config = Config(source=(source,), till=TillConfig(invoices="factures"))
    assert checked(config).till.invoices == "factures"
    with pytest.raises(ConfigError, match=r"line 2: till\.invoices: no source is called “factures”"):
        checked(Config(till=TillConfig(invoices="factures")), "[till]\ninvoices = 'factures'")


@pytest.mark.parametrize(
    ("key", "line"),
    [("$.station.port", 3), ("$.printer[1].device", 8), ("$.printer[1].columns", 6), ("$.nothing", 1)],
)
def test_the_line_of_a_key(key: str, line: int) -> None:
    text = "# a\n[station]\nport = 1\n[[printer]]\nname = 'A'\n[[printer]]\nname = 'B'\ndevice = 'x:'\n"
    assert line_of(text, key) == line
