"""Characters as dots: a run in the printer's fonts A and B, two-byte characters in cells of 24. It places nothing.

JetBrains Mono stands for the printer's own font: its cells at 20 pixels are exactly 12 wide. What it lacks is
drawn by `languages.lettering`, each character in its cells and in the order sent: no printer joins or turns
Arabic letters.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from comptoir.core.cells import cluster_cells, clusters
from comptoir.languages.escpos.elements import FONT_A, FONT_B, FONT_KANJI, Run

#: font pixels
_SIZE_A: Final = 20
_SIZE_B: Final = 15
#: Grey levels above this are ink: thin strokes of small letters stay whole.
_THRESHOLD: Final = 105
_LIGHT: Final = 400
_REGULAR: Final = 500
#: heavier, and the bar inside the zero makes it an eight
_BOLD: Final = 650

#: What JetBrains Mono has beyond doubt: Latin, Greek, Cyrillic, punctuation, the euro, boxes.
_OWN: Final = re.compile(
    "[ -~\u00a0-\u017f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u0490\u0491"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122\u2190-\u2193\u2500-\u256c\u2580-\u2593]*"
)
_NONE: Final = "\ufffd"


def run_mask(run: Run) -> Image.Image:
    """The run as wide and high as it stands on paper; mode 1, ink is set."""
    width, height = run.style.width, run.style.height
    piece = _cells(run)
    if run.look.italic:
        piece = piece.transform(piece.size, Image.Transform.AFFINE, (1, 0.2, -0.2 * piece.height * 0.8, 0, 1, 0))
    if run.style.underline and not run.look.turned:
        ImageDraw.Draw(piece).rectangle((0, piece.height - run.look.thickness, piece.width, piece.height - 1), fill=255)
    if width > 1 or height > 1:
        piece = piece.resize((piece.width * width, piece.height * height), Image.Resampling.NEAREST)
    return piece.point(_NEGATIVE, "1") if run.style.inverse else piece


_INKED: Final = [255 if level > _THRESHOLD else 0 for level in range(256)]
_NEGATIVE: Final = [255 if not level else 0 for level in range(256)]


def _cells(run: Run) -> Image.Image:
    """At the size of the font, each character in its cell, so that columns stand under one another."""
    look, bold = run.look, run.style.bold
    if not (look.wide or look.turned or look.gap or look.gap_before) and _OWN.fullmatch(run.text):
        return _text(run.text, run.small, bold)
    cell = FONT_KANJI if look.wide else FONT_B if run.small else FONT_A
    pitch = run.pitch // run.style.width
    high = cell[0] if look.turned else cell[1]
    sheet = Image.new("1", (max(run.width // run.style.width, 1), high))
    left = look.gap_before
    for cluster in clusters(run.text):
        cells = 1 if look.wide else max(cluster_cells(cluster), 1)
        sheet.paste(_glyph(cluster, cell, cells, bold, look.turned), (left, 0))
        left += pitch * cells
    return sheet


@lru_cache(maxsize=2048)
def _glyph(cluster: str, cell: tuple[int, int], cells: int, bold: bool, turned: bool) -> Image.Image:
    """One character in its cells, lying on its right side where it is turned."""
    if cluster == _NONE:
        drawn = _box((cell[0] * cells, cell[1]))
    elif _OWN.fullmatch(cluster) and cell != FONT_KANJI:
        drawn = _text(cluster, cell == FONT_B, bold)
    else:
        from comptoir.languages.lettering import glyph_image  # noqa: PLC0415 - fonts of other scripts

        halves = 2 * cells if cell == FONT_KANJI else cells
        drawn = glyph_image(cluster, halves, FONT_A if cell == FONT_KANJI else cell, bold)
    return drawn.rotate(-90, expand=True) if turned else drawn


def _box(size: tuple[int, int]) -> Image.Image:
    """A code that is no character."""
    drawn = Image.new("1", size)
    ImageDraw.Draw(drawn).rectangle((1, 4, size[0] - 3, size[1] - 5), outline=255)
    return drawn


def _text(text: str, small: bool, bold: bool) -> Image.Image:
    """Characters that JetBrains Mono has, side by side."""
    size, (wide, high) = (_SIZE_B, FONT_B) if small else (_SIZE_A, FONT_A)
    font = _font(size, _BOLD if bold else _LIGHT if small else _REGULAR)
    piece = Image.new("L", (max(wide * len(text), 1), high))
    # The base line of a 24-dot cell is at its 19th dot; the letters g and p need the rest.
    ImageDraw.Draw(piece).text((0, high * 19 // 24), text, fill=255, font=font, anchor="ls")
    return piece.point(_INKED, "1")


@lru_cache(maxsize=8)
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """JetBrains Mono of this size and weight, without ligatures: `--` is two strokes on a printer."""
    path = files("fontpkg_jetbrains_mono") / "files" / "JetBrainsMono[wght].ttf"
    font = ImageFont.truetype(io.BytesIO(path.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font
