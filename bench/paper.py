"""Receipts, pictures and PDF pages to bytes, beside the libraries that one uses for it, into RESULTS.md.

Everything runs in one process, warm, a short while each, one after the other, round after round; only the libraries of
Node.js have a process of their own (`peers/receipts.mjs`). Compared are medians. In Python it is the processor time of
one call, so that whatever else the machine does is not counted; Node.js tells the time on the wall.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import logging
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pypdfium2
from escpos.printer import Dummy
from PIL import Image

import documents
import receipt
from comptoir.core.page import Media, Page
from comptoir.core.ports import Language
from comptoir.formats import dots, reader
from comptoir.languages import language
from comptoir.languages.profiles import profile
from machine import PEERS

#: 576 dots, and known to python-escpos as such
WIDE: Final = "TM-T20II"

Work = Callable[[], Any]


@dataclass
class Case:
    """What is measured: ours and a peer's way to the same, and the ratio that is aimed at. Times in ms, one a round."""

    name: str
    ours: Work
    peer: Work | str  # str: a library of Node.js
    aim: str = ""
    times: list[float] = field(default_factory=list)
    peer_times: list[float] = field(default_factory=list)


class Node:
    """The process in which the libraries of Node.js are measured."""

    def __init__(self) -> None:
        command = ["node", str(PEERS / "receipts.mjs")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._say({"receipt": receipt.RECEIPT, "markup": receipt.markup(), "columns": receipt.COLUMNS})

    def median(self, library: str, seconds: float) -> float:
        """ms"""
        return float(self._asked(library, seconds)["median"])

    def made(self, library: str) -> bytes:
        """The receipt."""
        return base64.b64decode(self._asked(library, 0)["data"])

    def _asked(self, library: str, seconds: float) -> dict[str, Any]:
        self._say({"library": library, "seconds": seconds})
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _say(self, message: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(message)}\n")
        self._process.stdin.flush()


def measure(rounds: int, seconds: float) -> list[Case]:
    """All cases, each for so many seconds on either side in every round."""
    logging.disable(logging.WARNING)
    node, receipts = Node(), _receipts()
    cases = [*receipts, *_pictures(), *_pdfs()]
    try:
        _check(receipts, node)
        for number in range(rounds):
            print(f"paper, round {number + 1} of {rounds}", flush=True)
            for case in cases:
                case.times.append(median(case.ours, seconds))
                peer = case.peer
                case.peer_times.append(node.median(peer, seconds) if isinstance(peer, str) else median(peer, seconds))
    finally:
        node.close()
        logging.disable(logging.NOTSET)
    return cases


def _check(receipts: list[Case], node: Node) -> None:
    """Every library prints the same words, or there would be nothing to compare. Raises SystemExit."""
    media = profile(receipt.MODEL).media
    with contextlib.redirect_stdout(io.StringIO()):
        wanted = receipt.words(receipts[0].ours(), media)
        for case in receipts:
            peer = node.made(case.peer) if isinstance(case.peer, str) else case.peer()
            for data in (case.ours(), peer):
                if receipt.words(data, media) != wanted:
                    raise SystemExit(f"{case.name}: it does not print the same receipt")


def median(work: Work, seconds: float) -> float:
    """Processor time of one call in ms: the median of as many as there is time for."""
    clock, times = time.thread_time, list[float]()
    # python-escpos prints a line for every barcode.
    with contextlib.redirect_stdout(io.StringIO()):
        work()
        until = time.perf_counter() + seconds
        while not times or time.perf_counter() < until:
            start = clock()
            work()
            times.append(clock() - start)
    return statistics.median(times) * 1000


def _receipts() -> list[Case]:
    model = profile(receipt.MODEL)
    escpos, media = language("escpos", model), model.media
    ticket, markup = reader("ticket"), receipt.markup().encode()
    kept = Dummy(profile=receipt.MODEL)

    def ours() -> bytes:
        return receipt.by_pages(escpos, media)

    def by_markup() -> bytes:
        return receipt.by_markup(markup, ticket, escpos, media)

    def new_printer() -> bytes:
        return receipt.by_python_escpos(Dummy(profile=receipt.MODEL))

    def kept_printer() -> bytes:
        kept.clear()
        return receipt.by_python_escpos(kept)

    return [
        Case("receipt of 40 lines: python-escpos", ours, new_printer, "≤ 0.35"),
        Case("… python-escpos, one object for all receipts", ours, kept_printer),
        Case("… receipt-printer-encoder, code page 858", ours, "cp858"),
        Case("… receipt-printer-encoder, code page auto", ours, "auto"),
        Case("… in markup: receiptline", by_markup, "receiptline"),
    ]


def _pictures() -> list[Case]:
    escpos, media = _wide()
    photo = documents.photo()
    png, image = documents.png(photo), reader("image")

    def ours() -> bytes:
        greys = np.asarray(photo)
        picture = dots.pictured(dots.trimmed(dots.dotted(greys, "auto")), greys.shape[1])
        return escpos.encode([Page((picture,))], media).data

    def ours_from_png() -> bytes:
        return escpos.encode(image(png, media, {}), media).data

    def peer(source: Image.Image = photo) -> bytes:
        printer = Dummy(profile=WIDE)
        printer.image(source)
        data: bytes = printer.output
        return data

    def peer_from_png() -> bytes:
        return peer(Image.open(io.BytesIO(png)))

    return [
        Case("photo, 576 × 1200 greys: python-escpos", ours, peer, "≤ 0.25"),
        Case("… from a PNG: python-escpos", ours_from_png, peer_from_png, "≤ 0.25"),
    ]


def _pdfs() -> list[Case]:
    escpos, media = _wide()
    invoice, pdf = documents.invoice(), reader("pdf")

    def whole() -> object:
        return pdf(invoice, media, {"trim": "no"})

    def ours() -> bytes:
        return escpos.encode(pdf(invoice, media, {}), media).data

    def greys() -> object:
        return _greys(invoice)

    def script() -> bytes:
        rows = np.asarray(Image.fromarray(_greys(invoice)).convert("1"))
        height, width = rows.shape
        bits = np.packbits(~rows, axis=1).tobytes()
        return b"\x1b@\x1dv0\x00%c\x00%c%c" % (width // 8, height & 0xFF, height >> 8) + bits

    return [
        Case("A4 invoice → dots, margins kept: pypdfium2, greys only", whole, greys, "≤ 1.15"),
        Case("A4 invoice → bytes, as users get it: pypdfium2 and Pillow", ours, script, "≤ 1.15"),
    ]


def _greys(document: bytes) -> Any:
    """The first page on 576 dots: the least that anybody has to do."""
    pdf = pypdfium2.PdfDocument(document)
    page = pdf[0]
    bitmap = page.render(scale=documents.WIDTH / page.get_width(), grayscale=True)
    greys = bitmap.to_numpy()
    for thing in (bitmap, page, pdf):
        thing.close()
    return greys.reshape(greys.shape[:2])


def _wide() -> tuple[Language, Media]:
    model = profile(WIDE)
    assert model.media.dots == documents.WIDTH
    return language("escpos", model), model.media
