"""What checking a journal finds, and how a checker reads text that may be damaged. It checks nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

MOST = 100  # findings: a torn file has as many as one likes

#: whether a text is a digest; any other would name any file of this machine
is_digest = re.compile(r"[0-9a-f]{64}").fullmatch


@dataclass(slots=True)
class Report:
    """What was found: `findings` are sentences, none where all is as it was written; `head`: the last hash, in hex.

    `documents`: how many were read. kept, partial, held, eliminated: of the archive; `bytes`: of its documents that
    were read for themselves.
    """

    events: int = 0
    documents: int = 0
    head: str = ""
    kept: int = 0
    partial: int = 0
    held: int = 0
    eliminated: int = 0
    bytes: int = 0
    findings: list[str] = field(default_factory=list)

    def add(self, finding: str) -> None:
        """Note it, unless it is noted already or there are too many."""
        if len(self.findings) < MOST and finding not in self.findings:
            self.findings.append(finding)


@dataclass(slots=True)
class Doubt:
    """What changed events told of: the numbers of jobs, originals and kept documents. What they say proves nothing."""

    jobs: set[int | None] = field(default_factory=set)
    originals: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)


def object_of(text: object) -> dict[str, object]:
    """A JSON object; empty for anything else."""
    try:
        found = json.loads(str(text))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
