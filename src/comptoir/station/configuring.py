"""Between the settings pages and the settings: saves what a person changed, applies it, notes it in the journal.

It decides nothing about values: the configuration's own check does. The journal says which keys were changed and by
whom, never their values, which may be secrets.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from comptoir.config import Config, PrinterConfig
from comptoir.core.errors import ComptoirError, ConfigError, UnknownName
from comptoir.core.ports import Clock, Journal
from comptoir.devices import device
from comptoir.durable import replace_file
from comptoir.languages import SHEETS, language, sheet_language
from comptoir.languages.profiles import profile
from comptoir.settings import Edit, Settings, WrongField, changed
from comptoir.sinks.ipp_client import address_of
from comptoir.station.finding import Search, Ways, usual_ways
from comptoir.station.own_certificate import check_own
from comptoir.station.printers import profile_of
from comptoir.station.trial import Trial, Trials
from comptoir.web.pages.config import Trust

log = logging.getLogger("comptoir.settings")

#: seconds between the answer to a person and the stop of the service, so that the answer arrives
FAREWELL: Final = 0.3


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the station does for its settings. `apply` makes the live keys count; `restart` None: it cannot be done."""

    config: Config
    settings: Settings | None
    apply: Callable[[Config], None]
    restart: Callable[[], None] | None
    restart_trouble: Callable[[], str]
    unlink: Callable[[], Awaitable[None]]


class Configuring:
    """What the settings pages ask of a station (web/pages/config). `folder`: of the station's printers."""

    def __init__(
        self,
        wiring: Wiring,
        folder: Path,
        journal: Journal,
        clock: Clock,
        trust: Trust | None = None,
        ways: Ways | None = None,
    ) -> None:
        self._wiring = wiring
        self._journal = journal
        self.trust = trust
        #: why the file, as it is now, cannot be used
        self.file_error: ConfigError | None = None
        self.setup = Setup(self, Trials(folder, clock), ways or usual_ways(), journal)
        self._saving = asyncio.Lock()

    @property
    def config(self) -> Config:
        settings = self._wiring.settings
        return self._wiring.config if settings is None else settings.config

    @property
    def fixed(self) -> Mapping[str, str]:
        return {} if self._wiring.settings is None else self._wiring.settings.overridden

    @property
    def waiting(self) -> Sequence[str]:
        return () if self._wiring.settings is None else self._wiring.settings.needs_restart()

    @property
    def restartable(self) -> bool:
        return self._wiring.restart is not None

    @property
    def restart_trouble(self) -> str:
        return self._wiring.restart_trouble()

    async def refresh(self) -> None:
        """Take in what somebody has written into the file by hand. What cannot be used is `file_error`, and what was
        known stays."""
        settings = self._wiring.settings
        if settings is None:
            return
        async with self._saving:
            before = settings.config
            try:
                after = await asyncio.to_thread(settings.reload)
            except ConfigError as error:
                self.file_error = error
                return
            self.file_error = None
            await self._apply(changed(before, after), after, "console", "")

    async def _apply(self, keys: Sequence[str], after: Config, user: str, host: str) -> None:
        if keys:
            log.info("settings changed by %s (%s): %s", user, host, ", ".join(keys))
            self._wiring.apply(after)
            await self._journal.note("settings-changed", {"keys": list(keys), "user": user, "host": host})

    async def check(self, edits: Sequence[Edit]) -> None:
        """Raises WrongField, ConfigError where they could not be saved."""
        if self._wiring.settings is not None:
            await asyncio.to_thread(self._check, self._wiring.settings, edits)

    @staticmethod
    def _check(settings: Settings, edits: Sequence[Edit]) -> None:
        before, after = settings.config.station, settings.check(edits)
        check_printers(after)
        pair = (after.station.certificate, after.station.private_key)
        # One that has gone bad since it was named must not keep a person from changing something else.
        if all(pair) and pair != (before.certificate, before.private_key):
            check_own(settings.folder, after.station)

    async def save(self, edits: Sequence[Edit], user: str, host: str) -> None:
        """All of it or nothing; what can apply at once applies when this returns. Raises WrongField, ConfigError."""
        settings = self._wiring.settings
        if settings is None:
            raise ConfigError("this station was started without a configuration file that could be changed")
        async with self._saving:
            before = settings.config
            await self.check(edits)
            after = await asyncio.to_thread(settings.save, edits)
            await self._apply(changed(before, after), after, user, host)

    async def keep_secret(self, key: str, file: str, secret: str, user: str, host: str) -> None:
        """Write a secret to a file of the data folder that only this service may read. Raises ConfigError."""
        settings = self._wiring.settings
        if settings is None:
            raise ConfigError("this station was started without a configuration file that could be changed")
        path = settings.folder / file
        try:
            await asyncio.to_thread(replace_file, path, secret.encode(), 0o600)
        except OSError as error:
            what = f"{path} cannot be written: {error.strerror or error}"
            raise ConfigError(what, "Check the disk and its rights.") from None
        await self._journal.note("settings-changed", {"keys": [key], "user": user, "host": host})

    async def restart(self, user: str, host: str) -> None:
        """Raises ConfigError where the service cannot start itself anew."""
        restart = self._wiring.restart
        if restart is None:
            raise ConfigError("this service cannot restart itself", "Stop it, and start it again.")
        await self._journal.note("restart-asked", {"user": user, "host": host})
        asyncio.get_running_loop().call_later(FAREWELL, restart)

    async def unlink(self, user: str, host: str) -> None:
        """End the link to the hub, and forget it. Raises ConfigError."""
        await self._wiring.unlink()
        await self._journal.note("unlinked", {"user": user, "host": host})

    async def close(self) -> None:
        await self.setup.close()


