"""A clock that stands until it is told to go on."""

from __future__ import annotations

START = 1_795_000_000_000  # 2026-11-18


class FakeClock:
    """`core.ports.Clock` for tests."""

    def __init__(self, at: int = START) -> None:
        self.at = at

    def now(self) -> int:
        """Milliseconds since 1970 UTC, as last set."""
        return self.at

    def advance(self, ms: int) -> None:
        """Let this many milliseconds pass."""
        self.at += ms
