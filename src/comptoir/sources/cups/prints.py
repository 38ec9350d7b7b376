"""What CUPS says of its jobs, read: which are prints, and what is known of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final
from urllib.parse import unquote, urlsplit

from comptoir.wire.cups_options import WORDS
from comptoir.wire.ipp import Group, Range, Resolution
from comptoir.wire.ipp_codes import JobState

#: jobs that nobody will print any more, and never were
_NO_PRINT: Final = (JobState.CANCELED, JobState.ABORTED)


@dataclass(frozen=True, slots=True)
class Print:
    """A job of CUPS. `at`: ms; when it was printed, or handed over. `done`: it is printed, and CUPS says so."""

    job: int
    uuid: str
    queue: str
    title: str
    user: str
    host: str
    at: int | None
    made_at: int
    done: bool
    documents: int
    #: False: CUPS has thrown its documents away
    there: bool = True
    copies: int = 1
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def uid(self) -> str:
        """One identity, also when the numbers of CUPS begin anew, and where who prints chooses the UUID: he could
        choose one that is known."""
        return f"{self.uuid or self.queue}-{self.job}-{self.made_at}"


def print_of(group: Group) -> Print | None:
    """None: it has not begun, was cancelled before its end, or says too little."""
    job, state = group.number("job-id"), group.number("job-state")
    if job is None or state is None or state in _NO_PRINT or state < JobState.PROCESSING:
        return None
    times = {name: group.number(f"time-at-{name}") for name in ("creation", "processing", "completed")}
    at = times["completed"] or times["processing"] or times["creation"]
    copies = group.number("copies") or 1
    return Print(
        job=job,
        uuid=_text(group, "job-uuid").removeprefix("urn:uuid:"),
        queue=unquote(urlsplit(_text(group, "job-printer-uri")).path.rpartition("/")[2]),
        title=_text(group, "job-name"),
        user=_text(group, "job-originating-user-name"),
        host=_text(group, "job-originating-host-name"),
        at=None if at is None else at * 1000,
        made_at=(times["creation"] or 0) * 1000,
        done=state == JobState.COMPLETED,
        documents=max(1, group.number("number-of-documents") or 1),
        there=group.first("job-preserved") is not False or state != JobState.COMPLETED,
        copies=copies if copies > 0 else 1,
        attributes={name: value for name in WORDS if (value := _word(group.first(name)))},
    )


def wanted(queue: str, patterns: tuple[str, ...]) -> bool:
    """Whether a queue is one to look at; case is ignored."""
    return any(fnmatchcase(queue.casefold(), pattern.casefold()) for pattern in patterns)


def captured(device: str, model: str) -> bool:
    """Whether what such a queue prints is captured already: by our backend, or by a printer of ours."""
    ours = model.startswith("Comptoir") and device.startswith(("ipp:", "ipps:", "dnssd:"))
    return ours or device.startswith("comptoir:")


def _text(group: Group, name: str) -> str:
    return "".join(group.texts(name)[:1])


def _word(value: object) -> str:
    match value:
        case Resolution():
            return f"{value.across}x{value.along}dpi"
        case Range():
            return f"{value.low}-{value.high}"
        case str() | int() if not isinstance(value, bool):
            return str(value)
        case _:
            return ""
