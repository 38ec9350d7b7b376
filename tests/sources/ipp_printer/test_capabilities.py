"""What the printer says that it can: all that suites and systems look for, and which wishes it fulfils."""

from __future__ import annotations

import pytest

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.sources.ipp_printer import capabilities
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Range, Resolution, Tag, Value
from comptoir.wire.ipp_codes import Operation

CONFIG = IppPrinterSourceConfig(name="nuit", description="Audit de nuit", location="Accueil")
IDENTITY = capabilities.identity_of(CONFIG, "journal")
TEMPLATE = capabilities.template_attributes(CONFIG)
ALL = TEMPLATE | capabilities.description(CONFIG, IDENTITY, 10**9)


def test_it_is_the_same_printer_for_ever_and_another_one_elsewhere() -> None:
    assert capabilities.identity_of(CONFIG, "journal") == IDENTITY
    assert capabilities.identity_of(CONFIG, "another").uuid != IDENTITY.uuid
    assert IDENTITY.urn.startswith("urn:uuid:")
    assert IDENTITY.name == "Audit de nuit"


@pytest.mark.parametrize(
    "name",
    ["urf-supported", "printer-device-id", "printer-dns-sd-name", "printer-firmware-name",
     "printer-uuid", "media-col-ready", "pdf-versions-supported", "document-format-preferred", "printer-kind"],
)  # fmt: skip
def test_what_phones_and_windows_look_for(name: str) -> None:
    assert ALL[name]


def test_nobody_has_certified_it() -> None:
    assert "mopria-certified" not in ALL


def test_every_wish_that_is_announced_has_its_default_and_what_is_supported() -> None:
    for name in ("sides", "copies", "media", "print-quality", "output-bin", "finishings", "print-scaling"):
        assert f"{name}-default" in TEMPLATE
        assert f"{name}-supported" in TEMPLATE


def test_a_printer_of_one_colour_and_one_side() -> None:
    plain = IppPrinterSourceConfig(name="x", color=False, duplex=False)
    assert capabilities.urf(plain) == ("V1.4", "CP255", "W8", "IS1", "MT1", "OB10", "PQ3-4-5", "RS300-600")
    known = capabilities.template_attributes(plain) | capabilities.description(plain, IDENTITY, None)
    assert known["sides-supported"] == v.keyword("one-sided")
    assert known["color-supported"] == v.boolean(False)
    assert "pages-per-minute-color" not in known


def test_operations_of_cups_are_not_announced() -> None:
    assert Operation.CUPS_GET_PRINTERS not in capabilities.OPERATIONS
    assert Operation.PRINT_JOB in capabilities.OPERATIONS


def test_no_value_is_longer_than_it_may_be() -> None:
    config = IppPrinterSourceConfig(name="é" * 64, description="é" * 200, location="é" * 200)
    known = Group(Tag.PRINTER, capabilities.description(config, capabilities.identity_of(config, ""), None))
    for name in ("printer-info", "printer-location", "printer-name"):
        assert len(known.texts(name)[0].encode()) <= 127


@pytest.mark.parametrize(
    ("name", "values", "fits"),
    [
        ("copies", v.integer(999), True),
        ("copies", v.integer(0), False),
        ("copies", v.integer(1000), False),
        ("job-priority", v.integer(101), False),
        ("job-priority", v.integer(1), True),
        ("page-ranges", (Value(Tag.RANGE, Range(2, 3)),), True),
        ("page-ranges", (Value(Tag.RANGE, Range(3, 2)),), False),
        ("media", v.keyword("iso_a4_210x297mm"), True),
        ("media", v.keyword("oe_banner_8x40in"), False),
        ("sides", v.keyword("two-sided-long-edge"), True),
        ("print-quality", v.enum(9), False),
        ("printer-resolution", (Value(Tag.RESOLUTION, Resolution(300, 300)),), True),
        ("media-col", v.collection({}), True),
        ("number-up", v.integer(2), False),
    ],
)
def test_which_wishes_are_fulfilled(name: str, values: v.Values, fits: bool) -> None:
    assert capabilities.unsupported({name: values}, TEMPLATE) == ({} if fits else {name: values})


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("application/pdf", True),
        ("APPLICATION/PDF", True),
        ("text/plain; charset=utf-8", True),
        ("application/x", False),
    ],
)
def test_which_documents_are_taken(said: str, taken: bool) -> None:
    assert capabilities.formats_fit((said,)) is taken
