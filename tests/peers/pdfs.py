"""PDF files as other programs write them, as small as they can be: what a page says, on paper of any size."""

from __future__ import annotations

from collections.abc import Sequence

MM = 72 / 25.4


def pdf(*contents: str, width: float = 595, height: float = 842, page: str = "", more: Sequence[str] = ()) -> bytes:
    """A PDF with a page for each content stream (ISO 32000, 7.8), in points; F1 is Helvetica, F2 Courier.

    `page` is added to each page's dictionary. `more` are the objects from number 5 on, the first the form (AcroForm).
    """
    first = 5 + len(more)
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(contents)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R" + ("/AcroForm 5 0 R" if more else "") + ">>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
        *more,
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {first + 2 * number + 1} 0 R"
            + ("" if "/Resources" in page else "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>")
            + f"{page}>>"
        )
        objects.append(f"<</Length {len(content)}>>\nstream\n{content}\nendstream")
    return assembled(objects)


def assembled(objects: Sequence[str], trailer: str = "") -> bytes:
    """The file of these objects, numbered from 1; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R"
    return out + f"{end}{trailer}>>\nstartxref\n{len(out)}\n%%EOF\n".encode()


def text(words: str, x: float, y: float, size: float = 12, font: str = "F1") -> str:
    """The operators that write these words, their baseline beginning there."""
    return f"BT /{font} {size} Tf {x} {y} Td ({words}) Tj ET "


def box(x: float, y: float, width: float, height: float, grey: float = 0) -> str:
    """A filled rectangle, from its lower left corner."""
    return f"{grey} g {x} {y} {width} {height} re f 0 g "


def locked() -> bytes:
    """A PDF that opens with a password only (ISO 32000, 7.6.4), which nobody knows."""
    key = "<" + "5a" * 32 + ">"
    return assembled(
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>",
         f"<</Filter/Standard/V 1/R 2/O {key}/U {key}/P -4>>"],
        "/Encrypt 3 0 R/ID[<00><00>]",
    )  # fmt: skip
