"""What routes make of files and lots."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.peers.clock import FakeClock

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config, PrinterConfig, RouteConfig
from comptoir.core.document import Document, Origin
from comptoir.core.intake import Candidate, Plan
from comptoir.core.job import Job
from comptoir.core.resting import OURS
from comptoir.destinations import FolderConfig, MaarchConfig
from comptoir.station.folders.planning import NO_ROUTE, NOT_YET, Planning, format_of, local_time, original_of

PRINTERS = (
    PrinterConfig(name="FACTURE", device="virtual:", expires="10 min"),
    PrinterConfig(name="SECOURS", device="virtual:"),
)
ARCHIVES = MaarchConfig(name="archives", url="https://rm.example.com", token_file="token")
SECOND = 1_000_000_000


def configured(*routes: RouteConfig, **source: Any) -> Config:
    known = FolderSourceConfig(name="factures", path="C:\\Users\\Public\\Downloads", **source)
    return Config(printer=PRINTERS, destination=(ARCHIVES,), source=(known,), route=routes)


def planning(*routes: RouteConfig, **source: Any) -> Planning:
    config = configured(*routes, **source)
    return Planning(lambda: config, FakeClock())


def file(path: str = "a.pdf", size: int = 100, media_type: str = "application/pdf") -> Candidate:
    return Candidate("factures", path, size, 1_700_000_000 * SECOND, media_type)


def route(*to: str, **more: Any) -> RouteConfig:
    return RouteConfig(source="factures", to=to, **more)


def planned(plan: Plan | str) -> Plan:
    assert isinstance(plan, Plan), plan
    return plan


# -- which routes -----------------------------------------------------------------------------------------------------


def test_a_file_that_no_route_takes_is_left_alone() -> None:
    assert planning(route("FACTURE", match=("*.txt",))).plan(file()) == NO_ROUTE
    assert planning(RouteConfig(source="other", to=("FACTURE",))).plan(file()) == NO_ROUTE
    assert planning().plan(file()) == NO_ROUTE


def test_a_route_that_leads_nowhere_and_keeps_nothing_takes_nothing() -> None:
    """Its files would be deleted, and be nowhere."""
    assert planning(route(original="delete")).plan(file()) == NO_ROUTE


def test_what_is_only_archived_has_no_delivery() -> None:
    plan = planned(planning(route(keep="10 years", original="delete")).plan(file()))
    assert (plan.deliveries, plan.original) == ((), "delete")
    assert plan.keep == 3_653 * 86_400_000  # by the calendar: with three leap years


def test_all_routes_that_match_give_their_destinations_once_and_in_order() -> None:
    plans = planning(route("archives", "FACTURE"), route("FACTURE", "SECOURS", match=("*.pdf",)), route("SECOURS"))
    assert [one.destination for one in planned(plans.plan(file())).deliveries] == ["archives", "FACTURE", "SECOURS"]
    assert [one.destination for one in planned(plans.plan(file("a.txt"))).deliveries] == [
        "archives",
        "FACTURE",
        "SECOURS",
    ]


def test_how_it_looks_says_the_first_route_that_names_the_destination() -> None:
    plans = planning(
        route("archives"),
        route("FACTURE", copies=2, sides="two-sided-long-edge", tray="tray-2", scale="fit"),
        route("FACTURE", copies=9),
    )
    archived, printed = planned(plans.plan(file())).deliveries
    assert (archived.copies, printed.copies) == (1, 2)
    assert {name: printed.attributes[name] for name in ("sides", "media-source", "print-scaling")} == {
        "sides": "two-sided-long-edge",
        "media-source": "tray-2",
        "print-scaling": "fit",
    }
    assert "sides" not in archived.attributes


def test_only_printers_let_documents_expire() -> None:
    printed, other, archived = planned(planning(route("FACTURE", "SECOURS", "archives")).plan(file())).deliveries
    assert (printed.expires_in, other.expires_in, archived.expires_in) == (600_000, None, None)


# -- the original -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "one"),
    [
        (["delete"], "delete"),
        (["delete", "move:a", "move:b"], "move:a"),
        (["move:a", "keep"], "keep"),
        (["delete", "keep"], "keep"),
    ],
)
def test_the_careful_route_decides_about_the_original(wishes: list[str], one: str) -> None:
    assert original_of(wishes) == one
    plans = planning(*(route("FACTURE", original=wish) for wish in wishes))
    assert planned(plans.plan(file())).original == one


def test_it_is_kept_for_the_longest_and_stays_for_the_longest() -> None:
    plans = planning(
        route("FACTURE", keep="1 day", original_after="10 s"), route("FACTURE", keep="2 days"), route("FACTURE")
    )
    plan = planned(plans.plan(file()))
    assert (plan.keep, plan.after) == (172_800_000, 10_000)
    plan = planned(planning(route("FACTURE")).plan(file()))
    assert (plan.keep, plan.after) == (None, 0)


def test_whether_a_content_comes_once_says_the_source() -> None:
    assert planned(planning(route("FACTURE"), duplicates="once").plan(file())).once
    assert not planned(planning(route("FACTURE")).plan(file())).once


# -- names and attributes ---------------------------------------------------------------------------------------------


def test_the_first_route_that_gives_a_name_names_the_document() -> None:
    plans = planning(route("FACTURE"), route("archives", name="{folder}_{name}_{size}{ext}"), route(name="x"))
    assert planned(plans.plan(file("2026/nov/a.pdf"))).name == "nov_a_100.pdf"
    assert planned(plans.plan(file("a.pdf"))).name == "Downloads_a_100.pdf"
    assert planned(planning(route("FACTURE")).plan(file())).name == ""


def test_no_name_leads_elsewhere() -> None:
    assert "/" not in planned(planning(route("FACTURE", name="../{path}")).plan(file("x/../../y.pdf"))).name


def test_every_job_knows_where_its_file_lay() -> None:
    (one,) = planned(planning(route("FACTURE")).plan(file("2026/a.pdf"))).deliveries
    modified = local_time(1_700_000_000 * SECOND)
    assert one.attributes == {"source": "factures", "path": "2026/a.pdf", "folder": "2026", "modified": modified}


@pytest.mark.parametrize("mtime_ns", [0, -1, 2**62, -(2**62)])
def test_any_time_of_a_file_is_one_or_none(mtime_ns: int) -> None:
    assert local_time(mtime_ns) == "" or "T" in local_time(mtime_ns)


def test_a_file_of_an_unknown_type_is_not_sent_raw_by_itself() -> None:
    """Raw bytes could open a drawer."""
    assert [format_of(one) for one in ("application/pdf", "image/png", "text/plain", "application/zip", "")] == [
        "pdf", "image", "text", "", "",
    ]  # fmt: skip
    zipped = file("a.zip", media_type="application/zip")
    printed, archived = planned(planning(route("FACTURE", "archives")).plan(zipped)).deliveries
    assert (printed.format, archived.format) == ("application/zip", "")
    (one,) = planned(planning(route("FACTURE", format="raw")).plan(zipped)).deliveries
    assert one.format == "raw"


# -- lots -------------------------------------------------------------------------------------------------------------


def test_a_lot_goes_to_archives_whole_and_to_printers_file_by_file() -> None:
    plans = planning(route("archives", original="delete"), route("FACTURE", match=("*.pdf",), original="delete"))
    both = plans.plan_lot("lot", [file("lot/a.pdf"), file("lot/b.xml")])
    assert not isinstance(both, str)
    whole, (first, second) = both
    assert [one.destination for one in whole.deliveries] == ["archives"]
    assert [one.destination for one in first.deliveries] == ["FACTURE"]
    assert second.deliveries == ()
    assert {whole.original, first.original, second.original} == {"delete"}
    assert whole.deliveries[0].attributes["path"] == "lot"


def test_where_nobody_gets_a_file_of_a_printed_lot_all_of_it_stays() -> None:
    both = planning(route("FACTURE", match=("*.pdf",), original="delete")).plan_lot(
        "lot", [file("lot/a.pdf"), file("lot/b.xml")]
    )
    assert not isinstance(both, str)
    whole, members = both
    assert {one.original for one in (whole, *members)} == {"keep"}
    both = planning(route("FACTURE", original="delete")).plan_lot("lot", [file("lot/a.pdf"), file("lot/b.xml")])
    assert not isinstance(both, str)
    assert both[0].original == "delete"


def test_a_lot_of_which_no_file_is_wanted_is_left_alone() -> None:
    assert planning(route("archives", match=("*.pdf",))).plan_lot("lot", [file("lot/b.xml")]) == NO_ROUTE


# -- as it changes ----------------------------------------------------------------------------------------------------


def test_routes_hold_as_soon_as_they_are_changed() -> None:
    configs = [configured(route("FACTURE")), configured(route("SECOURS"))]
    plans = Planning(lambda: configs[0], FakeClock())
    assert planned(plans.plan(file())).deliveries[0].destination == "FACTURE"
    del configs[0]
    assert planned(plans.plan(file())).deliveries[0].destination == "SECOURS"


def test_a_destination_that_is_new_gets_its_files_after_a_restart() -> None:
    """All of them, and nobody else a part of them meanwhile: their originals would go."""
    before, after = configured(route("FACTURE")), configured(route("FACTURE"), route("new", match=("*.pdf",)))
    configs = [before]
    plans = Planning(lambda: configs[0], FakeClock())
    configs[0] = after
    assert plans.plan(file()) == NOT_YET
    assert plans.plan_lot("lot", [file("lot/a.pdf")]) == NOT_YET
    assert isinstance(plans.plan(file("a.txt")), Plan)


@pytest.mark.parametrize("goal", ["done", "./done/", "C:\\Users\\Public\\Downloads\\done", "DONE"])
def test_what_was_moved_within_the_folder_is_not_taken_again(goal: str) -> None:
    plans = planning(route("FACTURE", match=("*.pdf",), original=f"move:{goal}"))
    assert plans.plan(file("Done/a.pdf")) == OURS
    assert plans.plan(file("done/2026/a.txt")) == OURS
    assert plans.plan_lot("done", [file("done/a.pdf")]) == OURS
    assert isinstance(plans.plan(file("done.pdf")), Plan)
    assert isinstance(plans.plan(file("sub/done/a.pdf")), Plan)


@pytest.mark.parametrize("goal", ["/elsewhere/done", "../done", "C:\\done"])
def test_what_is_moved_elsewhere_is_in_nobodys_way(goal: str) -> None:
    assert isinstance(planning(route("FACTURE", original=f"move:{goal}")).plan(file("done/a.pdf")), Plan)


@pytest.mark.parametrize("goal", [".", "./", "C:\\Users\\Public\\Downloads"])
def test_a_move_to_where_it_lies_is_none(goal: str) -> None:
    assert planned(planning(route("FACTURE", original=f"move:{goal}")).plan(file())).original == "keep"


def test_what_a_destination_has_put_into_the_folder_is_not_taken() -> None:
    copies = FolderConfig(name="copies", path="C:/Users/Public/Downloads/copies")
    config = replace(configured(route("copies")), destination=(copies,))
    plans = Planning(lambda: config, FakeClock())
    assert plans.plan(file("copies/a.pdf")) == OURS
    assert isinstance(plans.plan(file("a.pdf")), Plan)


# -- the fallback -----------------------------------------------------------------------------------------------------


def job(destination: str, path: str = "a.pdf") -> Job:
    document = Document("0" * 64, 100, "application/pdf", "named.bin")
    return Job(1, "u", document, Origin("factures"), destination, "pending", 0, 0, attributes={"path": path})


def test_the_fallback_is_that_of_the_route_that_named_the_printer() -> None:
    plans = planning(route("SECOURS"), route("FACTURE", match=("*.pdf",), fallback="SECOURS", fallback_after="30 s"))
    assert plans.fallback(job("FACTURE")) == ("SECOURS", 30_000)
    assert plans.fallback(job("SECOURS")) is None
    assert plans.fallback(job("FACTURE", "a.txt")) is None


def test_the_fallback_of_a_print_whose_title_has_no_extension() -> None:
    plans = planning(route("FACTURE", match=("Manager Flash",), fallback="SECOURS", fallback_after="30 s"))
    printed = job("FACTURE", "audit/Manager Flash.pdf")
    assert plans.fallback(printed) == ("SECOURS", 30_000)
    assert plans.fallback(dataclasses.replace(printed, original=1)) is None


def test_a_printer_is_not_its_own_fallback_and_an_archive_none() -> None:
    assert planning(route("FACTURE", fallback="FACTURE")).fallback(job("FACTURE")) is None
    assert planning(route("FACTURE", fallback="archives")).fallback(job("FACTURE")) is None


# -- laws -------------------------------------------------------------------------------------------------------------


@given(st.text(), st.integers(0, 2**60), st.integers(-(2**63), 2**63 - 1), st.text())
def test_any_file_has_a_plan_or_a_reason(path: str, size: int, mtime_ns: int, media_type: str) -> None:
    plans = planning(route("FACTURE", name="{name}{ext}", original="delete"))
    plan = planned(plans.plan(Candidate("factures", path, size, mtime_ns, media_type)))
    assert plan.deliveries
    assert plan.name
