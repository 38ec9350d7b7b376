"""PDFs whose text is in numbers of glyphs, without a word of which letters these are, as cups-filters writes them."""

from __future__ import annotations

import io
import zlib
from importlib.resources import files
from typing import Final

import pikepdf
import uharfbuzz as hb
from tests.peers.pdfs import pdf, text

#: the program of a font that has its table of letters
LETTERS: Final = files("fontpkg_jetbrains_mono").joinpath("files/JetBrainsMono[wght].ttf").read_bytes()


def numbered(said: str, program: bytes | None, shift: int = 0, ordering: str = "Identity") -> bytes:
    """A PDF that says this by the numbers of the glyphs of LETTERS, and has this program as its font's.

    shift: how much higher the numbers are than the glyphs', with a table that leads to these.
    """
    face = hb.Font(hb.Face(hb.Blob(LETTERS)))
    codes = "".join(f"{(face.get_nominal_glyph(ord(letter)) or 0) + shift:04x}" for letter in said)
    with pikepdf.open(io.BytesIO(pdf(text("x", 50, 700)))) as made:
        descriptor = pikepdf.Dictionary(Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name.Mono, Flags=4)
        if program is not None:
            descriptor.FontFile2 = made.make_stream(program)
        below = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=pikepdf.Name.Mono, DW=600,
            CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering=ordering, Supplement=0),
            FontDescriptor=made.make_indirect(descriptor),
        )  # fmt: skip
        if shift:
            places = b"\0" * 2 * shift + b"".join(gid.to_bytes(2) for gid in range(0x1000))
            below.CIDToGIDMap = made.make_stream(zlib.compress(places), Filter=pikepdf.Name.FlateDecode)
        made.pages[0].Resources.Font.F1 = made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=pikepdf.Name.Mono,
                Encoding=pikepdf.Name("/Identity-H"), DescendantFonts=[below],
            )
        )  # fmt: skip
        made.pages[0].Contents = made.make_stream(f"BT /F1 10 Tf 20 700 Td <{codes}> Tj ET".encode())
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()
