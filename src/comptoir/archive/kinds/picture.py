"""Pictures: PNG, JPEG, GIF, BMP, WEBP, TIFF. Of several in one file, such as a fax, each is a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from comptoir.archive.kinds import Kind
from comptoir.formats.image import MAX_PIXELS, opened, upright

if TYPE_CHECKING:
    from PIL import Image

MOST_PAGES: Final = 1_000


class Picture:
    """An open picture. Raises FormatError where it is none, or too large."""

    kind = Kind.PICTURES

    def __init__(self, content: Path | bytes) -> None:
        self._content = content
        with opened(content) as image:
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        self.pages: int | None = min(frames, MOST_PAGES)

    def text(self) -> str:
        return ""

    def picture(self, page: int, width: int) -> Image.Image | None:
        if not 1 <= page <= (self.pages or 0):
            return None
        with opened(self._content) as image:
            if page > 1:
                image.seek(page - 1)
                if image.width * image.height > MAX_PIXELS:
                    return None
            return upright(image, "RGB", (width, 4 * width))

    def close(self) -> None:
        """Nothing is open."""
