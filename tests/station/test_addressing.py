"""Where an order goes: what it names, else the routes, else the first printer."""

from __future__ import annotations

from typing import Any

import pytest
from tests.peers.clock import FakeClock
from tests.peers.papers import submission

from comptoir.config import Config, PrinterConfig, RouteConfig
from comptoir.core.errors import UnknownName
from comptoir.destinations import FolderConfig
from comptoir.station.addressing import Addressing

CONFIG = Config(
    printer=(
        PrinterConfig(name="TICKET", device="virtual:", expires="10 min"),
        PrinterConfig(name="BAR", device="virtual:"),
    ),
    destination=(FolderConfig(name="copies", path="copies"),),
    route=(
        RouteConfig(source="api", match=("bar-*",), to=("BAR", "copies")),
        RouteConfig(source="api", types=("application/pdf",), to=("copies",), format="pdf"),
    ),
)


@pytest.fixture
def addressing() -> Addressing:
    return Addressing(CONFIG, FakeClock(1_000))


def order(name: str = "", content: bytes = b"Hello", **more: Any) -> Any:
    return submission(content, more.pop("destination", ""), name=name, media_type="", **more)


def test_without_a_route_it_goes_to_the_first_printer(addressing: Addressing) -> None:
    assert [one.destination for one in addressing.address(order("menu"))] == ["TICKET"]


def test_each_destination_of_its_routes_gets_it_once(addressing: Addressing) -> None:
    found = addressing.address(order("BAR-7", b"%PDF-1.7"))
    assert [one.destination for one in found] == ["BAR", "copies"]


def test_what_it_names_is_where_it_goes(addressing: Addressing) -> None:
    assert [one.destination for one in addressing.address(order("bar-7", destination="TICKET"))] == ["TICKET"]
    assert [one.destination for one in addressing.address(order(destination="copies"))] == ["copies"]
    with pytest.raises(UnknownName, match="NADA"):
        addressing.address(order(destination="NADA"))


def test_how_it_looks_on_paper_is_the_word_of_the_first_route_that_leads_there() -> None:
    routes = (
        RouteConfig(source="api", to=("BAR",), sides="one-sided", scale="fit"),
        RouteConfig(source="api", to=("BAR", "TICKET"), sides="two-sided-long-edge", tray="tray-2"),
    )
    addressing = Addressing(Config(printer=CONFIG.printer, route=routes), FakeClock(1_000))
    bar, ticket = addressing.address(order(attributes={"sides": "two-sided-short-edge"}))
    assert bar.attributes == {"sides": "two-sided-short-edge", "print-scaling": "fit"}
    assert ticket.attributes == {"sides": "two-sided-short-edge", "media-source": "tray-2"}


def test_a_ticket_expires_and_a_copy_does_not(addressing: Addressing) -> None:
    (ticket,), (copy,) = addressing.address(order()), addressing.address(order(destination="copies"))
    assert (ticket.expires_at, copy.expires_at) == (601_000, None)
    assert addressing.address(order(expires_at=5))[0].expires_at == 5


def test_how_it_is_read_is_the_routes_word_where_nobody_has_said_it(addressing: Addressing) -> None:
    said, guessed = order("x", b"%PDF-1.7", format="raw"), order("x", b"%PDF-1.7", format="raw", assumed=True)
    assert [addressing.address(one)[0].format for one in (said, guessed)] == ["raw", "pdf"]


def test_who_puts_paper_out(addressing: Addressing) -> None:
    assert [addressing.prints(name) for name in ("TICKET", "copies", "OLD")] == [True, False, True]


def test_with_nothing_configured_there_is_a_virtual_printer() -> None:
    addressing = Addressing(Config(), FakeClock())
    assert [one.destination for one in addressing.address(order())] == ["TICKET"]


def test_a_route_that_keeps_says_until_when() -> None:
    routes = (RouteConfig(source="api", match=("facture*",), keep="10 years"), RouteConfig(source="api", keep="1 year"))
    addressing = Addressing(Config(route=routes), FakeClock(1_000))
    for name, years in (("facture-7", 10), ("other", 1)):
        (found,) = addressing.address(order(name))
        assert found.destination == "TICKET"
        assert found.keep.until // 31_536_000_000 == years
        assert found.keep.business_date


def test_what_no_route_keeps_lives_until_it_is_printed(addressing: Addressing) -> None:
    assert {one.keep for one in addressing.address(order("bar-7"))} == {None}
