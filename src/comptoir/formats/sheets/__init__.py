"""Documents as whole sheets, for office printers: PDF, pictures, texts, raster. A side at a time, drawn on demand.

However many pages a document has, one is in memory; what draws them is loaded with the first document. Who stops in
the middle closes the generator, in a thread as well. Receipts (ticket, epos) are no sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from comptoir.core.errors import FormatError
from comptoir.core.sheet import Setup, Side, Wishes

if TYPE_CHECKING:
    from comptoir.formats.sheets.canvas import Canvas, Letter

    Drawer = Callable[[Path | bytes, Setup, Wishes, Letter, Mapping[str, str]], Iterator[tuple[Canvas, str]]]

#: what raster documents are read as; nobody says it of one, their bytes do
RASTER: Final = "raster"

#: format → what draws it: (source, setup, wishes, letter, attributes) → canvases with what was not printable
DRAWERS: Final[dict[str, str]] = {
    "pdf": "comptoir.formats.sheets.pdfs:drawn",
    "image": "comptoir.formats.sheets.pictures:drawn",
    "text": "comptoir.formats.sheets.texts:drawn",
    "message": "comptoir.formats.sheets.texts:drawn_message",
    RASTER: "comptoir.formats.sheets.rasters:drawn",
}


def sides(
    source: Path | bytes, form: str, setup: Setup, wishes: Wishes, letter: Letter, attributes: Mapping[str, str]
) -> Generator[Side, None, None]:
    """The sides of a document in their order. `source`: its bytes, or the file they are in; `form`: its format.

    `attributes`: title, date, for messages. Raises FormatError, also in the middle.
    """
    if form not in DRAWERS:
        raise FormatError(
            f"This printer prints whole sheets, and no document of the format {form}.",
            f"Send it to a receipt printer, or as one of {', '.join(one for one in DRAWERS if one != RASTER)}.",
        )
    module, _, attribute = DRAWERS[form].partition(":")
    drawer = cast("Drawer", getattr(import_module(module), attribute))
    drawn = drawer(source, setup, wishes, letter, attributes)
    for canvas, missing in drawn:
        if wishes.duplicata:
            canvas.mark(letter)
        yield canvas.side(missing)
