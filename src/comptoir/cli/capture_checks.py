"""What can be wrong with the capture of CUPS queues, as far as this machine can tell: for `doctor.py`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from comptoir.arrivals import CupsBackendSourceConfig
from comptoir.cli import capture_windows, speech
from comptoir.cli.capture import Backend, backend
from comptoir.cli.checks import Finding
from comptoir.cli.client import Captures, Client, capture_state
from comptoir.cli.queues import CupsError, queues
from comptoir.cli.speech import tr
from comptoir.config import Config

_INSTALL = "sudo comptoir capture install"


def capture(config: Config) -> Iterator[Finding]:
    """The backend is current, its spool can be emptied, and what queues print to it is taken by somebody."""
    sources = [source for source in config.source if isinstance(source, CupsBackendSourceConfig)]
    if sys.platform == "win32":
        yield from capture_windows.findings(config)
        return
    try:
        ours = backend()
    except CupsError as error:
        if sources:
            yield Finding("capture", "wrong", *_said(error))
        return
    if ours.state == "missing":
        if sources:
            said = tr("the backend for CUPS is not installed: no queue is captured")
            yield Finding("capture", "wrong", said, (tr("Type: %(command)s", command=_INSTALL),))
        return
    yield _version(ours)
    yield from (_emptied(source) for source in sources)
    yield from _taken(ours, [source.spool for source in sources])


def sources(client: Client) -> Iterator[Finding]:
    """How those that capture fare, as the running station tells."""
    for source in client.ask("GET", "/api/captures", Captures)["captures"]:
        state, todo = capture_state(source)
        said = tr("captured prints %(name)s: %(state)s", name=source["name"], state=state)
        yield Finding("capture", "wrong" if todo or source.get("trouble") else "right", said, (todo,) if todo else ())


def _said(error: CupsError) -> tuple[str, tuple[str, ...]]:
    message, hint = speech.error(error)
    return message, (hint,) if hint else ()


def _version(ours: Backend) -> Finding:
    if ours.state == "current":
        return Finding("capture", "right", tr("the backend for CUPS is in place: %(file)s", file=ours.file))
    said = tr("the backend for CUPS is of another version, or others may run it")
    return Finding("capture", "wrong", said, (tr("Type: %(command)s", command=_INSTALL),))


def _emptied(source: CupsBackendSourceConfig) -> Finding:
    """Whether this user may take what lies in the spool."""
    spool = Path(source.spool)
    if os.access(spool, os.R_OK | os.W_OK | os.X_OK):
        waiting = sum(name.endswith(".json") for name in os.listdir(spool))
        said = tr("captured prints are taken from %(folder)s; %(count)s wait there", folder=spool, count=waiting)
        return Finding("capture", "right", said)
    said = tr("captured prints cannot be taken from %(folder)s", folder=spool)
    todo = tr("Run this as the user of the service. If it stays so, type: %(command)s", command=_INSTALL)
    return Finding("capture", "wrong", said, (todo,))


def _taken(ours: Backend, spools: list[str]) -> Iterator[Finding]:
    """Queues whose prints nobody takes, or that nothing captures."""
    try:
        wrapped = [queue.name for queue in queues() if queue.wrapped]
    except CupsError as error:
        yield Finding("capture", "note", *_said(error))
        return
    if not wrapped:
        said = tr("no queue of CUPS is captured")
        yield Finding("capture", "note", said, (tr("Type: %(command)s", command=f"{_INSTALL} --queue NAME"),))
    elif ours.spool is not None and str(ours.spool) not in spools:
        said = tr("%(queues)s: what is printed waits in %(folder)s, and nobody takes it", queues=", ".join(wrapped),
                  folder=ours.spool)  # fmt: skip
        todo = tr('Add to the configuration: [[source]] with kind = "cups_backend", spool = "%(folder)s"',
                  folder=ours.spool)  # fmt: skip
        yield Finding("capture", "wrong", said, (todo,))
    else:
        yield Finding("capture", "right", tr("captured queues: %(queues)s", queues=", ".join(wrapped)))
