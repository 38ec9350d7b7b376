"""Documents, submissions and jobs for tests, with one word where the real ones need many."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from comptoir.core.document import Document, Origin, Submission
from comptoir.core.job import Job


def submission(
    content: bytes | str = "Hello world", destination: str = "TICKET", source: str = "api", **more: Any
) -> Submission:
    """A submission of these bytes. `name` and `media_type` go to the document, the rest to the submission."""
    data = content.encode() if isinstance(content, str) else content
    document = Document.of(data, more.pop("media_type", "text/plain"), more.pop("name", ""))
    origin = Origin(source, more.pop("user", ""), more.pop("host", ""))
    return Submission(document, origin, destination, **more)


def job(number: int, content: bytes | str = "Hello world", **more: Any) -> Job:
    """A job that is pending at TICKET."""
    data = content.encode() if isinstance(content, str) else content
    fields: dict[str, Any] = {
        "uid": f"{number:032x}",
        "document": Document.of(data, "text/plain"),
        "origin": Origin("api"),
        "destination": "TICKET",
        "state": "pending",
        "created_at": 0,
        "updated_at": 0,
    }
    return Job(number, **{**fields, **more})


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    """The chunks one after the other, as a network brings them."""
    for chunk in chunks:
        yield chunk