def check_printers(config: Config) -> None:
    """What the configuration's own check cannot know: models, languages, devices. Raises WrongField."""
    for number, printer in enumerate(config.printer):
        for key, attempt in _CHECKS:
            try:
                attempt(printer)
            except (ComptoirError, ValueError) as error:
                hint = error.hint if isinstance(error, ComptoirError) else ""
                where, said = f"printer[{number}].{key}", str(error)
                raise WrongField(f"{where}: {said}", hint, where, said) from None


def _language(printer: PrinterConfig) -> object:
    if printer.drawn_by_driver:
        return None
    if printer.language in SHEETS:
        return sheet_language(printer.language)
    return language(printer.language or "escpos", profile("default"))


def _device(printer: PrinterConfig) -> object:
    return address_of(printer.device) if printer.prints_itself else device(printer.device, Path())


_CHECKS: Final[tuple[tuple[str, Callable[[PrinterConfig], object]], ...]] = (
    ("profile", lambda printer: profile(printer.profile or "default")),
    ("language", _language),
    ("device", _device),
    ("columns", profile_of),
)


class Setup:
    """How printers are found and tried out: one search at a time, a few trials."""

    def __init__(self, configuring: Configuring, trials: Trials, ways: Ways, journal: Journal) -> None:
        self._configuring = configuring
        self._journal = journal
        self._trials = trials
        self._ways = ways
        self.search: Search | None = None

    def begin_search(self) -> None:
        """Unless one is running."""
        if self.search is None or not self.search.running:
            known = {printer.device: printer.name for printer in self._configuring.config.printer}
            self.search = Search(self._ways, known)

    async def end_search(self) -> None:
        if self.search is not None:
            await self.search.cancel()

    def trial(self, number: int) -> Trial | None:
        return self._trials.get(number)

    def begin_trial(self, device: str, language: str) -> int:
        return self._trials.begin(device, language)

    async def keep(self, number: int, name: str) -> None:
        await self._trials.keep(number, name)

    async def print_test(self, number: int, lines: Sequence[str], user: str, host: str) -> str:
        trial, config = self._trials.get(number), self._configuring.config
        printer = next((p for p in config.printer if trial is not None and p.name == trial.saved), None)
        if printer is None:
            raise UnknownName("this printer is not being set up any more", "Begin anew: Add a printer.")
        outcome = await self._trials.print_test(number, printer, config, lines)
        who = {"user": user, "host": host}
        await self._journal.note("test-printed", {"printer": printer.name, "outcome": outcome, **who})
        return outcome

    async def close(self) -> None:
        await self.end_search()
        await self._trials.close()
