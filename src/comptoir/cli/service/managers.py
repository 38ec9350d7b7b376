"""The three managers as one: what this system has, asked and planned for by the same words."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

import comptoir
from comptoir.children import is_program_file
from comptoir.cli.place import not_writable
from comptoir.cli.service import accounts, launchd, systemd, windows, windows_manager
from comptoir.cli.service.acting import answer
from comptoir.cli.service.installation import NAME, Installation, Role, State
from comptoir.cli.service.plan import Control, Place, Step, Withdraw
from comptoir.cli.service.program import NAME as PROGRAM
from comptoir.cli.service.program import refuse_older, this_program, usual_folder
from comptoir.cli.speech import tr
from comptoir.core.errors import RequestError
from comptoir.windows.access import CHANGING, is_link, others_who_may, stranger_in

#: run by its path, so that a service needs no variable to find it
MAIN: Final = Path(comptoir.__file__).parent / "__main__.py"


class Manager(Protocol):
    """What the command asks of one."""

    def check_rights(self, action: str) -> None:
        """Raises RequestError that says how to get them."""

    def wanted(self, role: Role, data: Path, config: Path | None, account: str) -> Installation: ...

    def install(self, wanted: Installation, *, start: bool) -> list[Step]:
        """Raises ConfigError where a newer program is there."""

    def uninstall(self, found: State) -> list[Step]: ...

    def start(self) -> list[Step]: ...

    def stop(self) -> list[Step]: ...

    def state(self) -> State:
        """Raises ComptoirError."""

    def advice(self, wanted: Installation) -> list[str]:
        """What else the person should know, in sentences."""


def manager(*, user: bool) -> Manager:
    """This system's. `user`: a person's own service. Raises RequestError where there is none."""
    if sys.platform == "win32":
        if user:
            raise RequestError(
                "Windows has services of the computer only",
                "As an administrator, without --user: comptoir service install",
            )
        return WindowsManager()
    else:  # noqa: RET505 - the type checker knows it so
        return Launchd(user) if sys.platform == "darwin" else _systemd(user)


def _systemd(user: bool) -> Manager:
    if shutil.which("systemctl") is None:
        raise RequestError("this system has no systemd", "Have what it has instead start: comptoir station")
    return Systemd(user)


class _Posix:
    """What systemd and launchd have in common."""

    def __init__(self, user: bool) -> None:
        self._user = user

    def check_rights(self, action: str) -> None:
        if not self._user and accounts.number() != 0:
            raise RequestError(
                "only the administrator can change the services of this computer",
                f"Type: sudo comptoir service {action}; or add --user: a service of your own.",
            )

    def wanted(self, role: Role, data: Path, config: Path | None, account: str) -> Installation:
        return Installation(role, self._program(), data, config, "" if self._user else account or self._account())

    def advice(self, wanted: Installation) -> list[str]:
        return []

    def _program(self) -> tuple[str, ...]:
        if not is_program_file():
            # Without what a variable or a folder of this person adds; a service of one's own may have it.
            return (sys.executable, "-P" if self._user else "-I", str(MAIN))
        return (sys.executable,) if self._user else (str(usual_folder() / PROGRAM),)

    def _place(self) -> list[Step]:
        """The program's own files to where all may run them."""
        program = None if self._user else this_program()
        if program:
            refuse_older(usual_folder())
        return [Place(program, usual_folder())] if program else []

    def _withdraw(self, found: State) -> list[Step]:
        """What `_place` has put there, where the service ran it."""
        ours = not self._user and found.command[:1] == (str(usual_folder() / PROGRAM),)
        return [Withdraw(usual_folder())] if ours else []

    def _account(self) -> str:
        raise NotImplementedError


class Systemd(_Posix):
    """systemd: the system's, or a person's own."""

    def install(self, wanted: Installation, *, start: bool) -> list[Step]:
        steps = systemd.install(
            wanted,
            self._folder,
            accounts.groups(systemd.GROUPS),
            known=accounts.is_known(wanted.account),
            user=self._user,
            start=start,
        )
        return [*self._place(), *steps]

    def uninstall(self, found: State) -> list[Step]:
        return [*systemd.uninstall(self._folder, user=self._user), *self._withdraw(found)]

    def start(self) -> list[Step]:
        return systemd.start(user=self._user)

    def stop(self) -> list[Step]:
        return systemd.stop(user=self._user)

    def state(self) -> State:
        try:
            text = Path(self._folder / systemd.UNIT).read_text("utf-8")
        except OSError:
            return State()
        return systemd.state(answer(systemd.question(user=self._user)), text)

    def advice(self, wanted: Installation) -> list[str]:
        if not self._user:
            return []
        return [
            tr("To have it run when nobody is signed in: sudo loginctl enable-linger %(name)s", name=accounts.name())
        ]

    def _account(self) -> str:
        return systemd.ACCOUNT

    @property
    def _folder(self) -> PurePosixPath:
        if not self._user:
            return systemd.FOLDER
        home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
        return PurePosixPath(home) / "systemd" / "user"


