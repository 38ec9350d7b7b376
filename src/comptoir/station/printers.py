"""The printers of a station, put together from the configuration: profile, device, language, channel, sink, drawer.

It prints nothing; `app.py` says who uses them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from comptoir.config import Config, PrinterConfig
from comptoir.core.errors import ConfigError, UnknownName
from comptoir.core.page import Media
from comptoir.core.ports import Clock, Device, Format, Journal, Language, QueueDevice, Sink
from comptoir.core.profile import Confirm, DrawerPulse, Profile
from comptoir.core.units import duration
from comptoir.devices import device
from comptoir.devices.virtual import VirtualDevice
from comptoir.languages import language
from comptoir.languages.profiles import profile
from comptoir.languages.profiles import spoken as speaks
from comptoir.sinks.channel import Channel
from comptoir.sinks.drawer import Drawer, DrawerConfig
from comptoir.sinks.facts import Facts, Learned
from comptoir.sinks.printer import Printer, PrinterSink
from comptoir.sinks.probe import probe
from comptoir.sinks.queued import QueuedPrinterSink
from comptoir.station.office import office_printer

#: dots: the smallest letter of a receipt printer, font B of 9 and a little less on clones
NARROWEST = 8


class Outlet(Protocol):
    """A printer of this station, whatever it prints on."""

    @property
    def config(self) -> PrinterConfig: ...

    @property
    def profile(self) -> Profile: ...

    @property
    def speaks(self) -> str:
        """The name of its language."""
        ...

    @property
    def drawer(self) -> Drawer | None: ...

    @property
    def trouble(self) -> tuple[str, str] | None:
        """Why it prints nothing at the moment: (reason, message)."""
        ...

    @property
    def notices(self) -> Sequence[str]: ...

    @property
    def identity(self) -> Sequence[str]:
        """Maker, model, firmware, as it says itself."""
        ...

    @property
    def confirms(self) -> tuple[str, ...]:
        """What it confirms after a job, strongest first: a Confirm, ipp or cups."""
        ...

    @property
    def probed(self) -> bool:
        """Whether that was tried out."""
        ...

    @property
    def on_change(self) -> list[Callable[[], None]]:
        """Called after each change of what it says of itself."""
        ...

    def was_cut_short(self) -> None:
        """Its last job was cut short by the end of the last run."""
        ...

    def sink(self, formats: Mapping[str, Format], journal: Journal, clock: Clock) -> Sink: ...

    async def probe(self, now: int) -> Learned:
        """Find out what it can, and remember it. Raises ProbeFailed."""
        ...

    async def run(self) -> None:
        """Hear of it, until cancelled; returns where there is nothing to hear."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """A printer of receipts with all that belongs to it. Implements Outlet."""

    config: PrinterConfig
    profile: Profile
    device: Device
    #: the name of its language
    speaks: str
    language: Language
    channel: Channel
    facts: Facts
    drawer: Drawer

    @property
    def media(self) -> Media:
        return self.profile.media

    @property
    def confirms(self) -> tuple[Confirm, ...]:
        """What it can be asked for: as probed, else as its profile says; strongest first."""
        learned = None if self.config.confirm != "auto" else self.facts.confirms
        return known_confirms(self.config, self.profile, self.language) if learned is None else learned

    @property
    def trouble(self) -> tuple[str, str] | None:
        return self.channel.trouble

    @property
    def notices(self) -> Sequence[str]:
        return self.channel.state.notices

    @property
    def identity(self) -> Sequence[str]:
        return self.facts.learned.identity

    @property
    def probed(self) -> bool:
        return self.facts.confirms is not None

    @property
    def on_change(self) -> list[Callable[[], None]]:
        return self.channel.on_change

    def was_cut_short(self) -> None:
        self.channel.cut_short = True

    async def probe(self, now: int) -> Learned:
        return await probe(self.channel, self.language, self.facts, now)

    async def run(self) -> None:
        await self.channel.run()

    async def close(self) -> None:
        await self.channel.close()

    def sink(self, formats: Mapping[str, Format], journal: Journal, clock: Clock) -> PrinterSink:
        confirms = known_confirms(self.config, self.profile, self.language)
        ordered = self.config.confirm != "auto"
        printer = Printer(self.config.name, self.channel, self.language, formats, self.media, confirms, ordered)
        if isinstance(self.device, QueueDevice):
            return QueuedPrinterSink(self.device, printer, journal, clock, self.facts)
        return PrinterSink(printer, journal, clock, self.facts)


def outlet(printer: PrinterConfig, config: Config, folder: Path) -> Outlet:
    """The printer, of receipts or of sheets; nothing is opened. Raises ConfigError that names it."""
    return office_printer(printer, folder) if printer.prints_sheets else assemble(printer, config, folder)


def assemble(printer: PrinterConfig, config: Config, folder: Path) -> Counter:
    """The printer with its drawer; nothing is opened. Raises ConfigError that names the printer."""
    try:
        known = profile_of(printer)
        name = printer.language or (speaks(printer.profile) if printer.profile else "escpos")
        spoken = language(name, known)
        found = device(printer.device, folder)
    except (UnknownName, ValueError) as error:
        hint = error.hint if isinstance(error, UnknownName) else "For instance socket://192.168.1.50:9100"
        raise ConfigError(f"the printer {printer.name} cannot be set up: {error}", hint) from None
    if isinstance(found, VirtualDevice):
        found.printer.load(known.media, known)
        if not printer.profile:
            known = replace(known, confirms=found.printer.model.confirms)
    facts = Facts(folder)
    channel = Channel(
        printer.name,
        found,
        spoken,
        ask=known.status,
        keep=printer.connection == "keep",
        answered=bool(facts.learned.answers),
    )
    wiring = replace(_wiring(printer, config), confirms=known_confirms(printer, known, spoken))
    drawer = Drawer(channel, spoken, facts, wiring)
    return Counter(printer, known, found, name, spoken, channel, facts, drawer)


def profile_of(printer: PrinterConfig) -> Profile:
    """The model's profile with what the configuration says better. Raises UnknownName, ConfigError."""
    known = profile(printer.profile or "default")
    media = replace(
        known.media,
        dots=printer.dots or known.media.dots,
        columns=printer.columns or known.media.columns,
    )
    if media.dots < NARROWEST * media.columns:
        raise ConfigError(
            f"the printer {printer.name}: {media.columns} columns do not fit into {media.dots} dots",
            f"A letter is {NARROWEST} dots wide at least; paper of 58 mm has 384 dots and 32 columns.",
        )
    given: dict[str, Any] = {
        "kanji": printer.kanji,
        "cut": printer.cut,
        "strip": printer.strip,
        "buzzer": printer.buzzer,
        "status": False if printer.status == "never" else None,
        "code_pages": None if printer.code_pages is None else {int(k): v for k, v in printer.code_pages.items()},
    }
    return replace(known, media=media, **{key: value for key, value in given.items() if value is not None})


def known_confirms(printer: PrinterConfig, known: Profile, spoken: Language) -> tuple[Confirm, ...]:
    """What the configuration, else the profile says, as far as the language can ask for it."""
    if printer.confirm == "none":
        return ()
    wanted = known.confirms if printer.confirm == "auto" else (printer.confirm,)
    return tuple(confirm for confirm in spoken.confirms if confirm in wanted)


def _wiring(printer: PrinterConfig, config: Config) -> DrawerConfig:
    """How the drawer of this printer is wired; a printer that [drawer] does not name has the usual pulse."""
    drawer = config.drawer
    first = next((one.name for one in config.printer if not one.prints_sheets), printer.name)
    if printer.name != (drawer.printer or first):
        return DrawerConfig()
    pulse = DrawerPulse(drawer.pin, duration(drawer.on) or 0, duration(drawer.off) or 0, bytes.fromhex(drawer.pulse))
    return DrawerConfig(pulse, drawer.sensor)
