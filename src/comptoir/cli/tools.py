"""The commands that work alone: `render`, `virtual-printer`, `journal`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from comptoir.cli import FAILED
from comptoir.cli.place import data_folder
from comptoir.core.document import Document, Origin, media_type_of
from comptoir.core.errors import ConfigError, RequestError
from comptoir.core.job import Job
from comptoir.core.page import Media
from comptoir.core.units import iso

PAPERS = {"": Media(), "80mm": Media(), "58mm": Media(dots=384, columns=32)}


def render_file(options: argparse.Namespace) -> int:
    """A stream of ESC/POS as it is; a text or a picture as it would be printed."""
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise RequestError(f"{options.file} cannot be read: {error.strerror}", "Check the name.") from None
    rendered = _rendered(data, options.kind)
    if options.output is None and options.kind in ("png", "pdf") and sys.stdout.isatty():
        raise RequestError(f"a {options.kind} is not for the terminal", "Name a file: -o OUT")
    with _output(options.output) as out:
        out.write(rendered)
    return 0


def _rendered(data: bytes, kind: str) -> bytes:
    from comptoir.core.typeset import typeset  # noqa: PLC0415 - drawing is not loaded for `journal`
    from comptoir.formats import FORMATS, reader  # noqa: PLC0415
    from comptoir.languages import language  # noqa: PLC0415
    from comptoir.languages.escpos.render import render  # noqa: PLC0415

    media_type = media_type_of(data)
    if media_type.startswith(("text/", "image/")):
        form = "text" if media_type.startswith("text/") else "image"
        job = Job(0, "", Document.of(data), Origin("render"), "", "pending", 0, 0, format=form)
        data = typeset(job, data, {n: reader(n) for n in FORMATS}, language("escpos"), Media()).data
    return render(data, kind, Media())


def virtual_printer(options: argparse.Namespace) -> int:
    """Print what comes, until it is told to stop."""
    from comptoir.devices.virtual_server import VirtualPrinterServer  # noqa: PLC0415

    host, _, port = options.listen.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise RequestError(f"“{options.listen}” is no address", "It looks like 127.0.0.1:9100")
    if options.profile not in PAPERS:
        raise RequestError(f"there is no profile “{options.profile}”", "Known: 80mm, 58mm.")
    faults = [fault for fault in options.faults.split(",") if fault]

    async def run() -> int:
        server = VirtualPrinterServer(
            host.strip("[]") or "127.0.0.1",
            int(port),
            folder=options.out,
            faults=faults,
            media=PAPERS[options.profile],
        )
        try:
            await server.start()
        except OSError as error:
            raise ConfigError(
                f"it is not possible to listen on {options.listen}: {error.strerror}", "Choose another port."
            ) from None
        print(
            f"Virtual printer: socket://{host or '127.0.0.1'}:{server.port}, papers in {options.out}",
            flush=True,
        )
        server.device.listeners.append(
            lambda record: print(f"paper {record.number}: {options.out}/{record.number:06d}.png", flush=True)
        )
        stop = asyncio.Event()
        with suppress(NotImplementedError):
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await stop.wait()
        await server.close()
        return 0

    return asyncio.run(run())


def journal(options: argparse.Namespace) -> int:
    """`verify` and `export`, on the journals of a data folder; the services may be running."""
    from comptoir.journal import verify  # noqa: PLC0415

    paths = _journals(data_folder(options), options.role)
    if options.action == "export":
        with _output(options.output) as out:
            for role, path in paths:
                for event in verify.events(path):
                    line = {"journal": role, "seq": event.seq, "at": iso(event.at), "kind": event.kind, "job": event.job_id,
                            "body": json.loads(event.body), "hash": event.hash.hex()}  # fmt: skip
                    out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        return 0
    code = 0
    for role, path in paths:
        report = verify.verify(path, _progress if sys.stderr.isatty() else None)
        if options.json:
            print(
                json.dumps(
                    {
                        "journal": role,
                        "events": report.events,
                        "head": report.head,
                        "findings": report.findings,
                    }
                )
            )
        else:
            _tell(role, report)
        code = max(code, FAILED if report.findings else 0)
    return code


def _tell(role: str, report: object) -> None:
    from comptoir.journal.verify import Report  # noqa: PLC0415

    assert isinstance(report, Report)
    for finding in report.findings:
        print(f"{role}: {finding}")
    verdict = "not as it was written" if report.findings else "as it was written"
    print(f"{role}: {report.events} events, {report.documents} documents, {verdict}; head {report.head}")


def _progress(done: int) -> None:
    print(f"\r{done} …", end="", file=sys.stderr, flush=True)


def _journals(folder: Path, role: str | None) -> list[tuple[str, Path]]:
    found = [(name, folder / name / "journal.db") for name in ("hub", "station") if role in (None, name)]
    there = [(name, path) for name, path in found if path.exists()]
    if not there:
        raise RequestError(f"there is no journal in {folder}", "Name the data folder: --data DIR")
    return there


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror}", "Choose another place.") from None
