"""A folder as one zip, for who is elsewhere: written while it is read, uncompressed, never whole in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from comptoir.core.errors import ComptoirError
from comptoir.web.archive_export import Pieces

PIECE: Final = 262_144  # bytes
#: bytes from which an entry needs the larger fields of a zip (APPNOTE 4.4.8), said before it is written
LARGE: Final = 2**31 - 1


async def packed(folder: Path) -> AsyncGenerator[bytes]:
    """The zip, piece by piece; its files stand below the folder's name. Raises ComptoirError for one that is gone."""
    written = Pieces()
    try:
        with ZipFile(written, "w", ZIP_STORED) as archive:
            for path in await asyncio.to_thread(lambda: sorted(one for one in folder.rglob("*") if one.is_file())):
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                entry = ZipInfo.from_file(path, name, strict_timestamps=False)
                with path.open("rb") as file, archive.open(entry, "w", force_zip64=entry.file_size > LARGE) as into:
                    while piece := await asyncio.to_thread(file.read, PIECE):
                        into.write(piece)
                        yield written.taken()
    except OSError as error:
        raise ComptoirError(
            f"the export cannot be read: {error.strerror or error}", "Was it removed? Look at the list again."
        ) from error
    yield written.taken()
