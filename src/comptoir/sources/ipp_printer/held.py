"""Jobs that their sender has put on hold (`job-hold-until`): their documents wait on disk, and are not archived yet.

A folder for each job, with its documents and a description. A job that is released is taken as any other; the folder
goes after that. One that was released when the process died is recognised by its uuid.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from comptoir.core.errors import JournalError
from comptoir.durable import replace_file, sync, sync_folder
from comptoir.sources.ipp_printer.print_job import PrintJob
from comptoir.wire.ipp import Group, Message, Tag, decode, encode
from comptoir.wire.ipp_codes import Operation

log = logging.getLogger("comptoir.capture")

_DESCRIPTION: Final = "job.json"
PIECE: Final = 262_144  # bytes


@dataclass(slots=True)
class Waiting:
    """A document of a held job, as its client describes it."""

    number: int
    media_type: str = ""
    name: str = ""


@dataclass(slots=True)
class Description:
    """A held job on disk. template: its attributes as an IPP message, in hexadecimal."""

    number: int
    uuid: str
    name: str
    user: str
    host: str
    created: int
    named: bool
    closed: bool
    template: str
    documents: list[Waiting] = field(default_factory=list)


class Held:
    """All held jobs of one printer, below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "held"
        self._documents: dict[int, list[Waiting]] = {}

    async def load(self) -> list[PrintJob]:
        """Those that an earlier run has left. What cannot be read stays where it is, and is logged."""
        found = []
        for path in sorted(await asyncio.to_thread(lambda: list(self._folder.glob(f"*/{_DESCRIPTION}")))):
            try:
                description = _described(json.loads(await asyncio.to_thread(path.read_text, "utf-8")))
                job = _job(description)
            except (OSError, ValueError, TypeError, KeyError) as error:
                log.error("the held job %s cannot be read: %s", path.parent, error)
                continue
            self._documents[job.number] = description.documents
            found.append(job)
        return found

    async def add(self, job: PrintJob, document: Waiting, pieces: AsyncIterator[bytes]) -> None:
        """Bring a document to the disk, then its job's description. Raises JournalError, and what `pieces` raises."""
        folder = self._folder / str(job.number)
        path = folder / f"{document.number}.bin"
        try:
            file = await asyncio.to_thread(_opened, path)
            try:
                async for piece in pieces:
                    await asyncio.to_thread(file.write, piece)
                await asyncio.to_thread(_finished, file)
            except BaseException:
                file.close()
                path.unlink(missing_ok=True)
                raise
            await self._describe(job, [*self._documents.get(job.number, ()), document])
        except OSError as error:
            raise _refused(error) from error

    async def note(self, job: PrintJob) -> None:
        """Write down how a held job stands now. Raises JournalError."""
        try:
            await self._describe(job, self.documents(job))
        except OSError as error:
            raise _refused(error) from error

    async def _describe(self, job: PrintJob, documents: list[Waiting]) -> None:
        message = Message(Operation.CREATE_JOB, 1, (Group(Tag.JOB, job.template),))
        data = Description(
            job.number, job.uuid, job.name, job.user, job.host, job.created, job.named, job.closed,
            encode(message).hex(), documents,
        )  # fmt: skip
        await asyncio.to_thread(
            replace_file, self._folder / str(job.number) / _DESCRIPTION, json.dumps(asdict(data)).encode()
        )
        self._documents[job.number] = documents

    def documents(self, job: PrintJob) -> list[Waiting]:
        return list(self._documents.get(job.number, ()))

    def stored(self, job: PrintJob, document: Waiting) -> Stored:
        """It, to be taken."""
        return Stored(self._folder / str(job.number) / f"{document.number}.bin")

    async def forget(self, job: PrintJob) -> None:
        """It is taken, or cancelled."""
        self._documents.pop(job.number, None)
        await asyncio.to_thread(shutil.rmtree, self._folder / str(job.number), True)


@dataclass(frozen=True, slots=True)
class Stored:
    """A held document, as one that comes."""

    path: Path
    broken: str = ""

    async def pieces(self) -> AsyncIterator[bytes]:
        """Raises JournalError where they cannot be read."""
        try:
            with await asyncio.to_thread(self.path.open, "rb") as file:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece
        except OSError as error:
            raise JournalError(f"the held document {self.path} cannot be read: {error.strerror or error}") from error


def _refused(error: OSError) -> JournalError:
    return JournalError(
        f"the document cannot be kept: {error.strerror or error}",
        "Make room on the disk or check its rights; nothing was accepted.",
    )


def _opened(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb")


def _finished(file: BinaryIO) -> None:
    file.flush()
    sync(file.fileno())
    file.close()
    sync_folder(Path(file.name).parent)


def _described(known: dict[str, object]) -> Description:
    documents = known.pop("documents", [])
    assert isinstance(documents, list)
    return Description(documents=[Waiting(**one) for one in documents], **known)  # type: ignore[arg-type]


def _job(known: Description) -> PrintJob:
    template = decode(bytes.fromhex(known.template)).group(Tag.JOB).attributes
    return PrintJob(
        known.number, known.uuid, known.name, known.user, known.host, known.created, dict(template), known.named,
        closed=known.closed, held=True, documents=len(known.documents),
    )  # fmt: skip
