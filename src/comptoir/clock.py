"""The real clocks. Everything else takes the time of day from `core.ports.Clock`, so that tests can set it."""

from __future__ import annotations

import os
import re
import sys
import time
from typing import Final

#: what Windows' library knows as a time zone in TZ: CET-1CEST; other systems' names it takes for UTC
_ZONE_OF_WINDOWS: Final = re.compile(r"[A-Za-z]{3}[+-]?[0-9]")


class SystemClock:
    """The wall clock of this machine."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        return time.time_ns() // 1_000_000


if sys.platform == "win32":
    import ctypes

    def steady() -> float:
        """Seconds of a clock that nobody sets, and that goes on while this computer sleeps."""
        return time.monotonic()

    def awake() -> float:
        """Seconds of a clock that nobody sets, and that stands still while this computer sleeps."""
        told = ctypes.c_ulonglong()
        # In units of 100 ns. GetTickCount64 and the performance counter, which Python uses, count sleep.
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(told))
        return told.value / 10_000_000

    def heed_time_zone() -> None:
        """The system's time zone from now on, also where it was changed since this process began."""
        if not _ZONE_OF_WINDOWS.match(os.environ.get("TZ", "XXX0")):
            del os.environ["TZ"]  # of a shell that came from another system: Europe/Paris
        ctypes.cdll.ucrtbase._tzset()

else:
    #: of Linux; Darwin's monotonic one goes on in sleep, and Python's `time.monotonic` there is another one
    _GOES_ON: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

    def steady() -> float:
        """Seconds of a clock that nobody sets, and that goes on while this computer sleeps."""
        return time.clock_gettime(_GOES_ON)

    def awake() -> float:
        """Seconds of a clock that nobody sets, and that stands still while this computer sleeps."""
        return time.monotonic()

    def heed_time_zone() -> None:
        """The system's time zone from now on, also where it was changed since this process began."""
        time.tzset()
