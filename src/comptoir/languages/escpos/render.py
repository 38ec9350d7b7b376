"""Captured ESC/POS bytes as text, PNG, PDF or JSON: what `comptoir render` shows. It prints nothing.

Papers follow one another: in text and PNG below a line of dashes where the cut was, in PDF a page each.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Final

from comptoir.core.errors import RequestError
from comptoir.core.page import Media, Picture
from comptoir.languages.escpos.interpret import Interpreter
from comptoir.languages.escpos.paper import Element, Feed, Paper, Pulse, Symbol, TextLine, as_text

if TYPE_CHECKING:
    from PIL import Image

KINDS: Final = ("text", "png", "pdf", "json")


def render(data: bytes, kind: str, media: Media) -> bytes:
    """The stream as `text` (UTF-8), `png`, `pdf` or `json`. Raises RequestError for another kind."""
    papers = read_papers(data, media)
    if kind == "text":
        return _text(papers, media)
    if kind == "json":
        return _json(papers)
    if kind == "png":
        return _png(papers, media)
    if kind == "pdf":
        return _pdf(papers, media)
    raise RequestError(f"A stream cannot be shown as {kind!r}.", f"It can be shown as {', '.join(KINDS)}.")


def read_papers(data: bytes, media: Media) -> list[Paper]:
    """The papers of a whole stream; the last one may have no cut. Cuts without anything before them are left
    out."""
    interpreter = Interpreter(media)
    papers = [event for event in interpreter.feed(data) if isinstance(event, Paper) and not event.blank]
    rest = interpreter.finish()
    return [*papers, rest] if rest is not None else papers


def _text(papers: list[Paper], media: Media) -> bytes:
    cut = "- " * (media.columns // 2)
    return f"{cut.rstrip()}\n".join(as_text(paper, media) for paper in papers).encode()


def _json(papers: list[Paper]) -> bytes:
    described = {"papers": [_described(paper) for paper in papers]}
    return json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"


def _described(paper: Paper) -> dict[str, object]:
    return {
        "text": paper.text,
        "partial": paper.partial,
        "truncated": paper.truncated,
        "elements": [_element(element) for element in paper.elements],
    }


def _element(element: Element) -> dict[str, object]:
    """An element as JSON: `kind`, and what it holds. Dots of pictures are left out."""
    if isinstance(element, TextLine):
        runs = [_run(run.text, run.style.bold, run.style.width, run.style.height) for run in element.runs]
        return {"kind": "line", "text": element.text, "align": element.align, "runs": runs}
    if isinstance(element, Picture):
        return {"kind": "picture", "width": element.width, "height": element.height, "align": element.align}
    if isinstance(element, Feed):
        return {"kind": "feed", "dots": element.dots}
    if isinstance(element, Symbol):
        return {"kind": "symbol", "symbol": element.kind, "data": element.data}
    if isinstance(element, Pulse):
        return {"kind": "drawer", "pin": element.pin, "on_ms": element.on_ms, "off_ms": element.off_ms}
    return {"kind": "unknown", "code": element.code.hex(" ")}


def _run(text: str, bold: bool, width: int, height: int) -> dict[str, object]:
    return {"text": text, "bold": bold, "width": width, "height": height}


def _images(papers: list[Paper], media: Media) -> list[Image.Image]:
    # Pillow costs 25 MB: only who asks for a picture pays.
    from comptoir.languages.escpos.draw import image  # noqa: PLC0415

    return [image(paper, media) for paper in papers or [Paper(())]]


def _png(papers: list[Paper], media: Media) -> bytes:
    from comptoir.languages.escpos.draw import stacked  # noqa: PLC0415

    return stacked(_images(papers, media))


def _pdf(papers: list[Paper], media: Media) -> bytes:
    first, *others = _images(papers, media)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=float(media.dpi))
    return out.getvalue()
