"""Documents of the archive as one PDF: a first page that lists them, bookmarks, then each document. For who orders it.

The pages of PDFs are copied as they are; of everything else the archive's pictures of its pages are set on A4. The work
is done by another process (`binding.py`) over files of one temporary folder, so that neither memory nor a damaged
document can harm the service; a document on which that process ends is left out, and a page says so in its place.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

import msgspec

from comptoir.archive.leaves import BROKEN, MEMORY, SECONDS, Cover, Leaf, Order, Progress
from comptoir.children import WINDOWLESS, bounded, command
from comptoir.core.document import RAW, Document
from comptoir.core.errors import ComptoirError, FormatError, JournalError
from comptoir.core.kept import Kept
from comptoir.core.ports import Journal

#: documents in one PDF, and bytes of them in sum
MOST: Final = 500
LARGEST: Final = 2_000_000_000
#: pages that are drawn of a document that is no PDF, and how wide, in dots: 150 to an inch of A4
PAGES: Final = 200
WIDTH: Final = 1_240
#: seconds for one document, and for all of them
SILENCE: Final = 120.0
#: documents on which the process may end before it is given up
ENDS: Final = 5

#: what binds; the order comes last
COMMAND: Final = command("comptoir.archive.binding")

_decode = msgspec.json.Decoder(Progress).decode


class Pictures(Protocol):
    """Draws pages of documents that are kept (`archive.archive.Archive`)."""

    async def page(self, kept: Kept, page: int, width: int) -> bytes | None:
        """A page (from 1), PNG; None where there is none such."""
        ...


class Packer:
    """Makes packs. `folder`: where its temporary files are."""

    def __init__(self, journal: Journal, pictures: Pictures, folder: Path) -> None:
        self._journal = journal
        self._pictures = pictures
        self._folder = folder
        # One takes a core and the disk: the printers are to have the others.
        self._one = asyncio.Semaphore(1)
        self._swept = False

    @asynccontextmanager
    async def bind(self, cover: Cover, leaves: Sequence[tuple[Leaf, Kept]]) -> AsyncIterator[Path]:
        """The PDF, as long as the context lasts. leaves: each with what is kept.

        Raises FormatError where it cannot be made, JournalError where a file cannot be written.
        """
        if len(leaves) > MOST or sum(kept.document.size for _, kept in leaves) > LARGEST:
            raise FormatError(
                f"one PDF holds {MOST} documents of {LARGEST // 10**9} GB at most", "Choose a shorter time, or fewer."
            )
        try:
            self._sweep()
            with TemporaryDirectory(dir=self._folder, prefix="pack-") as name:
                folder = Path(name)
                async with self._one:
                    ready = [await self._leaf(folder / str(place), *each) for place, each in enumerate(leaves)]
                    await _bound(folder, Order(cover, ready))
                yield folder / "pack.pdf"
        except OSError as error:
            raise JournalError(f"the pack cannot be written: {error.strerror or error}") from error

    def _sweep(self) -> None:
        """What a service that was killed has left there goes with the first pack of the next one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        left = [] if self._swept else list(self._folder.glob("pack-*"))
        self._swept = True
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)

    async def _leaf(self, stem: Path, leaf: Leaf, kept: Kept) -> Leaf:
        """The leaf with its files, which begin with `stem`. What cannot be had of it says so on its page."""
        try:
            if kept.document.media_type == "application/pdf":
                file = await self._file(stem, kept.document)
                return msgspec.structs.replace(leaf, kind="pdf", files=[file], digest=kept.document.digest)
            files = await self._drawn(stem, kept)
            narrow = kept.document.media_type == RAW
            return msgspec.structs.replace(leaf, files=files, narrow=narrow, trouble="" if files else BROKEN)
        except ComptoirError:
            return msgspec.structs.replace(leaf, trouble=BROKEN)

    async def _file(self, stem: Path, document: Document) -> str:
        """A file with its bytes; the journal's own where there is one."""
        stored = self._journal.path(document)
        if stored is not None:
            return stored
        file = stem.with_suffix(".pdf")
        content = await self._journal.content(document)
        await asyncio.to_thread(file.write_bytes, content)
        return str(file)

    async def _drawn(self, stem: Path, kept: Kept) -> list[str]:
        files: list[str] = []
        while len(files) < PAGES:
            picture = await self._pictures.page(kept, len(files) + 1, WIDTH)
            if picture is None:
                break
            file = stem.with_name(f"{stem.name}-{len(files) + 1}.png")
            await asyncio.to_thread(file.write_bytes, picture)
            files.append(str(file))
        return files


async def _bound(folder: Path, order: Order) -> None:
    """Bind, leaving out those documents on which the process ends. Raises FormatError."""
    file = folder / "order.json"
    for _ in range(ENDS):
        await asyncio.to_thread(file.write_bytes, msgspec.json.encode(order))
        at = await _run(file)
        if at is None:
            return
        if not 0 <= at < len(order.leaves) or order.leaves[at].trouble:
            break
        order.leaves[at] = msgspec.structs.replace(order.leaves[at], trouble=BROKEN)
    raise FormatError("the documents cannot be put together to one PDF", "Download them one by one.")


async def _run(order: Path) -> int | None:
    """None: it is done. Otherwise the place of the document on which the process ended, or was ended; -1: none."""
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *COMMAND, str(order), stdin=null, stdout=pipe, stderr=null, creationflags=WINDOWLESS
    )
    assert process.stdout is not None
    at = -1
    held = bounded(process.pid, MEMORY, SECONDS)
    try:
        while line := await _line(process.stdout):
            at = _decode(line).begun
        return None if await process.wait() == 0 else at
    except (TimeoutError, msgspec.DecodeError):
        return at
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        held.close()


async def _line(output: asyncio.StreamReader) -> bytes:
    """Raises TimeoutError."""
    async with asyncio.timeout(SILENCE):
        return await output.readline()
