"""Data: how many bytes follow each ESC/POS command. No code is here.

Source: Epson ESC/POS command reference; clones where named. A number is a count of parameter bytes. A word
names a rule in `tokens`, for commands that carry their own length.
"""

from __future__ import annotations

from typing import Final

ESC: Final = 0x1B
FS: Final = 0x1C
GS: Final = 0x1D
DLE: Final = 0x10

#: parameter bytes after the two bytes of the command
FIXED: Final[dict[bytes, int]] = {
    b"\x1b\x0c": 0,  # page mode: print
    b"\x1b ": 1,
    b"\x1b!": 1,
    b"\x1b$": 2,
    b"\x1b%": 1,
    b"\x1b-": 1,
    b"\x1b2": 0,
    b"\x1b3": 1,
    b"\x1b4": 0,  # italics, clones
    b"\x1b5": 0,
    b"\x1b<": 0,
    b"\x1b=": 1,
    b"\x1b?": 1,
    b"\x1b@": 0,
    b"\x1b\x07": 2,  # buzzer, clones
    b"\x1bB": 2,  # buzzer, clones
    b"\x1bE": 1,
    b"\x1bG": 1,
    b"\x1bJ": 1,
    b"\x1bK": 1,
    b"\x1bL": 0,
    b"\x1bM": 1,
    b"\x1bR": 1,
    b"\x1bS": 0,
    b"\x1bT": 1,
    b"\x1bU": 1,
    b"\x1bV": 1,
    b"\x1bW": 8,
    b"\x1b\\": 2,
    b"\x1ba": 1,
    b"\x1bc": 2,
    b"\x1bd": 1,
    b"\x1be": 1,
    b"\x1bi": 0,
    b"\x1bm": 0,
    b"\x1bp": 3,
    b"\x1br": 1,
    b"\x1bt": 1,
    b"\x1bu": 1,
    b"\x1bv": 0,
    b"\x1b{": 1,
    b"\x1d!": 1,
    b"\x1d$": 2,
    b"\x1d/": 1,
    b"\x1d:": 0,
    b"\x1dB": 1,
    b"\x1dE": 1,
    b"\x1dH": 1,
    b"\x1dI": 1,
    b"\x1dL": 2,
    b"\x1dP": 2,
    b"\x1dT": 1,
    b"\x1dW": 2,
    b"\x1d\\": 2,
    b"\x1d^": 3,
    b"\x1da": 1,
    b"\x1db": 1,
    b"\x1dc": 0,
    b"\x1df": 1,
    b"\x1dg": 4,
    b"\x1dh": 1,
    b"\x1dj": 1,
    b"\x1dr": 1,
    b"\x1dw": 1,
    b"\x1dz": 2,
    b"\x1c!": 1,
    b"\x1c&": 0,
    b"\x1c-": 1,
    b"\x1c.": 0,
    b"\x1c2": 74,
    b"\x1c?": 2,
    b"\x1cC": 1,
    b"\x1cS": 2,
    b"\x1cW": 1,
    b"\x1cp": 2,
}

#: commands that carry their length, by the name of the rule
RULES: Final[dict[bytes, str]] = {
    b"\x1b&": "characters",
    b"\x1b(": "block",
    b"\x1b*": "columns",
    b"\x1bD": "to-nul",
    b"\x1bZ": "clone-qr",
    b"\x1c(": "block",
    b"\x1cq": "logos",
    b"\x1cg": "user-memory",
    b"\x1d(": "block",
    b"\x1dC": "counter",
    b"\x1dQ": "raster",
    b"\x1d*": "download",
    b"\x1d8": "long-block",
    b"\x1dV": "cut",
    b"\x1dk": "barcode",
    b"\x1dv": "raster",
}

#: GS k m, function A (data to NUL) and B (a count, then data)
BARCODES: Final[dict[int, str]] = {
    0: "UPC-A",
    1: "UPC-E",
    2: "EAN13",
    3: "EAN8",
    4: "CODE39",
    5: "ITF",
    6: "CODABAR",
    65: "UPC-A",
    66: "UPC-E",
    67: "EAN13",
    68: "EAN8",
    69: "CODE39",
    70: "ITF",
    71: "CODABAR",
    72: "CODE93",
    73: "CODE128",
    74: "GS1-128",
    75: "GS1 DataBar Omnidirectional",
    76: "GS1 DataBar Truncated",
    77: "GS1 DataBar Limited",
    78: "GS1 DataBar Expanded",
    79: "CODE128",
}

#: GS ( k cn
SYMBOLS: Final[dict[int, str]] = {
    48: "PDF417",
    49: "QR",
    50: "MaxiCode",
    51: "GS1 DataBar",
    52: "Composite",
    54: "DataMatrix",
    55: "Aztec",
}
