"""`comptoir archive`: check, export, what is due, eliminate, reindex; for whoever may read and write the data folder.

Checking, counting and exporting go on beside a running station; what changes the record needs it stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from filelock import FileLock, Timeout

from comptoir.cli import FAILED, as_json, speech, tell
from comptoir.cli.client import NotRunning, station
from comptoir.cli.documents import search
from comptoir.cli.place import configuration, data_folder, not_writable, try_folder
from comptoir.cli.speech import tr
from comptoir.clock import SystemClock
from comptoir.config import Config
from comptoir.core.errors import ComptoirError, ConfigError, RequestError

if TYPE_CHECKING:
    from comptoir.station.archive.exporting import Outcome
    from comptoir.station.archive.selecting import Selection
    from comptoir.web.keeping_desk import Due

YES: Final = frozenset({"y", "yes", "o", "oui"})


def archive(options: argparse.Namespace) -> int:
    """One of the actions."""
    actions = {"verify": verify, "export": export, "due": due, "eliminate": eliminate, "reindex": reindex}
    return actions[options.action](options)


# -- verify -----------------------------------------------------------------------------------------------------------


def verify(options: argparse.Namespace) -> int:
    """Read every document again; 1 where something is not as it was written."""
    from comptoir.journal.verify import verify_archive  # noqa: PLC0415 - for this action only

    folder = _records(options)
    report = verify_archive(folder / "journal.db", _progress(), folder / "documents")
    counts = {"documents": report.kept, "partial": report.partial, "held": report.held,
              "eliminated": report.eliminated, "bytes": report.bytes}  # fmt: skip
    if options.json:
        print(as_json({**counts, "events": report.events, "head": report.head, "findings": report.findings}))
        return FAILED if report.findings else 0
    for finding in report.findings:
        tell(speech.known(finding))
    said = tr(
        "%(documents)s documents of %(bytes)s bytes read; %(partial)s not whole, %(held)s on hold, %(eliminated)s "
        "eliminated so far",
        **counts,
    )
    verdict = tr("not as it was written") if report.findings else tr("as it was written")
    tell(tr("archive: %(counts)s, %(verdict)s; head %(head)s", counts=said, verdict=verdict, head=report.head))
    return FAILED if report.findings else 0


def _progress() -> Callable[[int], None] | None:
    """What says how far it is to who watches; None: nobody does."""

    def say(done: int) -> None:
        print(f"\r{done} …", end="", file=sys.stderr, flush=True)

    return say if sys.stderr is not None and sys.stderr.isatty() else None


# -- export -----------------------------------------------------------------------------------------------------------


def export(options: argparse.Namespace) -> int:
    """1 where a document could not be read; the others are there."""
    from comptoir.station.archive.selecting import Selection  # noqa: PLC0415

    selection = Selection(options.since, options.until)
    if options.search:
        last = selection.until or "9999"
        found = [one for one in search(options, options.search) if selection.since <= one["business_date"] <= last]
        selection = replace(selection, numbers=tuple(one["id"] for one in found), query=options.search)
    folder, config = _records(options), configuration(options, data_folder(options))
    outcome = asyncio.run(_export(folder, config, selection, options.to))
    told = outcome.told(selection, _user())
    noted = _note(options, told)
    if options.json:
        print(as_json({"folder": str(outcome.path), **told, "noted": noted}))
    else:
        _tell_export(outcome, noted)
    return FAILED if outcome.unreadable else 0


async def _export(folder: Path, config: Config, selection: Selection, to: Path) -> Outcome:
    from comptoir.journal.read_only import ReadOnlyJournal  # noqa: PLC0415
    from comptoir.station.archive.exporting import Exporting  # noqa: PLC0415

    journal, say = ReadOnlyJournal(folder), _progress()

    def went_on(done: int, count: int) -> None:
        if say is not None and done % 100 == 0:
            say(done)

    try:
        exporting = Exporting(journal, SystemClock(), config.station.name, config.language)
        return await exporting.export(selection, to, went_on)
    finally:
        await journal.close()


def _note(options: argparse.Namespace, told: dict[str, object]) -> bool:
    """The journal has to know of it: through the running station, else straight. Whether it does."""
    try:
        client, _ = station(options)
        body, headers = json.dumps(told).encode(), {"Content-Type": "application/json"}
        client.ask("POST", "/api/archive/exports", dict, body, headers)
    except NotRunning:
        try:
            with _alone(data_folder(options)):
                asyncio.run(_noted(_records(options), told))
        except ComptoirError:
            return False
    except ComptoirError:  # what answers there is another one, or will not have it
        return False
    return True


async def _noted(folder: Path, told: dict[str, object]) -> None:
    from comptoir.journal import open_journal  # noqa: PLC0415

    journal = await open_journal("", folder, SystemClock())
    try:
        await journal.note("documents-exported", told)
    finally:
        await journal.close()


def _tell_export(outcome: Outcome, noted: bool) -> None:
    tell(tr("%(count)s documents are in %(folder)s", count=outcome.documents, folder=outcome.path))
    tell(tr("SHA-256 of the manifest: %(digest)s", digest=outcome.manifest))
    tell(tr("To check it anywhere: python %(script)s", script=outcome.path / "verify.py"))
    if outcome.unreadable:
        numbers = ", ".join(map(str, outcome.unreadable))
        tell(tr("These could not be read, and are named in the manifest: %(numbers)s", numbers=numbers))
    if not noted:
        tell(tr("The journal could not be told of it: note the SHA-256 yourself."))


# -- due, eliminate ---------------------------------------------------------------------------------------------------


def due(options: argparse.Namespace) -> int:
    """What has been kept long enough."""
    found = asyncio.run(_due(options))
    if options.json:
        piles = [msgspec.to_builtins(pile) for pile in found.piles]
        print(as_json({"documents": found.documents, "size": found.size, "held": found.held, "piles": piles}))
    else:
        _tell_due(found)
    return 0


async def _due(options: argparse.Namespace) -> Due:
    from comptoir.journal.read_only import ReadOnlyJournal  # noqa: PLC0415
    from comptoir.station.archive.eliminating import Eliminating  # noqa: PLC0415
    from comptoir.web.keeping_desk import Wanted  # noqa: PLC0415

    config = configuration(options, data_folder(options))
    journal = ReadOnlyJournal(_records(options))
    try:
        eliminating = Eliminating(journal, SystemClock(), lambda: config)
        return await eliminating.due(Wanted(options.source, options.year))
    finally:
        await journal.close()


def _tell_due(found: Due) -> None:
    for pile in found.piles:
        count = tr("%(count)s documents, %(size)s bytes", count=pile.documents, size=pile.size)
        tell(f"{pile.year:<4}  {pile.source:<16}  {pile.first} – {pile.last}  {count}")
    if not found.piles:
        tell(tr("Nothing has been kept for longer than it has to be."))
    if found.held:
        tell(tr("%(count)s more stay: a route holds them.", count=found.held))


def eliminate(options: argparse.Namespace) -> int:
    """Name what goes, ask once, and let it go."""
    folder = _records(options)
    with _alone(data_folder(options)):
        found = asyncio.run(_due(options))
        _tell_due(found)
        if not found.documents:
            return 0
        if not options.yes and not _agreed(found.documents):
            tell(tr("Nothing was changed."))
            return FAILED
        gone = asyncio.run(_eliminate(folder, configuration(options, data_folder(options)), options, found))
    tell(tr("%(count)s documents were eliminated; the journal names them by number and hash.", count=gone))
    return 0 if gone == found.documents else FAILED


async def _eliminate(folder: Path, config: Config, options: argparse.Namespace, seen: Due) -> int:
    from comptoir.journal import open_journal  # noqa: PLC0415
    from comptoir.station.archive.eliminating import Eliminating  # noqa: PLC0415
    from comptoir.web.keeping_desk import Wanted  # noqa: PLC0415

    journal = await open_journal("", folder, SystemClock())
    try:
        eliminating, wanted = Eliminating(journal, SystemClock(), lambda: config), Wanted(options.source, options.year)
        numbers = await eliminating.seen(wanted, seen)
        why = options.reason or tr("Its time of keeping is over")
        return await eliminating.eliminate(wanted, seen, numbers, _user(), why)
    finally:
        await journal.close()


def _agreed(count: int) -> bool:
    """Whether the person at the terminal wants it; nobody there is no."""
    try:
        said = input(tr("Delete %(count)s documents? This cannot be undone. [y/N] ", count=count))
    except EOFError:
        return False
    return said.strip().lower() in YES


# -- reindex ----------------------------------------------------------------------------------------------------------


def reindex(options: argparse.Namespace) -> int:
    """Drop what is derived; the next start makes it anew from the journal."""
    folder = _records(options)
    with _alone(data_folder(options)):
        try:
            shutil.rmtree(folder / "archive", ignore_errors=False)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise not_writable(folder, error) from None
    tell(tr("Texts, pictures and the index of the archive are made anew when the station starts."))
    return 0


# -- where ------------------------------------------------------------------------------------------------------------


def _records(options: argparse.Namespace) -> Path:
    """The folder of the station's journal. Raises RequestError where there is none."""
    folder = data_folder(options) / "station"
    if not (folder / "journal.db").exists():
        raise RequestError(f"there is no archive in {folder}", "Name the data folder: --data DIR")
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No station works with this data meanwhile. Raises ConfigError."""
    try:
        try_folder(folder)
        lock = FileLock(folder / "station.lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise ConfigError(
            f"the station works with the data in {folder}",
            "Use its page Archive, Keeping; or stop the station, and repeat this command.",
        ) from None
    except OSError as error:
        raise not_writable(folder, error) from None
    try:
        yield
    finally:
        lock.release()


def _user() -> str:
    """Who types this, as the system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "console"
