"""Draws a paper as a PNG: the dots that a 203 dpi printer with fonts of 12 × 24 and 9 × 17 dots would burn.

Everything stands where the stream put it, also over what was printed before. A second colour is black. Symbols
that cannot be encoded are labelled boxes. Nothing is printed or read from the network.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from PIL import Image, ImageDraw

from comptoir.core.page import Align, Media, Picture
from comptoir.languages.escpos import symbol_image
from comptoir.languages.escpos.elements import Area, Feed, Placed, Run, Sheet, Symbol, TextLine
from comptoir.languages.escpos.paper import Paper, as_text
from comptoir.languages.escpos.typeface import run_mask

__all__ = ["as_text", "draw", "image"]

#: Above the first line and below the last, in dots.
_EDGE: Final = 28
#: No picture is higher than this, whatever a captured stream says: 5 m of paper.
_HIGHEST: Final = 40_000
#: Nor several papers together.
_HIGHEST_STACK: Final = 200_000
#: white around a symbol that stands on its own
_QUIET: Final = 8


def draw(paper: Paper, media: Media, margin: int = 0) -> bytes:
    """The paper as PNG, 1 bit a dot, `media.dots` wide and `margin` dots of white on both sides."""
    return png(image(paper, media, margin))


def png(picture: Image.Image) -> bytes:
    """The picture as PNG bytes."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def image(paper: Paper, media: Media, margin: int = 0) -> Image.Image:
    """The paper as a Pillow picture of mode 1, white is set."""
    strips: list[tuple[int, int, Image.Image]] = []
    height = 0
    for left, top, bottom, strip in _strips(paper, media):
        height = max(height, bottom)
        if strip is not None and top < _HIGHEST:
            strips.append((left, top, strip))
        if top > _HIGHEST:
            break
    sheet = Image.new("1", (media.dots + 2 * margin, min(height + 2 * _EDGE, _HIGHEST)), 1)
    for left, top, strip in strips:
        sheet.paste(0, (margin + left, _EDGE + top), strip)
    return sheet


def _strips(paper: Paper, media: Media) -> Iterator[tuple[int, int, int, Image.Image | None]]:
    """For each element: from the left, from the top, where the paper is after it, its ink."""
    top = 0
    for element in paper.elements:
        if isinstance(element, Feed):
            top = max(top + min(element.dots, _HIGHEST), 0)
            yield 0, top, top, None
            continue
        if isinstance(element, TextLine):
            ink, high = _line(element, media), max(element.spacing, element.height)
            left = element.margin
        elif isinstance(element, Picture):
            ink, left = _picture(element), max(_left(element.align, element.width, media.dots), 0)
            high = ink.height
        elif isinstance(element, Symbol):
            ink = _symbol(element, media)
            room = element.room or media.dots
            left, high = element.margin + max(_left(element.align, ink.width, room), 0), ink.height + 2 * _QUIET
            yield left, top + _QUIET, top + high, ink
            top += high
            continue
        elif isinstance(element, Sheet):
            ink, left = _sheet(element, media), 0
            high = ink.height
        else:
            continue
        yield left, top, top + high, ink
        top += high


def _left(align: Align, width: int, room: int) -> int:
    """Where something of this width begins."""
    return {"left": 0, "center": (room - width) // 2, "right": room - width}[align]


def _line(line: TextLine, media: Media) -> Image.Image:
    """Its ink in the print area. Letters stand on one base line, whatever their heights."""
    room = line.room or media.dots - line.margin
    strip = Image.new("1", (max(room, 1), max(line.height, 1)))
    _fill(strip, line, max(_left(line.align, line.width, room), 0), line.height)
    return strip.rotate(180) if line.flipped else strip


def _fill(sheet: Image.Image, line: TextLine, left: int, base: int) -> None:
    """The line's runs and insets, their lower edge at `base`."""
    for run in line.runs:
        if run.text:
            ink = run_mask(run)
            sheet.paste(1, (left + run.at, base - ink.height), ink)
    for inset in line.insets:
        ink = _picture(inset.picture)
        sheet.paste(1, (left + inset.at, base - ink.height), ink)


def _picture(picture: Picture) -> Image.Image:
    height = min(picture.height, _HIGHEST)
    across = (picture.width + 7) // 8
    return Image.frombytes("1", (picture.width, height), picture.bits[: across * height])


def _symbol(symbol: Symbol, media: Media) -> Image.Image:
    """The symbol itself; where it cannot be encoded or is wider than the paper, a frame with what it says."""
    ink = symbol_image.mask(symbol)
    return ink if ink is not None and ink.width <= media.dots else _frame(symbol, media)


def _frame(symbol: Symbol, media: Media) -> Image.Image:
    words = [symbol.data[at : at + max(media.columns - 8, 1)] for at in range(0, min(len(symbol.data), 400), 40)]
    runs = [Run(symbol.kind, small=True), *(Run(word) for word in words[:8] if word)]
    pieces = [run_mask(run) for run in runs]
    width, height = max(piece.width for piece in pieces) + 32, sum(piece.height + 4 for piece in pieces) + 20
    frame = Image.new("1", (width, height))
    ImageDraw.Draw(frame).rectangle((0, 0, width - 1, height - 1), outline=1, width=2)
    top = 12
    for piece in pieces:
        frame.paste(piece, ((width - piece.width) // 2, top))
        top += piece.height + 4
    return frame


def _sheet(sheet: Sheet, media: Media) -> Image.Image:
    """Page mode: each area drawn upright, then turned to its direction."""
    height = sheet.height or max(area.top + area.height for area in sheet.areas)
    page = Image.new("1", (media.dots, min(height, _HIGHEST)))
    for area in sheet.areas:
        ink = _area(area, media)
        page.paste(1, (area.left, area.top), ink)
    box = page.getbbox()
    if sheet.height or box is None:
        return page
    return page.crop((0, 0, page.width, box[3]))


def _area(area: Area, media: Media) -> Image.Image:
    across, down = (area.height, area.width) if area.turns % 2 else (area.width, area.height)
    upright = Image.new("1", (across, down))
    for placed in area.placed:
        _put(upright, placed, media)
    return upright.rotate(90 * area.turns, expand=True) if area.turns else upright


def _put(upright: Image.Image, placed: Placed, media: Media) -> None:
    element = placed.element
    if isinstance(element, TextLine):
        _fill(upright, element, placed.left, max(placed.base, element.height))
        return
    ink = _picture(element) if isinstance(element, Picture) else _symbol(element, media)
    upright.paste(1, (placed.left, max(placed.base - ink.height, 0)), ink)


def stacked(papers: Iterable[Image.Image]) -> bytes:
    """Several papers below one another as PNG, dashes where the cuts were. At least one; those that go beyond a
    height of 25 m are left out."""
    shown: list[Image.Image] = []
    for paper in papers:
        shown.append(paper)
        if sum(one.height for one in shown) > _HIGHEST_STACK:
            break
    return png(_joined(shown))


def _joined(papers: Sequence[Image.Image]) -> Image.Image:
    width = max(paper.width for paper in papers)
    sheet = Image.new("1", (width, sum(paper.height for paper in papers)), 1)
    pen = ImageDraw.Draw(sheet)
    top = 0
    for paper in papers:
        sheet.paste(paper, (0, top))
        if top:
            for left in range(0, width, 16):
                pen.line((left, top, left + 7, top), fill=0, width=2)
        top += paper.height
    return sheet
