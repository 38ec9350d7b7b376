"""Encodes barcodes and matrix symbols and draws them as a printer does: modules, height, text as the stream says.

The encoding is zxing-cpp's (a wrapper of zint): this module only says what is asked of it. A symbol whose data
are wrong has no picture; `problem` says why.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PIL import Image

from comptoir.core.page import PLAIN
from comptoir.languages.escpos.elements import Run, Symbol
from comptoir.languages.escpos.typeface import run_mask

if TYPE_CHECKING:
    import zxingcpp

#: kind -> name of zxing-cpp's format
_FORMATS: Final[dict[str, str]] = {
    "UPC-A": "UPCA",
    "UPC-E": "UPCE",
    "EAN13": "EAN13",
    "EAN8": "EAN8",
    "CODE39": "Code39",
    "ITF": "ITF",
    "CODABAR": "Codabar",
    "CODE93": "Code93",
    "CODE128": "Code128",
    "GS1-128": "Code128",
    "GS1 DataBar": "DataBarStk",
    "GS1 DataBar Stacked": "DataBarStk",
    "GS1 DataBar Stacked Omnidirectional": "DataBarStkOmni",
    "GS1 DataBar Expanded Stacked": "DataBarExpStk",
    "GS1 DataBar Omnidirectional": "DataBarOmni",
    "GS1 DataBar Truncated": "DataBarOmni",
    "GS1 DataBar Limited": "DataBarLtd",
    "GS1 DataBar Expanded": "DataBarExp",
    "PDF417": "PDF417",
    "QR": "QRCode",
    "MaxiCode": "MaxiCode",
    "DataMatrix": "DataMatrix",
    "Aztec": "Aztec",
}
_LINEAR: Final = frozenset(
    {"UPCA", "UPCE", "EAN13", "EAN8", "Code39", "ITF", "Codabar", "Code93", "Code128"}
    | {"DataBarOmni", "DataBarLtd", "DataBarExp"}
)
_LEVELS: Final[dict[int | str, str]] = {48: "L", 49: "M", 50: "Q", 51: "H"}
#: dots of a MaxiCode at 203 dpi: it has one size, 28 × 27 mm
_MAXICODE: Final = (224, 214)
#: white between bars and their text, in dots
_GAP: Final = 4
#: zxing-cpp draws a row of PDF417 as high as three modules
_PDF417_ROW: Final = 3


def mask(symbol: Symbol) -> Image.Image | None:
    """The symbol's ink as a picture of mode 1; None where its data cannot be encoded."""
    try:
        drawn = _modules(symbol)
    except ValueError:
        return None
    name = _FORMATS[symbol.kind]
    if name == "MaxiCode":
        return drawn.resize(_MAXICODE, Image.Resampling.LANCZOS).point(_INKED, "1")
    if name in _LINEAR:
        drawn = drawn.crop((0, 0, drawn.width, 1))
        bars = drawn.resize((drawn.width * symbol.module, symbol.height or 1), Image.Resampling.NEAREST)
        return _with_text(bars.point(_INKED, "1"), symbol)
    high = drawn.height * symbol.module
    if name == "PDF417":
        high = drawn.height // _PDF417_ROW * max(min(symbol.height, 8), 2) * symbol.module
    return drawn.resize((drawn.width * symbol.module, high), Image.Resampling.NEAREST).point(_INKED, "1")


def problem(symbol: Symbol) -> str:
    """Why it has no picture, in the encoder's words; nothing where it has one."""
    try:
        _barcode(symbol)
    except ValueError as error:
        return str(error)
    return ""


_INKED: Final = [255 if level < 128 else 0 for level in range(256)]


def _modules(symbol: Symbol) -> Image.Image:
    """One dot a module, black on white, without a quiet zone. Raises ValueError."""
    import zxingcpp  # noqa: PLC0415 - a shared library, for papers with symbols only

    scale = 4 if symbol.kind == "MaxiCode" else 1
    drawn = zxingcpp.write_barcode_to_image(_barcode(symbol), scale=scale, add_hrt=False, add_quiet_zones=False)
    view = memoryview(drawn)  # type: ignore[arg-type]
    assert view.shape is not None
    return Image.frombytes("L", (view.shape[1], view.shape[0]), view.tobytes())


