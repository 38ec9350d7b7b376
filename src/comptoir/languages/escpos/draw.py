"""Draws a paper as a PNG: the dots that a 203 dpi printer with fonts of 12 × 24 and 9 × 17 dots would burn.

The font is JetBrains Mono, whose cells at 20 pixels are exactly 12 wide: 48 columns fill 576 dots. Symbols
are drawn as labelled boxes: they are not encoded. Nothing is printed or read from the network.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from comptoir.core.page import PLAIN, Align, Media, Picture
from comptoir.languages.escpos.paper import Feed, Paper, Run, Symbol, TextLine, as_text

__all__ = ["as_text", "draw", "image"]

INK: Final = 0
PAPER: Final = 255

#: font pixels, cell width, cell height
_FONT_A: Final = (20, 12, 24)
_FONT_B: Final = (15, 9, 17)

#: Above the first line and below the last, in dots.
_EDGE: Final = 28
#: Grey levels below this are ink: thin strokes of small letters stay whole.
_THRESHOLD: Final = 150
#: No picture is higher than this, whatever a captured stream says: 5 m of paper.
_HIGHEST: Final = 40_000

_LIGHT: Final = 400
_REGULAR: Final = 500
_BOLD: Final = 800


def draw(paper: Paper, media: Media, margin: int = 0) -> bytes:
    """The paper as PNG, 1 bit a dot, `media.dots` wide and `margin` dots of white on both sides."""
    return png(image(paper, media, margin))


def png(picture: Image.Image) -> bytes:
    """The picture as PNG bytes."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def image(paper: Paper, media: Media, margin: int = 0) -> Image.Image:
    """The paper as a Pillow picture of mode 1."""
    rows = list(_to_the_limit(_rows(paper, media)))
    height = min(sum(row.height for row in rows) + 2 * _EDGE, _HIGHEST)
    sheet = Image.new("L", (media.dots + 2 * margin, height), PAPER)
    top = _EDGE
    for row in rows:
        if top >= height:
            break
        sheet.paste(row, (margin, top))
        top += row.height
    return sheet.convert("1", dither=Image.Dither.NONE)


def _to_the_limit(rows: Iterable[Image.Image]) -> Iterable[Image.Image]:
    """As many strips as the picture may be high: the rest of a paper of a mile need not be drawn."""
    height = 0
    for row in rows:
        yield row
        height += row.height
        if height > _HIGHEST:
            return


def _rows(paper: Paper, media: Media) -> Iterable[Image.Image]:
    """Each element as a strip of the paper's width."""
    for element in paper.elements:
        if isinstance(element, TextLine):
            yield _line(element, media)
        elif isinstance(element, Picture):
            yield _picture(element, media)
        elif isinstance(element, Feed):
            yield _blank(media, element.dots)
        elif isinstance(element, Symbol):
            yield _symbol(element, media)


def _blank(media: Media, height: int) -> Image.Image:
    return Image.new("L", (media.dots, max(min(height, _HIGHEST), 1)), PAPER)


def _left(align: Align, width: int, room: int) -> int:
    """Where something of this width begins."""
    return {"left": 0, "center": (room - width) // 2, "right": room - width}[align]


def _line(line: TextLine, media: Media) -> Image.Image:
    """Letters stand on one base line, whatever their heights."""
    tallest = max((_cell(run)[1] for run in line.runs), default=0)
    strip = _blank(media, max(line.spacing, tallest))
    width = sum(len(run.text) * _cell(run)[0] for run in line.runs)
    left = line.margin + max(_left(line.align, width, media.dots - line.margin), 0)
    for run in line.runs:
        piece = _run(run)
        strip.paste(piece, (left, tallest - piece.height))
        left += piece.width
    return strip


def _cell(run: Run) -> tuple[int, int]:
    """Width and height of one character, in dots."""
    _, wide, high = _FONT_B if run.small else _FONT_A
    return wide * run.style.width, high * run.style.height


def _run(run: Run) -> Image.Image:
    """Characters of one style. Each is put in its cell, so that columns stand under one another."""
    size, wide, high = _FONT_B if run.small else _FONT_A
    style = run.style
    font = _font(size, _BOLD if style.bold else _LIGHT if run.small else _REGULAR)
    piece = Image.new("L", (wide * len(run.text), high), PAPER)
    pen = ImageDraw.Draw(piece)
    # The base line of a 24-dot cell is at its 19th dot; the letters g and p need the rest.
    pen.text((0, high * 19 // 24), run.text, fill=INK, font=font, anchor="ls")
    piece = piece.point(_INKED)
    if style.underline:
        ImageDraw.Draw(piece).rectangle((0, high - 2, piece.width, high - 1), fill=INK)
    if style.width > 1 or style.height > 1:
        piece = piece.resize((piece.width * style.width, high * style.height), Image.Resampling.NEAREST)
    return piece.point(_NEGATIVE) if style.inverse else piece


_INKED: Final = [INK if level < _THRESHOLD else PAPER for level in range(256)]
_NEGATIVE: Final = [PAPER - level for level in range(256)]


@lru_cache(maxsize=8)
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """JetBrains Mono of this size and weight, without ligatures: `--` is two strokes on a printer."""
    path = files("fontpkg_jetbrains_mono") / "files" / "JetBrainsMono[wght].ttf"
    font = ImageFont.truetype(io.BytesIO(path.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font


def _picture(picture: Picture, media: Media) -> Image.Image:
    height = min(picture.height, _HIGHEST)
    across = (picture.width + 7) // 8
    dots = Image.frombytes("1", (picture.width, height), picture.bits[: across * height])
    strip = _blank(media, height)
    ink = Image.new("L", dots.size, INK)
    strip.paste(ink, (max(_left(picture.align, picture.width, media.dots), 0), 0), dots)
    return strip


def _symbol(symbol: Symbol, media: Media) -> Image.Image:
    """A frame with the symbol's kind and what it says."""
    words = _chunks(symbol.data or " ", max(media.columns - 8, 1))
    texts = [Run(symbol.kind, PLAIN, small=True), *(Run(word, PLAIN) for word in words[:8])]
    pieces = [_run(run) for run in texts]
    width, height = max(piece.width for piece in pieces) + 32, sum(piece.height + 4 for piece in pieces) + 20
    strip = _blank(media, height + 16)
    left = max(_left(symbol.align, width, media.dots), 0)
    ImageDraw.Draw(strip).rectangle((left, 4, left + width - 1, 4 + height), outline=INK, width=2)
    top = 16
    for piece in pieces:
        strip.paste(piece, (left + (width - piece.width) // 2, top))
        top += piece.height + 4
    return strip


def _chunks(text: str, size: int) -> Sequence[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def stacked(papers: Sequence[Image.Image]) -> bytes:
    """Several papers below one another as PNG, dashes where the cuts were. At least one."""
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
    return png(sheet)
