"""The service manager of Windows, asked and told by pywin32. What it is told is decided in `windows.py`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from comptoir.cli.service.installation import NAME, State, Status
from comptoir.clock import SystemClock
from comptoir.core.errors import ComptoirError, RequestError

if TYPE_CHECKING:
    from comptoir.cli.service.installation import WindowsService

#: seconds to wait for a start, and for a stop
STARTS: Final = 120.0
STOPS: Final = 30.0
LOOK: Final = 0.2  # seconds between looks
#: winerror.h: not allowed; this Windows has no such setting
DENIED, UNKNOWN_LEVEL = 5, 124
#: it says nothing in time; it runs already; no such service; it does not run; it is being removed; there is one
SILENT, RUNNING, ABSENT, NOT_RUNNING, GOING, EXISTS = 1053, 1056, 1060, 1062, 1072, 1073
#: more events than this are not looked through for the last of ours
MOST_EVENTS: Final = 2_000

if sys.platform == "win32":
    import ctypes
    import time

    import pywintypes
    import win32con
    import win32evtlog
    import win32service

    #: the manager's numbers → ours
    STATES: Final[dict[int, Status]] = {
        win32service.SERVICE_STOPPED: "stopped",
        win32service.SERVICE_START_PENDING: "starting",
        win32service.SERVICE_RUNNING: "running",
        win32service.SERVICE_STOP_PENDING: "stopping",
    }
    _READING: Final = win32service.SERVICE_QUERY_CONFIG | win32service.SERVICE_QUERY_STATUS

    def register(service: WindowsService) -> None:
        """Make the service, or change the one that there is: its account stays. Raises ComptoirError."""
        kind = (
            win32service.SERVICE_WIN32_OWN_PROCESS,
            win32service.SERVICE_AUTO_START,
            win32service.SERVICE_ERROR_NORMAL,
        )
        with _told(service.name), _manager(win32service.SC_MANAGER_ALL_ACCESS) as manager:
            try:
                handle = win32service.CreateService(
                    manager, service.name, service.title, win32service.SERVICE_ALL_ACCESS, *kind,
                    service.command, None, False, None, None, None,
                )  # fmt: skip
            except pywintypes.error as error:
                if error.winerror != EXISTS:
                    raise
                handle = win32service.OpenService(manager, service.name, win32service.SERVICE_ALL_ACCESS)
                win32service.ChangeServiceConfig(
                    handle, *kind, service.command, None, False, None, None, None, service.title
                )
            try:
                _describe(handle, service)
            finally:
                win32service.CloseServiceHandle(handle)

    def _describe(handle: Any, service: WindowsService) -> None:
        actions = {
            "ResetPeriod": service.reset,
            "RebootMsg": "",
            "Command": "",
            "Actions": [(win32service.SC_ACTION_RESTART, wait) for wait in service.restarts],
        }
        told: tuple[tuple[int, Any], ...] = (
            (win32service.SERVICE_CONFIG_DESCRIPTION, service.summary),
            (win32service.SERVICE_CONFIG_FAILURE_ACTIONS, actions),
            # Also where it ends by itself: another program may have the port for a moment.
            (win32service.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, True),
            # A till prints as soon as there is a till.
            (win32service.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, False),
        )
        for level, value in told:
            try:
                win32service.ChangeServiceConfig2(handle, level, value)
            except pywintypes.error as error:
                if error.winerror != UNKNOWN_LEVEL:
                    raise

    def unregister(name: str = NAME) -> None:
        """Raises ComptoirError. Nothing where there is none."""
        with _told(name), _service(name, win32con.DELETE) as handle:
            if handle is not None:
                win32service.DeleteService(handle)

    def control(name: str, *, start: bool) -> None:
        """Start or stop it, and wait until it has. Raises ComptoirError: it is not there, it failed."""
        rights = _READING | win32service.SERVICE_START | win32service.SERVICE_STOP
        with _told(name), _service(name, rights) as handle:
            if handle is None:
                if start:
                    raise _absent()
                return
            _settle(handle)
            try:
                if start:
                    _begin(handle)
                else:
                    win32service.ControlService(handle, win32service.SERVICE_CONTROL_STOP)
            except pywintypes.error as error:
                if error.winerror not in (RUNNING, NOT_RUNNING):
                    raise
            _wait(handle, "running" if start else "stopped")

    def _begin(handle: Any) -> None:
        try:
            win32service.StartService(handle, None)
        except pywintypes.error as error:
            if error.winerror != SILENT:
                raise
            # A computer that has just started reads all of Python from its disk; the second time it is at hand.
            win32service.StartService(handle, None)

    def _status(handle: Any) -> Status:
        return STATES.get(win32service.QueryServiceStatus(handle)[1], "stopped")

    def _settle(handle: Any) -> None:
        """While it starts or stops, it is not to be told anything."""
        until = time.monotonic() + STARTS
        while _status(handle) in ("starting", "stopping") and time.monotonic() < until:
            time.sleep(LOOK)

    def _wait(handle: Any, wanted: Status) -> None:
        """Until it is so. Raises ComptoirError where it ends instead, or takes too long."""
        until = time.monotonic() + (STARTS if wanted == "running" else STOPS)
        since = SystemClock().now() / 1000 - STARTS
        while (status := _status(handle)) != wanted:
            if wanted == "running" and status == "stopped":
                raise ComptoirError(
                    f"the service has ended: {last_words(since) or 'it says no more'}",
                    "Windows starts it again in a moment; its log is in the data folder, and in the event viewer.",
                )
            if time.monotonic() > until:
                raise ComptoirError(f"the service is still {status}", "Look again in a minute: comptoir service status")
            time.sleep(LOOK)

    def state(name: str = NAME) -> State:
        """Raises ComptoirError."""
        with _told(name), _service(name, _READING) as handle:
            if handle is None:
                return State()
            found: Any = win32service.QueryServiceStatusEx(handle)  # a dict, whatever its types say
            config = win32service.QueryServiceConfig(handle)
        status: Status = STATES.get(found["CurrentState"], "stopped")
        if status == "stopped" and found["Win32ExitCode"] not in (0, 1077):  # 1077: not started since the computer is
            status = "failed"
        enabled = config[1] == win32service.SERVICE_AUTO_START
        return State(status, _words(config[3]), config[7], enabled)

    def last_words(since: float) -> str:
        """The last error of ours in the event log since then, in seconds since 1970; "" where there is none, or it
        cannot be read."""
        flags = win32evtlog.EVENTLOG_BACKWARDS_READ | win32evtlog.EVENTLOG_SEQUENTIAL_READ
        try:
            log = win32evtlog.OpenEventLog("", "Application")
            seen = 0
            while seen < MOST_EVENTS and (events := win32evtlog.ReadEventLog(log, flags, 0)):
                seen += len(events)
                for event in events:
                    if event.TimeGenerated.timestamp() < since:
                        return ""  # another day's
                    if event.SourceName == NAME and event.EventType == win32evtlog.EVENTLOG_ERROR_TYPE:
                        return " ".join(event.StringInserts or ())
        except pywintypes.error:
            pass
        return ""

    def is_administrator() -> bool:
        return bool(ctypes.windll.shell32.IsUserAnAdmin())

    @contextmanager
    def _manager(rights: int) -> Iterator[Any]:
        manager = win32service.OpenSCManager(None, None, rights)
        try:
            yield manager
        finally:
            win32service.CloseServiceHandle(manager)

    @contextmanager
    def _service(name: str, rights: int) -> Iterator[Any]:
        """A handle; None where there is no such service."""
        with _manager(win32service.SC_MANAGER_CONNECT) as manager:
            try:
                handle = win32service.OpenService(manager, name, rights)
            except pywintypes.error as error:
                if error.winerror != ABSENT:
                    raise
                handle = None
            try:
                yield handle
            finally:
                if handle is not None:
                    win32service.CloseServiceHandle(handle)

    @contextmanager
    def _told(name: str) -> Iterator[None]:
        """What pywin32 raises, in words."""
        try:
            yield
        except pywintypes.error as error:
            if error.winerror == DENIED:
                raise denied() from None
            if error.winerror == GOING:
                raise ComptoirError(
                    "Windows is still removing the service",
                    "Close the windows Services and Event Viewer, and repeat this command.",
                ) from None
            raise ComptoirError(f"the service {name}: {error.strerror}", "Nothing more was done.") from None

    def _words(line: str) -> tuple[str, ...]:
        """A command line, as Windows splits it."""
        split = ctypes.windll.shell32.CommandLineToArgvW
        split.restype = ctypes.POINTER(ctypes.c_wchar_p)
        count = ctypes.c_int()
        words = split(ctypes.c_wchar_p(line), ctypes.byref(count))
        return tuple(str(words[index]) for index in range(count.value))


def denied() -> RequestError:
    return RequestError(
        "only an administrator can change services",
        "Open the start menu, type cmd, choose “Run as administrator”, and repeat this command there.",
    )


def _absent() -> RequestError:
    return RequestError("Comptoir is not installed as a service", "Install it: comptoir service install")
