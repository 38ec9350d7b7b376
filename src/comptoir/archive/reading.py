"""What is made of a document, in the process that reads documents: its text, its pages, a picture of a page.

Which kind of document does what is in `kinds`. Nothing here raises: that a document cannot be read is its answer.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from comptoir.archive.errand import Answer, Errand
from comptoir.archive.kinds import Kind, Paged, opened
from comptoir.core.errors import ComptoirError

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_LETTERS: Final = 500_000
#: how much higher than wide a picture may be: of a long receipt the beginning
TALLEST_THUMBNAIL: Final = 1.5
TALLEST: Final = 20
#: dots, for pictures that are read by eyes
READABLE: Final = 1_700
#: pages that are read so; each takes seconds
MOST_SEEN: Final = 5

#: what libraries raise for a document that is damaged in a way that they have not thought of
_SURPRISES: Final = (
    OSError, ValueError, TypeError, KeyError, IndexError, ArithmeticError, MemoryError, RecursionError, EOFError,
    SyntaxError, AttributeError, struct.error, zlib.error,
)  # fmt: skip


#: to open these takes longer than to draw them; what is open then is a PDF in memory
_WORTH_KEEPING: Final = ("application/postscript", "application/vnd.hp-PJL")


class Reader:
    """It keeps the last document open where that is worth it, and no file: whoever eliminates one must not wait."""

    def __init__(self) -> None:
        self._key = ""
        self._paged: Paged | None = None

    def do(self, errand: Errand, content: Path | bytes) -> tuple[Answer, bytes]:
        """What was asked for, with the picture's bytes."""
        try:
            paged = self._open(errand, content)
            if paged is None:
                return Answer(), b""
            if errand.task == "read":
                return _read(paged), b""
            if errand.task == "eyes":
                return _seen(paged, errand.languages), b""
            return _drawn(paged, errand)
        except ComptoirError as error:
            return Answer(trouble=error.message), b""
        except _SURPRISES as error:
            return Answer(trouble=f"it cannot be read: {type(error).__name__}"), b""
        finally:
            if errand.media_type not in _WORTH_KEEPING:
                self.close()

    def close(self) -> None:
        paged, self._paged, self._key = self._paged, None, ""
        if paged is not None:
            with suppress(ComptoirError, *_SURPRISES):
                paged.close()

    def _open(self, errand: Errand, content: Path | bytes) -> Paged | None:
        if errand.key != self._key:
            self.close()
            self._paged = opened(content, errand.media_type)
            self._key = errand.key
        return self._paged


def _read(paged: Paged) -> Answer:
    text = unicodedata.normalize("NFC", paged.text()[:MOST_LETTERS]).replace("\0", " ").strip()
    return Answer(text=text, pages=paged.pages, eyes=not text and paged.kind is Kind.PICTURES)


def _seen(paged: Paged, languages: str) -> Answer:
    from comptoir.archive.programs import ocr  # noqa: PLC0415

    found = []
    for number in range(1, min(paged.pages or 0, MOST_SEEN) + 1):
        picture = paged.picture(number, READABLE)
        if picture is not None:
            found.append(ocr(_bytes(picture, "png"), languages))
    return Answer(text="\f".join(found).strip(), pages=paged.pages)


def _drawn(paged: Paged, errand: Errand) -> tuple[Answer, bytes]:
    picture = paged.picture(errand.page, errand.width)
    if picture is None:
        return Answer(pages=paged.pages), b""
    tallest = TALLEST_THUMBNAIL if errand.image == "webp" else TALLEST
    return Answer(pages=paged.pages), _bytes(_fitted(picture, errand.width, tallest), errand.image)


def _fitted(picture: Image, width: int, tallest: float) -> Image:
    """As wide as asked for, never wider than it is; what is too high is cut below."""
    from PIL import Image  # noqa: PLC0415

    if picture.height > tallest * picture.width:
        picture = picture.crop((0, 0, picture.width, round(tallest * picture.width)))
    if picture.width <= width:
        return picture
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)


def _bytes(picture: Image, image: str) -> bytes:
    out = io.BytesIO()
    if image == "webp":
        (picture if picture.mode in ("L", "RGB") else picture.convert("RGB")).save(out, "WEBP", quality=60, method=2)
    else:
        picture.save(out, "PNG", compress_level=4)
    return out.getvalue()
