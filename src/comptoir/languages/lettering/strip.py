"""Sets a text of any script on one line: which cells each piece stands in, in which face; then draws the line.

Columns are kept: every cluster stands in the cells that core.cells counts for it. Only words whose letters join, stack
or differ much in width are set as a whole, in the cells of all their letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from PIL import Image, ImageChops, ImageDraw

from comptoir.core.cells import cluster_cells
from comptoir.core.page import Style
from comptoir.languages.lettering import bidi, pen
from comptoir.languages.lettering.faces import KEPT, Face, Han, face_of, han_of, has, shown

#: Multiples of the normal character that printers know.
_LARGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """What is drawn at once, and the cells it stands in. Without a face it is blank, or a box for what is missing.

    `text` is in reading order, `missing` the characters of it that no face has.
    """

    text: str
    cells: int
    face: Face | None = None
    right_to_left: bool = False
    missing: str = ""


def pieces(text: str) -> list[Piece]:
    """The pieces of a line from left to right."""
    text = normalize("NFC", text)
    han = han_of(text)
    return _joined(_piece(cluster, leftwards, han) for cluster, leftwards in bidi.visual(text))


def draw(text: str, style: Style, cell: tuple[int, int]) -> tuple[Image.Image, str]:
    """The text as a picture of mode 1 that holds its cells exactly, 1 is ink; and the characters that no face has."""
    wide = cell[0] * min(max(style.width, 1), _LARGEST)
    high = cell[1] * min(max(style.height, 1), _LARGEST)
    line = pieces(text)
    picture = Image.new("1", (sum(piece.cells for piece in line) * wide, high))
    left = 0
    for piece in line:
        room = pen.Room(piece.cells, wide, high)
        if piece.face is not None:
            picture.paste(pen.draw(piece.text, piece.face, room, style.bold, piece.right_to_left), (left, 0))
        elif piece.missing and piece.cells:
            picture.paste(pen.box(room), (left, 0))
        left += room.size[0]
    if style.underline:
        thick = max(2 * high // pen.HIGH, 1)
        ImageDraw.Draw(picture).rectangle((0, high - thick, left, high), fill=pen.INK)
    return ImageChops.invert(picture) if style.inverse else picture, "".join(piece.missing for piece in line)


def glyph(cluster: str, room: pen.Room, bold: bool) -> Image.Image:
    """One cluster in so much room, whatever it would take in a line; as `draw`."""
    for piece in pieces(cluster):
        if piece.face is not None:
            return pen.draw(piece.text, piece.face, room, bold, piece.right_to_left)
        if piece.missing:
            return pen.box(room)
    return Image.new("1", room.size)


@lru_cache(maxsize=KEPT)
def _piece(cluster: str, right_to_left: bool, han: Han) -> Piece:
    """One cluster by itself."""
    visible, cells = shown(cluster), cluster_cells(cluster)
    if not visible or visible.isspace():
        return Piece(" ", cells)
    face = face_of(cluster, han, cells == 2) if cells else None
    if face is None:
        return Piece(visible, cells, missing=visible)
    lacking = "".join(character for character in visible if not has(face, character))
    text = "".join(character for character in cluster if character not in lacking)
    return Piece(text, cells, face, right_to_left, lacking)


def _joined(line: Iterable[Piece]) -> list[Piece]:
    """The line with the letters of joined scripts made words, and words that one space parts made one piece."""
    out: list[Piece] = []
    for piece in line:
        if out and _joins(out[-1], piece):
            out[-1] = _sum(out[-1], piece)
        elif len(out) > 1 and out[-1] == Piece(" ", 1) and _joins(out[-2], piece):
            space = Piece(" ", 1, piece.face, piece.right_to_left)
            out[-2:] = [_sum(_sum(out[-2], space), piece)]
        elif piece.cells or piece.missing:
            out.append(piece)
    return out


def _joins(left: Piece, right: Piece) -> bool:
    return (
        right.face is not None
        and right.face.setting == "joined"
        and (left.face, left.right_to_left) == (right.face, right.right_to_left)
    )


def _sum(left: Piece, right: Piece) -> Piece:
    """Two neighbours as one: the one that is read first comes first in the text."""
    first, second = (right, left) if right.right_to_left else (left, right)
    return Piece(
        first.text + second.text,
        left.cells + right.cells,
        left.face,
        left.right_to_left,
        first.missing + second.missing,
    )