class Launchd(_Posix):
    """launchd of macOS."""

    def install(self, wanted: Installation, *, start: bool) -> list[Step]:
        return [*self._place(), *launchd.install(wanted, self._folder, self._number, start=start)]

    def uninstall(self, found: State) -> list[Step]:
        return [*launchd.uninstall(self._folder, self._number), *self._withdraw(found)]

    def start(self) -> list[Step]:
        return launchd.start(self._folder, self._number)

    def stop(self) -> list[Step]:
        return launchd.stop(self._number)

    def state(self) -> State:
        try:
            content = Path(self._folder / launchd.FILE).read_bytes()
        except OSError:
            return State()
        return launchd.state(answer(launchd.question(self._number)), content)

    def _account(self) -> str:
        """Who typed sudo."""
        return os.environ.get("SUDO_USER", "")

    @property
    def _number(self) -> int | None:
        return accounts.number() if self._user else None

    @property
    def _folder(self) -> PurePosixPath:
        return PurePosixPath(os.path.expanduser("~")) / launchd.OWN_FOLDER if self._user else launchd.FOLDER


class WindowsManager:
    """The service manager of Windows. Whoever can change the program can do what the service can: everything; and so
    can whoever has written its configuration."""

    def check_rights(self, action: str) -> None:
        if sys.platform == "win32" and not windows_manager.is_administrator():
            raise windows_manager.denied()

    def wanted(self, role: Role, data: Path, config: Path | None, account: str) -> Installation:
        # LocalSystem needs no place in the folder's list of rights: it has one.
        named = "" if account.casefold() == "localsystem" else account
        return Installation(role, self._program(), data, config, named)

    def install(self, wanted: Installation, *, start: bool) -> list[Step]:
        if is_program_file():
            refuse_older(usual_folder())  # before the service is stopped for it
        _refuse_strange(Path(wanted.data), wanted.account)
        return windows.install(wanted, this_program(), start=start)

    def uninstall(self, found: State) -> list[Step]:
        folder = usual_folder()
        ours = found.command[:1] == (str(folder / PROGRAM),)
        return windows.uninstall(folder if ours else None)

    def start(self) -> list[Step]:
        return [Control(NAME, start=True)]

    def stop(self) -> list[Step]:
        return [Control(NAME, start=False)]

    def state(self) -> State:
        if sys.platform == "win32":
            return windows_manager.state()
        raise NotImplementedError

    def advice(self, wanted: Installation) -> list[str]:
        python, config = Path(wanted.program[0]), Path(wanted.config) if wanted.config else None
        program = () if is_program_file() else (MAIN, MAIN.parent, python, python.parent, Path(sys.prefix))
        said = []
        if names := _who_may_change(*program):
            said.append(tr("Careful: %(names)s can change the program, which runs with all rights here.", names=names))
        if config and (names := _who_may_change(config, config.parent)):
            said.append(
                tr("Careful: %(names)s can change what is set for a service with all rights here.", names=names)
            )
        return said

    def _program(self) -> tuple[str, ...]:
        if is_program_file():
            return (str(usual_folder() / PROGRAM), windows.HOST)
        base = getattr(sys, "_base_executable", "") or sys.executable
        environment = "" if sys.prefix == sys.base_prefix else sys.prefix
        return windows.program(windows.Python(base, environment, str(MAIN)))


def _who_may_change(*places: Path) -> str:
    found: dict[str, None] = {}
    for place in places:
        with suppress(OSError):
            found |= dict.fromkeys(others_who_may(place, CHANGING))
    return ", ".join(found)


def _refuse_strange(folder: Path, account: str) -> None:
    """Raises RequestError for a data folder that leads elsewhere, or holds what another person has put there."""
    try:
        if folder.exists() and is_link(folder):
            raise RequestError(f"the data folder {folder} is a link", "Name the folder itself: --data DIR")
        found = ": ".join(map(str, stranger_in(folder, account) or ()))
    except OSError as error:
        raise not_writable(folder, error) from None
    if found:
        raise RequestError(
            f"the service would obey what others have put into {folder}: {found}",
            f'Look at what is there. If it is to be so, repeat this command after: takeown /f "{folder}" /a /r',
        )
