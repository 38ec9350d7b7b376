"""Texts of any encoding, drawn as an office printer would print them; ZPL, whose words are in its fields; ePOS."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from comptoir.archive.kinds import Kind, Paged, bytes_of
from comptoir.core.sheet import A4, Setup, Wishes
from comptoir.formats import words
from comptoir.formats.sheets import sides
from comptoir.formats.sheets.texts import LETTER, MARGIN
from comptoir.formats.wrap import clean, lines_of, wrap
from comptoir.languages.lettering import draw_line

if TYPE_CHECKING:
    from PIL.Image import Image

DPI: Final = 100
MOST_PAGES: Final = 400
_ZPL: Final = re.compile(rb"\s*(?:\^XA|~D|CT~~)")
#: a field's data, to the next command; ^FH before it says that _4D is a letter by its code
_FIELD: Final = re.compile(r"(\^FH.?)?\^F[DV]([^\^~]*)")
_EPOS: Final = re.compile(rb"<(?:\w+:)?epos-print\b")


def opened(content: Path | bytes) -> Paged | None:
    data = bytes_of(content, words.MOST_BYTES)
    if _EPOS.search(data[:2048]):
        from comptoir.archive.kinds.stream import of_epos  # noqa: PLC0415

        return of_epos(data)
    text = words.words(data, "text/plain")
    return Text(_zpl(text) if _ZPL.match(data) else text)


class Text:
    """A text on A4, in a typewriter's letters."""

    kind = Kind.WORDS

    def __init__(self, text: str) -> None:
        self._text = text.replace("\0", "")

    def text(self) -> str:
        return self._text

    @cached_property
    def pages(self) -> int | None:
        """As `formats.sheets.texts` breaks it; None for one that is too long to be drawn."""
        height = (A4.height - 2 * MARGIN) // (2 * LETTER)
        columns = (A4.width - 2 * MARGIN) // LETTER
        parts = self._text.split("\f")
        if len(parts) > 1 and not parts[-1].strip():
            parts.pop()
        pages = 0
        for part in parts:
            lines = sum(len(wrap(clean(line), columns)) for line in lines_of(part))
            pages += max(1, -(-lines // height))
            if pages > MOST_PAGES:
                return None
        return pages

    def picture(self, page: int, width: int) -> Image | None:
        from PIL import Image  # noqa: PLC0415

        if not 1 <= page <= MOST_PAGES:
            return None
        setup = Setup(A4, DPI if width <= 1.2 * A4.width * DPI / 2540 else 2 * DPI, "greys")
        drawn = sides(self._text.encode("utf-8", "replace"), "text", setup, Wishes(), draw_line, {})
        try:
            side = next(islice(drawn, page - 1, None), None)
        finally:
            drawn.close()
        return None if side is None else Image.frombytes("L", (side.width, side.height), side.dots.tobytes())

    def close(self) -> None:
        """Nothing is open."""


def _zpl(text: str) -> str:
    """What stands on a label: each field on a line. ZPL II Programming Guide, ^FD, ^FH."""
    return "\n".join(_field(escaped, data) for escaped, data in _FIELD.findall(text))


def _field(escaped: str, data: str) -> str:
    if not escaped:
        return data.strip()
    mark = re.escape(escaped[3:4] or "_")
    found = re.sub(
        rf"(?:{mark}[0-9A-Fa-f]{{2}})+",
        lambda codes: bytes.fromhex(re.sub(mark, "", codes[0])).decode("utf-8", "replace"),
        data,
    )
    return found.strip()
