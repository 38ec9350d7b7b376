"""What an IPP printer says of itself, as a value; and which wishes it can be told."""

from __future__ import annotations

import pytest

from comptoir.core.document import PDF
from comptoir.core.job import COVER_OPEN, NO_PAPER, OTHER_ERROR, PAUSED
from comptoir.core.sheet import A4, PAPERS, Wishes
from comptoir.sinks.ipp_printer import RASTER, IppPrinter, printer_of, reason_of, template
from comptoir.wire.ipp import Group, Range, Resolution, Tag, Value
from comptoir.wire.ipp_codes import Operation


def said(**attributes: object) -> IppPrinter:
    """A printer that says this; underlines stand for hyphens."""
    tags = {str: Tag.KEYWORD, int: Tag.ENUM, bool: Tag.BOOLEAN, Range: Tag.RANGE, Resolution: Tag.RESOLUTION}
    group = Group(Tag.PRINTER)
    for name, given in attributes.items():
        values = given if isinstance(given, list) else [given]
        group.attributes[name.replace("_", "-")] = tuple(Value(tags[type(one)], one) for one in values)
    return printer_of(group)


def test_one_that_says_nothing_is_as_most_are() -> None:
    assert said() == IppPrinter()


@pytest.mark.parametrize(
    ("state", "reasons", "problems"),
    [
        (3, ["none"], ()),
        (5, ["media-empty-error", "media-low-warning"], ("media-empty-error",)),
        (5, ["none"], ("paused",)),
        (5, ["toner-low-report"], ("toner-low-report",)),
        (4, ["media-empty-error"], ()),
    ],
)
def test_what_keeps_it_from_printing(state: int, reasons: list[str], problems: tuple[str, ...]) -> None:
    assert said(printer_state=state, printer_state_reasons=reasons).problems == problems


def test_paper_that_is_nearly_at_its_end_is_a_notice() -> None:
    assert said(printer_state=3, printer_state_reasons=["media-low-warning"]).notices == ("media-low-report",)


@pytest.mark.parametrize(
    ("word", "reason"),
    [("media-empty-error", NO_PAPER), ("door-open", COVER_OPEN), ("paused", PAUSED), ("x-unheard-of", OTHER_ERROR)],
)
def test_its_words_are_those_of_the_pages(word: str, reason: str) -> None:
    assert reason_of(word) == reason


def test_what_it_can() -> None:
    printer = said(
        operations_supported=[2, 5, 6],
        document_format_supported=[PDF, "image/PWG-raster"],
        copies_supported=Range(1, 50),
        printer_is_accepting_jobs=False,
        printer_make_and_model="Laser 9",
        printer_firmware_string_version="1.2",
    )
    assert printer.can(Operation.CREATE_JOB, Operation.SEND_DOCUMENT)
    assert not printer.can(Operation.VALIDATE_JOB)
    assert printer.formats == (PDF, RASTER)
    assert (printer.most_copies, printer.accepting, printer.identity) == (50, False, ("Laser 9", "1.2"))


def test_how_it_is_drawn_for() -> None:
    printer = said(
        media_ready=["unknown", "na_letter_8.5x11in"],
        media_default="iso_a4_210x297mm",
        pwg_raster_document_resolution_supported=[Resolution(600, 600), Resolution(360, 360), Resolution(300, 600)],
        pwg_raster_document_type_supported=["sgray_8", "srgb_8"],
        pwg_raster_document_sheet_back="rotated",
    )
    assert (printer.paper, printer.dpi, printer.ink, printer.back) == (PAPERS["letter"], 360, "colours", "rotated")
    assert said(pwg_raster_document_resolution_supported=Resolution(150, 150)).dpi == 150
    assert said(pwg_raster_document_type_supported=["sgray_8"]).ink == "greys"
    assert said(media_default="iso_a4_210x297mm").paper == A4


def test_wishes_are_told_as_far_as_it_can() -> None:
    printer = IppPrinter(sides=("one-sided",), trays=("tray-1",), columns=("media-source",))
    job, lacking = template(Wishes(sides="one-sided", tray="tray-1", media=A4.name), printer, 2, PDF)
    assert set(job) == {"copies", "sides", "media-col"}
    assert lacking == ()
    job, lacking = template(Wishes(sides="two-sided-long-edge", tray="tray-9", scaling="fill"), printer, 1, PDF)
    assert job == {}
    assert lacking == ("sides=two-sided-long-edge", "print-scaling=fill", "media-source=tray-9")


def test_a_paper_without_a_tray() -> None:
    assert template(Wishes(media=A4.name), IppPrinter(), 1, PDF)[0] == {"media": (Value(Tag.KEYWORD, A4.name),)}
