"""The command `capture`: puts the CUPS backend in place, has queues print through it, and takes it all back.

A queue's device URI keeps what it was: socket://… becomes comptoir:/socket://…, and socket://… again. So nothing has to
be remembered for the way back, and it can be gone by hand.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from comptoir.arrivals import CupsBackendSourceConfig, IppPrinterSourceConfig
from comptoir.capture_backend import CONFIG, SPOOL, unwrapped, without_login
from comptoir.cli import as_json, tell
from comptoir.cli.place import configuration, data_folder, here
from comptoir.cli.queues import Queue, change, queues, server_bin, server_root, wrapped
from comptoir.cli.speech import tr
from comptoir.config import Config
from comptoir.core.errors import RequestError
from comptoir.durable import replace_file

NAME: Final = "comptoir"
PYTHON: Final = "/usr/bin/python3"
#: made anew by who made them, or no printer at all
NOT_WRAPPED: Final = ("comptoir", "implicitclass", "cups-brf")
#: what our own files in a spool directory are called
OURS: Final = re.compile(r"\.?[\w.-]+\.(json|state|document|printed|input|lock|part)|damaged")


@dataclass(frozen=True, slots=True)
class Backend:
    """The backend as it is to be on this machine."""

    file: Path
    config: Path

    @property
    def content(self) -> bytes:
        """Our file, with the Python of this system in its first line."""
        content = files("comptoir").joinpath("capture_backend.py").read_bytes()
        return b"#!%s -IS\n" % os.fsencode(_python()) + content.partition(b"\n")[2]

    @property
    def state(self) -> str:
        """missing; old: another version, or with other rights; current."""
        try:
            found = self.file.stat()
            content = self.file.read_bytes()
        except FileNotFoundError:
            return "missing"
        except PermissionError:  # as it must be
            return "current" if found.st_mode & 0o777 == 0o700 else "old"
        private = (found.st_uid, found.st_mode & 0o777) == (0, 0o700)
        return "current" if private and content == self.content else "old"

    @property
    def spool(self) -> Path | None:
        """Where it writes; None: it is not configured, or this user may not know."""
        try:
            return Path(json.loads(self.config.read_bytes())["spool"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


@cache
def _python() -> str:
    """The system's, where it is new enough: ours may stand in a folder that CUPS does not come to."""
    question = [PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 9))"]
    try:
        new = subprocess.run(question, capture_output=True, timeout=30, check=False).returncode == 0  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        new = False
    return PYTHON if new else os.path.realpath(sys.executable)


def backend() -> Backend:
    """Raises CupsError where there is no CUPS."""
    return Backend(server_bin() / "backend" / NAME, server_root() / CONFIG)


def capture(options: argparse.Namespace) -> int:
    """install, uninstall, status."""
    folder = data_folder(options)
    config = configuration(options, folder)
    if sys.platform == "win32":
        from comptoir.cli import capture_windows  # noqa: PLC0415 - of no use elsewhere

        return capture_windows.capture(options, config)
    if getattr(options, "dry_run", False) or getattr(options, "source", None):
        raise RequestError(
            "--source and --dry-run belong to Windows", "Here queues are captured: --queue NAME, or --all."
        )
    if sys.platform == "darwin":
        return _elsewhere(config)
    if options.action == "status":
        return _status(options, config)
    if os.geteuid() != 0:
        raise RequestError(
            "only the administrator can change how CUPS prints",
            f"Type: sudo comptoir capture {options.action}, with the same options.",
        )
    return _install(options, config, folder) if options.action == "install" else _uninstall(options)


# -- install -----------------------------------------------------------------------------------------------------------


def _install(options: argparse.Namespace, config: Config, folder: Path) -> int:
    ours = backend()
    wanted = _wanted(options)
    spool = Path(options.spool or next(iter(_spools(config)), "") or ours.spool or SPOOL).absolute()
    _make_spool(spool, _owner(folder))
    told = json.dumps({"spool": str(spool), "without_spool": options.without_spool}, indent=1)
    replace_file(ours.config, f"{told}\n".encode(), mode=0o644)
    replace_file(ours.file, ours.content, mode=0o700)
    shutil.chown(ours.file, 0, 0)
    ours.file.chmod(0o700)
    tell(tr("The backend is in place: %(file)s", file=ours.file))
    tell(tr("It writes to %(folder)s", folder=spool))
    for queue in wanted:
        uri = wrapped(queue.uri)
        change(queue, uri)
        tell(tr("%(queue)s is captured: %(uri)s", queue=queue.name, uri=without_login(uri)))
    _what_next(ours, spool, config)
    return 0


def _wanted(options: argparse.Namespace) -> list[Queue]:
    """The queues that are to be wrapped and are not. Raises RequestError for a name that there is not."""
    known = {queue.name: queue for queue in queues()} if options.all or options.queue else {}
    chosen = _named(known, options.queue or ())
    if options.all:
        chosen = [queue for queue in known.values() if _wrappable(queue)]
    for queue in chosen:
        if not queue.wrapped and not _wrappable(queue):
            raise RequestError(
                f"the queue {queue.name} ({without_login(queue.uri)}) cannot be captured in this way",
                "It belongs to a program that makes it anew, or it prints to Comptoir already.",
            )
    return [queue for queue in chosen if not queue.wrapped]


