"""The printers of a station as people see them: each with its state, what waits for it, and why it does not print."""

from __future__ import annotations

from collections.abc import Mapping

from comptoir.core.job import Job
from comptoir.station.printers import Outlet
from comptoir.station.spooler import Spooler
from comptoir.web.desk import Place


class Places:
    """What is asked of them all, or of one. The default printer is the first."""

    def __init__(self, station: str, counters: Mapping[str, Outlet], spooler: Spooler) -> None:
        """`station`: what it is called."""
        self._station = station
        self._counters = counters
        self._spooler = spooler

    def all(self) -> list[Place]:
        """The printers, the default one first."""
        return [self._place(counter) for counter in self._counters.values()]

    def trouble_at(self, name: str) -> tuple[str, str] | None:
        """Why this printer prints nothing at the moment: (reason, message)."""
        return self._spooler.lanes[name].trouble or self._counters[name].trouble

    def trouble(self, job: Job) -> tuple[str, str] | None:
        """Why this job's destination, which may be no printer, takes nothing at the moment."""
        lane = self._spooler.lanes.get(job.destination)
        return None if lane is None else lane.trouble

    def _place(self, counter: Outlet) -> Place:
        printer = counter.config
        lane = self._spooler.lanes[printer.name]
        trouble = self.trouble_at(printer.name)
        reason, message = trouble or ("", "")
        drawer = None if counter.drawer is None else counter.drawer.is_open
        return Place(
            name=printer.name,
            station=self._station,
            ready=trouble is None,
            reason=reason,
            message=message,
            waiting=len(lane.waiting) + len(lane.active),
            device=printer.device,
            language=counter.speaks,
            profile=counter.profile.name,
            notices=tuple(counter.notices),
            identity=tuple(counter.identity),
            confirms=counter.confirms,
            probed=counter.probed,
            drawer="" if drawer is None else "open" if drawer else "closed",
            has_drawer=counter.drawer is not None and counter.drawer.works,
        )
