"""Where jobs are delivered. Screens say "destination". One file a kind; what a failure means for the job is said here,
by the error that is raised: NotSent, Refused or OutcomeUnknown."""

from __future__ import annotations

SINKS = {
    "printer": "comptoir.sinks.printer:PrinterSink",
    "relay": "comptoir.sinks.relay:Link",
}
