"""Lots: several files that are one unit. Their document is a manifest, a JSON text that names each member's bytes.

The manifest is immutable as any document, and the same for the same members: so a lot has a digest as a file has one.
A sink that can deliver several files at once reads it; a printer prints the members.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from comptoir.core.document import Document
from comptoir.core.errors import FormatError

#: the media type of a manifest
LOT: Final = "application/vnd.comptoir.lot+json"


def manifest(members: Sequence[Document]) -> bytes:
    """The document of a lot. Members are named as they stand in it: `name` may hold / for directories below it."""
    rows = [
        {"name": one.name, "digest": one.digest, "size": one.size, "media_type": one.media_type}
        for one in sorted(members, key=lambda one: (one.name, one.digest))
    ]
    return json.dumps({"members": rows}, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def members(content: bytes) -> tuple[Document, ...]:
    """The documents that a manifest names, in its order; the store has them by their digests. Raises FormatError."""
    try:
        rows = json.loads(content.decode("utf-8", "surrogatepass"))["members"]
        return tuple(Document(row["digest"], row["size"], row["media_type"], row["name"]) for row in rows)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(f"this is no manifest of a lot: {error}") from None
