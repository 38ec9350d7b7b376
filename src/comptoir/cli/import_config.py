"""The command `import-config`: the settings of the earlier till service, or of the earlier archiving script, taken over
once a person has seen the plan.

What becomes of which setting is decided in `moving.py` and `moving_archive.py`. The earlier program and its file stay
as they are.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from comptoir import earlier_archive, moving_archive
from comptoir.cli import FAILED, data_version, speech, tell
from comptoir.cli.place import configuration, configuration_file, data_folder, not_writable, try_folder
from comptoir.cli.speech import tr
from comptoir.clock import SystemClock
from comptoir.core.errors import ConfigError, RequestError
from comptoir.core.record import Credential
from comptoir.devices import DEVICES, device
from comptoir.durable import replace_file
from comptoir.earlier import Earlier, NotEarlier, read
from comptoir.earlier_archive import is_archive
from comptoir.journal import open_journal
from comptoir.journal.peek import has_password
from comptoir.moving import Plan, Row, plan
from comptoir.remains import Remains
from comptoir.settings import Settings, changed
from comptoir.web.access import OWNER

#: where the earlier service keeps its file on Windows
USUAL: Final = Path(r"C:\ProgramData\OdooPOS\config.ini")
LARGEST: Final = 1_000_000  # bytes; its file has a thousand
#: who changed the settings, for the journal
WHO: Final = "import-config"
_WIDEST: Final = 40  # letters of a value in its column
_PAGE: Final = 100  # letters of a line of text
_YES: Final = frozenset({"y", "yes", "o", "oui"})


@dataclass(frozen=True, slots=True)
class Moving:
    """What is to be taken over. `password`: a hash of it; `token`: for the file of that name; both may be empty."""

    plan: Plan
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    token_file: Path = Path()


def import_config(options: argparse.Namespace) -> int:
    """Show the plan; carry it out when it is agreed to."""
    folder = data_folder(options)
    data_version.check(folder)
    configuration(options, folder)  # a file that the command names must be there
    settings = Settings(configuration_file(options), folder, os.environ)
    path = _file(options.path)
    data = _read(path)
    moving = _archive(data, settings) if is_archive(data) else _till(path, data, settings, options)
    keys = changed(settings.config, settings.check(moving.plan.edits))
    _show(path, moving.plan.rows)
    if not (keys or moving.password or moving.token):
        tell(tr("Everything is so already: there is nothing to change."))
        if not options.dry_run:
            _decided(folder, path)
        return 0
    if options.dry_run:
        tell(tr("Nothing was changed (--dry-run)."))
        return 0
    if not options.yes and not _agreed():
        tell(tr("Nothing was changed."))
        return FAILED
    was_running = _carry_out(folder, settings, moving, keys)
    _decided(folder, path)
    tell(tr("Taken over: %(file)s", file=settings.file.absolute()))
    tell(tr("The service is running: start it anew, so that this holds.") if was_running
         else tr("Now end the earlier service, and start: comptoir up"))  # fmt: skip
    return 0


def _till(path: Path, data: bytes, settings: Settings, options: argparse.Namespace) -> Moving:
    """Raises RequestError for another file; ConfigError, UnknownName for what is no device URI."""
    try:
        earlier = read(data)
    except NotEarlier as error:
        raise RequestError(
            f"{path} is no configuration of the earlier service: {error}",
            "It is called config.ini; that of the archiving script, .env.",
        ) from None
    made = plan(
        earlier,
        settings.config,
        device=_device(options.device, earlier),
        network=options.network,
        has_password=has_password(settings.folder / "station"),
    )
    return Moving(made, password=earlier.password if made.takes_password else "")


def _archive(data: bytes, settings: Settings) -> Moving:
    earlier = earlier_archive.read(data)
    made = moving_archive.plan(earlier, settings.config)
    file = settings.folder / earlier_archive.token_file(earlier, settings.config)
    is_new = earlier_archive.archive_of(settings.config, earlier.url) is None
    # One that is configured may have been replaced by a newer one since.
    takes = bool(made.edits) and (is_new or not file.exists())
    return Moving(made, token=moving_archive.token_of(earlier) if takes else "", token_file=file)


# -- the file ---------------------------------------------------------------------------------------------------------


def _file(path: Path | None) -> Path:
    """The file itself, or the one in a folder; on Windows where it usually is. Raises RequestError."""
    if path is None and os.name == "nt":
        path = Remains(Path(), os.environ).file or USUAL
    if path is None:
        raise RequestError("which file? Name the config.ini of the earlier service", f"On Windows it is {USUAL}.")
    if not path.is_dir():
        return path
    is_script = (path / ".env").exists() and not (path / "config.ini").exists()
    return path / (".env" if is_script else "config.ini")


def _read(path: Path) -> bytes:
    """Raises RequestError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}", "Check the name.") from None
    return data if len(data) <= LARGEST else b""


