"""A run of pytest on Windows that says at its end how many tests passed there: `-p tests.peers.counted`.

`verdict` is for the side that started it. A run that was skipped, or stopped collecting half of its tests, must not
look like one that passed.
"""

from __future__ import annotations

import re
import sys
from typing import Final

import pytest

_LINE: Final = "on {platform}: {passed} passed, {failed} failed"
_SAID: Final = re.compile(r"^on (?P<platform>\w+): (?P<passed>\d+) passed, (?P<failed>\d+) failed\r?$", re.MULTILINE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed, failed, errors = (len(terminalreporter.getreports(outcome)) for outcome in ("passed", "failed", "error"))
    terminalreporter.write_line(_LINE.format(platform=sys.platform, passed=passed, failed=failed + errors))


def verdict(code: int, said: str, least: int) -> str:
    """What is wrong with a run that ended so and said this; empty: at least so many passed, on Windows, and all did."""
    found = _SAID.search(said)
    if found is None:
        return "it did not come to its end"
    if found["platform"] != "win32":
        return f"it ran on {found['platform']}"
    if code or int(found["failed"]):
        return f"{found['failed']} failed, exit code {code}"
    if int(found["passed"]) < least:
        return f"{found['passed']} passed, which is fewer than {least}"
    return ""
