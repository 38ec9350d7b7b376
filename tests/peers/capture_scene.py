"""Sources that capture, as a test sets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from comptoir.core.kept import SourceState


@dataclass
class FakeCapturing:
    """`web.capture_desk.CaptureDesk`: its states are those that a test has put there."""

    found: list[SourceState] = field(default_factory=list)
    on_change: list[Callable[[str], None]] = field(default_factory=list)

    def states(self) -> Sequence[SourceState]:
        return self.found
