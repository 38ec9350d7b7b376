"""The elements of an ePOS-Print document, one after the other, as a printer would carry them out: to pages.

What a <text> sets (alignment, size, style) holds for the elements after it, as in the manual. Sizes are in dots of the
printer; a line of text is 30 of them high.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast, get_args
from xml.etree.ElementTree import Element

from comptoir.core.errors import FormatError
from comptoir.core.page import Align, Buzz, Feed, Media, Page, Picture, Style
from comptoir.core.page import Element as Printed
from comptoir.formats.epos import figures
from comptoir.formats.epos.figures import LINE, height_of, name_of, number
from comptoir.formats.epos.line import LineBuffer
from comptoir.formats.epos.page_mode import placed

#: dots of paper for one document: 10 m at 203 dpi
MOST: Final = 80_000
#: of one text: more than so much paper takes, even of marks that have no width
_MOST_CHARACTERS: Final = 1_000_000


@dataclass(slots=True)
class Sheet:
    """The page in the making. left_out: what is not on it, each once."""

    elements: list[Printed]
    left_out: dict[str, None]


class Layout:
    """`add` the elements in order, then `finish`. Raises FormatError for more than MOST dots of paper."""

    def __init__(self, media: Media, draw: Callable[[bytes], Sequence[Page]] | None = None) -> None:
        self._media = media
        self._draw = draw
        self._cell = max(media.dots // media.columns, 1)
        self._style = Style()
        self._line = LineBuffer(media.columns)
        self._pages: list[Page] = []
        self._sheet = Sheet([], {})
        self._used = 0
        #: of the <command> elements that follow one another: a command may be in pieces
        self._bytes = bytearray()

    def add(self, element: Element) -> None:
        """Carry out one element; one that is not known here is left out."""
        name = name_of(element)
        if name == "command":
            self._bytes += _bytes_of(element.text or "") or self._unread(name)
            return
        self._end_command()
        if name in _IGNORED:
            return
        carry_out = _ELEMENTS.get(name)
        if carry_out is None:
            self._leave_out(name)
        else:
            carry_out(self, element)

    def finish(self) -> Sequence[Page]:
        """The pages; at least one. What was left out after the last cut is told with the last page."""
        self._end_command()
        self._end_line()
        if self._sheet.elements or not self._pages:
            self._end_page(cut=False)
        elif self._sheet.left_out:
            last = self._pages[-1]
            self._pages[-1] = replace(last, left_out=f"{last.left_out} {' '.join(self._sheet.left_out)}".strip())
        return self._pages

    # -- elements -----------------------------------------------------------------------------------------------------

    def _text(self, element: Element) -> None:
        self._restyle(element)
        if element.get("rotate") in _TRUE or element.get("font", "font_a") != "font_a":
            self._leave_out(f"text {'rotate' if element.get('rotate') in _TRUE else element.get('font')}")
        if (x := number(element, "x")) is not None:
            self._line.move_to(x // self._cell)
        text = element.text or ""
        if len(text) > _MOST_CHARACTERS:
            raise self._too_long()
        for index, part in enumerate(text.split("\n")):
            if index:
                self._print(self._line.end())
            for full in self._line.write(part, self._style):
                self._print(full)

    def _feed(self, element: Element) -> None:
        """What stands on the line is printed, and that is a part of the way."""
        unit, lines = number(element, "unit"), number(element, "line")
        if "pos" in element.attrib:
            self._leave_out("feed pos")
            return
        way = unit if unit is not None else LINE * (1 if lines is None else lines)
        if not self._line.empty:
            self._end_line()
            way -= LINE
        self._move(min(max(way, 0), 255 * LINE))

    def _figure(self, element: Element) -> None:
        self._realign(element)
        self._end_line()
        figure = figures.figure(element, self._style.align, self._media)
        if figure is None:
            self._leave_out(" ".join((name_of(element), element.get("type", ""))))
        elif not isinstance(figure, Picture) or figure.height:
            self._print(figure)

    def _cut(self, element: Element) -> None:
        self._end_paper()

    def _sound(self, element: Element) -> None:
        if element.get("pattern", "pattern_a") != "none":
            self._print(Buzz(min(max(number(element, "repeat") or 1, 1), 9)))

    def _page(self, element: Element) -> None:
        """Page mode: what stands anywhere on an area, from top to bottom."""
        self._end_line()
        items, left_out = placed(element, self._media, self._styled)
        for item in items:
            self._print(item)
        for name in left_out:
            self._leave_out(name)

    def _end_command(self) -> None:
        """Print what the commands so far put on paper."""
        data, self._bytes = bytes(self._bytes), bytearray()
        if not data:
            return
        if self._draw is None:
            self._leave_out("command")
            return
        self._end_line()
        for page in self._draw(data):
            for printed in page.elements:
                self._print(printed)
            if page.cut:
                self._end_paper()

    def _unread(self, name: str) -> bytes:
        self._leave_out(name)
        return b""

    # -- what lasts ---------------------------------------------------------------------------------------------------

    def _styled(self, element: Element) -> Style:
        self._restyle(element)
        return self._style

    def _restyle(self, element: Element) -> None:
        given: dict[str, Any] = {}
        for attribute, field in _SWITCHES.items():
            if attribute in element.attrib:
                given[field] = element.get(attribute) in _TRUE
        for attribute, field in _DOUBLES.items():
            if attribute in element.attrib:
                given[field] = 2 if element.get(attribute) in _TRUE else 1
        for field in ("width", "height"):
            if (times := number(element, field)) is not None:
                given[field] = min(max(times, 1), 8)
        if given:
            self._style = replace(self._style, **given)
        self._realign(element)

    def _realign(self, element: Element) -> None:
        align = element.get("align", "")
        if align in get_args(Align) and align != self._style.align:
            self._style = replace(self._style, align=cast(Align, align))

    # -- the paper ----------------------------------------------------------------------------------------------------

    def _print(self, printed: Printed) -> None:
        self._used += height_of(printed)
        if self._used > MOST:
            raise self._too_long()
        self._sheet.elements.append(printed)

    def _too_long(self) -> FormatError:
        metres = MOST / self._media.dpi * 0.0254
        return FormatError(f"The document would take more than {metres:.0f} m of paper.", "Print a part of it.")

    def _move(self, dots: int) -> None:
        """Forward by so many dots; what is no whole line as white rows."""
        lines, rest = divmod(dots, LINE)
        if lines:
            self._print(Feed(lines))
        if rest:
            self._print(Picture(8, rest, bytes(rest)))

    def _end_paper(self) -> None:
        self._end_line()
        if self._sheet.elements or not self._pages:
            self._end_page(cut=True)

    def _end_line(self) -> None:
        if not self._line.empty:
            self._print(self._line.end())

    def _end_page(self, *, cut: bool) -> None:
        self._pages.append(Page(tuple(self._sheet.elements), cut, " ".join(self._sheet.left_out)))
        self._sheet = Sheet([], {})

    def _leave_out(self, name: str) -> None:
        self._sheet.left_out[f"<{name.strip()[:40]}>"] = None


def _bytes_of(text: str) -> bytes:
    """What stands there in hexadecimal; empty where it does not."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


_TRUE: Final = ("true", "1")
_SWITCHES: Final = {"em": "bold", "ul": "underline", "reverse": "inverse"}
_DOUBLES: Final = {"dw": "width", "dh": "height"}
#: nothing on paper, and nothing missing on it: drawers open elsewhere, and paper is not chosen by a till
_IGNORED: Final = frozenset({"pulse", "recovery", "reset", "layout", "batch-begin", "batch-end"})
_ELEMENTS: Final[Mapping[str, Callable[[Layout, Element], None]]] = {
    "text": Layout._text,
    "feed": Layout._feed,
    "image": Layout._figure,
    "barcode": Layout._figure,
    "symbol": Layout._figure,
    "hline": Layout._figure,
    "cut": Layout._cut,
    "sound": Layout._sound,
    "page": Layout._page,
}
