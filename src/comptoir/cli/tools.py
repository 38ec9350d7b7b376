"""The commands that work alone: `render`, `virtual-printer`, `journal`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from comptoir.cli import FAILED, as_json, say, speech, tell
from comptoir.cli.place import configuration, data_folder, here, try_folder
from comptoir.cli.speech import tr
from comptoir.core.document import Document, Origin, media_type_of
from comptoir.core.errors import ConfigError, RequestError
from comptoir.core.job import Job
from comptoir.core.record import Event
from comptoir.core.units import iso

#: how a document is read, by the beginning of its media type; anything else is a stream of the printer
FORMS: Final = {"text": "text", "image": "image"}

if TYPE_CHECKING:
    from comptoir.journal.verify import Report


def render_file(options: argparse.Namespace) -> int:
    """A stream of ESC/POS as it is; a text, a ticket, a picture or a PDF as it would be printed."""
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise RequestError(f"{options.file} cannot be read: {error.strerror}", "Check the name.") from None
    rendered = _rendered(data, options.kind, options.profile, options.format)
    if options.output is None and options.kind in ("png", "pdf") and sys.stdout and sys.stdout.isatty():
        raise RequestError(f"a {options.kind} is not for the terminal", "Name a file: -o OUT")
    with _output(options.output) as out:
        out.write(rendered)
    return 0


def _rendered(data: bytes, kind: str, model: str, form: str) -> bytes:
    from comptoir.core.typeset import typeset  # noqa: PLC0415 - drawing is not loaded for `journal`
    from comptoir.formats import readers  # noqa: PLC0415
    from comptoir.languages import language  # noqa: PLC0415
    from comptoir.languages.escpos.excerpt import excerpt  # noqa: PLC0415
    from comptoir.languages.escpos.render import render_on  # noqa: PLC0415
    from comptoir.languages.profiles import profile  # noqa: PLC0415

    known = profile(model or "default")
    form = form or FORMS.get(media_type_of(data).partition("/")[0], "")
    if data.startswith(b"%PDF-"):
        form = form or "pdf"
    if form:
        job = Job(0, "", Document.of(data), Origin("render"), "", "pending", 0, 0, format=form)
        data = typeset(job, data, readers(excerpt), language("escpos", known), known.media).data
    return render_on(known, data, kind)


# -- virtual-printer ------------------------------------------------------------------------------------------


def virtual_printer(options: argparse.Namespace) -> int:
    """Print what comes, until it is told to stop."""
    from comptoir.devices.virtual_server import VirtualPrinterServer  # noqa: PLC0415
    from comptoir.languages.profiles import profile  # noqa: PLC0415

    host, port = _address(options.listen)
    known = profile(options.profile or "default")
    faults = [fault for fault in options.faults.split(",") if fault]
    try:
        try_folder(options.out)  # told now, and not with the first paper
    except OSError as error:
        raise ConfigError(
            f"papers cannot be kept in {options.out}: {error.strerror or error}", "Choose another folder: --out DIR"
        ) from None

    async def run() -> int:
        server = VirtualPrinterServer(host, port, folder=options.out, faults=faults)
        server.printer.load(known.media, known)
        try:
            await server.start()
        except OSError as error:
            raise ConfigError(
                f"it is not possible to listen on {options.listen}: {error.strerror}", "Choose another port."
            ) from None
        address = f"socket://{here(host)}:{server.port}"
        say(tr("Virtual printer: %(address)s, papers in %(folder)s", address=address, folder=options.out))
        server.device.listeners.append(lambda record: _came(options.out, record.number))
        await _told_to_stop()
        await server.close()
        return 0

    return asyncio.run(run())


def _came(folder: Path, number: int) -> None:
    say(tr("paper %(number)s: %(file)s", number=number, file=f"{folder}/{number:06d}.png"))


def _address(text: str) -> tuple[str, int]:
    """HOST:PORT; without a host: this machine. Raises RequestError."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise RequestError(f"“{text}” is no address", "It looks like 127.0.0.1:9100")
    return host.strip("[]") or "127.0.0.1", int(port)


