"""What a browser sees: how the printer is added, in the station's language; its icon."""

from __future__ import annotations

import uuid
from io import BytesIO

import pytest
from PIL import Image

from comptoir.sources.ipp_printer.asking import ICONS, Places
from comptoir.sources.ipp_printer.capabilities import Identity
from comptoir.sources.ipp_printer.page import icon, page

PLACES = Places("caisse:22631", secure=False, plain=True, encrypted=True)
IDENTITY = Identity(uuid.UUID(int=1), "Nuit <&> é", "Accueil")


@pytest.mark.parametrize(("language", "word"), [("fr", "Imprimante"), ("en", "Printer"), ("de", "Printer")])
def test_it_says_how_the_printer_is_added(language: str, word: str) -> None:
    shown = page(IDENTITY, PLACES, language)
    assert f"{word} Nuit &lt;&amp;&gt; é" in shown
    assert "lpadmin -p Nuit -E -v ipp://caisse:22631/ipp/print -m everywhere" in shown
    assert "http://caisse:22631/ipp/print" in shown
    assert "<&>" not in shown


@pytest.mark.parametrize("size", ICONS)
def test_the_icon(size: int) -> None:
    image = Image.open(BytesIO(icon(size)))
    assert (image.size, image.format) == ((size, size), "PNG")
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert image.getpixel((size // 2, size // 2))[3] == 255  # type: ignore[index]
