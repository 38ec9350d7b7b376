"""The JSON of the API about nights, as typed values. A translation of the core's; nothing is decided here."""

from __future__ import annotations

import msgspec

from comptoir.core.kept import Kept
from comptoir.core.night import Checked
from comptoir.core.units import iso
from comptoir.web.night_desk import NightLine, NightView


class NightShape(msgspec.Struct, frozen=True):
    """A night in one line. `state`: running, complete, incomplete, unexpected (nothing was expected), empty.

    `missing`, `late`, `twice`: how many of the `expected` reports. `unread`: documents that came after it was signed.
    """

    date: str
    state: str
    expected: int
    missing: int
    late: int
    twice: int
    documents: int
    signed_by: str
    signed_at: str | None
    unread: int
    sent_at: str | None


class Nights(msgspec.Struct, frozen=True):
    """Nights, oldest first."""

    nights: list[NightShape]


class NightReport(msgspec.Struct, frozen=True):
    """A report that is expected. `state`: present, late, few, twice, missing, awaited. `by`: when it is to be there, on
    the clock on the wall: 2026-11-21T04:00. `copies`: how often; null where any number is right.

    `learned`: from past nights: on `came` of `of` of them; otherwise it is written down. `documents`: those of it.
    """

    name: str
    title: str
    state: str
    by: str
    copies: int | None
    learned: bool
    came: int
    of: int
    documents: list[int]


class NightDocument(msgspec.Struct, frozen=True):
    """A document of a night. `expected`: it is one of the reports. `partial`: why it is not whole, or ""."""

    id: int
    title: str
    user: str
    printer: str
    source: str
    printed_at: str
    received_at: str
    copies: int
    pages: int | None
    digest: str
    partial: str
    expected: bool
    after_signing: bool


class NightWithReports(msgspec.Struct, frozen=True):
    """All that is known of a night. `begins`, `ends`: of the business date. `sends_at`: when its pack is to go out by
    itself; null where nobody gets it; `sent_as`: the job by which it went."""

    date: str
    begins: str
    ends: str
    over: bool
    complete: bool
    reports: list[NightReport]
    documents: list[NightDocument]
    note: str
    noted_by: str
    noted_at: str | None
    signed_by: str
    signed_at: str | None
    sends_at: str | None
    sent_at: str | None
    sent_as: int | None


def line_shape(line: NightLine) -> NightShape:
    said = line.said
    return NightShape(
        line.day.isoformat(), line.state, line.expected, line.missing, line.late, line.twice, line.documents,
        said.signed_by, _moment(said.signed_at), line.unread, _moment(said.sent_at),
    )  # fmt: skip


def night_shape(view: NightView) -> NightWithReports:
    expected = {one.number for each in view.audit.reports for one in each.prints}
    said = view.said
    return NightWithReports(
        date=view.day.isoformat(),
        begins=iso(view.begins),
        ends=iso(view.ends),
        over=view.audit.over,
        complete=view.audit.complete,
        reports=[_report(one) for one in view.audit.reports],
        documents=[_document(one, one.id in expected, one.id in view.unread) for one in view.documents],
        note=said.note,
        noted_by=said.noted_by,
        noted_at=_moment(said.noted_at),
        signed_by=said.signed_by,
        signed_at=_moment(said.signed_at),
        sends_at=_moment(view.due_at),
        sent_at=_moment(said.sent_at),
        sent_as=None if view.parcel is None else view.parcel.id,
    )


def _report(one: Checked) -> NightReport:
    report = one.report
    return NightReport(
        report.name,
        report.title if report.pattern else report.example,
        one.state,
        one.due.isoformat(timespec="minutes"),
        report.copies,
        not report.pattern,
        report.came,
        report.of,
        [each.number for each in one.prints],
    )


def _document(kept: Kept, expected: bool, after_signing: bool) -> NightDocument:
    return NightDocument(
        kept.id, kept.title, kept.origin.user, kept.printer, kept.origin.source, iso(kept.printed_at),
        iso(kept.received_at), kept.copies, kept.pages, kept.document.digest, kept.partial, expected, after_signing,
    )  # fmt: skip


def _moment(at: int | None) -> str | None:
    return None if at is None else iso(at)
