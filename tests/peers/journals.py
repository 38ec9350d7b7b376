"""The journals that the contract suite is run on, and short words for what it does with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.peers.papers import submission

from comptoir.core.job import Change, Evidence
from comptoir.core.ports import Journal

#: kind → the `database` of the configuration for a test's own folder; a new journal joins by one line
OPENERS: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: "",
}
#: more than stands in a row
LARGE = b"a large document " * 20_000

Again = Callable[[], Awaitable[Journal]]
"""Opens the journal; called again, closes it and opens it again."""


async def accepted(journal: Journal, content: bytes | str = "Hello world", **more: object) -> int:
    """Accept a submission; the job's number."""
    return (await journal.accept(submission(content, **more))).job.id  # type: ignore[arg-type]


async def finish(journal: Journal, number: int) -> None:
    """The job is printed."""
    assert list(await journal.record([Change(number, "completed", evidence=Evidence("sent"))])) == [True]
