"""Prints as sources capture them, with one word where the real ones need many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.peers.clock import START
from tests.peers.papers import submission

from comptoir.core.document import Document, Keep, Origin
from comptoir.core.kept import Capture, Filed, Filing, Part
from comptoir.core.ports import Journal

DATE = "2026-11-18"
KEEP = Keep(START + 1_000, DATE)


def capture(content: bytes | str = "Night audit", uid: str = "1", source: str = "office", **more: Any) -> Capture:
    """A print of these bytes. `user`, `host` and `name` go to its origin and document, `others` are further bytes."""
    data = content.encode() if isinstance(content, str) else content
    origin = Origin(source, more.pop("user", ""), more.pop("host", ""))
    printed = tuple(Part(Document.of(other), "printed") for other in more.pop("others", ()))
    document = more.pop("document", None) or Document.of(data, more.pop("media_type", ""), more.pop("name", ""))
    return Capture(origin, uid, (Part(document), *printed), **more)


def filing(one: Capture, *destinations: str, keep: Keep | None = KEEP, **more: Any) -> Filing:
    """With a job for each destination; `more` goes to the jobs."""
    jobs = tuple(replace(submission("", name), **more) for name in destinations)
    return Filing(one, keep, jobs)


async def filed(journal: Journal, *destinations: str, keep: Keep | None = KEEP, **more: Any) -> Filed:
    """File a print; `more` goes to the capture."""
    return await journal.keeping.file(filing(capture(**more), *destinations, keep=keep))


async def number(journal: Journal, *destinations: str, **more: Any) -> int:
    """File a print that is kept; its number."""
    found = (await filed(journal, *destinations, **more)).number
    assert found is not None
    return found
