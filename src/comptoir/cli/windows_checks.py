"""What can be wrong with printers of Windows, a finding each: `doctor.py` asks. It prints nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from comptoir.cli import speech
from comptoir.cli.checks import Finding
from comptoir.cli.speech import tr
from comptoir.config import Config
from comptoir.devices.winspool import named
from comptoir.station.finding import on_paper
from comptoir.threads import in_thread
from comptoir.windows.reasons import HINTS, of_printer
from comptoir.windows.structures import PrinterCondition

SCHEME: Final = "winspool:"
#: seconds in which Windows says how a printer is
PATIENCE: Final = 10.0


class Spooler(Protocol):
    """What is asked of `windows.spooler.Win32Spooler`."""

    def printers(self) -> Sequence[str]: ...

    def condition(self, printer: str) -> PrinterCondition: ...


def windows(config: Config) -> Iterator[Finding]:
    """On this computer; nothing where it is no Windows."""
    if sys.platform == "win32":
        from comptoir.windows.spooler import this_computer  # noqa: PLC0415

        yield from printers(config, this_computer())
    else:
        yield from ()


def printers(config: Config, spooler: Spooler) -> Iterator[Finding]:
    """Those that are configured: whether Windows has them, and what it says of them; else those that there are."""
    try:
        there = spooler.printers()
    except OSError as error:
        said = tr("the spooler of Windows cannot be asked: %(why)s", why=error.strerror or error)
        yield Finding("windows", "wrong", said, (tr("Start its service: net start Spooler"),))
        return
    wanted = [one.device.removeprefix(SCHEME) for one in config.printer if one.device.startswith(SCHEME)]
    for name in wanted:
        yield _printer(name, there, spooler)
    if not wanted and (usable := on_paper(spooler)):
        said = tr("printers of Windows: %(names)s", names=", ".join(usable))
        yield Finding("windows", "note", said, (tr('One of them is used with: device = "winspool:NAME"'),))


def _condition(printer: str, spooler: Spooler) -> PrinterCondition:
    """Raises OSError; one of a computer that is away may not answer for ever."""
    try:
        return in_thread(lambda: spooler.condition(printer)).result(PATIENCE)
    except TimeoutError:
        raise TimeoutError("the spooler of Windows does not answer") from None


def _printer(name: str, there: Sequence[str], spooler: Spooler) -> Finding:
    found = named(name, there)
    if found is None:
        said = tr("Windows has no printer called “%(name)s”", name=name)
        return Finding("windows", "wrong", said, (tr("It has: %(names)s", names=", ".join(there) or "—"),))
    try:
        condition = _condition(found, spooler)
    except OSError as error:
        said = tr("Windows does not tell how its printer %(name)s is: %(why)s", name=found, why=error.strerror or error)
        return Finding("windows", "wrong", said)
    reason, message = of_printer(condition)
    if reason:
        said = tr("Windows has the printer %(name)s: %(why)s", name=found, why=speech.reason(reason, message))
        return Finding("windows", "wrong", said, (speech.known(HINTS[reason]),) if reason in HINTS else ())
    said = tr("Windows has the printer %(name)s, at %(port)s, with the driver %(driver)s", name=found,
              port=condition.port, driver=condition.driver)  # fmt: skip
    return Finding("windows", "right", said)
