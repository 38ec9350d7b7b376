"""Draws `comptoir.ico`, the program's picture: a receipt with three lines on a counter. Run it when that is to change.

The file is in the repository, so that a build needs no drawing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

SIZES: Final = (16, 24, 32, 48, 64, 128, 256)
#: drawn so large, then made smaller: edges are smooth
SIDE: Final = 1024
BLUE, PAPER, INK, WOOD = "#1f4e79", "#ffffff", "#33414f", "#c98d4b"


def drawn() -> Image.Image:
    """The picture, square."""
    picture = Image.new("RGBA", (SIDE, SIDE))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((32, 32, 992, 992), 176, fill=BLUE)
    torn = [(288 + 64 * place, 176 if place % 2 else 240) for place in range(8)]
    draw.polygon([*torn, (736, 752), (288, 752)], fill=PAPER)
    for row, width in ((352, 320), (464, 224), (576, 288)):
        draw.rounded_rectangle((352, row, 352 + width, row + 48), 24, fill=INK)
    draw.rounded_rectangle((144, 736, 880, 832), 40, fill=WOOD)
    return picture


if __name__ == "__main__":
    drawn().save(Path(__file__).with_name("comptoir.ico"), sizes=[(side, side) for side in SIZES])
