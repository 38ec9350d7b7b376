"""Bytes for receipt printers, read as the printer reads them: each paper a page. And raw bytes that are a text."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from comptoir.archive.kinds import Kind, Paged, bytes_of
from comptoir.core.profile import DEFAULT
from comptoir.languages.escpos.paper import Paper
from comptoir.languages.escpos.render import characters_of, read_papers

if TYPE_CHECKING:
    from PIL.Image import Image

#: white beside the paper, in dots
MARGIN: Final = 24
#: Commands that nearly every stream begins with, or ends: initialise, a choice of mode, a cut, a picture.
_SPOKEN: Final = re.compile(rb"\x1b[@aEt!M3dJ*R2-]|\x1d[V!vLkhwB(]|\x1c[&.]")
LARGEST: Final = 16 * 1024 * 1024  # bytes
#: how much of raw bytes is printable where they are a text of an older encoding
PRINTABLE: Final = 0.95


def opened(content: Path | bytes) -> Paged | None:
    """A receipt, a text, or None where the bytes are neither."""
    data = bytes_of(content, LARGEST + 1)
    if len(data) <= LARGEST and _SPOKEN.search(data[:4096]):
        return Stream(data)
    if data and len(data.translate(None, _CONTROLS)) >= PRINTABLE * len(data):
        from comptoir.archive.kinds.text import Text  # noqa: PLC0415

        return Text(data.decode("cp1252" if data.count(b"\xe9") >= data.count(b"\x82") else "cp850", "replace"))
    return None


_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\n\r\f") + b"\x7f"


def of_epos(data: bytes) -> Paged:
    """A ticket in ePOS-Print XML, as the paper that it becomes. Raises FormatError."""
    from comptoir.formats import reader  # noqa: PLC0415
    from comptoir.languages import language  # noqa: PLC0415

    pages = reader("epos")(data, DEFAULT.media, {})
    return Stream(language("escpos", DEFAULT).encode(pages, DEFAULT.media).data)


class Stream:
    """Papers of the usual width; between two cuts is one. Some tills send all of it as a picture."""

    kind = Kind.PICTURES

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _papers(self) -> list[Paper]:
        return read_papers(self._data, DEFAULT.media, **characters_of(DEFAULT))

    @property
    def pages(self) -> int | None:
        return len(self._papers) or None

    def text(self) -> str:
        return "\f".join(paper.text for paper in self._papers)

    def picture(self, page: int, width: int) -> Image | None:
        from PIL import ImageOps  # noqa: PLC0415

        from comptoir.languages.escpos.draw import image  # noqa: PLC0415

        if not 1 <= page <= len(self._papers):
            return None
        paper = image(self._papers[page - 1], DEFAULT.media).convert("L")
        return ImageOps.expand(paper, (MARGIN, 0), 255)

    def close(self) -> None:
        """Nothing is open."""
