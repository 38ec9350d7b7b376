"""The real clock. Everything else takes its time from `core.ports.Clock`, so that tests can set it."""

from __future__ import annotations

import time


class SystemClock:
    """The wall clock of this machine."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        return time.time_ns() // 1_000_000
