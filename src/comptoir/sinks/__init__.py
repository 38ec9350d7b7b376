"""Where jobs are delivered. Screens say "destination". One file a kind; what a failure means for the job is said here,
by the error that is raised: NotSent, Refused or OutcomeUnknown."""

from __future__ import annotations

SINKS = {
    "printer": "comptoir.sinks.printer:PrinterSink",
    "relay": "comptoir.sinks.relay:Link",
}

#: kind of a destination that is no printer → module:function that makes its sink (config, journal, data folder, clock)
DESTINATIONS = {
    "maarch": "comptoir.sinks.maarch:make",
    "http": "comptoir.sinks.http:make",
    "folder": "comptoir.sinks.folder:make",
    "s3": "comptoir.sinks.s3:make",
    "sftp": "comptoir.sinks.sftp:make",
    "email": "comptoir.sinks.email:make",
}
