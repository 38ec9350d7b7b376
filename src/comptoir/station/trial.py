"""A printer that is being set up: connect, ask who it is, remember that, print a test. Done while a person looks on.

It works beside the printers of the station and knows no configuration file: what was found out is offered to the
person, who saves it. A printer that does not understand a question may print a few characters of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal, cast
from uuid import uuid4

from comptoir.clock import SystemClock
from comptoir.config import Config, PrinterConfig, folder_name
from comptoir.core.document import TEXT, Document, Origin
from comptoir.core.errors import ComptoirError, DeliveryError, NotSent, Refused, UnknownName
from comptoir.core.job import UNREACHABLE, Job
from comptoir.core.page import Line, Page, Style
from comptoir.core.ports import Clock, Journal
from comptoir.core.sheet import DRIVER
from comptoir.devices import device
from comptoir.languages import SHEETS, language
from comptoir.languages.profiles import names, profile
from comptoir.sinks.channel import Channel, cause
from comptoir.sinks.facts import Facts, Learned
from comptoir.sinks.ipp_client import SCHEMES, Address, IppClient, address_of
from comptoir.sinks.ipp_job import look
from comptoir.sinks.probe import ProbeFailed, probe
from comptoir.station.office import office_printer
from comptoir.station.printers import assemble

log = logging.getLogger("comptoir.printer")

#: seconds in which a printer confirms a test of a few lines
CONFIRMED: Final = 10.0

Step = Literal["reach", "ask", "done"]


class NotPrinted(ComptoirError):
    """The test did not come out, or nobody knows."""

    code = "test-print"
    http_status = 503


class Trial:
    """One device. `step` says how far it came; it has ended when nothing is `running`, and well when trouble is "".
    reason: the same as a printer-state-reason, where it is one.

    number: its address. answers: it tells its state. saved: the name under which it was saved, "" until then.
    """

    def __init__(self, number: int, uri: str, speaks: str, folder: Path, clock: Clock) -> None:
        """Raises UnknownName, ConfigError where the device or the language is none."""
        self.number = number
        self.device = uri
        self.language = speaks
        self.step: Step = "reach"
        self.trouble = self.hint = self.reason = ""
        self.answers = False
        self.identity: Sequence[str] = ()
        self.confirms: Sequence[str] = ()
        self.profile = ""
        self.saved = self.printed = ""
        self.learned = Learned()
        self._clock = clock
        if uri.partition(":")[0] in SCHEMES:
            self._task = asyncio.get_running_loop().create_task(self._look(address_of(uri)))
            return
        # A page language asks nothing: it is only connected to.
        self._spoken = language("raw" if speaks in (*SHEETS, DRIVER) else speaks, profile("default"))
        self._device = device(uri, folder)
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def running(self) -> bool:
        return not self._task.done()

    async def ended(self) -> None:
        await asyncio.gather(self._task, return_exceptions=True)

    def cancel(self) -> None:
        """Let go of the device."""
        self._task.cancel()

    async def _run(self) -> None:
        channel, facts = Channel(f"{self.device} (set-up)", self._device, self._spoken), Facts()
        try:
            async with channel.turn():
                self.step = "ask"
                self.answers = bool(channel.answers)
            learned = await probe(channel, self._spoken, facts, self._clock.now())
        except NotSent as error:
            self.trouble, self.hint, self.reason = error.message, error.hint, error.reason
            if error.reason != UNREACHABLE:
                self.step = "ask"  # it is there, and says itself why it cannot
        except ProbeFailed as error:
            self.trouble, self.hint = error.message, error.hint
        except Exception as error:
            log.exception("an error of ours while %s was tried", self.device)
            self.trouble = cause(error)
        else:
            self._know(learned)
        finally:
            await channel.close()

    async def _look(self, address: Address) -> None:
        """An IPP printer says what it is when it is asked, and prints nothing of the question."""
        client = IppClient(address)
        try:
            printer = await look(client)
        except (NotSent, Refused) as error:
            self.trouble, self.hint = error.message, error.hint
            if error.reason != UNREACHABLE:
                self.step = "ask"  # it is there, and says itself why it cannot
        except Exception as error:
            log.exception("an error of ours while %s was tried", self.device)
            self.trouble = cause(error)
        else:
            identity = tuple(printer.identity)
            self._know(Learned(answers=True, confirms=(), identity=identity, probed_at=self._clock.now()))
            self.profile, self.confirms = "", ("cups" if address.cups else "ipp",)
        finally:
            await client.close()

    def _know(self, learned: Learned) -> None:
        self.learned = learned
        self.answers = bool(learned.answers)
        self.identity, self.confirms = learned.identity, learned.confirms or ()
        self.profile = suggested(learned.identity)
        self.step = "done"


class Trials:
    """Those of this start of the service; the oldest is forgotten first. `folder`: of the station's printers."""

    MOST: Final = 8

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._trials: dict[int, Trial] = {}
        self._last = 0

    def get(self, number: int) -> Trial | None:
        return self._trials.get(number)

    def begin(self, uri: str, speaks: str) -> int:
        """Raises UnknownName, ConfigError."""
        self._last += 1
        self._trials[self._last] = Trial(self._last, uri, speaks, self._folder.with_name("set-up"), self._clock)
        while len(self._trials) > self.MOST:
            self._trials.pop(next(iter(self._trials))).cancel()
        return self._last

    async def keep(self, number: int, name: str) -> None:
        """What was learned of it becomes known of the printer of this name."""
        trial = self._trials[number]
        trial.saved, trial.printed = name, ""
        learned = trial.learned
        await Facts(self._folder / folder_name(name)).learn(
            answers=learned.answers,
            confirms=learned.confirms,
            identity=learned.identity,
            probed_at=learned.probed_at,
        )

    async def print_test(self, number: int, printer: PrinterConfig, config: Config, lines: Sequence[str]) -> str:
        """Print these lines on a saved printer: sent, or processed where it says so. Raises ComptoirError."""
        trial = self._trials[number]
        await trial.ended()
        trial.printed = ""
        trial.printed = await print_lines(printer, config, self._folder / folder_name(printer.name), lines)
        return trial.printed

    async def close(self) -> None:
        for trial in self._trials.values():
            trial.cancel()
            await trial.ended()


