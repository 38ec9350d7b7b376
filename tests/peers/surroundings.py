"""What surrounds a capturing source behind which there is no printer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from comptoir.core.job import Job
from comptoir.core.ports import Clock, Journal, Take
from comptoir.sources.surroundings import Surroundings


def without_printer(take: Take, journal: Journal, clock: Clock, folder: Path, **more: Any) -> Surroundings:
    """`more`: what is otherwise there, as `Surroundings` calls it."""
    usual: dict[str, Any] = {
        "context": lambda: None, "ask": _silent, "trouble": lambda source: None, "withdraw": _too_late,
        "language": lambda: "en",
    }  # fmt: skip
    return Surroundings(take, journal, clock, folder, **{**usual, **more})


async def _silent(source: str, question: bytes, seconds: float) -> bytes:
    return b""


async def _too_late(job: Job, by: str) -> bool:
    return False
