"""Bytes of ESC/POS that stand inside another document: what they put on paper, and whether they open a drawer.

They are never sent on: they are read as a printer reads them, and printed as a picture, so that no byte of somebody
else's can switch a printer off or fire a drawer behind its guard.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.core.page import Element, Feed, Media, Page, Picture
from comptoir.languages.escpos.elements import LINE_DOTS, Notice, Pulse, Request, Unknown
from comptoir.languages.escpos.elements import Feed as Moved
from comptoir.languages.escpos.interpret import Interpreter
from comptoir.languages.escpos.paper import Paper

#: papers of one excerpt; it may be all cuts
MOST: Final = 100

#: what leaves no ink and moves no paper
_SILENT: Final = (Pulse, Notice, Request, Unknown)


def excerpt(data: bytes, media: Media) -> list[Page]:
    """A page for each cut, with a picture of what came before it; none where the bytes print nothing."""
    pages = [Page(_drawn(paper, media), cut=bool(paper.cut)) for paper in _papers(data, media)]
    return [page for page in pages if page.elements or page.cut]


def does(data: bytes) -> tuple[bool, bool]:
    """Whether something is on paper after these bytes, and whether a drawer would open."""
    papers = list(_papers(data, Media()))
    prints = any(paper.cut or not all(isinstance(one, _SILENT) for one in paper.elements) for paper in papers)
    return prints, any(paper.pulses for paper in papers)


def _papers(data: bytes, media: Media) -> Iterator[Paper]:
    interpreter = Interpreter(media)
    papers = [event for event in interpreter.feed(data) if isinstance(event, Paper)][:MOST]
    rest = interpreter.finish()
    return iter(papers if rest is None else [*papers, rest])


def _drawn(paper: Paper, media: Media) -> tuple[Element, ...]:
    if paper.blank:
        dots = sum(element.dots for element in paper.elements if isinstance(element, Moved))
        return (Feed(dots // LINE_DOTS),) if dots >= LINE_DOTS else ()
    # Pillow costs 25 MB: only who needs a picture pays.
    from PIL import ImageChops  # noqa: PLC0415

    from comptoir.languages.escpos.draw import image  # noqa: PLC0415

    # By way of "L", because the white of a new picture of mode 1 is 1 and not 255.
    ink = ImageChops.invert(image(paper, media).convert("L")).convert("1")
    box = ink.getbbox()
    if box is None:
        return ()
    ink = ink.crop((0, box[1], ink.width, box[3]))
    return (Picture(ink.width, ink.height, ink.tobytes()),)
