"""PWG and Apple raster: pages of dots, and no text but for eyes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.archive.kinds import Kind, bytes_of
from comptoir.formats import raster
from comptoir.formats.sheets.rasters import picture_of

if TYPE_CHECKING:
    from PIL.Image import Image


class Raster:
    """A raster document. Raises FormatError where it is none, or damaged."""

    kind = Kind.PICTURES

    def __init__(self, content: Path | bytes) -> None:
        self._content = bytes_of(content)
        self.pages: int | None = raster.count(self._content)

    def text(self) -> str:
        return ""

    def picture(self, page: int, width: int) -> Image | None:
        found = next(islice(self._pages(), page - 1, None), None) if page >= 1 else None
        return None if found is None else picture_of(found)

    def _pages(self) -> Iterator[raster.RasterPage]:
        return raster.pages(self._content)

    def close(self) -> None:
        self._content = b""
