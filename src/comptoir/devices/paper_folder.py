"""The papers of a virtual printer as files: NNNNNN.bin as received, .txt as read, .png as it looks.

The bytes are durable before the printer says that it has printed; text and picture follow and can be made
again. All functions block; call them in a thread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from comptoir.core.page import Media
from comptoir.durable import replace_file
from comptoir.languages.escpos.paper import Paper, as_text
from comptoir.languages.escpos.render import render

#: Papers kept; the oldest go.
KEPT: Final = 500

_NAME: Final = re.compile(r"\d{6,}\.bin")


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper in the folder. time: when it came out, ms since 1970. text: as it stands on paper."""

    number: int
    time: int
    text: str


def papers(folder: Path, media: Media | None = None) -> list[PaperRecord]:
    """The papers in a folder, newest first; none where there is no folder."""
    return [
        PaperRecord(number, _time(folder, number), _text(folder, number, media or Media()))
        for number in sorted(_numbers(folder), reverse=True)
    ]


class PaperFolder:
    """Writes papers into a folder, numbered on from what is there. One user at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: int | None = None

    def keep(self, data: bytes) -> int:
        """The bytes of a paper, on disk when this returns. Its number. Raises OSError."""
        if self._last is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._last = max(_numbers(self._folder), default=0)
        number = self._last + 1
        replace_file(_path(self._folder, number, "bin"), data)
        self._last = number
        self._forget(number - KEPT)
        return number

    def draw(self, number: int, paper: Paper, media: Media) -> PaperRecord:
        """Text and picture of a paper that is kept. Raises OSError."""
        text = as_text(paper, media)
        _replace(_path(self._folder, number, "txt"), text.encode())
        # Pillow costs 10 MB: a station without a virtual printer does not pay.
        from comptoir.languages.escpos.draw import draw as picture_of  # noqa: PLC0415

        _replace(_path(self._folder, number, "png"), picture_of(paper, media))
        return PaperRecord(number, _time(self._folder, number), text)

    def _forget(self, number: int) -> None:
        for kind in ("bin", "txt", "png"):
            _path(self._folder, number, kind).unlink(missing_ok=True)


def _path(folder: Path, number: int, kind: str) -> Path:
    return folder / f"{number:06}.{kind}"


def _numbers(folder: Path) -> list[int]:
    """The numbers of the papers that are there, in any order."""
    try:
        return [int(path.stem) for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    except FileNotFoundError:
        return []


def _time(folder: Path, number: int) -> int:
    try:
        return _path(folder, number, "bin").stat().st_mtime_ns // 1_000_000
    except FileNotFoundError:
        return 0


def _text(folder: Path, number: int, media: Media) -> str:
    """As written; read from the bytes where the process ended before it was."""
    try:
        return _path(folder, number, "txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    try:
        return render(_path(folder, number, "bin").read_bytes(), "text", media).decode()
    except FileNotFoundError:  # it was the oldest, and has just gone
        return ""


def _replace(path: Path, data: bytes) -> None:
    """The whole file or the old one, never half."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
