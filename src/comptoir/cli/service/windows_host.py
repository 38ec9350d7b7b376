"""What the service manager of Windows starts: it hosts one role, and speaks with the manager meanwhile.

The same for Python and for comptoir.exe. Between the manager and a Python stand four traps: PYTHONPATH and the folder
of packages that belong to a person, the working directory, which is System32; and the python.exe of a virtual
environment, which only starts another one, whom the manager does not know. So the manager starts the interpreter
itself, isolated (-I), with this package by its path, and with the environment's folder (--venv).
"""

from __future__ import annotations

import argparse
import logging
import os
import site
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from comptoir.children import is_program_file
from comptoir.cli.service.installation import NAME, ROLES, roles_of

if TYPE_CHECKING:
    from comptoir.config import Config

#: ms that the manager is asked to wait: a journal of years may be brought to a newer form
STARTING: Final = 120_000
STOPPING: Final = 10_000
#: a file of Windows whose messages 1 to 1000 are the text as it is: the event viewer finds it without us
MESSAGES: Final = r"%SystemRoot%\System32\EventCreate.exe"
#: the exit code for what nobody foresaw
FAILED: Final = 1
#: winsvc.h: states, and the controls that are understood
STOPPED, START_PENDING, STOP_PENDING, RUNNING = 1, 2, 3, 4
ACCEPT_STOP, ACCEPT_SHUTDOWN = 1, 4
#: what a process says that the manager has not started
_NOT_STARTED_BY_IT: Final = 1063
_SPECIFIC: Final = 1066  # ERROR_SERVICE_SPECIFIC_ERROR: the other code tells

log = logging.getLogger("comptoir")


def main(arguments: Sequence[str]) -> int:
    """Host the service until the manager ends it; the exit code."""
    options = arguments_parser().parse_args(arguments)
    if options.venv:
        _enter(options.venv)
    if options.check:
        import comptoir.cli.services  # noqa: F401, PLC0415 - whether all of it is found

        return 0
    if sys.platform == "win32":
        import pywintypes  # noqa: PLC0415 - after --venv is known
        import servicemanager  # noqa: PLC0415
        import win32api  # noqa: PLC0415

        # When a person signs off, Windows would end this process as it ends theirs.
        win32api.SetConsoleCtrlHandler(lambda event: True, True)
        servicemanager.Initialize(NAME, os.path.expandvars(MESSAGES))
        servicemanager.PrepareToHostSingle(_host(options))
        try:
            dispatch: Callable[[], None] = servicemanager.StartServiceCtrlDispatcher
            dispatch()
            return 0
        except pywintypes.error as error:
            if error.winerror != _NOT_STARTED_BY_IT:
                raise
    print("comptoir: only the service manager of Windows starts this. Type: comptoir service start", file=sys.stderr)
    return 2


def arguments_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="comptoir --service")
    parser.add_argument("--venv", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("role", choices=ROLES, nargs="?", default="station")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--data", type=Path, default=Path())
    parser.add_argument("--config", type=Path)
    parser.set_defaults(port=None, hub_port=None)
    return parser


def _enter(environment: Path) -> None:
    """Find what a virtual environment has, here and in the processes that are started from here."""
    site.addsitedir(str(environment / "Lib" / "site-packages"))  # and what its .pth files name: pywin32 has one
    sys.executable = str(environment / "Scripts" / "python.exe")


def _host(options: argparse.Namespace) -> type[Any]:
    """The class whose one object pywin32 makes when the manager starts the service."""
    if sys.platform == "win32":
        import win32serviceutil  # noqa: PLC0415 - after --venv is known

        class Host(Hosted, win32serviceutil.ServiceFramework):
            _svc_name_ = NAME

            def __init__(self, arguments: Sequence[str]) -> None:
                win32serviceutil.ServiceFramework.__init__(self, arguments)
                Hosted.__init__(self, options, self.ReportServiceStatus)

        return Host
    raise AssertionError("only on Windows")


class Hosted:
    """What the manager and the role have to say to each other: a `Supervisor`, with the methods that pywin32 calls.

    `report`: its ReportServiceStatus(status, ms that it may take, error, error of ours).
    """

    def __init__(self, options: argparse.Namespace, report: Callable[..., None]) -> None:
        self._options = options
        self._report = report
        self._asked = threading.Event()
        self._ask: Callable[[], None] = lambda: None

    # -- what the manager says: in the main thread --------------------------------------------------------------------

    def GetAcceptedControls(self) -> int:  # noqa: N802 - pywin32's names
        return ACCEPT_STOP | ACCEPT_SHUTDOWN

    def SvcStop(self) -> None:  # noqa: N802
        self._report(STOP_PENDING, STOPPING)
        self._asked.set()
        self._ask()

    SvcShutdown = SvcStop

    def SvcInterrogate(self) -> None:  # noqa: N802
        """Nothing: it was told each change."""

    # -- what runs: in a thread of pywin32 ----------------------------------------------------------------------------

    def SvcRun(self) -> None:  # noqa: N802
        self._report(START_PENDING, STARTING)
        self._options.supervisor = self
        self.ended(carry_out(self._options))

    def hear(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        if self._asked.is_set():
            ask()

    def started(self, config: Config) -> None:
        self._report(RUNNING)
        threading.Thread(target=arrange, args=(config, self._options), daemon=True).start()

    def ending(self) -> None:
        self._report(STOP_PENDING, STOPPING)

    def ended(self, code: int) -> None:
        """Says how it ended, and ends: pywin32 would say after us that all was well."""
        logging.shutdown()
        self._report(STOPPED, 0, *((_SPECIFIC, code) if code else (0, 0)))
        os._exit(code)


def carry_out(options: argparse.Namespace) -> int:
    """Run the role; its exit code. What keeps it from running is said in the event log."""
    tell_windows()
    try:
        from comptoir.cli import services  # noqa: PLC0415 - after --venv is known, and the manager has heard of us
        from comptoir.core.errors import ComptoirError, ConfigError  # noqa: PLC0415

        log.info("the service starts: %s", options.role)
        try:
            code: int = getattr(services, options.role)(options)
        except ComptoirError as error:
            log.error("the service cannot start: %s", error.sentences)
            return 2 if isinstance(error, ConfigError) else FAILED
        log.info("the service has stopped")
        return code
    except BaseException:
        log.exception("the service has failed")
        return FAILED


def arrange(config: Config, options: argparse.Namespace) -> None:
    """What Windows is to know each time the services stand: the settings may have opened or closed the network, or
    have made the file that everybody may read."""
    from comptoir.cli.service import windows  # noqa: PLC0415 - after --venv is known
    from comptoir.cli.service.acting import carry_out as act  # noqa: PLC0415
    from comptoir.config_file import FILE  # noqa: PLC0415
    from comptoir.windows import access  # noqa: PLC0415

    opened = windows.openings(config, roles_of(options.role))
    # Of an environment, its own python.exe is none that listens.
    listens = sys.executable if is_program_file() else getattr(sys, "_base_executable", sys.executable)
    act(windows.firewall(opened, listens))
    if opened.tcp:
        ports = ", ".join(map(str, sorted(opened.tcp)))
        log.info("the firewall of Windows is asked to let other computers come to %s", ports)
    file = options.data / FILE
    with suppress(OSError):
        if file.exists():
            access.share(file, own=True)  # the service's account may be another one than LocalSystem


def tell_windows() -> None:
    """From now on its event log has our warnings and errors, and when we start and stop."""
    from logging.handlers import NTEventLogHandler  # noqa: PLC0415

    handler = NTEventLogHandler(NAME, MESSAGES)
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name == log.name)
    log.addHandler(handler)
