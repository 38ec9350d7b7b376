"""Where an order goes that somebody has sent: to the printer that it names, else where the routes lead, else to the
first printer. Files of watched folders go another way (`folders/planning.py`): never where no route leads them.
"""

from __future__ import annotations

from dataclasses import replace

from comptoir.config import VIRTUAL, Config
from comptoir.core.document import Submission
from comptoir.core.errors import UnknownName
from comptoir.core.ports import Clock
from comptoir.core.route import Route, format_of, plan
from comptoir.core.units import size
from comptoir.station.filing import keep_of


class Addressing:
    """For one configuration."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._clock = clock
        self.printers = {printer.name: printer for printer in config.printer or (VIRTUAL,)}
        #: the first one: it takes what names no other
        self.default = next(iter(self.printers))
        self._others = tuple(destination.name for destination in config.destination)
        self.follow(config)

    def follow(self, config: Config) -> None:
        """From now on these routes hold. Printers and other destinations are those of the start."""
        self._routes = [
            Route(one.source, one.to, one.match, one.format, one.types, one.folder, size(one.larger), size(one.smaller))
            for one in config.route
        ]
        self._configs = config.route
        self._day_starts = config.archive.day_starts
        self._wishes = [
            {"sides": one.sides, "media-source": one.tray, "print-scaling": one.scale} for one in config.route
        ]

    def prints(self, destination: str) -> bool:
        """Whether it puts paper out. One that is not configured any more did, as far as anybody knows."""
        return destination not in self._others

    def address(self, submission: Submission) -> list[Submission]:
        """The order for each of its destinations, with the moment after which it is not printed. Raises UnknownName."""
        source, document = submission.origin.source, submission.document
        names: tuple[str, ...] = (submission.destination,)
        if not submission.destination:
            names = plan(source, document, self._routes, self.default)
        form = submission.format
        if submission.assumed:
            form = format_of(source, document, self._routes) or form
        taking = zip(self._routes, self._configs, strict=True)
        kept_by = [config for route, config in taking if route.takes(source, document)]
        keep = keep_of(kept_by, self._clock.now(), self._day_starts) or submission.keep
        ready = replace(submission, printer="", format=form, keep=keep)
        return [
            replace(
                ready,
                destination=name,
                expires_at=self._expires_at(ready, name),
                attributes={**self._wished(ready, name), **ready.attributes},
            )
            for name in names
        ]

    def _wished(self, submission: Submission, name: str) -> dict[str, str]:
        """How it is to look on paper, by the first of its routes that leads to this destination."""
        for route, wishes in zip(self._routes, self._wishes, strict=True):
            if name in route.to and route.takes(submission.origin.source, submission.document):
                return {word: wish for word, wish in wishes.items() if wish}
        return {}

    def _expires_at(self, submission: Submission, name: str) -> int | None:
        printer = self.printers.get(name)
        if printer is None and name not in self._others:
            known = ", ".join([*self.printers, *self._others])
            raise UnknownName(f"no printer is called “{name}” here", f"Known printers: {known}.")
        life = None if printer is None else printer.expires_ms()
        if submission.expires_at is not None or life is None:
            return submission.expires_at
        return self._clock.now() + life
