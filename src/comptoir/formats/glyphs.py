"""Letters for PDFs whose fonts number their glyphs and do not say what letters these are: cups-filters writes such.

Such a font (composite, Identity-H or -V: ISO 32000-1, 9.7) without a /ToUnicode (9.10.3) is drawn well and read as
nonsense: "ERQMRXU" for "bonjour". The program of the font mostly still has its own table from letters to glyphs
(`cmap`), of which a /ToUnicode is made here. Glyphs that it does not name become NAMELESS, so that nonsense is not
taken for words. Nothing is guessed, and nothing that is drawn is changed.
"""

from __future__ import annotations

import io
import unicodedata
import zlib
from itertools import islice
from pathlib import Path
from typing import Final

import pikepdf
import uharfbuzz as hb

from comptoir.formats.pdfium import NAMELESS

#: objects of a file that are looked at, fonts that are given letters, letters of one of them
MOST_OBJECTS: Final = 200_000
MOST_FONTS: Final = 100
MOST_LETTERS: Final = 0x10000
CODES: Final = 0x10000  # of two bytes
#: bytes of a font's program, and of a file that is written anew in memory
LARGEST_FONT: Final = 40_000_000
LARGEST: Final = 200_000_000
_BY_NUMBER: Final = ("/Identity-H", "/Identity-V")
#: what pikepdf raises for files that are damaged, and for objects that are not what they are to be
_SURPRISES: Final = (
    pikepdf.PdfError, pikepdf.PasswordError, pikepdf.DataDecodingError,
    OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError,
)  # fmt: skip

_HEAD: Final = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
"""
_FOOT: Final = "endcmap CMapName currentdict /CMap defineresource pop end end\n"


def lettered(content: bytes | Path) -> bytes | None:
    """The PDF with letters for all its glyphs; None where every font has them, or the file cannot be read here."""
    try:
        with pikepdf.open(io.BytesIO(content) if isinstance(content, bytes) else content) as pdf:
            fonts = _unlettered(pdf)
            if not fonts or (len(content) if isinstance(content, bytes) else content.stat().st_size) > LARGEST:
                return None
            for font in fonts:
                font.ToUnicode = pdf.make_stream(to_unicode(*_letters(font)))
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()
    except _SURPRISES:
        return None


def to_unicode(letters: dict[int, str], codes: int) -> bytes:
    """A /ToUnicode for so many codes (Adobe Technical Note 5411): those without a letter are NAMELESS."""
    known = {code: f"<{letter.encode('utf-16-be').hex()}>" for code, letter in letters.items()}
    nameless = f"<{ord(NAMELESS):04x}>"
    ranges = []
    for first in range(0, codes, 256):
        last = min(first + 256, codes)
        row = "".join(known.get(code, nameless) for code in range(first, last))
        ranges.append(f"<{first:04x}> <{last - 1:04x}> [{row}]\n")
    blocks = [ranges[start : start + 100] for start in range(0, len(ranges), 100)]
    body = "".join(f"{len(block)} beginbfrange\n{''.join(block)}endbfrange\n" for block in blocks)
    return (_HEAD + body + _FOOT).encode("ascii")


def letters_of(program: bytes) -> tuple[dict[int, str], int]:
    """Glyph → letter by the font program's own `cmap`, and how many glyphs it has. Empty for what is no font.

    Of several letters that share a glyph, such as the space and the one that does not break, it is the first. What
    fonts of symbols have in the private areas of Unicode is no letter.
    """
    face = hb.Face(hb.Blob(program))
    font = hb.Font(face)
    letters: dict[int, str] = {}
    for code in islice(sorted(face.unicodes), MOST_LETTERS):
        glyph = font.get_nominal_glyph(code)
        if glyph and not unicodedata.category(chr(code)).startswith("C"):
            letters.setdefault(glyph, chr(code))
    return letters, face.glyph_count


def _unlettered(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    objects = pdf.objects
    if len(objects) > MOST_OBJECTS:
        return []
    return [one for one in objects if isinstance(one, pikepdf.Dictionary) and _wants_letters(one)][:MOST_FONTS]


def _wants_letters(font: pikepdf.Object) -> bool:
    """Not one whose numbers are those of a known collection of characters (9.7.3): readers have tables for these."""
    if font.get("/Subtype") != "/Type0" or "/ToUnicode" in font or str(font.get("/Encoding")) not in _BY_NUMBER:
        return False
    try:
        below = font.DescendantFonts[0]
        return str(below.CIDSystemInfo.Ordering) == "Identity" and "/FontDescriptor" in below
    except _SURPRISES:
        return False


def _letters(font: pikepdf.Object) -> tuple[dict[int, str], int]:
    """Code → letter of a composite font, and how many codes there are; all without a letter for a font that is odd."""
    try:
        below = font.DescendantFonts[0]
        letters, glyphs = letters_of(_program(below.FontDescriptor))
        places = below.get("/CIDToGIDMap")
        table = _unpacked(places)[: 2 * CODES] if isinstance(places, pikepdf.Stream) else None
    except _SURPRISES:
        return {}, CODES
    if table is None:
        return letters, glyphs or CODES
    # Each code's glyph, in two bytes (9.7.4.2).
    codes = [int.from_bytes(table[at : at + 2]) for at in range(0, len(table) - 1, 2)]
    return {code: letters[glyph] for code, glyph in enumerate(codes) if glyph in letters}, len(codes) or CODES


def _program(descriptor: pikepdf.Object) -> bytes:
    stream = descriptor.get("/FontFile2", descriptor.get("/FontFile3"))
    return _unpacked(stream) if isinstance(stream, pikepdf.Stream) else b""


def _unpacked(stream: pikepdf.Stream) -> bytes:
    """At most LARGEST_FONT bytes: a thousand bytes can claim to be any number. Empty where it is packed otherwise."""
    data, packing = stream.read_raw_bytes(), stream.get("/Filter")
    if isinstance(packing, pikepdf.Array) and len(packing) == 1:
        packing = packing[0]
    if packing is None:
        return data[:LARGEST_FONT]
    if packing != "/FlateDecode":
        return b""
    try:
        return zlib.decompressobj().decompress(data, LARGEST_FONT)
    except zlib.error:
        return b""
