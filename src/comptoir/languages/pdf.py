"""PDF (ISO 32000) for printers that take it: documents that are PDF as they are, others with a picture for each side.

It writes as it goes: what stands in the file is known by its place, and told at the end.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from comptoir.core.sheet import Ink, Setup, Side, Wishes
from comptoir.languages import pjl

MEDIA_TYPE: Final = "application/pdf"


class Pdf:
    """Implements core.ports.SheetLanguage."""

    passes: Sequence[str] = (MEDIA_TYPE,)
    ink: Ink = "colours"

    def around(self, wishes: Wishes) -> tuple[bytes, bytes]:
        return pjl.around("PDF", wishes)

    def writer(self, setup: Setup, wishes: Wishes) -> PdfWriter:
        return PdfWriter(setup, *self.around(wishes))


class PdfWriter:
    """Implements core.ports.SheetWriter. `head`, `tail`: what stands around the file."""

    def __init__(self, setup: Setup, head: bytes = b"", tail: bytes = b"") -> None:
        self._head, self._tail = head, tail
        self._width = setup.paper.width * 72 / 2540
        self._height = setup.paper.height * 72 / 2540
        #: object → where it begins; 1 is the catalogue and 2 the pages, which are written at the end
        self._places: dict[int, int] = {}
        self._pages: list[int] = []
        self._written = 0

    def begin(self) -> bytes:
        # The second line says that bytes above 127 follow, to whatever carries the file.
        return self._head + self._counted(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def side(self, side: Side) -> Iterator[bytes]:
        page = 3 + 3 * len(self._pages)
        self._pages.append(page)
        size = f"{self._width:.2f} {self._height:.2f}"
        draw = f"q {self._width:.2f} 0 0 {self._height:.2f} 0 0 cm /I Do Q".encode()
        space = "RGB" if side.ink == "colours" else "Gray"
        yield self._object(
            page,
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents {page + 1} 0 R"
            f"/Resources<</XObject<</I {page + 2} 0 R>>>>>>".encode(),
        )
        yield self._object(page + 1, _stream("", draw))
        yield self._object(
            page + 2,
            _stream(
                f"/Type/XObject/Subtype/Image/Width {side.width}/Height {side.height}/ColorSpace/Device{space}"
                "/BitsPerComponent 8/Filter/FlateDecode",
                zlib.compress(side.dots, 6),
            ),
        )

    def end(self) -> bytes:
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        out = self._object(1, b"<</Type/Catalog/Pages 2 0 R>>")
        out += self._object(2, f"<</Type/Pages/Kids[{kids}]/Count {len(self._pages)}>>".encode())
        table = "".join(f"{self._places[number]:010d} 00000 n \n" for number in sorted(self._places))
        count = len(self._places) + 1
        out += (
            f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}/Root 1 0 R>>\n"
            f"startxref\n{self._written}\n%%EOF\n"
        ).encode()
        return out + self._tail

    def _object(self, number: int, body: bytes) -> bytes:
        self._places[number] = self._written
        return self._counted(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _counted(self, data: bytes) -> bytes:
        self._written += len(data)
        return data


def _stream(entries: str, data: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries.encode(), len(data), data)
