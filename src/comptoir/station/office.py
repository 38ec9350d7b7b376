"""The office printers of a station, put together from the configuration: IPP printers and queues of CUPS, printers that
are sent a page language, and printers of Windows by their driver. They print whole sheets: no columns, no drawer, no
model.

`printers.py` puts together the printers of receipts, and says what both have in common.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from comptoir.config import PrinterConfig
from comptoir.core.errors import ConfigError, NotSent, UnknownName
from comptoir.core.ports import Clock, Format, Journal, QueueDevice, Sink
from comptoir.core.profile import DEFAULT, Profile
from comptoir.core.sheet import A4, Setup, paper_of
from comptoir.devices import device
from comptoir.languages import sheet_language
from comptoir.sinks.channel import not_sent
from comptoir.sinks.facts import Learned
from comptoir.sinks.gdi import DriverDevice, GdiPrinter, GdiSink
from comptoir.sinks.gdi_settings import FINEST
from comptoir.sinks.ipp import IppSink
from comptoir.sinks.ipp_client import IppClient, address_of
from comptoir.sinks.ipp_job import look
from comptoir.sinks.ipp_printer import IppPrinter, reason_of
from comptoir.sinks.probe import ProbeFailed
from comptoir.sinks.queued import QueuedSheetSink
from comptoir.sinks.sheets import SheetPrinter, SheetSink

#: seconds between looks at a printer that cannot be used; one that can is left alone
AGAIN: Final = 30.0


class OfficePrinter:
    """`station.printers.Outlet`: what all of them are alike in."""

    profile: Profile = DEFAULT
    drawer: None = None
    #: as pages call it
    confirms: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    probed = True

    def __init__(self, config: PrinterConfig, speaks: str) -> None:
        self.config = config
        self.speaks = speaks
        self.identity: Sequence[str] = ()
        self.trouble: tuple[str, str] | None = None
        self.on_change: list[Callable[[], None]] = []

    def was_cut_short(self) -> None:
        """Each document stands for itself here: nothing need be ended."""

    async def run(self) -> None:
        """Nothing is asked."""

    async def close(self) -> None:
        """Nothing is open."""


class SheetOutlet(OfficePrinter):
    """A printer on a socket, a port or a file, in its page language."""

    def __init__(self, config: PrinterConfig, folder: Path) -> None:
        """Raises ConfigError, UnknownName."""
        super().__init__(config, config.language)
        spoken = sheet_language(config.language)
        paper = paper_of(config.paper) if config.paper else A4
        # Black dots only are as sharp as greys at half of it.
        dpi = config.resolution or (600 if spoken.ink == "black" else 300)
        self._printer = SheetPrinter(config.name, device(config.device, folder), spoken, Setup(paper, dpi, spoken.ink))

    def sink(self, formats: Mapping[str, Format], journal: Journal, clock: Clock) -> Sink:
        device = self._printer.device
        if not isinstance(device, QueueDevice):
            return SheetSink(self._printer, journal)
        sink = QueuedSheetSink(device, self._printer, journal, clock)
        sink.on_say.append(self._hear)
        return sink

    def _hear(self, trouble: tuple[str, str] | None) -> None:
        self.trouble = trouble
        for listener in list(self.on_change):
            listener()

    async def probe(self, now: int) -> Learned:
        """Raises ProbeFailed: there is nothing that it could be asked."""
        raise ProbeFailed("a printer of this kind tells nothing of itself", "Print a test, and look at it.")


class DriverOutlet(OfficePrinter):
    """A printer of Windows, by its driver."""

    def __init__(self, config: PrinterConfig, folder: Path) -> None:
        """Raises ConfigError, UnknownName."""
        super().__init__(config, config.language)
        found = device(config.device, folder)
        if not isinstance(found, DriverDevice):
            raise ConfigError("a driver of Windows draws for printers of Windows only", "For example winspool:OFFICE")
        paper = paper_of(config.paper) if config.paper else None
        self._printer = GdiPrinter(found, paper, config.resolution or FINEST)
        self._troubled = asyncio.Event()

    def sink(self, formats: Mapping[str, Format], journal: Journal, clock: Clock) -> Sink:
        sink = GdiSink(self._printer, journal, clock)
        sink.on_say.append(self._hear)
        return sink

    async def probe(self, now: int) -> Learned:
        """Ask the spooler for it. Raises ProbeFailed."""
        try:
            await self._look()
        except NotSent as error:
            raise ProbeFailed(f"Windows would not print on it: {error.message}", error.hint) from None
        return Learned(answers=True, confirms=(), probed_at=now)

    async def run(self) -> None:
        """Look at it once, and again for as long as it cannot be used; until cancelled."""
        while True:
            with contextlib.suppress(NotSent):
                await self._look()
            if self.trouble is None:
                self._troubled.clear()
                await self._troubled.wait()
            await asyncio.sleep(AGAIN)

    async def _look(self) -> None:
        """Raises NotSent."""
        try:
            _, queued = await self._printer.device.enter()
        except OSError as error:
            wrong = not_sent(error)
            self._hear((wrong.reason, wrong.sentences))
            raise wrong from error
        await queued.let_go()
        self._hear(None)

    def _hear(self, trouble: tuple[str, str] | None) -> None:
        changed, self.trouble = trouble != self.trouble, trouble
        if trouble is not None:
            self._troubled.set()
        if not changed:
            return
        for listener in list(self.on_change):
            listener()


class IppOutlet(OfficePrinter):
    """An IPP printer, or a queue of CUPS."""

    def __init__(self, config: PrinterConfig) -> None:
        """Raises ConfigError."""
        address = address_of(config.device)
        super().__init__(config, "cups" if address.cups else "ipp")
        self.confirms = (self.speaks,)
        self._troubled = asyncio.Event()
        self._client = IppClient(address)

    def sink(self, formats: Mapping[str, Format], journal: Journal, clock: Clock) -> Sink:
        sink = IppSink(self._client, journal, clock, paper_of(self.config.paper) if self.config.paper else None)
        sink.on_look.append(self._know)
        return sink

    async def probe(self, now: int) -> Learned:
        """Ask it what it is. Raises ProbeFailed."""
        try:
            printer = await look(self._client)
        except NotSent as error:
            raise ProbeFailed(f"the printer was not asked: {error.message}", error.hint) from None
        self._know(printer)
        return Learned(answers=True, confirms=(), identity=tuple(printer.identity), probed_at=now)

    async def run(self) -> None:
        """Look at it once, and again for as long as it cannot be used; until cancelled."""
        while True:
            try:
                self._know(await look(self._client))
            except NotSent as error:
                self._tell((error.reason, error.sentences), news=False)
            if self.trouble is None:
                self._troubled.clear()
                await self._troubled.wait()
            await asyncio.sleep(AGAIN)

    async def close(self) -> None:
        await self._client.close()

    def _know(self, printer: IppPrinter) -> None:
        known, self.identity, self.notices = (self.identity, self.notices), printer.identity, printer.notices
        words = printer.words or ", ".join(printer.problems)
        trouble = (reason_of(printer.problems[0]), words) if printer.problems else None
        self._tell(trouble, news=known != (self.identity, self.notices))

    def _tell(self, trouble: tuple[str, str] | None, *, news: bool = True) -> None:
        changed, self.trouble = trouble != self.trouble, trouble
        if trouble is not None:
            self._troubled.set()
        if not changed and not news:
            return
        for listener in list(self.on_change):
            listener()


def office_printer(printer: PrinterConfig, folder: Path) -> SheetOutlet | DriverOutlet | IppOutlet:
    """Nothing is opened. Raises ConfigError that names the printer."""
    try:
        if printer.prints_itself:
            return IppOutlet(printer)
        return DriverOutlet(printer, folder) if printer.drawn_by_driver else SheetOutlet(printer, folder)
    except (UnknownName, ConfigError) as error:
        raise ConfigError(f"the printer {printer.name} cannot be set up: {error.message}", error.hint) from None