async def _told_to_stop() -> None:
    """Returns at Ctrl+C or SIGTERM."""
    stop = asyncio.Event()
    with suppress(NotImplementedError):  # Windows: Ctrl+C arrives as an exception
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


# -- journal --------------------------------------------------------------------------------------------------


def journal(options: argparse.Namespace) -> int:
    """`verify` and `export`, on the journals of a data folder; the services may be running."""
    journals = _journals(options)
    return _export(journals, options.output) if options.action == "export" else _verify(journals, options.json)


@dataclass(frozen=True, slots=True)
class _Journal:
    """A journal of a data folder: whose, its file, and the folder of its documents."""

    role: str
    path: Path
    documents: Path


def _journals(options: argparse.Namespace) -> list[_Journal]:
    """Those that are there. Raises RequestError where there is none."""
    folder = data_folder(options)
    kind, _, elsewhere = configuration(options, folder).hub.database.partition(":")
    paths = {
        "hub": Path(elsewhere).absolute() if kind == "sqlite" and elsewhere else folder / "hub" / "journal.db",
        "station": folder / "station" / "journal.db",
    }
    found = [
        _Journal(role, path, folder / role / "documents")
        for role, path in paths.items()
        if options.role in (None, role) and path.exists()
    ]
    if not found:
        looked = ", ".join(str(path) for role, path in paths.items() if options.role in (None, role))
        raise RequestError(f"there is no journal in {folder}: {looked}", "Name the data folder: --data DIR")
    return found


def _export(journals: Sequence[_Journal], output: Path | None) -> int:
    """1 where an event cannot be told as it should; it is told as it is."""
    from comptoir.journal import verify  # noqa: PLC0415

    damaged = 0
    with _output(output) as out:
        for one in journals:
            for event in verify.events(one.path):
                line, whole = _line(one.role, event)
                out.write(as_json(line).encode() + b"\n")
                damaged += not whole
    if damaged:
        said = tr("%(count)s events are damaged; comptoir journal verify says more.", count=damaged)
        print(tr("comptoir: %(message)s", message=said), file=sys.stderr)
    return FAILED if damaged else 0


def _line(role: str, event: Event) -> tuple[dict[str, object], bool]:
    """An event as it is exported, and whether it is whole. What a damaged one has instead of JSON or a time is text."""
    line = {"journal": role, "seq": event.seq, "at": str(event.at), "kind": event.kind, "job": event.job_id,
            "body": event.body, "hash": event.hash.hex()}  # fmt: skip
    try:
        return line | {"at": iso(event.at), "body": json.loads(event.body)}, True
    except (ValueError, OverflowError, OSError, RecursionError):
        return line, False


def _verify(journals: Sequence[_Journal], as_lines: bool) -> int:
    """1 where something is not as it was written."""
    from comptoir.journal import verify  # noqa: PLC0415

    code = 0
    for one in journals:
        progress = _progress if sys.stderr is not None and sys.stderr.isatty() else None
        report = verify.verify(one.path, progress, one.documents)
        if as_lines:
            told = {"journal": one.role, "events": report.events, "head": report.head, "findings": report.findings}
            print(as_json(told))
        else:
            _tell(one.role, report)
        code = max(code, FAILED if report.findings else 0)
    return code


def _tell(role: str, report: Report) -> None:
    for finding in report.findings:
        tell(tr("%(role)s: %(finding)s", role=role, finding=speech.known(finding)))
    counts = tr("%(events)s events, %(documents)s documents", events=report.events, documents=report.documents)
    verdict = tr("not as it was written") if report.findings else tr("as it was written")
    print(
        tr(
            "%(role)s: %(counts)s, %(verdict)s; head %(head)s",
            role=role,
            counts=counts,
            verdict=verdict,
            head=report.head,
        )
    )


def _progress(done: int) -> None:
    print(f"\r{done} …", end="", file=sys.stderr, flush=True)


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    """A file, or standard output. Raises RequestError where it cannot be written."""
    if path is None:
        if sys.stdout is None:
            raise RequestError("there is no standard output", "Name a file: -o OUT")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror}", "Choose another place.") from None
