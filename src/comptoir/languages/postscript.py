"""PostScript level 3: each side one picture, compressed and spelled in hexadecimal, so that no byte of it commands.

It draws pictures only. PostScript that others have made is passed on as it is.
"""

from __future__ import annotations

import zlib
from binascii import hexlify
from collections.abc import Iterator, Sequence
from typing import Final

from comptoir.core.sheet import Ink, Setup, Side, Wishes
from comptoir.languages import pjl

MEDIA_TYPE: Final = "application/postscript"

_LINE: Final = 127  # bytes, 254 characters: DSC 3.0 wants no longer lines


class Postscript:
    """Implements core.ports.SheetLanguage."""

    passes: Sequence[str] = (MEDIA_TYPE,)
    ink: Ink = "colours"

    def around(self, wishes: Wishes) -> tuple[bytes, bytes]:
        return pjl.around("POSTSCRIPT", wishes)

    def writer(self, setup: Setup, wishes: Wishes) -> PostscriptWriter:
        return PostscriptWriter(setup, wishes, *self.around(wishes))


class PostscriptWriter:
    """Implements core.ports.SheetWriter. `head`, `tail`: what stands around the program."""

    def __init__(self, setup: Setup, wishes: Wishes, head: bytes = b"", tail: bytes = b"") -> None:
        self._head, self._tail = head, tail
        self._sides = wishes.sides
        self._width = setup.paper.width * 72 / 2540
        self._height = setup.paper.height * 72 / 2540
        self._number = 0

    def begin(self) -> bytes:
        """The device is set once: set anew, it would begin a new sheet."""
        device = f"/PageSize [{self._width:.2f} {self._height:.2f}]"
        if self._sides:
            two, tumble = self._sides.startswith("two-sided"), self._sides == "two-sided-short-edge"
            device += f" /Duplex {_word(two)} /Tumble {_word(tumble)}"
        text = (
            "%!PS-Adobe-3.0\n%%LanguageLevel: 3\n%%Pages: (atend)\n"
            f"%%BoundingBox: 0 0 {round(self._width)} {round(self._height)}\n%%EndComments\n"
            f"%%BeginSetup\nmark {{ << {device} >> setpagedevice }} stopped cleartomark\n%%EndSetup\n"
        )
        return self._head + text.encode()

    def side(self, side: Side) -> Iterator[bytes]:
        self._number += 1
        space = "RGB" if side.ink == "colours" else "Gray"
        decode = " ".join(["0 1"] * side.depth)
        yield (
            f"%%Page: {self._number} {self._number}\ngsave {self._width:.2f} {self._height:.2f} scale\n"
            f"/Device{space} setcolorspace\n"
            f"<< /ImageType 1 /Width {side.width} /Height {side.height} /BitsPerComponent 8 /Decode [{decode}]\n"
            f"/ImageMatrix [{side.width} 0 0 {-side.height} 0 {side.height}]\n"
            "/DataSource currentfile /ASCIIHexDecode filter /FlateDecode filter >> image\n"
        ).encode()
        packed = zlib.compress(side.dots, 6)
        yield hexlify(packed, b"\n", -_LINE) + b">\ngrestore showpage\n"

    def end(self) -> bytes:
        return f"%%Trailer\n%%Pages: {self._number}\n%%EOF\n".encode() + self._tail


def _word(true: bool) -> str:
    return "true" if true else "false"
