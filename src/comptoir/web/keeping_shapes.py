"""The JSON shapes of keeping: what the command line tells of an export that it has made. Values only."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(max_length=300)]
Day = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2}|)\Z")]


class ExportMade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An export that stands somewhere: who has made it, what of, and the SHA-256 of its manifest. size: bytes."""

    by: Text
    documents: Annotated[int, Meta(ge=1)]
    size: Annotated[int, Meta(ge=0)]
    manifest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    since: Day = ""
    until: Day = ""
    unreadable: list[int] = []


class ExportNoted(msgspec.Struct, frozen=True):
    """It stands in the journal."""

    noted: bool
