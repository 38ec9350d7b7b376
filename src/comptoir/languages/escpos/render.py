"""Captured ESC/POS bytes as text, PNG, PDF or JSON: what `comptoir render` shows. It prints nothing.

Papers follow one another: in text and PNG below a line of dashes where the cut was, in PDF a page each.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypedDict

from comptoir.core.errors import RequestError
from comptoir.core.page import Media
from comptoir.core.profile import Profile
from comptoir.languages.escpos.describe import described
from comptoir.languages.escpos.interpret import Interpreter
from comptoir.languages.escpos.paper import Paper, as_text

if TYPE_CHECKING:
    from PIL import Image

KINDS: Final = ("text", "png", "pdf", "json")
#: Papers that are shown of one stream; it may be all cuts.
MOST: Final = 2000

#: bytes that are interpreted at once
_PIECE: Final = 1 << 16


def render(
    data: bytes,
    kind: str,
    media: Media,
    *,
    kanji: str = "gb18030",
    auto_kanji: bool = False,
    slots: Mapping[int, str] | None = None,
) -> bytes:
    """The stream as `text` (UTF-8), `png`, `pdf` or `json`. The keywords are those of Interpreter.

    Raises RequestError for another kind.
    """
    papers = read_papers(data, media, kanji=kanji, auto_kanji=auto_kanji, slots=slots)
    if kind == "text":
        return _text(papers, media)
    if kind == "json":
        return _json(papers)
    if kind == "png":
        return _png(papers, media)
    if kind == "pdf":
        return _pdf(papers, media)
    raise RequestError(f"A stream cannot be shown as {kind!r}.", f"It can be shown as {', '.join(KINDS)}.")


class Characters(TypedDict):
    """Which characters a model has, as `Interpreter` takes them."""

    kanji: str
    auto_kanji: bool
    slots: Mapping[int, str] | None


def characters_of(profile: Profile) -> Characters:
    """The model's code pages and two-byte characters; printers made for China begin with the latter on."""
    return {
        "kanji": profile.kanji or "gb18030",
        "auto_kanji": profile.kanji == "gb18030",
        "slots": profile.code_pages or None,
    }


def read_papers(
    data: bytes,
    media: Media,
    *,
    kanji: str = "gb18030",
    auto_kanji: bool = False,
    slots: Mapping[int, str] | None = None,
) -> list[Paper]:
    """The papers of a whole stream, MOST at most; the last one may have no cut. Cuts without anything before them
    are left out."""
    interpreter = Interpreter(media, kanji=kanji, auto_kanji=auto_kanji, slots=slots)
    papers: list[Paper] = []
    for start in range(0, len(data), _PIECE):
        events = interpreter.feed(data[start : start + _PIECE])
        papers += [event for event in events if isinstance(event, Paper) and not event.blank]
        if len(papers) >= MOST:
            return papers[:MOST]
    rest = interpreter.finish()
    return [*papers, rest] if rest is not None else papers


def _text(papers: list[Paper], media: Media) -> bytes:
    cut = "- " * (media.columns // 2)
    return f"{cut.rstrip()}\n".join(as_text(paper, media) for paper in papers).encode()


def _json(papers: list[Paper]) -> bytes:
    told = {"papers": [described(paper) for paper in papers]}
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"


def _images(papers: list[Paper], media: Media) -> Iterator[Image.Image]:
    # Pillow costs 25 MB: only who asks for a picture pays.
    from comptoir.languages.escpos.draw import image  # noqa: PLC0415

    return (image(paper, media) for paper in papers or [Paper(())])


def _png(papers: list[Paper], media: Media) -> bytes:
    from comptoir.languages.escpos.draw import stacked  # noqa: PLC0415

    return stacked(_images(papers, media))


def _pdf(papers: list[Paper], media: Media) -> bytes:
    images = _images(papers, media)
    first = next(images)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=images, resolution=float(media.dpi))
    return out.getvalue()


def render_on(profile: Profile, data: bytes, kind: str) -> bytes:
    """The stream as this model prints it: its paper, its code pages, its two-byte characters. Raises RequestError."""
    return render(data, kind, profile.media, **characters_of(profile))
