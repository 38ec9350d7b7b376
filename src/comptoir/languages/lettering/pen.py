"""Shapes a piece of text with HarfBuzz and draws it into its cells, 1 bit a dot. It does not choose faces.

The same engine shapes, places marks and fills outlines on every platform; no library of the system is asked. Larger
letters are drawn from their outlines at the larger size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import uharfbuzz as hb
from PIL import Image, ImageDraw

from comptoir.languages.lettering.faces import KEPT, Face, font

#: The cell that faces are measured for, in dots.
WIDE: Final = 12
HIGH: Final = 24

#: How Pillow keeps a 1 of a picture of mode 1: anything else is not the same when it is inverted.
INK: Final = 255
#: Coverage from which a dot is ink, of 255: thin strokes of small letters stay whole.
_INKED: Final = bytes(INK if coverage >= 105 else 0 for coverage in range(256))
#: What a joined word is widened by at most to fill its cells.
_WIDEST: Final = 1.25
#: A letter that had to be narrower than this is made smaller as a whole: a wide star in one cell stays a star.
_NARROWEST: Final = 0.6
#: What may stand over the edge of the cell, in dots, before a letter is made smaller: the soft edge of its outline.
_OVER: Final = 0.5
#: Dots of a picture that is kept, a byte each: a letter of twice the usual size. All of them take 30 MB at the most.
_SMALL: Final = 48 * 48
#: Lines and blocks that must meet those of the next cell, whatever they reach over.
_SEAMLESS: Final = range(0x2500, 0x25A0)


@dataclass(frozen=True, slots=True)
class Room:
    """The cells that a piece stands in: how many, and the size of one in dots of the paper."""

    cells: int
    wide: int
    high: int

    @property
    def size(self) -> tuple[int, int]:
        return self.cells * self.wide, self.high


@dataclass(frozen=True, slots=True)
class _Shape:
    """Glyphs with their places in dots of a 12 × 24 cell, from the origin on the base line; and their bounds."""

    glyphs: tuple[tuple[int, float, float], ...]
    advance: float
    left: float
    bottom: float
    right: float
    top: float


def draw(text: str, face: Face, room: Room, bold: bool, right_to_left: bool) -> Image.Image:
    """The piece as a picture of mode 1, as large as its room; 1 is ink.

    Small ones are kept and given again: they must not be drawn on.
    """
    wide, high = room.size
    return (_kept if wide * high <= _SMALL else _drawn)(text, face, room, bold, right_to_left)


def _drawn(text: str, face: Face, room: Room, bold: bool, right_to_left: bool) -> Image.Image:
    shape = _shape(text, face, bold, right_to_left)
    x_scale, y_scale, left, base = _placed(shape, face, room.cells * WIDE, text, right_to_left)
    across, down = room.wide / WIDE, room.high / HIGH
    outline = hb.RasterDraw()
    em = face.size / font(face, bold).face.upem
    for glyph, x, y in shape.glyphs:
        outline.transform = (
            em * x_scale * across,
            0,
            0,
            em * y_scale * down,
            (left + x * x_scale) * across,
            (HIGH - base + y * y_scale) * down,
        )
        outline.draw_glyph(font(face, bold), glyph)
    return _inked(outline.render(), room)


_kept = lru_cache(maxsize=KEPT)(_drawn)


def box(room: Room) -> Image.Image:
    """What stands for a character that no face has: an empty box."""
    picture = Image.new("1", room.size)
    edge = max(min(room.high // HIGH, room.size[0] // 12), 1) * 2
    ImageDraw.Draw(picture).rectangle(
        (edge, room.high // 6, room.size[0] - edge - 1, room.high * 5 // 6), outline=INK, width=edge // 2
    )
    return picture


def _shape(text: str, face: Face, bold: bool, right_to_left: bool) -> _Shape:
    """The glyphs of a text, placed as the script wants it."""
    loaded = font(face, bold)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if right_to_left else "ltr"
    buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    hb.shape(loaded, buffer)
    em = face.size / loaded.face.upem
    pen, glyphs, bounds = 0.0, [], []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        x, y = pen + place.x_offset * em, place.y_offset * em
        glyphs.append((info.codepoint, x, y))
        ink = loaded.get_glyph_extents(info.codepoint)
        if ink is not None and ink.width:
            left, top = x + ink.x_bearing * em, y + ink.y_bearing * em
            bounds.append((left, top + ink.height * em, left + ink.width * em, top))
        pen += place.x_advance * em
    lefts, bottoms, rights, tops = zip(*bounds, strict=True) if bounds else ((0.0,),) * 4
    return _Shape(tuple(glyphs), pen, min(lefts), min(bottoms), max(rights), max(tops))


def _placed(
    shape: _Shape, face: Face, room: float, text: str, right_to_left: bool
) -> tuple[float, float, float, float]:
    """How a shape is scaled in both directions, where its origin stands, and how far its base line is from the top.

    A word that reaches below the cell is lifted where there is room above it, before it is made lower.
    """
    base = face.base
    if ord(text[0]) in _SEAMLESS:
        return 1, 1, (room - shape.advance) / 2, base
    ink = max(shape.right - shape.left, 1)
    if face.setting == "picture" or (face.setting == "grid" and room < ink * _NARROWEST):
        scale = min(room / ink, HIGH / max(shape.top - shape.bottom, 1), 1)
        base = min(max(base, shape.top * scale), HIGH + shape.bottom * scale)
        return scale, scale, (room - (shape.left + shape.right) * scale) / 2, base
    if face.setting == "joined":
        base = max(min(base, HIGH + shape.bottom), min(base, shape.top))
    y_scale = min(1.0, _part(base, shape.top), _part(HIGH - base, -shape.bottom))
    left, right = min(shape.left, 0), max(shape.right, shape.advance)
    x_scale = min(room / max(right - left, 1), _WIDEST if face.setting == "joined" else 1)
    spare = room - (right - left) * x_scale
    if face.setting == "joined":
        return x_scale, y_scale, (spare if right_to_left else 0) - left * x_scale, base
    return x_scale, y_scale, spare / 2 - left * x_scale, base


def _part(room: float, reach: float) -> float:
    """What a letter that reaches so far must be scaled by to stay in the room."""
    return room / reach if reach > room + _OVER else 1


def _inked(coverage: hb.RasterImage, room: Room) -> Image.Image:
    """The rasterised outlines in their room: HarfBuzz counts rows from the bottom."""
    picture = Image.new("1", room.size)
    bounds = coverage.extents
    if bounds is None or not bounds.width or not bounds.height:
        return picture
    size = (bounds.width, bounds.height)
    dots = bytes(coverage.buffer).translate(_INKED)
    # Pillow's own `point` would prepare its table again for each letter.
    ink = Image.frombytes("1", size, dots, "raw", "1;8", bounds.stride, -1)
    picture.paste(ink, (bounds.x_origin, room.high - bounds.y_origin - bounds.height))
    return picture
