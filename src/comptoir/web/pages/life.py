"""The life of a document as a page shows it: what happened to it and to each of its jobs, in one line, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from comptoir.core.job import Job
from comptoir.core.record import Event
from comptoir.web.pages.view import Step, steps

_body = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of its life. `step`: what happened to a job, and `job` which; else `body` is what the event says."""

    at: int
    kind: str
    body: Mapping[str, Any]
    step: Step | None = None
    job: Job | None = None

    def text(self, key: str) -> str:
        value = self.body.get(key, "")
        return value if isinstance(value, str) else ""


def life_of(jobs: Sequence[Job], events: Sequence[Event]) -> list[Moment]:
    """What happened to the document and to its jobs, in order. A job's beginning goes without saying: it was taken."""
    known = {job.id: job for job in jobs}
    life = [Moment(event.at, event.kind, _body(event.body)) for event in events if event.job_id is None]
    for job in jobs:
        of_it = [event for event in events if event.job_id == job.id and event.kind != "job-accepted"]
        life += [Moment(step.at, step.event.kind, {}, step, known[job.id]) for step in steps(of_it)]
    return sorted(life, key=lambda moment: moment.at)
