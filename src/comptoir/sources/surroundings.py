"""What a station gives to each source that captures prints. Sources know no station."""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from comptoir.core.job import Job
from comptoir.core.kept import SourceState
from comptoir.core.ports import Clock, Journal, Source, Take


class CaptureSource(Source, Protocol):
    """A source that captures. It is made by `make(config, surroundings)` of its module, as `CAPTURING` names it."""

    #: called, on the event loop, when `state` has changed
    on_change: list[Callable[[], None]]

    def state(self) -> SourceState:
        """How it fares at this moment; cheap."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """folder: the data folder, for secrets."""

    take: Take
    journal: Journal
    clock: Clock
    folder: Path
    #: the station's certificate, for what listens; None: there is none yet
    context: Callable[[], ssl.SSLContext | None]
    #: put a question to the printer to which a source's documents go: its answer, empty for none within the seconds
    ask: Callable[[str, bytes, float], Awaitable[bytes]]
    #: why what a source takes cannot be printed at this moment: (reason, message); None: it can, or is not printed
    trouble: Callable[[str], tuple[str, str] | None]
    #: withdraw a job that has not begun, for somebody; False: it was too late to
    withdraw: Callable[[Job, str], Awaitable[bool]]
    #: in which language log and messages are: fr, en
    language: Callable[[], str]
    #: source, the sender's address, what a till sent to open a drawer (ESC p, DLE DC4 1) → whether it was opened: now
    #: or never, under the drawer's own guard. None: there is no drawer, and the pulse is forgotten
    pulse: Callable[[str, str, bytes], Awaitable[bool]] | None = None

    def own(self, source: str) -> Path:
        """The folder in which a source remembers by itself; told apart by a hash, as file systems fold names."""
        readable = re.sub(r"[^A-Za-z0-9-]+", "-", source).strip("-").lower()[:32]
        return self.folder / "sources" / f"{readable}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"
