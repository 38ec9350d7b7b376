"""What pages and API may ask of the sources that capture prints; `station/capture/capturing.py` answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from comptoir.core.kept import SourceState


class CaptureDesk(Protocol):
    """on_change: called with the name of a source whose state has changed."""

    on_change: list[Callable[[str], None]]

    def states(self) -> Sequence[SourceState]:
        """How each source fares, in the order of the configuration."""
        ...
