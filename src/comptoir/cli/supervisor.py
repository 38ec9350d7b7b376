"""Who started this process and watches over it: a person at a terminal, systemd, launchd.

It is told when the services stand, and it says when they are to end. The service manager of Windows is another one:
`service/windows_host.py`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from comptoir.config import Config

#: seconds that a console of Windows, closed, leaves its programs
CLOSING: Final = 4.5


class Supervisor(Protocol):
    def hear(self, ask: Callable[[], None]) -> None:
        """From now on, call this when the process is to end: from any thread, once or more often."""

    def started(self, config: Config) -> None:
        """The services stand, with this configuration: for the first time, or anew."""

    def ending(self) -> None:
        """They stop now."""

    def ended(self, code: int) -> None:
        """The process ends at once, whatever has not stopped by now."""


class Outside:
    """Signals, and the console's of Windows; systemd is told what it waits for. Made in the main thread."""

    def __init__(self) -> None:
        self._manager = os.environ.get("NOTIFY_SOCKET", "")

    def hear(self, ask: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        for number in _signals():
            try:
                loop.add_signal_handler(number, ask)
            except NotImplementedError:  # Windows
                signal.signal(number, lambda *_: ask())
        _hear_console(ask)

    def started(self, config: Config) -> None:
        self._tell("READY=1")

    def ending(self) -> None:
        self._tell("STOPPING=1")

    def ended(self, code: int) -> None:
        """Nothing: the end of the process says it."""

    def _tell(self, what: str) -> None:
        """sd_notify(3): a datagram to the socket that systemd names; an @ stands for the abstract name's zero."""
        if sys.platform != "win32" and self._manager:
            address = f"\0{self._manager[1:]}" if self._manager.startswith("@") else self._manager
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
                to.sendto(what.encode(), address)


def _signals() -> tuple[int, ...]:
    if sys.platform == "win32":
        return signal.SIGINT, signal.SIGTERM, signal.SIGBREAK
    else:  # noqa: RET505 - the type checker knows it so
        return signal.SIGINT, signal.SIGTERM


def _hear_console(ask: Callable[[], None]) -> None:
    """Windows: the window is closed, the person signs off, the computer ends."""
    if sys.platform == "win32":
        import win32api  # noqa: PLC0415 - only there
        import win32con  # noqa: PLC0415

        def told(event: int) -> bool:
            if event not in (win32con.CTRL_CLOSE_EVENT, win32con.CTRL_LOGOFF_EVENT, win32con.CTRL_SHUTDOWN_EVENT):
                return False  # Ctrl+C and Ctrl+Break come as signals
            ask()
            # Windows ends the process when this returns; it ends by itself before.
            threading.Event().wait(CLOSING)
            return True

        win32api.SetConsoleCtrlHandler(told, True)