@lru_cache(maxsize=64)
def _barcode(symbol: Symbol) -> zxingcpp.Barcode:
    """Raises ValueError where the data do not fit the kind."""
    import zxingcpp  # noqa: PLC0415

    name = _FORMATS.get(symbol.kind)
    if name is None:
        raise ValueError(f"{symbol.kind} symbols are not drawn")
    options = dict(symbol.options)
    content = symbol.content or symbol.data
    if isinstance(content, bytes):
        with suppress(UnicodeDecodeError):
            content = content.decode()
    if not content:
        raise ValueError("there are no data")
    if symbol.kind == "UPC-E" and isinstance(content, str):
        content = zero_suppressed(content)
    if name == "PDF417" and options.get("truncated") in (1, 49):
        name = "CompactPDF417"
    if name == "QRCode" and options.get("model") == 51:
        name = "MicroQRCode"
    return zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat[name], **_settings(symbol, content, options))


def _settings(symbol: Symbol, content: str | bytes, options: dict[str, int | str]) -> dict[str, object]:
    """What zxing-cpp calls the symbol's options."""
    level = options.get("level", "")
    if symbol.kind == "QR":
        return {"ec_level": _LEVELS.get(level, str(level) or "L")}
    if symbol.kind == "PDF417":
        settings: dict[str, object] = {}
        if isinstance(level, int) and level >= 48:
            settings["ec_level"] = str(min(level - 48, 8))
        if columns := options.get("columns"):
            settings["columns"] = columns
        return settings
    if symbol.kind == "Aztec" and isinstance(level, int):
        return {"ec_level": f"{max(min(level, 95), 5)}%"}
    if symbol.kind in ("CODE128", "GS1-128") and isinstance(content, str) and content.startswith("("):
        return {"gs1": True}
    return {}


def zero_suppressed(digits: str) -> str:
    """The seven digits of UPC-E for the eleven or twelve of UPC-A (GS1 General Specifications, 5.2.2.4). Shorter
    numbers are left as they are; six digits get the number system 0. Raises ValueError."""
    if len(digits) == 6:
        return "0" + digits
    if len(digits) < 11:
        return digits
    system, maker, item = digits[0], digits[1:6], digits[6:11]
    if maker[2] in "012" and maker[3:] == "00" and item[:2] == "00":
        return system + maker[:2] + item[2:] + maker[2]
    if maker[3:] == "00" and item[:3] == "000":
        return system + maker[:3] + item[3:] + "3"
    if maker[4] == "0" and item[:4] == "0000":
        return system + maker[:4] + item[4] + "4"
    if item[:4] == "0000" and item[4] in "56789":
        return system + maker + item[4]
    raise ValueError(f"{digits} has no short form")


def _with_text(bars: Image.Image, symbol: Symbol) -> Image.Image:
    """Bars with what they say above, below or on both sides."""
    if symbol.hri == "none":
        return bars
    text = _barcode(symbol).text if symbol.kind in ("EAN13", "EAN8", "UPC-A", "UPC-E") else symbol.data
    text = text[1:] if symbol.kind == "UPC-A" and len(text) == 13 else text
    words = run_mask(Run(text, PLAIN, symbol.hri_small))
    above = words.height + _GAP if symbol.hri in ("above", "both") else 0
    below = words.height + _GAP if symbol.hri in ("below", "both") else 0
    sheet = Image.new("1", (max(bars.width, words.width), above + bars.height + below))
    left = (sheet.width - words.width) // 2
    sheet.paste(bars, ((sheet.width - bars.width) // 2, above))
    if above:
        sheet.paste(words, (left, 0))
    if below:
        sheet.paste(words, (left, above + bars.height + _GAP))
    return sheet
