"""The JSON shapes of the sources that capture prints (docs/api.md)."""

from __future__ import annotations

import msgspec

from comptoir.core.kept import SourceState, Unkept
from comptoir.core.units import iso


class Missing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A print that the system reports and the archive does not have. `reference`: the system's number for it."""

    reference: str
    printer: str
    title: str
    user: str
    why: str
    hint: str = ""
    printed_at: str | None = None


class CaptureState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a source fares. `trouble`: why it takes nothing at present. `taken`: since the start of the service."""

    name: str
    kind: str
    addresses: list[str]
    taken: int
    busy: int
    trouble: str = ""
    hint: str = ""
    since: str | None = None
    last_at: str | None = None
    missing: list[Missing] = []


class Captures(msgspec.Struct, frozen=True):
    """All of them, in the order of the configuration."""

    captures: list[CaptureState]


def capture_shape(state: SourceState) -> CaptureState:
    return CaptureState(
        name=state.name,
        kind=state.kind,
        addresses=list(state.addresses),
        taken=state.taken,
        busy=state.busy,
        trouble=state.trouble,
        hint=state.hint,
        since=None if state.since is None else iso(state.since),
        last_at=None if state.last_at is None else iso(state.last_at),
        missing=[_missing(one) for one in state.unkept],
    )


def _missing(one: Unkept) -> Missing:
    return Missing(
        reference=one.reference,
        printer=one.printer,
        title=one.title,
        user=one.user,
        why=one.why,
        hint=one.hint,
        printed_at=None if one.printed_at is None else iso(one.printed_at),
    )
