"""A printer is put together as the configuration says: its model first, then what is said better."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from tests.peers.clock import FakeClock
from tests.peers.spool_library import SpoolLibrary

from comptoir.config import Config, DrawerConfig, PrinterConfig
from comptoir.core.errors import ConfigError
from comptoir.core.ports import Journal, Retriever
from comptoir.devices import winspool
from comptoir.devices.virtual import VirtualDevice
from comptoir.station.printers import assemble, outlet, profile_of


def printer(**more: object) -> PrinterConfig:
    return PrinterConfig(**{"name": "TICKET", "device": "virtual:", **more})  # type: ignore[arg-type]


def test_without_a_model_it_is_an_80_mm_printer() -> None:
    known = profile_of(printer())
    assert (known.media.dots, known.media.columns) == (576, 48)
    assert known.status


def test_the_model_says_what_the_configuration_does_not() -> None:
    known = profile_of(printer(profile="TM-T88V", columns=40, strip=64, kanji="cp932", cut="full", buzzer=True))
    assert (known.media.dots, known.media.columns) == (512, 40)
    assert (known.strip, known.kanji, known.cut, known.buzzer) == (64, "cp932", "full", True)
    assert "process-id" in known.confirms


def test_code_pages_are_those_of_the_configuration_in_their_order() -> None:
    assert list(profile_of(printer(code_pages={"16": "cp1252", "19": "cp858"})).code_pages.items()) == [
        (16, "cp1252"),
        (19, "cp858"),
    ]


def test_one_that_must_not_be_asked(tmp_path: Path) -> None:
    one = assemble(printer(status="never"), Config(), tmp_path)
    assert not one.channel.asks
    assert not one.profile.status


@pytest.mark.parametrize(
    ("more", "confirms"),
    [
        ({}, ("process-id", "in-order")),
        ({"device": "socket://127.0.0.1"}, ("in-order",)),
        ({"profile": "TM-T88V"}, ("process-id", "in-order")),
        ({"profile": "TM-T88V", "confirm": "in-order"}, ("in-order",)),
        ({"confirm": "none"}, ()),
        ({"confirm": "process-id"}, ("process-id",)),
        ({"language": "raw"}, ()),
    ],
)
def test_what_it_is_asked_for_after_a_job(more: dict[str, object], confirms: tuple[str, ...], tmp_path: Path) -> None:
    assert assemble(printer(**more), Config(), tmp_path).confirms == confirms


async def test_what_the_probe_found_counts_more_than_the_model(tmp_path: Path) -> None:
    one = assemble(printer(profile="TM-T88V"), Config(), tmp_path)
    await one.facts.learn(confirms=("in-order",))
    assert assemble(printer(profile="TM-T88V"), Config(), tmp_path).confirms == ("in-order",)


def test_a_star_speaks_star(tmp_path: Path) -> None:
    assert assemble(printer(profile="TSP650II"), Config(), tmp_path).speaks == "star"
    assert assemble(printer(profile="TSP650II", language="escpos"), Config(), tmp_path).speaks == "escpos"


def test_a_virtual_printer_has_the_paper_of_its_model(tmp_path: Path) -> None:
    one = assemble(printer(profile="58mm"), Config(), tmp_path)
    assert isinstance(one.device, VirtualDevice)
    assert one.device.printer.media == one.media


@pytest.mark.parametrize(
    ("drawer", "pulse"),
    [
        (DrawerConfig(), b"\x1bp\x00\x19\xfa"),
        (DrawerConfig(printer="TICKET", pin=5, on="100 ms", off="500 ms"), b"\x1bp\x012\xfa"),
        (DrawerConfig(pulse="1b70001afa"), b"\x1bp\x00\x1a\xfa"),
        (DrawerConfig(printer="OTHER", pulse="00"), b"\x1bp\x00\x19\xfa"),
    ],
)
def test_its_drawer_is_wired_as_the_configuration_says(drawer: DrawerConfig, pulse: bytes, tmp_path: Path) -> None:
    config = Config(printer=(printer(), PrinterConfig(name="OTHER", device="virtual:")), drawer=drawer)
    assert assemble(config.printer[0], config, tmp_path).drawer._pulse == pulse


@pytest.mark.parametrize("more", [{"profile": "TM-T88Z"}, {"language": "klingon"}])
def test_what_there_is_none_of_is_told_with_the_printers_name(more: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TICKET") as caught:
        assemble(printer(**more), Config(), tmp_path)
    assert caught.value.hint


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TICKET"):
        assemble(PrinterConfig(name="TICKET", device="teapot:"), Config(), tmp_path)


def test_its_drawer_is_asked_what_the_printer_is_known_to_answer(tmp_path: Path) -> None:
    assert assemble(printer(confirm="none"), Config(), tmp_path).drawer._config.confirms == ()
    star = assemble(printer(device="socket://127.0.0.1", language="star", profile="default"), Config(), tmp_path)
    assert "in-order" not in star.drawer._config.confirms


async def test_what_the_configuration_orders_counts_more_than_the_probe(tmp_path: Path) -> None:
    one = assemble(printer(confirm="none"), Config(), tmp_path)
    await one.facts.learn(confirms=("process-id", "in-order"))
    assert one.confirms == ()


def test_more_columns_than_the_paper_has_room_for_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="64 columns do not fit into 384 dots"):
        assemble(printer(dots=384, columns=64), Config(), tmp_path)


def test_printers_of_windows_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By receipts, and by sheets in a page language; so their jobs can be taken back."""
    monkeypatch.setattr(winspool, "_of_windows", lambda: SpoolLibrary().spooler)
    till = outlet(printer(device="winspool:TICKET"), Config(), tmp_path)
    office = outlet(printer(device="winspool:TICKET", language="pcl"), Config(), tmp_path)
    for one in (till, office):
        assert isinstance(one.sink({}, cast(Journal, None), FakeClock()), Retriever)
    other = outlet(printer(device="socket://127.0.0.1"), Config(), tmp_path)
    assert not isinstance(other.sink({}, cast(Journal, None), FakeClock()), Retriever)