def _device(asked: str, earlier: Earlier) -> str:
    """The device of the receipts' printer: what the command names, or the system's printer of that name.

    Raises ConfigError, UnknownName for what is no device URI.
    """
    if asked:
        device(asked, Path())
    if not asked and os.name == "nt" and "winspool" in DEVICES and (name := earlier.fields.get("printer_name")):
        return f"winspool:{name}"
    return asked


# -- the plan ---------------------------------------------------------------------------------------------------------


def _show(path: Path, rows: Sequence[Row]) -> None:
    verdicts = {"taken": tr("taken over"), "differs": tr("differs"), "not needed": tr("not needed"),
                "look at it": tr("look at it")}  # fmt: skip
    head = (tr("setting"), tr("earlier"), tr("here"), "")
    table = [head, *((row.setting, row.earlier, row.here or "-", verdicts[row.verdict]) for row in rows)]
    wide = [min(_WIDEST, max(len(line[column]) for line in table)) for column in range(3)]
    tell(tr("The settings of the earlier service, in %(file)s:", file=path))
    for number, line in enumerate(table):
        tell("  ".join([*(text.ljust(width) for text, width in zip(line, wide, strict=False)), line[3]]).rstrip())
        note = rows[number - 1].note if number else ""
        for part in textwrap.wrap(speech.known(note), _PAGE):
            tell(f"    {part}")


def _agreed() -> bool:
    try:
        return input(tr("Take them over? [y/N] ")).strip().lower() in _YES
    except EOFError:
        return False


# -- carried out ------------------------------------------------------------------------------------------------------


def _carry_out(folder: Path, settings: Settings, moving: Moving, keys: Sequence[str]) -> bool:
    """All of it; whether a service was running meanwhile. Raises ConfigError; then nothing was changed."""
    try:
        try_folder(folder)
        lock = FileLock(folder / "station.lock", timeout=0)
        lock.acquire()
    except Timeout:
        if moving.password:
            raise ConfigError(
                f"Comptoir works with the data in {folder} at the moment, and the password cannot be taken over",
                "Stop it, and repeat this command.",
            ) from None
        _save(settings, moving)
        return True
    except OSError as error:
        raise not_writable(folder, error) from None
    try:
        _save(settings, moving)
        asyncio.run(_note(folder, moving.password, keys))
    finally:
        lock.release()
    return False


def _decided(folder: Path, path: Path) -> None:
    """The station no longer tells of what was taken over; where that cannot be noted, it goes on to tell."""
    remains = Remains(folder, os.environ)
    with suppress(OSError):
        if remains.file is not None and remains.file.samefile(path):
            remains.decide()


def _save(settings: Settings, moving: Moving) -> None:
    """The token first: a destination without one would be told to be wrong. Raises ConfigError."""
    if moving.token:
        try:
            replace_file(moving.token_file, f"{moving.token}\n".encode(), mode=0o600)
        except OSError as error:
            raise not_writable(moving.token_file.parent, error) from None
    settings.save(moving.plan.edits)


async def _note(folder: Path, password: str, keys: Sequence[str]) -> None:
    """The password, and who changed what, in the station's journal. Raises JournalError."""
    clock = SystemClock()
    journal = await open_journal("", folder / "station", clock)
    try:
        if password and not await journal.credentials("password"):
            await journal.put_credential(Credential("password", OWNER, password, clock.now()))
            await journal.note("password-set", {"user": WHO, "host": ""})
        if keys:
            await journal.note("settings-changed", {"keys": list(keys), "user": WHO, "host": ""})
    finally:
        await journal.close()
