"""What becomes of a print that a source has captured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.peers.clock import FakeClock

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.config import Config, PrinterConfig, RouteConfig
from comptoir.core.document import Document, Origin
from comptoir.core.kept import Capture, Filing, Part
from comptoir.destinations import FolderConfig
from comptoir.station.capture.filing import Filer
from comptoir.station.folders.planning import Planning

PDF = Document.of(b"%PDF-1.7 report")
YEAR = int(timedelta(days=365).total_seconds() * 1000)


def capture(document: Document = PDF, **more: Any) -> Capture:
    usual: dict[str, Any] = {"title": "Manager Flash", "printer": "audit"}
    return Capture(Origin("audit", "nina", "pc-1"), "uid-1", (Part(document),), **{**usual, **more})


def filed(given: Capture, *routes: RouteConfig, clock: FakeClock | None = None) -> Filing:
    config = Config(
        source=(IppPrinterSourceConfig(name="audit"),),
        printer=(PrinterConfig(name="LASER", device="cups:LASER", expires="1 h"),),
        destination=(FolderConfig(name="copies", path="/copies"),),
        route=routes,
    )
    clock = clock or FakeClock()
    planning = Planning(lambda: config, clock)
    filer = Filer(lambda: config, planning, None, clock, lambda job: None)  # type: ignore[arg-type]
    return filer.filing(given)


def route(*to: str, **more: Any) -> RouteConfig:
    return RouteConfig(source="audit", to=to, **more)


def test_what_no_route_takes_is_kept_without_an_end() -> None:
    filing = filed(capture())
    assert filing.submissions == ()
    assert filing.keep is not None
    assert filing.keep.until is None
    assert filing.keep.business_date


def test_it_goes_where_routes_lead_as_its_sender_wished() -> None:
    attributes = {"sides": "two-sided-long-edge", "media": "iso_a4_210x297mm", "job-billing": "x"}
    filing = filed(capture(copies=2, attributes=attributes), route("LASER", "copies", keep="1 year", tray="tray-2"))
    assert [one.destination for one in filing.submissions] == ["LASER", "copies"]
    first = filing.submissions[0]
    assert (first.title, first.copies, first.format) == ("Manager Flash", 2, "pdf")
    assert first.attributes["sides"] == "two-sided-long-edge"
    assert first.attributes["media"] == "iso_a4_210x297mm"
    assert first.attributes["media-source"] == "tray-2"
    assert "job-billing" not in first.attributes


def test_nothing_was_printed_in_the_future() -> None:
    """A page that lists it would have no date to write."""
    clock = FakeClock()
    for said, expected in ((2**53, clock.now()), (-1, 0), (clock.now() - 1, clock.now() - 1), (None, None)):
        assert filed(capture(printed_at=said), clock=clock).capture.printed_at == expected


def test_a_printers_expiry_holds_and_a_folder_has_none() -> None:
    clock = FakeClock()
    printed, copied = filed(capture(), route("LASER", "copies"), clock=clock).submissions
    assert printed.expires_at == clock.now() + 3_600_000
    assert copied.expires_at is None


def test_how_long_it_is_kept() -> None:
    clock = FakeClock()
    keep = filed(capture(), route("copies", keep="1 year"), clock=clock).keep
    assert keep is not None
    assert keep.until is not None
    assert keep.until - clock.now() in (YEAR, YEAR + 86_400_000)


def test_one_that_is_only_printed_is_not_archived() -> None:
    assert filed(capture(), route("LASER")).keep is None


def test_one_that_is_only_archived_goes_nowhere() -> None:
    filing = filed(capture(), route(keep="1 year"))
    assert filing.submissions == ()
    assert filing.keep is not None


def test_what_is_not_whole_is_kept_and_goes_nowhere() -> None:
    filing = filed(capture(partial="the computer has hung up"), route("LASER", keep="1 year"))
    assert filing.submissions == ()
    assert filing.keep is not None


def test_routes_look_at_the_title_and_at_the_queue() -> None:
    by_title = route("copies", match=("manager*",))
    by_queue = route("LASER", folder=("AUDIT",))
    assert [one.destination for one in filed(capture(), by_title, by_queue).submissions] == ["copies", "LASER"]
    other = capture(title="Arrivals", printer="bar")
    assert filed(other, by_title, by_queue).submissions == ()


@pytest.mark.parametrize("pattern", ["Manager Flash", "manager flash.pdf", "*.pdf"])
def test_a_pattern_may_name_the_extension_or_not(pattern: str) -> None:
    assert len(filed(capture(), route("copies", match=(pattern,))).submissions) == 1


@pytest.mark.parametrize(
    ("document", "title", "name"),
    [
        (PDF, "Manager Flash", "Manager Flash.pdf"),
        (PDF, "a.PDF", "a.PDF"),
        (PDF, "18/11: revenue", "18_11_ revenue.pdf"),
        (Document.of(b"%!PS"), "Étude", "Étude.ps"),
        (Document.of(b"%PDF-", name="sent.pdf"), "Other title", "sent.pdf"),
        (Document.of(b"\x1b@\x00"), "", "uid-1.prn"),
    ],
)
def test_its_document_has_a_name_that_a_file_can_have(document: Document, title: str, name: str) -> None:
    assert filed(capture(document, title=title)).capture.document.name == name


def test_a_route_names_it() -> None:
    filing = filed(capture(), route("copies", name="{source}-{name}{ext}"))
    assert filing.capture.document.name == "audit-Manager Flash.pdf"


def test_what_only_a_printer_can_read_is_passed_as_it_is() -> None:
    (job,) = filed(capture(Document.of(b"\x1b@\x00hello")), route("LASER")).submissions
    assert job.format == "raw"


def test_what_is_not_whole_is_kept_where_it_was_only_to_be_printed() -> None:
    clock = FakeClock()
    filing = filed(capture(partial="the sender was gone"), route("LASER"), clock=clock)
    assert filing.submissions == ()
    assert filing.keep is not None
    assert filing.keep.until == clock.now() + 90 * 86_400_000  # as long as finished jobs are remembered


@pytest.mark.parametrize(("wished", "copies"), [(3, 3), (1, 2)])
def test_copies_are_those_of_the_route_where_its_sender_wished_none(wished: int, copies: int) -> None:
    (job,) = filed(capture(copies=wished), route("LASER", copies=2)).submissions
    assert job.copies == copies


def test_by_what_its_source_knows_it_is_said_where_nothing_is_kept() -> None:
    given = capture(attributes={"ipp-job-id": "7", "finishings": "3"})
    (only_printed,) = filed(given, route("LASER")).submissions
    (kept,) = filed(given, route("LASER", keep="1 year")).submissions
    assert (only_printed.attributes.get("ipp-job-id"), kept.attributes.get("ipp-job-id")) == ("7", None)
