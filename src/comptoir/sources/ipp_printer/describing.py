"""Printer and jobs as the attributes that were asked for: Get-Printer-Attributes, Get-Jobs, Get-Job-Attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.sources.ipp_printer import capabilities, media
from comptoir.sources.ipp_printer.asking import ICONS, Answer, Asked, Places
from comptoir.sources.ipp_printer.book import Book
from comptoir.sources.ipp_printer.print_job import PrintJob
from comptoir.sources.ipp_printer.status import Status as PrinterNow
from comptoir.sources.ipp_printer.status import instant
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Tag, Value
from comptoir.wire.ipp_codes import JobState, Status
from comptoir.wire.ipp_request import TEMPLATE, Refused

Values = tuple[Value, ...]

#: what Get-Jobs gives where nothing else is asked for, RFC 8011 §4.2.6.1
BRIEF: Final = frozenset({"job-id", "job-uri"})
_OPEN: Final = (JobState.PENDING, JobState.HELD, JobState.PROCESSING, JobState.STOPPED)
_WHICH: Final[Mapping[str, tuple[JobState, ...]]] = {
    "completed": (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED),
    "not-completed": _OPEN,
    "all": tuple(JobState),
    "aborted": (JobState.ABORTED,),
    "canceled": (JobState.CANCELED,),
    "pending": (JobState.PENDING,),
    "pending-held": (JobState.HELD,),
    "processing": (JobState.PROCESSING, JobState.STOPPED),
}


class Describing:
    """What is known of the printer and of its jobs, for who asks."""

    def __init__(
        self,
        config: IppPrinterSourceConfig,
        identity: capabilities.Identity,
        largest: int | None,
        book: Book,
        now: PrinterNow,
    ) -> None:
        self._secured = bool(config.user)
        self._book = book
        self._now = now
        self.template = capabilities.template_attributes(config)
        self._fixed = capabilities.description(config, identity, largest)

    def printer(self, asked: Asked) -> Answer:
        """Get-Printer-Attributes, RFC 8011 §4.2.5. Raises Refused."""
        form = asked.text("document-format")
        if form and not capabilities.formats_fit((form,)):
            raise Refused(
                Status.FORMAT_NOT_SUPPORTED,
                f"documents of the type {form} are not taken",
                {"document-format": asked.attributes.attributes["document-format"]},
            )
        wanted = asked.requested or frozenset({"all"})
        found: dict[str, Values] = {}
        description = {**self._fixed, **self._now.attributes(), **self._places(asked.places)}
        if wanted & {"all", "printer-description"}:
            found |= description
        if wanted & {"all", "job-template", "printer-defaults"}:
            found |= self.template
        known = {**description, **self.template}
        found |= {name: known[name] for name in wanted if name in known}
        if "media-col-database" in wanted:
            found["media-col-database"] = media.database()
        return Answer(groups=(Group(Tag.PRINTER, dict(sorted(found.items()))),))

    def supported_values(self, asked: Asked) -> Answer:
        """Get-Printer-Supported-Values, RFC 3380 §4.3: nothing of it can be set, so there are none."""
        return Answer(groups=(Group(Tag.PRINTER),))

    def jobs(self, asked: Asked) -> Answer:
        """Get-Jobs, RFC 8011 §4.2.6: open ones in the order in which they came, ended ones the latest first."""
        which = asked.text("which-jobs") or "not-completed"
        if which not in _WHICH:
            raise Refused(
                Status.ATTRIBUTES_NOT_SUPPORTED,
                f"which-jobs {which} is not supported",
                {"which-jobs": asked.attributes.attributes["which-jobs"]},
            )
        states = _WHICH[which]
        numbers = {number for number in asked.attributes.all("job-ids") if isinstance(number, int)}
        first, limit = asked.attributes.number("first-job-id") or 0, asked.attributes.number("limit")
        found = [
            job
            for job in self._book
            if job.standing.state in states
            and job.number >= first
            and (not numbers or job.number in numbers)
            and (not asked.true("my-jobs") or job.user == asked.user)
        ]
        if which != "not-completed" and not first:
            found.reverse()
        wanted = asked.requested or BRIEF
        groups = (self.job(job, asked.places, wanted) for job in (found if limit is None else found[: max(1, limit)]))
        return Answer(groups=tuple(groups))

    def job(self, job: PrintJob, places: Places, wanted: frozenset[str]) -> Group:
        """One job. `wanted`: names of attributes, and of groups of them."""
        every = "all" in wanted
        found = {
            name: make(job, places)
            for name, make in self._makers().items()
            if every or name in wanted or wanted & {"job-description", "job-status"}
        }
        if every or "job-template" in wanted or wanted & set(TEMPLATE):
            whole = every or "job-template" in wanted
            found |= {name: values for name, values in job.template.items() if whole or name in wanted}
        return Group(Tag.JOB, found)

    def lost(self, number: int, places: Places) -> Group:
        """A job that was open when an earlier run ended: RFC 8011 §5.3.7 has “unknown” for its state."""
        return Group(
            Tag.JOB,
            {
                "job-id": v.integer(number),
                "job-uri": v.uri(places.job(number)),
                "job-printer-uri": v.uri(places.printer),
                "job-state": v.unknown(),
                "job-state-reasons": v.keyword("resources-are-not-ready"),
                "job-state-message": v.text("The station ended before the document was taken: print it again."),
                "job-printer-up-time": v.integer(self._now.up()),
            },
        )

    def _places(self, places: Places) -> dict[str, Values]:
        uris = places.printers
        return {
            "printer-icons": v.uri(*(places.page(f"/icon-{size}.png") for size in ICONS)),
            "printer-more-info": v.uri(places.page()),
            "printer-supply-info-uri": v.uri(places.page()),
            "printer-uri-supported": v.uri(*uris),
            "printer-xri-supported": v.collection(*(self._xri(uri) for uri in uris)),
            "uri-authentication-supported": v.keyword(*(self._login for _ in uris)),
            "uri-security-supported": v.keyword(*(_security(uri) for uri in uris)),
        }

    @property
    def _login(self) -> str:
        return "basic" if self._secured else "none"

    def _xri(self, uri: str) -> dict[str, Values]:
        return {
            "xri-uri": v.uri(uri),
            "xri-authentication": v.keyword(self._login),
            "xri-security": v.keyword(_security(uri)),
        }

    def _makers(self) -> dict[str, Callable[[PrintJob, Places], Values]]:
        now = self._now
        return {
            "job-id": lambda job, places: v.integer(job.number),
            "job-uri": lambda job, places: v.uri(places.job(job.number)),
            "job-uuid": lambda job, places: v.uri(job.uuid),
            "job-printer-uri": lambda job, places: v.uri(places.printer),
            "job-name": lambda job, places: v.name(job.name),
            "job-originating-user-name": lambda job, places: v.name(job.user),
            "job-originating-host-name": lambda job, places: v.name(job.host),
            "job-state": lambda job, places: v.enum(job.standing.state),
            "job-state-reasons": lambda job, places: v.keyword(*job.standing.reasons),
            "job-state-message": lambda job, places: v.text(job.standing.message),
            "job-k-octets": lambda job, places: v.integer(_kilo(job.octets)),
            "job-k-octets-processed": lambda job, places: v.integer(_kilo(job.octets)),
            "job-printer-up-time": lambda job, places: v.integer(now.up()),
            "number-of-documents": lambda job, places: v.integer(job.documents),
            "number-of-intervening-jobs": lambda job, places: v.integer(0),
            "time-at-creation": lambda job, places: v.integer(now.up(job.created)),
            "time-at-processing": lambda job, places: self._time(job.processed),
            "time-at-completed": lambda job, places: self._time(job.ended),
            "date-time-at-creation": lambda job, places: v.date_time(instant(job.created)),
            "date-time-at-processing": lambda job, places: _date(job.processed),
            "date-time-at-completed": lambda job, places: _date(job.ended),
        }

    def _time(self, at: int | None) -> Values:
        return v.no_value() if at is None else v.integer(self._now.up(at))


def _date(at: int | None) -> Values:
    return v.no_value() if at is None else v.date_time(instant(at))


def _kilo(octets: int) -> int:
    return min((octets + 1023) // 1024, 2**31 - 1)


def _security(uri: str) -> str:
    return "tls" if uri.startswith("ipps:") else "none"
