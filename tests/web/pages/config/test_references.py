"""What names a printer or a folder is found, carried along, and let go: the configuration is whole afterwards."""

from __future__ import annotations

import msgspec

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import (
    Config,
    DialectConfig,
    DrawerConfig,
    NightConfig,
    PrinterConfig,
    RouteConfig,
    TillConfig,
)
from comptoir.settings import Remove, Set
from comptoir.web.pages.config.references import (
    Use,
    destination_renamed,
    printer_renamed,
    source_renamed,
    uses_of_destination,
    uses_of_printer,
    uses_of_source,
)

BAR = PrinterConfig(name="BAR", device="virtual:")
SHOP = Config(
    printer=(BAR, msgspec.structs.replace(BAR, name="LABEL")),
    drawer=DrawerConfig(printer="BAR"),
    epos=DialectConfig(printer="BAR"),
    hw_proxy=DialectConfig(printer="LABEL"),
    till=TillConfig(invoices="factures"),
    source=(FolderSourceConfig(name="factures", path="/x"),),
    route=(
        RouteConfig(source="factures", to=("BAR", "LABEL")),
        RouteConfig(source="api", to=("BAR",)),
        RouteConfig(source="factures", to=("LABEL",)),
    ),
)


def test_all_that_changes_with_a_printer_is_listed() -> None:
    assert uses_of_printer(SHOP, "BAR") == [
        Use("drawer"),
        Use("epos"),
        Use("route", "factures", ("LABEL",)),
        Use("route", "api", ()),
        Use("first", others=("LABEL",)),
    ]
    assert [use.what for use in uses_of_printer(SHOP, "LABEL")] == ["hw_proxy", "route", "route"]
    assert uses_of_printer(SHOP, "OTHER") == []


def test_a_printer_that_steps_in_is_named_too() -> None:
    shop = msgspec.structs.replace(SHOP, route=(RouteConfig(source="factures", to=("BAR",), fallback="LABEL"),))
    assert Use("fallback", "factures") in uses_of_printer(shop, "LABEL")
    assert printer_renamed(shop, "LABEL", "B")[1:] == [Set(("route", 0, "fallback"), "B")]
    assert Remove(("route", 0, "fallback")) in printer_renamed(shop, "LABEL", "")


def test_a_destination_is_named_by_routes_only() -> None:
    assert uses_of_destination(SHOP, "LABEL") == [Use("route", "factures", ("BAR",)), Use("route", "factures", ())]
    assert destination_renamed(SHOP, "LABEL", "x") == [
        Set(("route", 0, "to"), ["BAR", "x"]),
        Set(("route", 2, "to"), ["x"]),
    ]
    assert destination_renamed(SHOP, "LABEL", "") == [Set(("route", 0, "to"), ["BAR"]), Set(("route", 2, "to"), [])]


def test_nights_name_where_they_go_and_what_belongs_to_them() -> None:
    shop = msgspec.structs.replace(SHOP, route=(), night=NightConfig(send_to="LABEL", sources=("audit", "caisse")))
    assert uses_of_destination(shop, "LABEL") == [Use("night")]
    assert destination_renamed(shop, "LABEL", "x") == [Set(("night", "send_to"), "x")]
    assert printer_renamed(shop, "LABEL", "")[1:] == [Remove(("night", "send_to"))]
    assert uses_of_source(shop, "audit") == [Use("night", others=("caisse",))]
    assert source_renamed(shop, "audit", "nuit") == [Set(("night", "sources"), ["nuit", "caisse"])]
    assert source_renamed(shop, "audit", "") == [Set(("night", "sources"), ["caisse"])]
    shop = msgspec.structs.replace(shop, night=NightConfig(sources=("audit",)))
    assert source_renamed(shop, "audit", "") == [Remove(("night", "sources"))]


def test_a_new_name_reaches_everything_that_named_the_old_one() -> None:
    assert printer_renamed(SHOP, "BAR", "COUNTER") == [
        Set(("drawer", "printer"), "COUNTER"),
        Set(("epos", "printer"), "COUNTER"),
        Set(("route", 0, "to"), ["COUNTER", "LABEL"]),
        Set(("route", 1, "to"), ["COUNTER"]),
    ]


def test_a_printer_that_goes_is_named_no_more() -> None:
    assert printer_renamed(SHOP, "BAR", "") == [
        Remove(("drawer", "printer")),
        Remove(("epos", "printer")),
        Set(("route", 0, "to"), ["LABEL"]),
        Set(("route", 1, "to"), []),
    ]


def test_the_routes_of_a_folder_go_with_it_the_last_first() -> None:
    assert [use.what for use in uses_of_source(SHOP, "factures")] == ["invoices", "route", "route"]
    assert source_renamed(SHOP, "factures", "") == [
        Remove(("till", "invoices")),
        Remove(("route", 2)),
        Remove(("route", 0)),
    ]
    assert source_renamed(SHOP, "factures", "invoices") == [
        Set(("till", "invoices"), "invoices"),
        Set(("route", 2, "from"), "invoices"),
        Set(("route", 0, "from"), "invoices"),
    ]