def _named(known: dict[str, Queue], names: Sequence[str]) -> list[Queue]:
    for name in names:
        if name not in known:
            raise RequestError(f"there is no queue {name}", f"There are: {', '.join(known) or '—'}")
    return [known[name] for name in names]


def _wrappable(queue: Queue) -> bool:
    scheme = queue.uri.partition(":")[0]
    return scheme not in NOT_WRAPPED and not queue.temporary and not queue.model.startswith("Comptoir")


def _owner(folder: Path) -> os.stat_result:
    """Whose the data folder is: as this user the station runs. Raises RequestError."""
    try:
        return folder.stat()
    except OSError as error:
        raise RequestError(
            f"the data folder {folder} cannot be read: {error.strerror}",
            "Name the one of the station, whose owner is to read what is captured: --data DIR",
        ) from None


def _make_spool(spool: Path, owner: os.stat_result) -> None:
    """Raises RequestError for a directory that is somebody else's."""
    spool.parent.mkdir(parents=True, exist_ok=True)
    try:
        spool.mkdir(mode=0o700, exist_ok=True)
        strange = next((path.name for path in spool.iterdir() if not OURS.fullmatch(path.name)), "")
        if spool.is_symlink() or strange:
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY))
        shutil.chown(spool, owner.st_uid, owner.st_gid)
        spool.chmod(0o700)
    except OSError as error:
        raise RequestError(
            f"{spool} cannot be the spool directory: {error.strerror}",
            "It must be a directory of its own. Name another one: --spool DIR",
        ) from None


def _what_next(ours: Backend, spool: Path, config: Config) -> None:
    if str(spool) not in _spools(config):
        tell(tr("The station takes what is captured once its configuration has:"))
        for line in ("[[source]]", 'kind = "cups_backend"', 'name = "cups"', f'spool = "{spool}"'):
            tell(f"    {line}")
    if Path("/sys/fs/selinux/enforce").exists():
        tell(tr("This system has SELinux. Type:"))
        tell(f"    semanage fcontext -a -t print_spool_t '{spool}(/.*)?'")
        tell(f"    restorecon -R {spool} {ours.file}")
    tell(tr("To take it back: comptoir capture uninstall"))


# -- uninstall ---------------------------------------------------------------------------------------------------------


def _uninstall(options: argparse.Namespace) -> int:
    ours = backend()
    known = {queue.name: queue for queue in queues()}
    chosen = _named(known, options.queue) if options.queue else list(known.values())
    for queue in chosen:
        if queue.wrapped:
            uri = unwrapped(queue.uri)
            change(queue, uri)
            tell(tr("%(queue)s prints as before: %(uri)s", queue=queue.name, uri=without_login(uri)))
    if options.queue:
        return 0
    spool = ours.spool
    for path in (ours.file, ours.config):
        path.unlink(missing_ok=True)
    tell(tr("The backend is removed: %(file)s", file=ours.file))
    if spool is not None and (waiting := _waiting(spool)):
        tell(tr("%(count)s prints wait in %(folder)s; the station takes them.", count=waiting, folder=spool))
    return 0


# -- status ------------------------------------------------------------------------------------------------------------


def _status(options: argparse.Namespace, config: Config) -> int:
    ours = backend()
    state, spool, known = ours.state, ours.spool, queues()
    waiting = None if spool is None else _waiting(spool)
    if options.json:
        told = {
            "backend": state, "file": str(ours.file), "spool": str(spool or ""), "waiting": waiting,
            "taken": spool is not None and str(spool) in _spools(config),
            "queues": [{"name": one.name, "device": without_login(one.uri), "captured": one.wrapped} for one in known],
        }  # fmt: skip
        print(as_json(told))
        return 0
    said = {
        "missing": tr("The backend is not installed: comptoir capture install"),
        "old": tr("The backend is of another version, or others may run it: comptoir capture install"),
        "current": tr("The backend is in place: %(file)s", file=ours.file),
    }
    tell(said[state])
    if spool is not None:
        tell(tr("It writes to %(folder)s", folder=spool))
        if waiting:
            tell(tr("%(count)s prints wait in %(folder)s; the station takes them.", count=waiting, folder=spool))
    for queue in known:
        sign = "✓" if queue.wrapped else "·"
        tell(f"{sign} {queue.name}  {without_login(queue.uri)}")
    return 0


def _waiting(spool: Path) -> int | None:
    """How many prints lie in a spool; None: this user may not know."""
    try:
        return sum(name.endswith(".json") for name in os.listdir(spool))
    except FileNotFoundError:
        return 0
    except OSError:
        return None


def _spools(config: Config) -> list[str]:
    """The spool directories that the station looks into."""
    return [source.spool for source in config.source if isinstance(source, CupsBackendSourceConfig)]


# -- where there is no backend -----------------------------------------------------------------------------------------


def _elsewhere(config: Config) -> int:
    """macOS lets no program into its print service: a printer of ours is added there."""
    tell(tr("On this system a printer is added instead, which any program prints to:"))
    printers = [source for source in config.source if isinstance(source, IppPrinterSourceConfig)]
    for source in printers or [IppPrinterSourceConfig(name="Comptoir")]:
        address = f"{here(source.host)}:{source.port}/ipp/print"
        tell(f'    lpadmin -p "{source.name}" -E -v ipp://{address} -m everywhere')
    if not printers:
        tell(tr("Before that, the configuration needs it:"))
        for line in ("[[source]]", 'kind = "ipp_printer"', 'name = "Comptoir"'):
            tell(f"    {line}")
    return 0
