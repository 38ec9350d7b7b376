"""The real clock, and that nobody else looks at the time of day."""

from __future__ import annotations

import re
import time
from pathlib import Path

from comptoir.clock import SystemClock

SOURCE = Path(__file__).parent.parent / "src" / "comptoir"


def test_it_says_the_milliseconds_of_this_machine() -> None:
    before = time.time_ns() // 1_000_000
    now = SystemClock().now()
    assert before <= now <= time.time_ns() // 1_000_000


def test_nothing_else_asks_the_wall_clock() -> None:
    """Decisions take their time from core.ports.Clock. Devices and the command line may measure durations; the CUPS
    backend is a program of its own."""
    pattern = re.compile(r"\btime\.time(_ns)?\(|datetime\.now\(|datetime\.utcnow\(")
    users = {
        path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if pattern.search(path.read_text("utf-8"))
    }
    assert {user for user in users if not user.startswith("devices/")} <= {"clock.py", "capture_backend.py"}