async def print_lines(printer: PrinterConfig, config: Config, folder: Path, lines: Sequence[str]) -> str:
    """Print on a printer that no lane knows yet: sent, or processed where it says so.

    Raises ConfigError, FormatError, NotPrinted.
    """
    if printer.prints_sheets:
        return await print_sheet(printer, folder, lines)
    counter = assemble(printer, config, folder)
    columns = counter.media.columns
    ruler = "".join(str(number % 10) for number in range(1, columns + 1))
    page = Page((Line(printer.name, Style(bold=True)), *(Line(line[:columns]) for line in lines), Line(ruler)))
    data = counter.language.encode([page], counter.media).data
    channel = Channel(f"{printer.name} (test)", counter.device, counter.language, ask=counter.channel.asks)
    confirms = tuple(confirm for confirm in counter.confirms if confirm == "in-order")
    try:
        async with channel.turn() as session:
            session.dirty = True
            await session.write(data)
            outcome = "sent"
            if confirms and channel.answers:
                await session.fence("in-order", 1)
                if await session.until(lambda: session.passed("in-order", 1), CONFIRMED):
                    outcome = "processed"
            if session.gone is None:
                await session.connection.finish()
            session.dirty = False
            return outcome
    except NotSent as error:
        raise NotPrinted(f"the test was not printed: {error.message}", error.hint) from None
    except OSError as error:
        raise NotPrinted(f"the connection broke while it printed: {cause(error)}", "Print it again.") from None
    finally:
        with contextlib.suppress(OSError):
            await channel.close()


async def print_sheet(printer: PrinterConfig, folder: Path, lines: Sequence[str]) -> str:
    """The same on an office printer: one sheet. Raises ConfigError, NotPrinted."""
    clock = SystemClock()
    document = Document.of("\n".join((printer.name, "", *lines)).encode(), TEXT)
    at = clock.now()
    job = Job(0, uuid4().hex, document, Origin("console"), printer.name, "pending", at, at, title="Test", format="text")
    one = office_printer(printer, folder)
    try:
        evidence = await one.sink({}, cast(Journal, _Held()), clock).deliver(job, document, _Unheard())
    except DeliveryError as error:
        raise NotPrinted(f"the test was not printed: {error.message}", error.hint) from None
    finally:
        await one.close()
    return "processed" if evidence.kind == "printed" else "sent"


class _Held:
    """The part of a journal that a sink needs for a document that is in no journal."""

    def path(self, document: Document) -> None:
        return None

    async def content(self, document: Document) -> bytes:
        return document.content or b""


class _Unheard:
    """`core.ports.Progress` of a test: whoever looks on sees its end."""

    async def started(self) -> None: ...

    def stopped(self, reason: str, message: str) -> None: ...

    def resumed(self) -> None: ...


def suggested(identity: Sequence[str]) -> str:
    """The profile of a printer that says who it is (maker, model, firmware); "" where none is near enough."""
    model = identity[1] if len(identity) > 1 else ""
    if not model:
        return ""
    try:
        return profile(model).name
    except UnknownName:
        return next(iter(get_close_matches(model, names(), 1, 0.8)), "")
