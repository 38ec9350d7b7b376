"""Draws barcodes and two-dimensional symbols as dots, for printers without the symbology and for captured papers.

Encoding is zxing-cpp's; what each symbology can hold is `core.symbology`'s. Each module is drawn in whole dots.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, BarcodeKind, Picture, QrCode
from comptoir.core.symbology import SYMBOLOGIES
from comptoir.languages.lettering import text_image

if TYPE_CHECKING:
    import zxingcpp
    from PIL.Image import Image

#: Dots between the bars and the text below them.
_GAP: Final = 4


#: the encoder's names
_NAMES: Final[dict[BarcodeKind, str]] = {
    "EAN13": "EAN13",
    "EAN8": "EAN8",
    "UPC-A": "UPCA",
    "UPC-E": "UPCE",
    "CODE39": "Code39",
    "ITF": "ITF",
    "CODABAR": "Codabar",
    "CODE93": "Code93",
    "CODE128": "Code128",
}


def barcode(symbol: Barcode, room: int | None = None) -> Picture:
    """The barcode with its quiet zones, `height` dots high, and below it what it says if `text`.

    A missing check digit is computed, one that is given is verified. In a `room` of so many dots the bars are made
    narrower where they must be. Raises FormatError for data that the symbology cannot carry, and for no room.
    """
    symbology = SYMBOLOGIES[symbol.kind]
    if not symbology.holds(symbol.data):
        raise FormatError(
            f"{symbol.kind} cannot carry “{symbol.data}”.", f"A barcode of this kind holds {symbology.content}."
        )
    data = symbol.data.upper() if symbol.kind == "CODABAR" else symbol.data
    created = _created(symbol.kind, _NAMES[symbol.kind], data)
    bars = _modules(created).crop((0, 0, _modules(created).width, 1))
    module = _fitting(symbol.module, bars.width, room, symbol.kind)
    picture = bars.resize((bars.width * module, max(symbol.height, 1)))
    if symbol.text:
        picture = _with_text(picture, _readable(symbol.kind, data, created.text))
    return Picture(picture.width, picture.height, picture.tobytes(), symbol.align)


def qr(symbol: QrCode, room: int | None = None) -> Picture:
    """The QR code with its quiet zone of four modules. Text beyond ASCII is UTF-8 and says so (ECI 26).

    Raises FormatError for more data than a QR code of this level holds, and for no room.
    """
    # Latin-1, the default of the standard, is taken by some telephones for Shift JIS.
    encoding = {} if symbol.data.isascii() else {"eci": "UTF8"}
    code = matrix("QRCode", symbol.data, ec_level=symbol.level, **encoding)
    module = _fitting(symbol.module, code.width, room, "QR code")
    picture = code.resize((code.width * module, code.height * module))
    return Picture(picture.width, picture.height, picture.tobytes(), symbol.align)


def matrix(name: str, data: str | bytes, **settings: str) -> Image:
    """Any symbol that the encoder knows as a Pillow picture of mode 1, a dot for each module, 1 is ink, with its quiet
    zone.

    `name` and `settings` are those of zxing-cpp: `PDF417`, `DataMatrix`, `Aztec`, `MaxiCode`, `DataBarOmni` …;
    `ec_level`, `eci`, `options`. Bytes are put in as they are. Raises FormatError with the encoder's reason.
    """
    return _modules(_created(name, name, data, **settings))


def _created(called: str, name: str, data: str | bytes, **settings: str) -> zxingcpp.Barcode:
    """The symbol as the encoder has it; `called` is what an error says."""
    import zxingcpp  # noqa: PLC0415 - most receipts have no symbol that must be drawn

    try:
        return zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.__members__[name], **settings)
    except ValueError as error:
        shown = data if isinstance(data, str) else data.decode("latin-1")
        shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
        raise FormatError(f"{called} cannot carry “{shown}”: {_reason(error)}.", "Correct the data.") from None


def _reason(error: ValueError) -> str:
    """The encoder's reason without its numbers."""
    text = re.sub(r"^Error \d+: | \(retval: \d+\)$", "", str(error))
    return text[:1].lower() + text[1:]


def _modules(created: zxingcpp.Barcode) -> Image:
    from PIL import Image, ImageChops  # noqa: PLC0415

    drawn = created.to_image(scale=1, add_hrt=False, add_quiet_zones=True)
    high, wide = drawn.shape[:2]
    return ImageChops.invert(Image.frombytes("L", (wide, high), bytes(memoryview(drawn)))).convert("1")  # type: ignore[arg-type]


def _fitting(module: int, modules: int, room: int | None, kind: str) -> int:
    """The width of a module in dots: as wished, or as wide as fits."""
    if room is None:
        return max(module, 1)
    if modules > room:
        raise FormatError(
            f"The paper has {room} dots; this {kind} needs {modules} at least.", "Shorten the data, or use a QR code."
        )
    return max(min(module, room // modules), 1)


def _readable(kind: BarcodeKind, data: str, text: str) -> str:
    """What people read below the bars: the digits with the check digit, which the encoder has computed."""
    if kind == "UPC-A":
        return text[-12:]
    if kind == "UPC-E":
        return f"{data if len(data) > 6 else '0' + data}"[:7] + text[-1]
    if kind in ("EAN13", "EAN8"):
        return text
    return "".join(character if character.isprintable() else " " for character in data)


def _with_text(bars: Image, text: str) -> Image:
    """The bars with a line of text in the middle below them."""
    from PIL import Image  # noqa: PLC0415

    words, _ = text_image(text)
    picture = Image.new("1", (max(bars.width, words.width), bars.height + _GAP + words.height))
    picture.paste(bars, ((picture.width - bars.width) // 2, 0))
    picture.paste(words, ((picture.width - words.width) // 2, bars.height + _GAP))
    return picture
