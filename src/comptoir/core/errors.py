"""The errors that a person can meet, as a tree. Each says what was being done, why it failed and what to do about it.

    ComptoirError
    ├── ConfigError        a wrong key or value in the configuration
    ├── RequestError       a caller asked for something that cannot be: answered with a 4xx
    │   ├── TooLarge · UnknownName · KeyConflict · WrongState
    ├── FormatError        a document cannot be read, or this printer cannot print its kind
    ├── JournalError       the durable record cannot be written or read
    └── DeliveryError      a sink could not deliver; the kind decides what happens next
        ├── NotSent        certainly nothing was printed: the job is tried again
        ├── Withdrawn      cancelled or expired before its first byte
        ├── Refused        certainly nothing was printed, and trying again is useless
        └── OutcomeUnknown something may have been printed: a person decides

Nothing here logs or prints; the loop that catches an error does, once.
"""

from __future__ import annotations


class ComptoirError(Exception):
    """Something failed. `message` is for the user, `hint` is what the operator can do, `code` is for programs."""

    code = "error"
    http_status = 500

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def sentences(self) -> str:
        """What happened and what to do, as they stand in a log or beside a job."""
        message = self.message if self.message.endswith((".", "!", "?", "…")) else f"{self.message}."
        return f"{message} {self.hint}" if self.hint else self.message


class ConfigError(ComptoirError):
    """A configuration that cannot be used; nothing was started or changed."""

    code = "config"


class RequestError(ComptoirError):
    """What the caller asked for cannot be done; nothing was changed."""

    code = "bad-request"
    http_status = 400


class TooLarge(RequestError):
    """The document is larger than this service accepts."""

    code = "too-large"
    http_status = 413


class UnknownName(RequestError):
    """No station, printer, job or route has this name."""

    code = "unknown-name"
    http_status = 404


class KeyConflict(RequestError):
    """The idempotency key was used before for another content."""

    code = "key-conflict"
    http_status = 422


class WrongState(RequestError):
    """The job is in a state in which this cannot be done."""

    code = "wrong-state"
    http_status = 409


class NotAllowed(RequestError):
    """The caller may not do this."""

    code = "not-allowed"
    http_status = 403


class TooMany(RequestError):
    """The caller asks more often than this service allows."""

    code = "too-many"
    http_status = 429
    wait = 1  # seconds, at least


class FormatError(ComptoirError):
    """A document that cannot be read or drawn."""

    code = "format"
    http_status = 422


class JournalError(ComptoirError):
    """The durable record cannot be written or read; nothing is acknowledged meanwhile."""

    code = "journal"
    http_status = 503


class NotReady(OSError):
    """What a device raises that is there and says why it takes nothing. `reason`: a `printer-state-reasons` keyword."""

    def __init__(self, message: str, hint: str, reason: str) -> None:
        super().__init__(message)
        self.hint = hint
        self.reason = reason


class DeliveryError(ComptoirError):
    """A sink could not deliver a job. `reason` is a `job-state-reasons` keyword."""

    code = "delivery"

    def __init__(self, message: str, hint: str = "", reason: str = "resources-are-not-ready") -> None:
        super().__init__(message, hint)
        self.reason = reason


class NotSent(DeliveryError):
    """Certainly nothing came out: it is tried again when the destination is ready."""


class Withdrawn(DeliveryError):
    """The job was cancelled, or expired, before its first byte left: there is nothing to deliver any more."""


class Refused(DeliveryError):
    """Certainly nothing came out, and it never will: the job fails."""


class OutcomeUnknown(DeliveryError):
    """Some of it may have come out: never repeated without a person."""
