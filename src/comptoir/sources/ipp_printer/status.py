"""How the printer fares at this moment, as attributes: `printer-state` and what it says of why.

It takes documents whenever the disk does. Trouble of the printer behind it stops no one from printing on this one: it
is told as a warning, and the job waits at the station. Its own, a disk that refuses, is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from comptoir.core.errors import JournalError
from comptoir.core.ports import Clock
from comptoir.sources.ipp_printer.book import Book
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Value
from comptoir.wire.ipp_codes import PrinterStatus

Values = tuple[Value, ...]

#: RFC 8011 §5.4.12: there is no room for what is printed
NO_ROOM: Final = "spool-area-full-error"
_SEVERITIES: Final = ("-error", "-warning", "-report")


@dataclass(slots=True)
class Status:
    """behind: the trouble of the printer to which documents go. on_change: called when state or reasons change."""

    book: Book
    clock: Clock
    behind: Callable[[], tuple[str, str] | None]
    started: int = 0
    trouble: str = ""
    hint: str = ""
    since: int | None = None
    changed: int = 0
    on_change: list[Callable[[], None]] = field(default_factory=list)
    _told: tuple[int, tuple[str, ...]] = (PrinterStatus.IDLE, ("none",))

    def __post_init__(self) -> None:
        self.started = self.changed = self.clock.now()

    def refused(self, error: JournalError | None) -> None:
        """The disk refuses, or (None) takes what comes."""
        trouble = error.message if error is not None else ""
        if trouble != self.trouble:
            self.trouble, self.hint = trouble, error.hint if error is not None else ""
            self.since = self.clock.now() if trouble else None
            self.look()

    def look(self) -> None:
        """Tell who listens, where something is other than it was."""
        now = (self.state, self.reasons)
        if now != self._told:
            self._told = now
            self.changed = self.clock.now()
            for listener in tuple(self.on_change):
                listener()

    @property
    def state(self) -> PrinterStatus:
        busy = any(job.incoming or (job.closed and not job.final and not job.held) for job in self.book)
        return PrinterStatus.PROCESSING if busy else PrinterStatus.IDLE

    @property
    def reasons(self) -> tuple[str, ...]:
        found = [NO_ROOM] if self.trouble else []
        behind = self.behind()
        if behind is not None:
            found.append(_warning(behind[0]))
        return tuple(found) or ("none",)

    @property
    def message(self) -> str:
        behind = self.behind()
        return " ".join(part for part in (self.trouble, behind[1] if behind else "") if part)

    def up(self, at: int | None = None) -> int:
        """Seconds that it was up at this instant (ms; now); 0 for what was before its start."""
        return max(0, ((self.clock.now() if at is None else at) - self.started) // 1000 + 1)

    def attributes(self) -> dict[str, Values]:
        self.look()
        queued = sum(1 for job in self.book if not job.final)
        return {
            "printer-config-change-date-time": v.date_time(instant(self.started)),
            "printer-config-change-time": v.integer(1),
            "printer-current-time": v.date_time(instant(self.clock.now())),
            "printer-is-accepting-jobs": v.boolean(True),
            "printer-state": v.enum(self.state),
            "printer-state-change-date-time": v.date_time(instant(self.changed)),
            "printer-state-change-time": v.integer(self.up(self.changed)),
            "printer-state-message": v.text(self.message),
            "printer-state-reasons": v.keyword(*self.reasons),
            "printer-up-time": v.integer(self.up()),
            "queued-job-count": v.integer(queued),
        }


def instant(at: int) -> datetime:
    """The instant (ms) in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC)


def _warning(reason: str) -> str:
    """The printer behind it has an error, or only says so: for this one both are a warning."""
    bare = next((reason.removesuffix(end) for end in _SEVERITIES if reason.endswith(end)), reason)
    return f"{bare}-warning"
