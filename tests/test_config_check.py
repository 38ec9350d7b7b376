"""What types cannot say of a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import (
    Config,
    DrawerConfig,
    PrinterConfig,
    RouteConfig,
    StationConfig,
    TillConfig,
)
from comptoir.config_check import Check, WrongField, line_of
from comptoir.core.errors import ConfigError
from comptoir.core.names import safe_name
from comptoir.destinations import FolderConfig


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
    source = FolderSourceConfig(name="factures", path="in")
    config = Config(source=(source,), till=TillConfig(invoices="factures"))
    assert checked(config).till.invoices == "factures"
    with pytest.raises(ConfigError, match=r"line 2: till\.invoices: no source is called “factures”"):
        checked(Config(till=TillConfig(invoices="factures")), "[till]\ninvoices = 'factures'")


def test_a_folder_is_not_delivered_to_itself(tmp_path: Path) -> None:
    source = FolderSourceConfig(name="factures", path=str(tmp_path))
    for path, wrong in ((f"{tmp_path}/x/../", True), (f"{tmp_path}/sent", False), (tmp_path.name, False)):
        config = Config(
            source=(source,), destination=(FolderConfig(name="copies", path=path),),
            route=(RouteConfig(source="factures", to=("copies",)), RouteConfig(source="api", to=("copies",))),
        )  # fmt: skip
        if not wrong:
            assert checked(config)
            continue
        with pytest.raises(WrongField, match=r"“copies” is the folder that “factures” watches") as caught:
            checked(config)
        assert caught.value.key == "route[0].to"


@pytest.mark.parametrize(
    ("key", "line"),
    [("$.station.port", 3), ("$.printer[1].device", 8), ("$.printer[1].columns", 6), ("$.nothing", 1)],
)
def test_the_line_of_a_key(key: str, line: int) -> None:
    text = "# a\n[station]\nport = 1\n[[printer]]\nname = 'A'\n[[printer]]\nname = 'B'\ndevice = 'x:'\n"
    assert line_of(text, key) == line


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"device": "ipp://h/p", "language": "pdf"}, "language"),
        ({"device": "cups:FACTURE", "profile": "80mm"}, "profile"),
        ({"device": "ipp://h/p", "resolution": 300}, "resolution"),
        ({"device": "socket://h", "language": "windows"}, "language"),
        ({"device": "winspool:OFFICE", "language": "windows", "columns": 42}, "columns"),
        ({"device": "socket://h", "language": "pcl", "columns": 42}, "columns"),
        ({"device": "socket://h", "language": "pcl", "buzzer": True}, "buzzer"),
        ({"device": "socket://h", "paper": "A4"}, "paper"),
        ({"device": "socket://h", "resolution": 300}, "resolution"),
    ],
)
def test_what_is_of_no_use_for_a_printer_is_an_error(more: dict[str, object], field: str) -> None:
    with pytest.raises(WrongField) as caught:
        checked(Config(printer=(PrinterConfig(name="FACTURE", **more),)))  # type: ignore[arg-type]
    assert caught.value.key == f"printer[0].{field}"


def test_printers_of_sheets_are_set_up_as_they_may_be() -> None:
    printers = (
        PrinterConfig(name="A", device="ipp://h/p", paper="A5", expires="1 h"),
        PrinterConfig(name="B", device="socket://h", language="pcl", paper="A4", resolution=600),
        PrinterConfig(name="C", device="winspool:OFFICE", language="windows", paper="A4", resolution=600),
    )
    assert checked(Config(printer=printers)).printer == printers


def test_no_drawer_hangs_on_a_printer_of_sheets() -> None:
    sheets = PrinterConfig(name="FACTURE", device="cups:FACTURE")
    with pytest.raises(WrongField, match="no drawer"):
        checked(Config(printer=(sheets,), drawer=DrawerConfig(printer="FACTURE")))


@pytest.mark.parametrize("other", ["ticket", "TICKET."])
def test_two_printers_that_windows_does_not_tell_apart(monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    """Each has a folder of its own, by its name."""
    monkeypatch.setattr("comptoir.config_check.folder_name", lambda name: safe_name(name).lower())
    printers = tuple(PrinterConfig(name=name, device="virtual:") for name in ("TICKET", other))
    with pytest.raises(WrongField, match="one name for Windows") as caught:
        checked(Config(printer=printers))
    assert caught.value.key == "printer[1].name"
