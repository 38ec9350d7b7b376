"""Streams that other libraries make: every word is in the text, every symbol can be read in the picture.

samples/*.bin were made with receiptline 4.0.4 and @point-of-sale/receipt-printer-encoder 4.0.1; those of
python-escpos are made here.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from escpos.printer import Dummy
from PIL import Image, ImageDraw

from comptoir.core.page import Media
from comptoir.languages.escpos.render import render

SAMPLES = Path(__file__).parent / "samples"
MEDIA = Media()


def shown(data: bytes, **how: Any) -> tuple[str, list[dict[str, Any]], set[str]]:
    """The text, the elements, and what a reader finds in the picture."""
    papers = json.loads(render(data, "json", MEDIA, **how))["papers"]
    png = Image.open(io.BytesIO(render(data, "png", MEDIA, **how))).convert("L")
    sheet = Image.new("L", (png.width + 80, png.height), 255)
    sheet.paste(png, (40, 0))
    read = {found.text for found in zxingcpp.read_barcodes(sheet.resize((sheet.width * 2, sheet.height * 2)))}
    return render(data, "text", MEDIA, **how).decode(), [e for paper in papers for e in paper["elements"]], read


@pytest.mark.parametrize(
    ("sample", "how", "words", "symbols"),
    [
        (
            "receiptline_fr",
            {},
            "BOULANGERIE DU COIN|12 rue de la République|Tél. 01 43|Désignation|Café crème|5,60 €|Croissant « maison »|"
            "Œufs à la coque|Sous-total|TOTAL|14,00 €|Merci|────────────────────────────────────────────────",
            {"2012345678903", "https://example.org/t/1234"},
        ),
        ("receiptline_jp", {}, "領収書|品名|数量|¥600|¥1,050|コーヒー|チーズケーキ|合計|ありがとうございました", set()),
        ("receiptline_cn", {}, "收据|商品|数量|12.00|20.50|咖啡|蛋糕|合计|谢谢惠顾", set()),
        ("receiptline_kr", {"kanji": "cp949"}, "영수증|커피|5000|합계|감사합니다", set()),
        ("receiptline_tw", {"kanji": "big5"}, "收據|咖啡|120|謝謝光臨", set()),
        (
            "receiptline_image",
            {},
            "[picture 200 × 60]|Logo au-dessus|[CODE39 ABC-1234]",
            {"ABC-1234", "Abc12345", "A1234B", "123456", "0012345678905", "TEST93"},
        ),
        (
            "receipt-printer-encoder_fr",
            {},
            "ÉPICERIE|Reçu n° 42|Pâté en croûte|12,50 €|Crème brûlée|Île flottante|TOTAL  22,50 €|"
            "│      Encadré à coins       │|════════════════════════════════════════════════",
            {"3130630574613", "https://example.org/é", "PDF417 data here"},
        ),
        ("receipt-printer-encoder_auto", {}, "Ελλάδα Россия Łódź İstanbul €|petite police B", {"1234", "ABC"}),
        ("receipt-printer-encoder_image_raster", {}, "[picture 208 × 64]|après raster", set()),
        ("receipt-printer-encoder_image_column", {}, "[picture 208 × 72]|après column", set()),
    ],
)
def test_every_word_and_symbol(sample: str, how: dict[str, Any], words: str, symbols: set[str]) -> None:
    text, elements, read = shown((SAMPLES / f"{sample}.bin").read_bytes(), **how)
    assert [word for word in words.split("|") if word not in text] == []
    assert symbols <= read
    assert [element for element in elements if element["kind"] == "unknown" or "problem" in element] == []
    assert "\ufffd" not in text


@pytest.fixture(scope="module")
def logo() -> Image.Image:
    drawn = Image.new("1", (200, 60), 1)
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((5, 5, 55, 55), outline=0, width=4)
    pen.rectangle((70, 10, 190, 50), fill=0)
    return drawn


@pytest.mark.parametrize("implementation", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_python_escpos(implementation: str, logo: Image.Image) -> None:
    printer = Dummy(profile="TM-T88III")
    printer.set(align="center", bold=True, double_width=True, double_height=True)
    printer.text("Café de l'Été\n")
    printer.set_with_default()
    printer.textln("Crème brûlée               2     12,50 €")
    printer.set(flip=True)
    printer.textln("renversé")
    printer.set(flip=False, invert=True, underline=2)
    printer.textln("inversé")
    printer.set_with_default(font="b")
    printer.textln("petits caractères")
    printer.image(logo, impl=implementation)
    printer.barcode("123456789012", "EAN13", 64, 2, "BELOW", "A")
    printer.barcode("{BABC123", "CODE128", 64, 2, "BELOW", "A", function_type="B")
    printer.qr("https://example.org/ticket/42", native=True, size=5)
    printer.cashdraw(2)
    printer.buzzer(2, 3)
    printer.cut()
    text, elements, read = shown(printer.output)
    words = ["Café de l'Été", "Crème brûlée               2     12,50 €", "renversé", "inversé", "petits caractères"]
    assert [word for word in words if word not in text] == []
    assert read == {"1234567890128", "ABC123", "https://example.org/ticket/42"}
    (picture,) = [element for element in elements if element["kind"] == "picture"]
    assert (picture["width"], picture["height"]) == (200, 72 if implementation == "bitImageColumn" else 60)
    assert [element["kind"] for element in elements if element["kind"] in ("drawer", "notice", "unknown")] == [
        "drawer", "notice"
    ]  # fmt: skip


def test_python_escpos_sends_chinese_as_printers_made_for_china_take_it() -> None:
    printer = Dummy(profile="TM-T88III")
    printer.textln("Total: 中文 é €")
    text, _, _ = shown(printer.output, auto_kanji=True)
    assert text == "Total: 中文 é €\n"


@pytest.mark.parametrize("code", ["Россия", "Łódź", "Ünlü"])
def test_python_escpos_chooses_pages(code: str) -> None:
    printer = Dummy(profile="TM-T88V")
    printer.textln(code)
    text, _, _ = shown(printer.output)
    assert text == f"{code}\n"
