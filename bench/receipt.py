"""One receipt of 40 lines, and how each library is told of it: a French bakery's, with € and accents.

`RECEIPT` is data. Each function below is what one writes with a library to print it: bold, double size, two columns, a
barcode and a QR code that the printer draws. `peers/receipts.mjs` has those of the Node.js libraries.
"""

from __future__ import annotations

import re
from typing import Any, Final

from comptoir.core.page import Barcode, Cell, Element, Line, Media, Page, QrCode, Row, Style
from comptoir.core.ports import Format, Language
from comptoir.languages.escpos.render import render

COLUMNS: Final = 42
MODEL: Final = "TM-T88V"

_SOLD: Final = (
    ("Baguette de tradition × 2", "2,60 €"),
    ("Pain au levain, tranché", "4,20 €"),
    ("Croissant au beurre × 6", "7,80 €"),
    ("Pain au chocolat × 4", "6,00 €"),
    ("Chausson aux pommes", "2,10 €"),
    ("Éclair au café × 2", "7,00 €"),
    ("Paris-brest", "4,90 €"),
    ("Tarte fine aux pommes", "14,80 €"),
    ("Millefeuille à la vanille × 3", "14,70 €"),
    ("Chouquettes, le sachet", "3,50 €"),
    ("Brioche à tête", "2,40 €"),
    ("Quiche lorraine", "4,60 €"),
    ("Sandwich jambon-beurre", "4,80 €"),
    ("Salade niçoise", "7,90 €"),
    ("Jus d'orange pressé", "3,90 €"),
    ("Thé à la menthe", "3,20 €"),
    ("Café crème × 2", "5,00 €"),
)

#: ("text", text, align, bold, double size) | ("row", left, right, bold) | ("rule",) | ("barcode", data) | ("qr", data)
RECEIPT: Final[tuple[tuple[Any, ...], ...]] = (
    ("text", "Boulangerie du Marché", "center", True, True),
    ("text", "12, place de la République", "center", False, False),
    ("text", "38000 Grenoble", "center", False, False),
    ("text", "Tél. 04 76 00 00 00", "center", False, False),
    ("text", "SIRET 123 456 789 00012", "center", False, False),
    ("text", "N° TVA FR 32 123456789", "center", False, False),
    ("text", "", "left", False, False),
    ("row", "Ticket n° 2026-004711", "21/11/2026 09:47", False),
    ("row", "Caisse 1", "Servi par Léa", False),
    ("rule",),
    *(("row", what, price, False) for what, price in _SOLD),
    ("rule",),
    ("row", "Sous-total", "99,40 €", False),
    ("row", "Remise fidélité 5 %", "-4,97 €", False),
    ("row", "TOTAL À PAYER", "94,43 €", True),
    ("row", "dont TVA 5,5 % (base 73,14 €)", "4,02 €", False),
    ("row", "dont TVA 10 % (base 15,70 €)", "1,57 €", False),
    ("row", "Réglé par carte bancaire", "94,43 €", False),
    ("rule",),
    ("text", "Reçu à conserver", "center", True, True),
    ("text", "Échange sous 8 jours, ticket présenté", "center", False, False),
    ("text", "Ouvert du mardi au dimanche, 6 h 30 à 19 h", "center", False, False),
    ("text", "Merci de votre visite, à bientôt !", "center", True, False),
    ("barcode", "2026-004711"),
    ("text", "Votre avis nous intéresse :", "center", False, False),
    ("qr", "https://boulangerie.example/avis?t=2026-004711"),
)

LINES: Final = sum(part[0] in ("text", "row", "rule") for part in RECEIPT)
assert LINES == 40, LINES


def words(data: bytes, media: Media) -> list[str]:
    """What is read on the paper that these bytes print. Rules and symbols are no words: some libraries draw them."""
    text = re.sub(r"\[(?:CODE128|QR|picture) [^]]*]", "", render(data, "text", media).decode())
    return [word for word in text.split() if word.strip("-─")]


# -- ours -----------------------------------------------------------------------------------------------------------

_BOLD: Final = Style(bold=True)


def pages() -> list[Page]:
    """As a source that knows its content makes it: lines and rows, no markup."""
    elements: list[Element] = []
    for kind, *said in RECEIPT:
        if kind == "text":
            text, align, bold, double = said
            size = 2 if double else 1
            elements.append(Line(text, Style(bold=bold, width=size, height=size, align=align)))
        elif kind == "row":
            left, right, bold = said
            style = _BOLD if bold else Style()
            elements.append(Row((Cell(0, left, style), Cell(COLUMNS - len(right), right, style))))
        elif kind == "rule":
            elements.append(Line("-" * COLUMNS))
        elif kind == "barcode":
            elements.append(Barcode("CODE128", said[0], align="center"))
        else:
            elements.append(QrCode(said[0], module=6, align="center"))
    return [Page(tuple(elements))]


def by_pages(language: Language, media: Media) -> bytes:
    return language.encode(pages(), media).data


def by_markup(markup: bytes, ticket: Format, language: Language, media: Media) -> bytes:
    return language.encode(ticket(markup, media, {}), media).data


def markup() -> str:
    """The receipt in ReceiptLine's language, which our tickets are written in, too."""
    lines, wide = ["{border: none}"], 0
    for kind, *said in RECEIPT:
        if kind == "text":
            text, _, bold, double = said
            if wide:
                wide = 0
                lines.append("{width: auto}")
            text = f'"{text}"' if bold else text
            lines.append(f"^^^{text}^^^" if double else text)
        elif kind == "row":
            left, right, bold = said
            if (needed := 8 if len(right) <= 8 else 16) != wide:
                wide = needed
                lines.append(f"{{width: * {wide}}}")
            lines.append(f'"{left}" | "{right}"' if bold else f"{left} | {right}")
        elif kind == "rule":
            lines.append("---")
        elif kind == "barcode":
            lines.append(f"{{code: {said[0]}; option: code128, 2, 72}}")
        else:
            lines.append(f"{{code: {said[0]}; option: qrcode, 6, m}}")
    return "\n".join([*lines, "="])


# -- the peer -------------------------------------------------------------------------------------------------------


def by_python_escpos(printer: Any) -> bytes:
    """On a `Dummy` of python-escpos. A style is set where it changes, which is less than most programs do."""
    printer.hw("INIT")
    last = ("left", False, False)
    for kind, *said in RECEIPT:
        if kind == "text":
            text, *style = said
        elif kind == "row":
            left, right, bold = said
            text, style = f"{left}{right:>{COLUMNS - len(left)}}", ["left", bold, False]
        elif kind == "rule":
            text, style = "-" * COLUMNS, ["left", False, False]
        else:
            text, style = "", ["center", False, False]
        if tuple(style) != last:
            align, bold, double = last = tuple(style)
            printer.set(align=align, bold=bold, normal_textsize=not double, double_width=double, double_height=double)
        if kind == "barcode":
            printer.barcode(
                f"{{B{said[0]}", "CODE128", height=72, width=2, pos="OFF", align_ct=False, function_type="B"
            )
        elif kind == "qr":
            printer.qr(said[0], ec=1, size=6, native=True)
        else:
            printer.textln(text)
    printer.cut()
    data: bytes = printer.output
    return data
