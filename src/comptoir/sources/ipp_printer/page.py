"""What a browser sees at the printer's address: how it is added. And its icon."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Final

from comptoir.sources.ipp_printer.asking import Places
from comptoir.sources.ipp_printer.capabilities import Identity

#: language → (title, what it is, how it is added on each system)
_WORDS: Final[dict[str, tuple[str, str, tuple[tuple[str, str], ...]]]] = {
    "en": (
        "Printer {name}",
        "What is printed on this printer is kept in the archive first, then goes to the paper, where it is set up so.",
        (
            ("Windows", "Settings, Printers, Add manually: “by name”, and this address: {page}"),
            ("macOS", "System Settings, Printers, Add: the printer stands in the list, or IP, AirPrint: {host}"),
            ("iPhone, iPad", "It stands in the list of printers where it is announced in the network."),
            ("Linux", "lpadmin -p {queue} -E -v {uri} -m everywhere"),
        ),
    ),
    "fr": (
        "Imprimante {name}",
        "Ce qui est imprimé ici est d’abord gardé dans les archives, puis part vers le papier si c’est prévu ainsi.",
        (
            ("Windows", "Paramètres, Imprimantes, Ajouter manuellement : « par nom », et cette adresse : {page}"),
            ("macOS", "Réglages, Imprimantes, Ajouter : elle est dans la liste, ou bien IP, AirPrint : {host}"),
            ("iPhone, iPad", "Elle est dans la liste des imprimantes quand elle s’annonce sur le réseau."),
            ("Linux", "lpadmin -p {queue} -E -v {uri} -m everywhere"),
        ),
    ),
}
_STYLE: Final = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}dt{font-weight:600}code,dd{overflow-wrap:anywhere}"  # noqa: E501


def page(identity: Identity, places: Places, language: str) -> str:
    """HTML, in the station's language."""
    language = language if language in _WORDS else "en"
    title, what, ways = _WORDS[language]
    known = {
        "name": identity.name,
        "page": places.page("/ipp/print"),
        "host": places.authority,
        "uri": places.printer,
        "queue": "".join(c if c.isascii() and c.isalnum() else "_" for c in identity.name).strip("_")[:40]
        or "comptoir",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(how.format(**known))}</dd>" for name, how in ways)
    head = escape(title.format(**known))
    return (
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{head}</title><style>{_STYLE}</style>'
        f"<h1>{head}</h1><p>{escape(what)}</p><dl>{rows}</dl></html>"
    )


@lru_cache(4)
def icon(size: int) -> bytes:
    """A printer in a square of so many dots, as PNG."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - nobody needs it to print

    scale = size * 4 / 32  # drawn four times as large, for smooth edges
    image = Image.new("RGBA", (size * 4, size * 4), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for box, colour in (
        ((8, 3, 24, 13), "#ffffff"),
        ((3, 11, 29, 24), "#35506b"),
        ((8, 19, 24, 29), "#ffffff"),
        ((10, 22, 22, 23.2), "#9fb3c8"),
        ((10, 25, 19, 26.2), "#9fb3c8"),
        ((24, 14, 26, 16), "#7bd88f"),
    ):
        draw.rounded_rectangle(
            [round(side * scale) for side in box], scale, colour, "#35506b", max(1, round(scale / 2))
        )
    out = BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
