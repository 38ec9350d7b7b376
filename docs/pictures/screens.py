"""What the pictures of pages have in common: both languages, both widths, few colours, a shop's own addresses.

Draws nothing by itself: settings.py, journal.py and pages.py do. Not for paper: make.py.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, Page

FOLDER: Final = Path(__file__).parent
SIZES: Final[dict[str, Any]] = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
LANGUAGES: Final = ("fr", "en")
#: colours of a picture: the areas of a page keep theirs, the edges of letters and shadows share the rest
COLOURS: Final = 256
AREAS: Final = 64
#: the ports and the names of the computer that draws are any; a shop's have their own. Fields of dates and times are
#: written in the language of the browser itself, which this one has no other of than English
AS_IN_A_SHOP: Final = r"""host => {
  const shown = text => text.replaceAll(host, 'caisse-1').replace(/(Chromium \([^)]*\)), \w+/g, '$1, caisse')
    .replace(/127\.0\.0\.1:0/g, '127.0.0.1:22548')
    .replace(/socket:\/\/127\.0\.0\.1:\d+/g, 'socket://192.168.1.50:9100')
    .replace(/http:\/\/127\.0\.0\.1:\d+\/(?=config|api)/g, 'http://127.0.0.1:22548/')
    .replace(/http:\/\/127\.0\.0\.1:(?!22548)\d+/g, 'http://127.0.0.1:22549')
    .replace(/127\.0\.0\.0\/24/g, '192.168.1.0/24').replace(/localhost:0/g, 'localhost:22548');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) walk.currentNode.data = shown(walk.currentNode.data);
  document.querySelectorAll('#station\\.port').forEach(field => { field.value = '22548' });
  document.querySelectorAll('input[type=date]').forEach(field => {
    const date = field.value && new Date(field.value).toLocaleDateString('en-GB', { timeZone: 'UTC' });
    field.type = 'text';
    field.size = 10;
    field.value = date;
    field.placeholder = document.documentElement.lang === 'fr' ? 'jj/mm/aaaa' : 'dd/mm/yyyy';
  });
  document.querySelectorAll('input[type=time]').forEach(field => { field.type = 'text'; });
}"""


def visits(browser: Browser, cookies: Sequence[Any] = (), now: datetime | None = None) -> Iterator[tuple[Page, str]]:
    """An empty page in each language and width, and the end of its pictures' names. `now`: what its clock shows."""
    for language in LANGUAGES:
        for width, viewport in SIZES.items():
            context = browser.new_context(viewport=viewport, locale=language)
            context.add_cookies(cookies)
            if now is not None:
                context.clock.set_fixed_time(now)
            yield context.new_page(), f"{language}-{width}"
            context.close()


def draw(page: Page, name: str) -> None:
    """On a desk the whole page, on a phone what it shows at once."""
    page.evaluate(AS_IN_A_SHOP, socket.gethostname().partition(".")[0])
    size: Any = page.viewport_size
    if size == SIZES["desktop"]:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": height})
        page.evaluate("scrollTo(0, 0)")
    data = page.screenshot(animations="disabled")
    page.set_viewport_size(size)
    in_few_colours(Image.open(io.BytesIO(data)).convert("RGB")).save(FOLDER / f"{name}.png", optimize=True)


def in_few_colours(picture: Image.Image) -> Image.Image:
    """With a palette. Pillow's own choice of one tints a page's ground, or leaves little to its badges."""
    counted: Any = picture.getcolors(picture.width * picture.height)
    colours = [colour for _, colour in sorted(counted, reverse=True)]
    index = {colour: at for at, colour in enumerate(colours[:AREAS])}
    palette = [value for colour in index for value in colour]
    if rare := colours[AREAS:]:
        row = Image.frombytes("RGB", (len(rare), 1), bytes(value for colour in rare for value in colour))
        shared = row.quantize(COLOURS - AREAS, Image.Quantize.MAXCOVERAGE)
        index |= {colour: AREAS + at for colour, at in zip(rare, shared.tobytes(), strict=True)}
        palette += shared.getpalette() or []
    data = picture.tobytes()
    pixels = bytes(index[colour] for colour in zip(data[::3], data[1::3], data[2::3], strict=True))
    few = Image.frombytes("P", picture.size, pixels)
    few.putpalette(palette[: 3 * COLOURS])
    return few
