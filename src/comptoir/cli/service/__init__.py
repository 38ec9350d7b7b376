"""The command `service`: has Comptoir started with the computer, by the manager that this system has for such things.

What a manager needs is decided in the module of its name, as a plan; `acting.py` carries plans out; here the command
looks at the system, and says in words what it did and what comes next.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from comptoir.children import is_program_file
from comptoir.cli import as_json, data_version, start_code, tell
from comptoir.cli.neighbour import comptoir_comes
from comptoir.cli.place import configuration, configuration_file, data_folder, here, not_writable
from comptoir.cli.service.acting import carry_out, trouble
from comptoir.cli.service.installation import Installation, Role, State
from comptoir.cli.service.managers import MAIN, Manager, manager
from comptoir.cli.service.plan import Place, Step
from comptoir.cli.service.program import refuse_older
from comptoir.cli.service.windows import HOST
from comptoir.cli.speech import tr
from comptoir.config import Config, default_folder
from comptoir.config_file import FILE as CONFIGURATION
from comptoir.core.errors import ComptoirError, RequestError
from comptoir.web.guard import is_loopback

FAILED = 1
#: what a data folder has
OURS = frozenset({CONFIGURATION, data_version.FILE, *data_version.ROLES})


def service(options: argparse.Namespace) -> int:
    """install, uninstall, start, stop, status."""
    return _ACTIONS[options.action](options, manager(user=options.user))


def _install(options: argparse.Namespace, there: Manager) -> int:
    there.check_rights(options.action)
    folder = data_folder(options)
    data_version.check(folder)
    config = configuration(options, folder)
    file = configuration_file(options)
    before = there.state()
    wanted = there.wanted(options.role, folder, file.absolute() if file else None, options.account or before.account)
    _try(wanted)
    if not options.user:
        _refuse_other(folder)
    if before.status in ("absent", "stopped") or Path(before.data) != folder:
        _refuse_used(folder)
    plan = there.install(wanted, start=not options.no_start)
    if options.dry_run:
        for line in "\n".join(step.shown for step in plan).split("\n"):
            tell(line)
        return 0
    for step in plan:
        if isinstance(step, Place):
            refuse_older(Path(step.target))  # before anything is stopped
    _carry_out(plan, there, before)
    if before.installed:
        tell(tr("The service is brought to this version; it runs: %(command)s", command=" ".join(wanted.command)))
    else:
        tell(tr("Comptoir is installed as a service; it runs: %(command)s", command=" ".join(wanted.command)))
    tell(
        tr("It starts by itself: with this computer.")
        if not options.user
        else tr("It starts by itself: when you sign in.")
    )
    tell(tr("Its data are in %(folder)s", folder=wanted.data))
    for line in there.advice(wanted):
        tell(line)
    if options.no_start:
        tell(tr("To start it: %(command)s", command=_command("start", options)))
    else:
        _where(wanted.role, config, folder)
    tell(tr("To take it back: %(command)s", command=_command("uninstall", options)))
    return 0


def _uninstall(options: argparse.Namespace, there: Manager) -> int:
    there.check_rights(options.action)
    before = there.state()
    if not before.installed:
        raise RequestError("Comptoir is not installed as a service", "There is nothing to take back.")
    carry_out(there.uninstall(before))
    tell(tr("The service is removed."))
    tell(tr("Its data are kept: %(folder)s", folder=before.data or data_folder(options)))
    return 0


def _start(options: argparse.Namespace, there: Manager) -> int:
    there.check_rights(options.action)
    before = _installed(there)
    folder = Path(before.data) if before.data else data_folder(options)
    # A mistake in the configuration is said here, not by a service that nobody sees.
    options.data, options.config = folder, Path(before.config) if before.config else None
    config = configuration(options, folder)
    carry_out(there.start())
    tell(tr("The service runs."))
    _where(before.role or "station", config, folder)
    return 0


def _stop(options: argparse.Namespace, there: Manager) -> int:
    there.check_rights(options.action)
    _installed(there)
    carry_out(there.stop())
    tell(tr("The service is stopped; what was accepted is on disk. It starts again with the computer."))
    return 0


def _status(options: argparse.Namespace, there: Manager) -> int:
    found = there.state()
    if options.json:
        told = {
            "status": found.status, "role": found.role, "enabled": found.enabled, "account": found.account,
            "command": list(found.command), "data": found.data, "detail": found.detail,
        }  # fmt: skip
        print(as_json(told))
    else:
        _describe(found)
    return 0 if found.status == "running" else FAILED


def _describe(found: State) -> None:
    words = {
        "absent": tr("Comptoir is not installed as a service: comptoir service install"),
        "stopped": tr("The service is stopped."),
        "starting": tr("The service is starting."),
        "running": tr("The service runs."),
        "stopping": tr("The service is stopping."),
        "failed": tr("The service has failed, and is started again in a moment."),
    }
    tell(words[found.status])
    if found.command:
        tell(f"    {' '.join(found.command)}")
    if found.data:
        tell(tr("Its data are in %(folder)s", folder=found.data))
    if found.installed and not found.enabled:
        tell(tr("It does not start by itself."))


def _carry_out(plan: Sequence[Step], there: Manager, before: State) -> None:
    """What ran before is not left stopped by an update that failed. Raises ComptoirError."""
    try:
        carry_out(plan)
    except ComptoirError:
        with suppress(ComptoirError):
            if before.status == "running" and there.state().status == "stopped":
                carry_out(there.start())
        raise


def _try(wanted: Installation) -> None:
    """Whether Python finds everything when a service runs it. Raises RequestError."""
    if not is_program_file():
        main = wanted.program.index(str(MAIN))
        options = [word for word in wanted.program[main + 1 :] if word != HOST]
        if why := trouble((*wanted.program[: main + 1], HOST, "--check", *options)):
            raise RequestError(
                f"as a service, Comptoir would not find all of its parts: {why}",
                "They are installed for you alone. Install Comptoir for everybody, as an administrator.",
            )


def _refuse_other(folder: Path) -> None:
    """The service is given the folder with all that is in it. Raises RequestError for one that has other things,
    ConfigError for one that cannot be read."""
    try:
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    except OSError as error:
        raise not_writable(folder, error) from None
    strange = folder != default_folder() and there and not there & OURS
    if strange or Path.home().is_relative_to(folder):
        raise RequestError(
            f"the folder {folder} has other things in it than the data of Comptoir",
            "All that is in the data folder would be the service's. Choose one of its own: --data DIR",
        )


def _refuse_used(folder: Path) -> None:
    """Raises RequestError where a Comptoir of a person works with these data: the service could not."""
    for role in data_version.ROLES:
        if (file := folder / f"{role}.lock").is_file() and not file.is_symlink():
            try:
                with FileLock(file, timeout=0):
                    pass
            except (Timeout, OSError):
                raise RequestError(
                    f"another Comptoir ({role}) works with the data in {folder} already",
                    "End it, and repeat this command.",
                ) from None


def _installed(there: Manager) -> State:
    """Raises RequestError where nothing is."""
    found = there.state()
    if not found.installed:
        raise RequestError("Comptoir is not installed as a service", "Install it: comptoir service install")
    return found


def _where(role: Role, config: Config, folder: Path) -> None:
    """The addresses of its pages, and what the first visitor needs."""
    for part in ("station", "hub") if role == "up" else (role,):
        one = config.station if part == "station" else config.hub
        if not one.port:
            continue  # another one each time: its log says it
        address = f"http://{here(one.host)}:{one.port}/"
        tell(tr("Its page, on this computer: %(address)s", address=address))
        if not comptoir_comes(one.host, one.port):
            tell(tr("It does not answer yet. Its log says more: %(folder)s", folder=folder / "logs"))
        if not is_loopback(one.host) and (code := start_code.find(folder / part)):
            tell(tr("No password is set. From another computer, the start code sets it: %(code)s", code=code))


def _command(action: str, options: argparse.Namespace) -> str:
    sudo = "sudo " if os.name != "nt" and not options.user else ""
    return f"{sudo}comptoir service {action}{' --user' if options.user else ''}"


_ACTIONS = {"install": _install, "uninstall": _uninstall, "start": _start, "stop": _stop, "status": _status}
