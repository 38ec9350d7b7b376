"""What the journal keeps beside documents and jobs: the chain of events, and the questions one can ask of it.

The chain: each event carries SHA-256(hash of the one before ‖ its own fields). A changed, removed or inserted event
breaks every hash after it. Whoever can write the whole file can also rebuild the whole chain: the head's hash must be
noted elsewhere to prove more than that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from comptoir.core.job import Job, Status

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal. `body` is the JSON text that was hashed."""

    seq: int
    at: int
    kind: str
    job_id: int | None
    body: str
    hash: bytes


def link(previous: bytes, seq: int, at: int, kind: str, job_id: int | None, body: str) -> bytes:
    """The hash of an event that follows the one with the hash `previous`."""
    fields = f"{seq}\n{at}\n{kind}\n{'' if job_id is None else job_id}\n{body}"
    return hashlib.sha256(previous + fields.encode()).digest()


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a submission. `fresh` is False where the key was known: `job` is then the first one."""

    job: Job
    fresh: bool


@dataclass(frozen=True, slots=True)
class JobQuery:
    """Which jobs, newest first: of these statuses, of this destination, below (older than) this id, at most so many."""

    status: tuple[Status, ...] = ()
    destination: str = ""
    below: int | None = None
    #: ids above this one, oldest first: how a caller follows what is new
    after: int | None = None
    limit: int = 50
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events, newest first: of these kinds, at `since` or later and before `until` (ms), below this number.

    `apart`: only those that belong to no job; found by time without looking at the others, however many there are.
    """

    kinds: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    below: int | None = None
    limit: int = 50
    apart: bool = True


CredentialKind = Literal["station", "client", "session", "password", "pairing"]


@dataclass(frozen=True, slots=True)
class Credential:
    """Somebody who may do something. `secret` is a hash, never the secret itself.

    station and client: SHA-256 of a random token; session: SHA-256 of the cookie; password: bcrypt; pairing: SHA-256 of
    the short code.
    """

    kind: CredentialKind
    name: str
    secret: str
    created_at: int
    expires_at: int | None = None
    seen_at: int | None = None
    #: what else is known: for a station the identity of its journal and its printers (JSON)
    data: str = ""
