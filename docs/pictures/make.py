"""Draws the pictures of docs/: of printers.md (every script, on three models) and ticket.md (its examples); then, in
Chromium, those of odoo.md (`till.py`), settings.md (`settings.py`), journal.md (`journal.py`), archive-keeping.md
(`keeping.py`), screens.md (`pages.py`, `folders.py`, `archive.py`).

    python docs/pictures/make.py

The bytes are those of the service; the picture is what its interpreter reads out of them, for the same model. No real
printer is involved.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from comptoir.core.page import Cell, Line, Page, Row, Style
from comptoir.formats.ticket import read
from comptoir.languages import language
from comptoir.languages.escpos.render import render_on
from comptoir.languages.profiles import profile

FOLDER: Final = Path(__file__).parent
MODELS: Final = ("TM-T88V", "XP-80", "58mm")
IN_CHROMIUM: Final = ("till.py", "settings.py", "journal.py", "keeping.py", "pages.py", "folders.py", "archive.py")

#: U+202F stands before the euro sign, as French typography wants it
SCRIPTS: Final = (
    ("Français", "é è ç € œ « » ’ – … 2,50\u202f€"),
    ("Ελληνικά", "Καλημέρα, ευχαριστούμε"),
    ("Polski", "Dziękujemy, źdźbło żółci"),
    ("Русский", "Спасибо за покупку"),
    ("Türkçe", "Teşekkürler, İğne çayı"),
    ("中文", "谢谢惠顾，合计"),
    ("日本語", "ありがとうございます"),
    ("한국어", "감사합니다"),
    ("العربية", "شكرا لزيارتكم 2,50"),
    ("עברית", "תודה שקניתם 2,50"),
    ("Emoji", "☕ 🥐 😀 ✓"),
)


def page(model: str) -> Page:
    """The name of each script, bold, and below it a text; at the end a line of columns."""
    columns = profile(model).media.columns
    bold = Style(bold=True)
    lines: list[Line | Row] = [Line(model, Style(bold=True, width=2, height=2, align="center"))]
    for name, text in SCRIPTS:
        lines += [Line(name, bold), Line(text)]
    lines.append(Row((Cell(0, "Café au lait"), Cell(columns - 6, "2,50 €"))))
    lines.append(Row((Cell(0, "咖啡 Кофе"), Cell(columns - 6, "2,50 €"))))
    return Page(tuple(lines))


def file_of(model: str) -> str:
    return f"scripts-{re.sub(r'[^a-z0-9]+', '-', model.lower())}.png"


def tickets() -> dict[str, str]:
    """File of docs/ticket.md → the example right before it."""
    text = (FOLDER.parent / "ticket.md").read_text("utf-8")
    found = re.findall(r"```ticket\n((?:(?!```).)*)```\n\n!\[[^\]]*\]\(pictures/([\w-]+\.png)\)", text, re.DOTALL)
    return {name: example for example, name in found}


def draw(pages: Sequence[Page], model: str, name: str) -> None:
    known = profile(model)
    encoded = language("escpos", known).encode(pages, known.media)
    if encoded.unprintable:
        raise SystemExit(f"{model} cannot print {encoded.unprintable}")
    (FOLDER / name).write_bytes(render_on(known, encoded.data, "png"))


def main() -> None:
    for model in MODELS:
        draw([page(model)], model, file_of(model))
    for name, example in tickets().items():
        model = "58mm" if "narrow" in name else "80mm"
        draw(read(example.encode(), profile(model).media, {}), model, name)
    for name in IN_CHROMIUM:
        runpy.run_path(str(FOLDER / name), run_name="__main__")


if __name__ == "__main__":
    main()
