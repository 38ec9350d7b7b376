"""What is printed besides receipts: a photo and an invoice, the same on every machine. Neither is a person's."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

WIDTH: Final = 576
HEIGHT: Final = 1200
ROWS: Final = 35


def photo(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Grey noise in octaves, which has the large shapes and the fine grain of a photo."""
    random = np.random.default_rng(1947)
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(7):
        cells = 2 ** (octave + 1)
        small = Image.fromarray(random.random((cells, cells), dtype=np.float32))
        total += np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)) / 2**octave
    low, high = total.min(), total.max()
    return Image.fromarray(((total - low) / (high - low) * 255).astype(np.uint8))


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def invoice(pages: int = 1) -> bytes:
    """Pages of A4, each with a JPEG, the sender, 35 rows of text in a ruled table, a total."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    for _ in range(pages):
        _draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas) -> None:
    width, height = A4
    canvas.drawImage(_logo(), 20 * mm, height - 45 * mm, 40 * mm, 25 * mm)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawRightString(width - 20 * mm, height - 25 * mm, "Facture 2026-004711")
    canvas.setFont("Helvetica", 10)
    for number, line in enumerate(("Boulangerie du Marché", "12, place de la République", "38000 Grenoble")):
        canvas.drawRightString(width - 20 * mm, height - (32 + 5 * number) * mm, line)
    rows = [["Réf.", "Désignation", "Qté", "Prix", "Montant"], *(_row(number) for number in range(ROWS))]
    table = Table(rows, colWidths=[20 * mm, 90 * mm, 15 * mm, 22 * mm, 23 * mm], rowHeights=5.4 * mm)
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
            ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
            ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
        ]
    )
    table.wrapOn(canvas, width, height)
    table.drawOn(canvas, 20 * mm, height - 250 * mm)
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawRightString(width - 20 * mm, height - 260 * mm, "Total TTC : 2 471,35 €")
    canvas.setFont("Helvetica", 8)
    canvas.drawCentredString(width / 2, 15 * mm, "TVA acquittée sur les encaissements. Pas d’escompte.")


def _row(number: int) -> list[str]:
    price, count = 1.35 + number * 0.85, number % 7 + 1
    amounts = [f"{amount:.2f} €".replace(".", ",") for amount in (price, price * count)]
    return [f"A{1000 + 37 * number}", f"Pain de campagne au levain, pièce n° {number + 1}", str(count), *amounts]


def _logo() -> ImageReader:
    buffer = io.BytesIO()
    photo(480, 300).convert("RGB").save(buffer, "JPEG", quality=85)
    buffer.seek(0)
    return ImageReader(buffer)
